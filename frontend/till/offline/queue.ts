/** Receipts that wait on this device: kept before anything else, sent when there is a network, each with what became of it. */
import { createStore, del, entries, get, update, type UseStore } from 'idb-keyval'
import { Refused } from '../../shared/graph/post.ts'
import { PostOfflineReceiptsDocument, type OfflineReceiptInput, type ProblemFactsFragment } from '../graph/documents.ts'
import type { Ask } from '../sale/deliver.ts'

/** So many go out at once: a request stays far below the size a server reads. */
const BATCH = 20
const AGAIN_MS = 30_000
/** Recorded ones are shown for a day, so that the shift can be compared with the till's tape. */
const SHOWN_MS = 24 * 60 * 60 * 1000

export type Outcome =
  | { readonly kind: 'waits' }
  | { readonly kind: 'posted'; readonly at: number; readonly net: string; readonly accumulated: string }
  | { readonly kind: 'refused'; readonly at: number; readonly code: ProblemFactsFragment['code']; readonly message: string; readonly field: string | null }

export interface Kept {
  readonly till: string
  readonly receipt: OfflineReceiptInput
  readonly outcome: Outcome
}

export interface Shelf {
  /** In the order they were taken. */
  readonly receipts: readonly Kept[]
  readonly sending: boolean
  /** The last sending met no server, or one that asked to come again. */
  readonly silent: boolean
}

export interface Keeper {
  add: (kept: Omit<Kept, 'outcome'>) => Promise<void>
  send: () => Promise<void>
}

export interface QueuePorts {
  readonly ask: Ask
  readonly device: () => number
  /** Runs one sending at a time on this device, whichever tab asks; false where another tab is at it. */
  readonly alone: (send: () => Promise<void>) => Promise<boolean>
  /** The other tabs of this device. */
  readonly tabs: Pick<BroadcastChannel, 'postMessage' | 'addEventListener'> | null
  /** The page is no longer this till: it must ask which one it is. */
  readonly onOther: () => void
}

const STRANGE: ReadonlySet<string> = new Set(['UNAUTHENTICATED', 'FORBIDDEN'])
const WAITS: Outcome = { kind: 'waits' }

export class Queue implements Keeper {
  state: Shelf = { receipts: [], sending: false, silent: false }
  private till: string | null = null
  private readonly watchers = new Set<() => void>()
  private running: Promise<void> | null = null
  private wanted = false
  private timer: ReturnType<typeof setTimeout> | undefined

  private readonly ports: QueuePorts
  private readonly store: UseStore

  constructor(ports: QueuePorts, store: UseStore = createStore('kunak-till-queue', 'receipts')) {
    this.ports = ports
    this.store = store
    ports.tabs?.addEventListener('message', () => void this.read())
  }

  watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher)
    return () => this.watchers.delete(watcher)
  }

  /** The page is this till now: its receipts go out. */
  async start(till: string): Promise<void> {
    this.till = till
    await this.read()
    await this.send()
  }

  /** Keeps a receipt under its key; of two presses and two tabs the first wins. Rejects where the browser keeps nothing. */
  async add(kept: Omit<Kept, 'outcome'>): Promise<void> {
    await update<Kept>(kept.receipt.idempotencyKey, before => before ?? { ...kept, outcome: WAITS }, this.store)
    void globalThis.navigator?.storage?.persist?.()
    await this.changed()
    void this.send()
  }

  /** A refused one once more, with another number where that was wrong. The key stays: the scan belongs to it. */
  async again(key: string, receiptNumber?: string): Promise<void> {
    await this.alter(key, kept => {
      if (kept.outcome.kind === 'posted') return kept
      return { ...kept, receipt: { ...kept.receipt, ...(receiptNumber !== undefined && { receiptNumber }) }, outcome: WAITS }
    })
    await this.changed()
    await this.send()
  }

  /** Taken off the list by the cashier; one that still waits never is. */
  async forget(key: string): Promise<void> {
    if (this.state.receipts.find(one => one.receipt.idempotencyKey === key)?.outcome.kind === 'waits') return
    await del(key, this.store)
    await this.changed()
  }

  /** Sends what waits, in the order it was taken, until a batch finds nobody. Asked while it sends, it looks once more. */
  send = (): Promise<void> => {
    this.wanted = true
    this.running ??= this.sendWanted().finally(() => (this.running = null))
    return this.running
  }

  private async sendWanted(): Promise<void> {
    clearTimeout(this.timer)
    if (this.till === null) return
    this.show({ sending: true })
    let silent = false
    while (this.wanted && !silent) {
      this.wanted = false
      try {
        await this.ports.alone(async () => {
          silent = !(await this.sendAll())
        })
      } catch {
        silent = true
      }
    }
    this.show({ sending: false, silent })
    await this.changed()
    if (this.waiting().length > 0) this.timer = setTimeout(() => void this.send(), AGAIN_MS)
  }

  private waiting(): readonly Kept[] {
    return this.state.receipts.filter(one => one.outcome.kind === 'waits' && one.till === this.till)
  }

  private async sendAll(): Promise<boolean> {
    await this.read()
    const waiting = this.waiting()
    for (let from = 0; from < waiting.length; from += BATCH) {
      if (!(await this.sendBatch(waiting.slice(from, from + BATCH)))) return false
    }
    return true
  }

  /** Whether every receipt of the batch has a clear answer. */
  private async sendBatch(batch: readonly Kept[]): Promise<boolean> {
    const receipts = batch.map(one => one.receipt)
    try {
      const input = { till: this.till, sentAt: new Date(this.ports.device()).toISOString(), receipts }
      const { postOfflineReceipts: result } = await this.ports.ask(PostOfflineReceiptsDocument, { input })
      if (result.__typename === 'Problem') return this.refusedWhole(batch, result)
      let clear = true
      for (const { idempotencyKey, posted, problem } of result.answers) {
        if (posted) await this.settle(idempotencyKey, { kind: 'posted', at: this.ports.device(), net: posted.purchase.net, accumulated: posted.purchase.accumulated })
        else if (problem && !problem.retryable) await this.settle(idempotencyKey, this.refusal(problem))
        else clear = false
      }
      return clear
    } catch (fault) {
      if (fault instanceof Refused && STRANGE.has(fault.code)) this.ports.onOther()
      return false
    }
  }

  /** The batch was not read. What is wrong with one receipt must not hold up the others: they go on one by one. */
  private async refusedWhole(batch: readonly Kept[], problem: ProblemFactsFragment): Promise<boolean> {
    if (STRANGE.has(problem.code)) this.ports.onOther()
    if (problem.code !== 'INVALID_INPUT') return false
    const only = batch[0]
    if (batch.length === 1 && only !== undefined) {
      await this.settle(only.receipt.idempotencyKey, this.refusal(problem))
      return true
    }
    let clear = true
    for (const one of batch) clear = (await this.sendBatch([one])) && clear
    return clear
  }

  private refusal({ code, message, field }: ProblemFactsFragment): Outcome {
    return { kind: 'refused', at: this.ports.device(), code, message, field: field ?? null }
  }

  private async settle(key: string, outcome: Outcome): Promise<void> {
    await this.alter(key, kept => (kept.outcome.kind === 'waits' ? { ...kept, outcome } : kept))
  }

  private async alter(key: string, change: (kept: Kept) => Kept): Promise<void> {
    if ((await get<Kept>(key, this.store)) === undefined) return
    await update<Kept>(key, kept => change(kept as Kept), this.store)
  }

  private async changed(): Promise<void> {
    this.ports.tabs?.postMessage('changed')
    await this.read()
  }

  private async read(): Promise<void> {
    const kept: Kept[] = []
    for (const [key, one] of await entries<string, Kept>(this.store)) {
      const old = one.outcome.kind === 'posted' && this.ports.device() - one.outcome.at > SHOWN_MS
      if (old) await del(key, this.store)
      else kept.push(one)
    }
    kept.sort((one, other) => one.receipt.closedAt.localeCompare(other.receipt.closedAt))
    this.show({ receipts: kept })
  }

  private show(change: Partial<Shelf>): void {
    this.state = { ...this.state, ...change }
    for (const watcher of this.watchers) watcher()
  }
}
