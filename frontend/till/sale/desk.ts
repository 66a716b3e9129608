/** The till at work: takes events, steps the state, and does what the step says. The only place of the sale with requests and timers. */
import { Refused } from '../../shared/graph/post.ts'
import { businessDate } from '../amounts.ts'
import {
  HoldDocument,
  IdentifyByPhoneDocument,
  IdentifyDocument,
  PairTillDocument,
  QuotePurchaseDocument,
  ReceiptDocument,
  TillHomeDocument,
  UnpairTillDocument,
} from '../graph/documents.ts'
import { noticeOf, remedy } from '../refusals.ts'
import { REOPEN_MS } from './pairing.ts'
import type { Keeper } from '../offline/queue.ts'
import type { Attempts } from './attempts.ts'
import { delayOf, deliver, problemOf, type Ask } from './deliver.ts'
import type { Memory } from './memory.ts'
import { START, TOLD, type Attempt, type Delay, type Effect, type Notice, type Problem, type State, type TillEvent } from './state.ts'
import { step } from './step.ts'

export const UNDO_MS = 60_000

export interface Ports {
  readonly ask: Ask
  readonly attempts: Attempts
  readonly memory: Memory
  readonly signal: (tone: 'success' | 'refusal') => void
  readonly now: () => number
  readonly queue: Keeper
  /** The device's own clock, however wrong: the server sets the queue's moments right by what it shows when they are sent. */
  readonly device: () => number
  readonly online: () => boolean
}

type Do<Kind extends Effect['do']> = Extract<Effect, { do: Kind }>

export class Desk {
  state: State = START
  private readonly ports: Ports
  private readonly watchers = new Set<() => void>()
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>()
  private readonly underWay = new Set<string>()
  private asking: AbortController | null = null
  /** Nobody answered the last time, and a sale went on without. */
  private alone = false

  constructor(ports: Ports) {
    this.ports = ports
  }

  watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher)
    return () => this.watchers.delete(watcher)
  }

  send = (event: TillEvent): void => {
    const before = this.state
    const [next, effects] = step(before, event)
    this.state = next
    if (next.sale !== before.sale || next.scan !== before.scan) this.ports.memory.keep(next)
    if (next !== before) for (const watcher of this.watchers) watcher()
    for (const effect of effects) this.run(effect)
  }

  /** Takes up what the tab remembers, then asks the server which till this is. */
  start(): void {
    const draft = this.ports.memory.draft()
    if (draft !== null) this.send({ kind: 'restored', ...draft })
    this.run({ do: 'open', afterMs: 0 })
  }

  /** The cashier does not wait for an answer any longer, nor for the next guest's: until the server is heard of again. */
  goOffline = (): void => {
    this.alone = true
    this.send({ kind: 'wentOffline', habits: this.ports.memory.habits() })
    this.run({ do: 'open', afterMs: REOPEN_MS })
  }

  private heard(): void {
    if (this.alone) void this.ports.queue.send()
    this.alone = false
  }

  private run(effect: Effect): void {
    switch (effect.do) {
      case 'open':
        return this.later('open', effect.afterMs, () => void this.open())
      case 'pair':
        return void this.pair(effect)
      case 'unpair':
        return void this.unpair()
      case 'identify':
        return this.later('identify', effect.afterMs, () => void this.identify(effect))
      case 'quote':
        this.asking?.abort()
        clearTimeout(this.timers.get('hold'))
        return this.later('quote', effect.afterMs, () => void this.quote(effect))
      case 'askHold':
        return this.later('hold', effect.afterMs, () => void this.askHold(effect))
      case 'free':
        return void this.ports.ask(QuotePurchaseDocument, { input: effect.input }).catch(() => undefined)
      case 'forgetQuote':
        this.asking?.abort()
        clearTimeout(this.timers.get('hold'))
        return clearTimeout(this.timers.get('quote'))
      case 'send':
        return this.later(effect.attempt.id, effect.afterMs, () => void this.deliver(effect))
      case 'keep':
        return void this.keep(effect)
      case 'lookUp':
        return void this.lookUp(effect)
      case 'signal':
        return this.ports.signal(effect.tone)
      case 'offerUndo':
        return this.later('undo', UNDO_MS, () => this.send({ kind: 'undoOver' }))
      case 'remember':
        return this.ports.memory.remember(effect.habits)
    }
  }

  private later(name: string, afterMs: number, act: () => void): void {
    clearTimeout(this.timers.get(name))
    if (afterMs === 0) act()
    else this.timers.set(name, setTimeout(act, afterMs))
  }

  private async open(): Promise<void> {
    try {
      const { till, programme } = await this.ports.ask(TillHomeDocument, {})
      this.heard()
      this.ports.memory.settle({ till, programme })
      this.send({ kind: 'opened', till, programme, unfinished: await this.unfinished() })
    } catch (fault) {
      const foreign = fault instanceof Refused && (fault.code === 'UNAUTHENTICATED' || fault.code === 'FORBIDDEN')
      if (foreign) {
        this.ports.memory.settle(null)
        this.send({ kind: 'stranger', notice: null })
      } else await this.openAlone()
    }
  }

  private unfinished(): Promise<readonly Attempt[]> {
    return this.ports.attempts.unfinished(this.ports.now()).catch(() => [])
  }

  /** No server: a device that was a till goes on as it, and keeps looking. */
  private async openAlone(): Promise<void> {
    const home = this.ports.memory.home()
    const { phase } = this.state.pairing
    if (home === null || phase === 'needed') return this.send({ kind: 'closed' })
    if (phase !== 'paired') this.send({ kind: 'opened', ...home, unfinished: await this.unfinished() })
    this.run({ do: 'open', afterMs: REOPEN_MS })
  }

  private async pair({ key }: Do<'pair'>): Promise<void> {
    try {
      const { pairTill: result } = await this.ports.ask(PairTillDocument, { key })
      if (result.__typename === 'TillPaired') return await this.open()
      this.send({ kind: 'stranger', notice: keyRefused(result) })
    } catch (fault) {
      this.send(fault instanceof Refused ? { kind: 'stranger', notice: keyRefused(problemOf(fault)) } : { kind: 'closed' })
    }
  }

  private async unpair(): Promise<void> {
    await this.ports.ask(UnpairTillDocument, {}).catch(() => undefined)
    this.send({ kind: 'openAsked' })
  }

  private async identify({ scanId, code }: Do<'identify'>): Promise<void> {
    try {
      const result = code.startsWith(TOLD)
        ? (await this.ports.ask(IdentifyByPhoneDocument, { scanId, phone: code.slice(TOLD.length) })).identifyByPhone
        : (await this.ports.ask(IdentifyDocument, { scanId, code })).identify
      this.heard()
      if (result.__typename === 'Problem') return this.send({ kind: 'scanRefused', scanId, problem: result })
      this.send({ kind: 'identified', scanId, guest: { ticket: result.ticket, facts: result.guest }, habits: this.ports.memory.habits() })
    } catch (fault) {
      if (fault instanceof Refused) this.send({ kind: 'scanRefused', scanId, problem: problemOf(fault) })
      else this.send({ kind: 'scanUnanswered', scanId, delay: 'silence' })
      if (!(fault instanceof Refused) && (this.alone || !this.ports.online())) this.goOffline()
    }
  }

  private async keep({ saleId, till, receipt }: Do<'keep'>): Promise<void> {
    try {
      await this.ports.queue.add({ till, receipt: { ...receipt, closedAt: new Date(this.ports.device()).toISOString() } })
      this.send({ kind: 'kept', saleId, receipt: receipt.receiptNumber })
    } catch {
      this.send({ kind: 'notKept', saleId })
    }
  }

  private async quote({ seq, input }: Do<'quote'>): Promise<void> {
    this.asking = new AbortController()
    const { signal } = this.asking
    const silent = (delay: Delay): void => this.send({ kind: 'quoteUnanswered', seq, delay })
    const refused = (problem: Problem): void => {
      if (remedy(problem.code) === 'again') silent(delayOf(problem.code))
      else this.send({ kind: 'quoteRefused', seq, problem })
    }
    try {
      const { quotePurchase: result } = await this.ports.ask(QuotePurchaseDocument, { input }, { signal })
      if (result.__typename === 'Quote') this.send({ kind: 'quoted', seq, quote: result })
      else refused(result)
    } catch (fault) {
      if (fault instanceof Refused) refused(problemOf(fault))
      else if (!signal.aborted) silent('silence')
    }
  }

  private async askHold({ quote }: Do<'askHold'>): Promise<void> {
    try {
      const { pointsHold: hold } = await this.ports.ask(HoldDocument, { quote })
      this.send({ kind: 'holdTold', quote, hold })
    } catch {
      this.send({ kind: 'holdUntold', quote })
    }
  }

  /** One delivery of an attempt at a time: a press while it is on its way adds nothing. */
  private async deliver({ attempt }: Do<'send'>): Promise<void> {
    if (this.underWay.has(attempt.id)) return
    this.underWay.add(attempt.id)
    const delivery = await deliver(attempt, this.ports.ask, this.ports.attempts)
    this.underWay.delete(attempt.id)
    this.send(delivery)
  }

  private async lookUp({ receipt, closedAt }: Do<'lookUp'>): Promise<void> {
    const zone = this.state.till?.outlet.timeZone
    if (zone === undefined) return
    const found = await this.ports.ask(ReceiptDocument, { number: receipt, businessDate: businessDate(closedAt, zone) }).catch(() => null)
    if (found?.receipt) this.send({ kind: 'earlierFound', purchase: found.receipt })
  }
}

function keyRefused(problem: Problem): Notice {
  const told = problem.code === 'LIMIT_REACHED' || problem.code === 'BUSY' || problem.code === 'INTERNAL'
  return told ? noticeOf(problem) : { tone: 'refusal', word: 'pair.refused' }
}
