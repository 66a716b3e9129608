/** Signing in: a window of the programme, a code by postMessage, a token in memory. Nothing is stored on the hotel's site. */
import { HOME, exchange } from './asking.ts'

const WINDOW = 'kunak-connect'
const LOOK_MS = 500
/** A little less than the server gives, so that no question is asked with a token that ends on its way. */
const TOKEN_MS = 9.5 * 60_000

/** A question to the member that may be on its way: the address of its window, and what the page keeps for itself. */
export interface Wish {
  state: string
  verifier: string
  address: string
}

const tokens = new Map<string, string>()

export function tokenOf(partner: string): string | undefined {
  return tokens.get(partner)
}

export function forget(partner: string): void {
  tokens.delete(partner)
}

function written(bytes: ArrayBuffer | Uint8Array): string {
  let text = ''
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte)
  return btoa(text).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}

function random(): string {
  return written(crypto.getRandomValues(new Uint8Array(32)))
}

/** Made before the button is pressed: a window opens only in the moment of the press. Undefined on a page without TLS. */
export async function wish(partner: string): Promise<Wish | undefined> {
  if (!globalThis.crypto?.subtle) return undefined
  const verifier = random()
  const state = random()
  const challenge = written(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier)))
  const asked = new URLSearchParams({ partner, origin: location.origin, challenge, state })
  return { state, verifier, address: `${HOME}/connect?${asked}` }
}

/** Opens the window; null where the browser would not. */
export function open(wish: Wish): Window | null {
  const left = Math.max(0, screenX + (outerWidth - 460) / 2)
  return window.open(wish.address, WINDOW, `popup,width=460,height=720,left=${Math.round(left)},top=${Math.max(0, screenY + 60)}`)
}

/** Waits for the member's answer: true once a token is here. Only our own window knows `state`. */
export function answered(partner: string, wish: Wish, opened: Window | null, language: string, stop: AbortSignal): Promise<boolean> {
  return new Promise(done => {
    const looking = opened && setInterval(() => opened.closed && end(false), LOOK_MS)
    const end = (allowed: boolean): void => {
      if (looking) clearInterval(looking)
      removeEventListener('message', hear)
      done(allowed)
    }
    const hear = (event: MessageEvent): void => {
      const told = event.data as { kunak?: unknown; state?: unknown; code?: unknown } | null
      if (event.origin !== HOME || typeof told !== 'object' || told === null || told.state !== wish.state) return
      if (told.kunak !== 'allowed' || typeof told.code !== 'string') return end(false)
      if (looking) clearInterval(looking)
      exchange(told.code, wish.verifier, language).then(token => {
        if (token) {
          tokens.set(partner, token)
          setTimeout(() => tokens.get(partner) === token && tokens.delete(partner), TOKEN_MS)
        }
        end(token !== undefined)
      }, () => end(false))
    }
    addEventListener('message', hear)
    stop.addEventListener('abort', () => end(false))
  })
}
