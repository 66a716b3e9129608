/** What the page that registered remembers until the mail is confirmed: in memory only, gone with the page. */

interface Draft {
  email: string
  password: string
}

let draft: Draft | undefined

export function keepDraft(next: Draft): void {
  draft = next
}

export function draftOf(email: string): Draft | undefined {
  return draft?.email === email ? draft : undefined
}

export function lastDraft(): Draft | undefined {
  return draft
}

export function dropDraft(): void {
  draft = undefined
}

/** Another tab of this browser confirmed the address. */
const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('kunak')

interface Note {
  kind: 'confirmed' | 'signed-in'
  email: string
}

export function tell(note: Note): void {
  channel?.postMessage(note)
}

export function onNote(hear: (note: Note) => void): () => void {
  const listener = (event: MessageEvent<Note>): void => hear(event.data)
  channel?.addEventListener('message', listener)
  return () => channel?.removeEventListener('message', listener)
}
