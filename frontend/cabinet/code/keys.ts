/** The card's key on this device: day keys that can sign but cannot be read out, and the face the card shows without a network. */
import { createStore, del, get, set } from 'idb-keyval'

export interface Face {
  memberId: string
  firstName: string
  number: string
  tierId: string
  tierName: string
  /** The tier's place among all tiers, from 1. */
  rank: number
  ranks: number
}

export interface CardKey {
  handle: string
  stepSeconds: number
  validUntil: number
  issuedAt: number
  /** Server minus phone at the last contact. */
  wallOffset: number
  /** The newest step that a till has taken. */
  lastUsed?: number
  days: { day: string; key: CryptoKey }[]
}

const store = createStore('kunak-code', 'code')

export async function loadKey(): Promise<CardKey | undefined> {
  return get<CardKey>('key', store).catch(() => undefined)
}

export async function keepKey(key: CardKey): Promise<void> {
  await set('key', key, store)
}

export async function loadFace(): Promise<Face | undefined> {
  return get<Face>('face', store).catch(() => undefined)
}

export async function keepFace(face: Face): Promise<void> {
  await set('face', face, store)
}

export async function dropKey(): Promise<void> {
  await Promise.all([del('key', store), del('face', store)])
}

/** This browser's own name for itself; the server keeps one credential per device. */
export async function deviceId(): Promise<string> {
  const known = await get<string>('device', store)
  if (known) return known
  const fresh = crypto.randomUUID()
  await set('device', fresh, store)
  return fresh
}

/** The bytes live only inside this call; afterwards the browser signs with the key but shows it to nobody. */
export async function importDayKey(base64: string): Promise<CryptoKey> {
  const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0))
  try {
    return await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  } finally {
    bytes.fill(0)
  }
}
