/** The query cache: what the server said, how old it is, and the copy that survives without a network. */
import type { Trusted } from '../graph/trusted.ts'
import { Value } from './value.ts'

/** Why the newest attempt brought nothing; older data may still stand beside it. */
export type Failure = 'offline' | 'refused' | 'forbidden' | 'absent'

export interface Answer<Data> {
  data?: Data
  /** When the data left the server, by this device's clock. */
  at?: number
  failure?: Failure
}

export interface Kept {
  data: unknown
  at: number
}

/** The copies on this device. */
export interface Shelf {
  get: (key: string) => Promise<Kept | undefined>
  set: (key: string, kept: Kept) => Promise<void>
  clear: () => Promise<void>
}

type Ask = <Data, Variables>(document: Trusted<Data, Variables>, variables: Variables) => Promise<Data>

interface Entry {
  value: Value<Answer<unknown>>
  ask: () => Promise<unknown>
  key: string
  kept: boolean
  running: Promise<void> | undefined
  /** Asked before any screen stood; the first one to hold it need not ask again. */
  isAhead: boolean
  watchers: number
}

export interface AnswersOptions {
  ask: Ask
  shelf: Shelf
  /** Documents whose newest answer is kept for the time without a network. */
  keep: readonly string[]
  now: () => number
  /** Called with every answer that came from the server. */
  heard: (data: unknown) => void
  /** Says which kind of failure a fault is. */
  failure: (fault: unknown) => Failure
}

export class Answers {
  private readonly options: AnswersOptions
  private readonly entries = new Map<string, Entry>()

  constructor(options: AnswersOptions) {
    this.options = options
  }

  /** The answer as a watchable value; the first call for a question also asks it. */
  of<Data, Variables>(document: Trusted<Data, Variables>, variables: Variables): Value<Answer<Data>> {
    return this.entry(document, variables).value as Value<Answer<Data>>
  }

  /** Keeps a question alive while a screen shows it: `stir` asks it again. */
  hold<Data, Variables>(document: Trusted<Data, Variables>, variables: Variables): () => void {
    const entry = this.entry(document, variables)
    entry.watchers += 1
    if (entry.isAhead) entry.isAhead = false
    else void this.refresh(entry)
    return () => {
      entry.watchers -= 1
    }
  }

  /** Asks for what the first screen will hold, while the page is still being put together. */
  ahead<Data, Variables>(document: Trusted<Data, Variables>, variables: Variables): void {
    const entry = this.entry(document, variables)
    entry.isAhead = true
    void this.refresh(entry)
  }

  /** Asks in good time what a screen will want without a network, unless a copy is here already. */
  async warm<Data, Variables>(document: Trusted<Data, Variables>, variables: Variables): Promise<void> {
    const entry = this.entry(document, variables)
    const kept = await this.options.shelf.get(entry.key).catch(() => undefined)
    if (!kept) await this.refresh(entry)
  }

  /** Something changed on the server: what is on screen is asked again, the rest is asked when it is next shown. */
  async stir(): Promise<void> {
    await Promise.all([...this.entries.values()].filter(entry => entry.watchers > 0).map(entry => this.refresh(entry)))
  }

  /** Signing out leaves nothing behind, neither in memory nor on the device. */
  async forget(): Promise<void> {
    for (const entry of this.entries.values()) entry.value.set({})
    this.entries.clear()
    await this.options.shelf.clear()
  }

  private entry<Data, Variables>(document: Trusted<Data, Variables>, variables: Variables): Entry {
    const key = `${document.documentId}:${JSON.stringify(variables)}`
    let entry = this.entries.get(key)
    if (!entry) {
      const kept = this.options.keep.includes(document.documentId)
      entry = { value: new Value<Answer<unknown>>({}), ask: () => this.options.ask(document, variables), key, kept, running: undefined, isAhead: false, watchers: 0 }
      this.entries.set(key, entry)
      if (kept) void this.recall(entry)
    }
    return entry
  }

  private async recall(entry: Entry): Promise<void> {
    const kept = await this.options.shelf.get(entry.key).catch(() => undefined)
    // The network may have been quicker; its answer is never overwritten by an older one.
    if (kept && entry.value.get().data === undefined) entry.value.set({ ...entry.value.get(), data: kept.data, at: kept.at })
  }

  private refresh(entry: Entry): Promise<void> {
    entry.running ??= this.fetch(entry).finally(() => {
      entry.running = undefined
    })
    return entry.running
  }

  private async fetch(entry: Entry): Promise<void> {
    try {
      const data = await entry.ask()
      if (this.entries.get(entry.key) !== entry) return
      const at = this.options.now()
      entry.value.set({ data, at })
      this.options.heard(data)
      if (entry.kept) await this.options.shelf.set(entry.key, { data, at }).catch(() => undefined)
    } catch (fault) {
      entry.value.set({ ...entry.value.get(), failure: this.options.failure(fault) })
    }
  }
}
