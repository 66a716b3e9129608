/** Attempts to record money, kept on the device before they are sent: a key and the exact body, so that every repetition is the same request. */
import { createStore, del, entries, get, set, update, type UseStore } from 'idb-keyval'
import type { PurchaseFactsFragment } from '../graph/documents.ts'
import type { Attempt, Moved, Posted } from './state.ts'

/** A clear answer is kept for a while: another tab that holds the same sale shows it instead of sending anew. */
const ANSWERS_KEPT_MS = 24 * 60 * 60 * 1000

export type Answer =
  | { readonly operation: 'post'; readonly posted: Posted }
  | { readonly operation: 'refund'; readonly purchase: PurchaseFactsFragment; readonly net: string; readonly points?: Moved }

export interface Kept {
  readonly attempt: Attempt
  readonly answer: Answer | null
}

export class Attempts {
  private readonly store: UseStore

  constructor(store: UseStore = createStore('kunak-till', 'attempts')) {
    this.store = store
  }

  /** Keeps this attempt, or gives the one already kept for the same sale: of two tabs, two clicks and a reload the first key wins. */
  async claim(attempt: Attempt): Promise<Kept> {
    let winner: Kept = { attempt, answer: null }
    await update<Kept>(
      attempt.id,
      kept => {
        winner = kept ?? winner
        return winner
      },
      this.store,
    )
    return winner
  }

  async answered(attempt: Attempt, answer: Answer): Promise<void> {
    await set(attempt.id, { attempt, answer } satisfies Kept, this.store)
  }

  /** A refusal stores nothing on the server, so a corrected receipt starts with a fresh key. */
  async refused(attempt: Attempt): Promise<void> {
    const kept = await get<Kept>(attempt.id, this.store)
    if (kept !== undefined && kept.answer === null && sameKey(kept.attempt, attempt)) await del(attempt.id, this.store)
  }

  /** What still waits for an answer, oldest first; answers that are old enough are forgotten. */
  async unfinished(now: number): Promise<readonly Attempt[]> {
    const waiting: Attempt[] = []
    for (const [id, kept] of await entries<string, Kept>(this.store)) {
      if (kept.answer === null) waiting.push(kept.attempt)
      else if (now - kept.attempt.madeAt > ANSWERS_KEPT_MS) await del(id, this.store)
    }
    return waiting.sort((one, other) => one.madeAt - other.madeAt)
  }
}

function sameKey(one: Attempt, other: Attempt): boolean {
  return one.input.idempotencyKey === other.input.idempotencyKey
}
