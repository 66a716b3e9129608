/** One subscription over graphql-transport-ws, kept alive while the page is in view. */
import { callBody } from '../../shared/graph/post.ts'
import type { Trusted } from '../../shared/graph/trusted.ts'

const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 30_000
const ID = '1'
/** The server does not know us: trying again would change nothing. */
const REFUSED = [4400, 4401, 4403, 4500]

interface Message {
  type: string
  id?: string
  payload?: { data?: unknown }
}

export interface Listening {
  stop: () => void
}

/** Stays connected while the page is in view; `missed` is called after every gap, since events may have passed by. */
export function listen<Data>(document_: Trusted<Data, Record<string, never>>, onData: (data: Data) => void, missed: () => void): Listening {
  let socket: WebSocket | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let pause = FIRST_PAUSE_MS
  let gap = false
  let stopped = false

  const open = (): void => {
    clearTimeout(timer)
    if (stopped || socket || document.hidden) return
    const address = new URL('/graphql', location.href)
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
    const fresh = new WebSocket(address, 'graphql-transport-ws')
    socket = fresh
    const say = (message: unknown): void => fresh.send(JSON.stringify(message))
    fresh.onopen = () => say({ type: 'connection_init' })
    fresh.onmessage = event => {
      const message = JSON.parse(String(event.data)) as Message
      if (message.type === 'ping') say({ type: 'pong' })
      if (message.type === 'connection_ack') {
        pause = FIRST_PAUSE_MS
        say({ type: 'subscribe', id: ID, payload: callBody(document_.documentId, {}) })
        if (gap) missed()
        gap = false
      }
      if (message.type === 'next' && message.payload?.data) onData(message.payload.data as Data)
      if (message.type === 'error' || message.type === 'complete') fresh.close(1000)
    }
    fresh.onclose = event => {
      if (socket !== fresh) return
      socket = undefined
      gap = true
      if (stopped || REFUSED.includes(event.code)) return
      timer = setTimeout(open, pause * (0.75 + Math.random() / 2))
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS)
    }
  }
  const seen = (): void => {
    if (document.hidden) return
    pause = FIRST_PAUSE_MS
    open()
  }

  document.addEventListener('visibilitychange', seen)
  addEventListener('online', seen)
  open()
  return {
    stop() {
      stopped = true
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', seen)
      removeEventListener('online', seen)
      socket?.close(1000)
    },
  }
}
