/** Holds the card's key for the whole page: loads it, refreshes it silently, and says what to draw right now. */
import { post } from '../../shared/graph/post.ts'
import { Value } from '../../shared/data/value.ts'
import { IssueCardKeyDocument } from '../graph/documents.ts'
import { ServerClock } from './clock.ts'
import { dayOf, payload, shownStep, stepAt } from './code.ts'
import { deviceId, dropKey, importDayKey, keepKey, loadKey, type CardKey } from './keys.ts'

const REFRESH_AFTER_MS = 10 * 60_000

export type Code =
  | { kind: 'loading' }
  /** No key was ever fetched, or it is older than its 72 hours. */
  | { kind: 'none' }
  /** The next code may be shown only at `at`, by the server's clock. */
  | { kind: 'waiting'; at: number }
  | { kind: 'shown'; digits: string; step: number; until: number }

export class CodeHolder {
  readonly key = new Value<CardKey | undefined>(undefined)
  readonly loaded: Promise<void>
  private clock = new ServerClock(0)
  private refreshing: Promise<void> | undefined
  /** How many are waiting for fresh keys: until they have their answer, a missing key is one on its way. */
  private waiting = 0

  constructor() {
    this.loaded = loadKey().then(key => {
      if (!key || this.key.get()) return
      this.clock = new ServerClock(key.wallOffset)
      this.key.set(key)
    })
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) this.clock.woke()
    })
  }

  /** Milliseconds of the server's clock. */
  now(): number {
    return this.clock.now()
  }

  live(): boolean {
    const key = this.key.get()
    return key !== undefined && this.now() < key.validUntil
  }

  /** Fetches fresh day keys unless these are young; a refusal or no network leaves the old ones at work. */
  async refresh(): Promise<void> {
    this.waiting += 1
    try {
      await this.loaded
      const key = this.key.get()
      if (key && this.now() - key.issuedAt < REFRESH_AFTER_MS && this.now() >= key.issuedAt) return
      await this.renew()
    } finally {
      this.waiting -= 1
    }
  }

  /** Fetches fresh day keys however young the old ones are: a new password ends them all. */
  async renew(): Promise<void> {
    this.refreshing ??= this.issue().finally(() => {
      this.refreshing = undefined
    })
    await this.refreshing
  }

  /** A till took the code: the next one is due at once. */
  used(): void {
    const key = this.key.get()
    if (!key) return
    const shown = shownStep(stepAt(this.now(), key.stepSeconds), key.lastUsed)
    if (shown === null) return
    this.put({ ...key, lastUsed: shown })
  }

  async code(): Promise<Code> {
    await this.loaded
    const key = this.key.get()
    if (!key) return { kind: this.waiting > 0 ? 'loading' : 'none' }
    const now = this.now()
    if (now >= key.validUntil) return { kind: 'none' }
    const length = key.stepSeconds * 1000
    const step = shownStep(stepAt(now, key.stepSeconds), key.lastUsed)
    if (step === null) return { kind: 'waiting', at: (key.lastUsed ?? 0) * length }
    const signer = key.days.find(one => one.day === dayOf(step, key.stepSeconds))
    if (!signer) return { kind: 'none' }
    return { kind: 'shown', digits: await payload(key.handle, signer.key, step), step, until: (step + 1) * length }
  }

  async drop(): Promise<void> {
    this.key.set(undefined)
    await dropKey()
  }

  private async issue(): Promise<void> {
    const { issueCardKey } = await post(IssueCardKeyDocument, { device: await deviceId() })
    if (issueCardKey.__typename !== 'CardKey') return
    this.clock.contact(Date.parse(issueCardKey.serverTime))
    const days = await Promise.all(issueCardKey.days.map(async one => ({ day: one.day, key: await importDayKey(one.key) })))
    const before = this.key.get()
    this.put({
      handle: issueCardKey.handle,
      stepSeconds: issueCardKey.stepSeconds,
      validUntil: Date.parse(issueCardKey.validUntil),
      issuedAt: this.now(),
      wallOffset: this.clock.offset,
      days,
      // A used step stays used only for the handle it was used with.
      ...(before?.handle === issueCardKey.handle && before.lastUsed !== undefined && { lastUsed: before.lastUsed }),
    })
  }

  private put(key: CardKey): void {
    this.key.set(key)
    void keepKey(key).catch(() => undefined)
  }
}

export const holder = new CodeHolder()
