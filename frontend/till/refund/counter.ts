/** The return at work: the requests and timers around its steps. Attempts lie in the same store as those of sales. */
import { Refused } from '../../shared/graph/post.ts'
import { ReceiptDocument } from '../graph/documents.ts'
import { deliver, problemOf } from '../sale/deliver.ts'
import type { Ports } from '../sale/desk.ts'
import type { Attempt } from '../sale/state.ts'
import { freshRefunding, needsPairing, stepRefund, type RefundEvent, type Refunding } from './state.ts'

const PAUSE_MS = 3_000

export class Counter {
  state: Refunding
  private readonly ports: Ports
  private readonly strangers: () => void
  private readonly watchers = new Set<() => void>()
  private timer: ReturnType<typeof setTimeout> | undefined
  private underWay = false

  /** `strangers` is told when the till turns out not to be paired any more. */
  constructor(ports: Ports, id: string, strangers: () => void) {
    this.ports = ports
    this.strangers = strangers
    this.state = freshRefunding(id)
  }

  watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher)
    return () => this.watchers.delete(watcher)
  }

  send = (event: RefundEvent): void => {
    const before = this.state
    this.state = stepRefund(before, event)
    for (const watcher of this.watchers) watcher()
    if (event.kind === 'searchAsked' && this.state.searching) void this.find()
    if (event.kind === 'attemptRefused' || event.kind === 'searchRefused') this.ports.signal('refusal')
    if (event.kind === 'refunded' && this.state.done !== before.done) this.ports.signal('success')
    const { sending } = this.state
    if (sending.phase === 'sending' && before.sending.phase !== 'sending') void this.deliver(sending.attempt)
  }

  private async find(): Promise<void> {
    const { number, date } = this.state.search
    try {
      const { receipt } = await this.ports.ask(ReceiptDocument, { number: number.trim(), businessDate: date === '' ? null : date })
      if (receipt === null) this.refuse(problemOf(new Refused('NOT_FOUND', '')))
      else this.send({ kind: 'found', purchase: receipt })
    } catch (fault) {
      if (fault instanceof Refused) this.refuse(problemOf(fault))
      else this.send({ kind: 'searchUnanswered' })
    }
  }

  private refuse(problem: ReturnType<typeof problemOf>): void {
    this.send({ kind: 'searchRefused', problem })
    if (needsPairing(problem)) this.strangers()
  }

  private async deliver(attempt: Attempt): Promise<void> {
    if (this.underWay) return
    this.underWay = true
    clearTimeout(this.timer)
    const delivery = await deliver(attempt, this.ports.ask, this.ports.attempts)
    this.underWay = false
    if (delivery.kind === 'posted' || delivery.kind === 'priceChanged') return
    this.send(delivery)
    if (delivery.kind === 'attemptRefused' && needsPairing(delivery.problem)) this.strangers()
    if (delivery.kind === 'attemptRefused' && delivery.problem.code === 'REFUND_EXCEEDS_SALE') void this.refresh()
    const seconds = delivery.kind === 'attemptUnanswered' ? delivery.afterSeconds : null
    if (delivery.kind === 'attemptUnanswered')
      this.timer = setTimeout(() => this.send({ kind: 'retried' }), seconds === null ? PAUSE_MS : seconds * 1000)
  }

  /** Somebody returned a part meanwhile: show what is left now, under the refusal. */
  private async refresh(): Promise<void> {
    const { found, notice } = this.state
    if (found === null) return
    const answer = await this.ports.ask(ReceiptDocument, { number: found.receiptNumber, businessDate: found.businessDate }).catch(() => null)
    if (answer?.receipt) {
      this.send({ kind: 'found', purchase: answer.receipt })
      this.state = { ...this.state, notice: this.state.notice ?? notice }
      for (const watcher of this.watchers) watcher()
    }
  }
}
