/** Keeps the page in step with the server: on waking, on returning to the network, after another tab signed in or out. */
import { clock } from './clock.ts'
import { answers, ended, left, readViewer, session } from './session.ts'

/** A page that was out of sight for less than this shows what it has. */
const STALE_MS = 30_000

let hiddenAt = 0

async function again(): Promise<void> {
  if (session.get().state !== 'in') return
  await readViewer()
  if (session.get().state === 'in') await answers.stir()
}

export function followSession(): void {
  clock.follow(ended, what => void (what === 'out' ? left() : readViewer()))
  addEventListener('online', () => void again())
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) hiddenAt = Date.now()
    else if (Date.now() - hiddenAt > STALE_MS) void again()
  })
}
