/** A return from the search for its receipt to the tick: what is known at one moment, and the steps between. Plain values only. */
import type { PurchaseFactsFragment } from '../graph/documents.ts'
import { knownCode, noticeOf, remedy } from '../refusals.ts'
import { refundNumber } from '../sale/posting.ts'
import type { Attempt, Delay, Moved, Notice, Problem, Sending } from '../sale/state.ts'
import { anythingLeft, faultOf, leftNet, lineWish, moneyBack, type Wish } from './left.ts'

export interface Search {
  readonly number: string
  readonly date: string
}

export interface Choice {
  readonly whole: boolean
  readonly wishes: Readonly<Record<string, Wish>>
  readonly refundNumber: string
}

export interface Done {
  readonly purchase: PurchaseFactsFragment
  readonly number: string
  /** Money for the guest. */
  readonly net: string
  readonly points: Moved
}

export interface Refunding {
  /** One return has one id, so that two tabs and two presses share its attempt. */
  readonly id: string
  readonly search: Search
  readonly searching: boolean
  readonly found: PurchaseFactsFragment | null
  readonly choice: Choice
  readonly sending: Sending
  readonly notice: Notice | null
  readonly done: Done | null
}

export type RefundEvent =
  | { readonly kind: 'searchTyped'; readonly search: Partial<Search> }
  | { readonly kind: 'searchAsked' }
  | { readonly kind: 'found'; readonly purchase: PurchaseFactsFragment }
  | { readonly kind: 'searchRefused'; readonly problem: Problem }
  | { readonly kind: 'searchUnanswered' }
  | { readonly kind: 'chosen'; readonly choice: Partial<Omit<Choice, 'wishes'>> }
  | { readonly kind: 'wished'; readonly line: string; readonly wish: Wish | null }
  | { readonly kind: 'refundAsked'; readonly till: string; readonly key: string; readonly at: number }
  | { readonly kind: 'retried' }
  | { readonly kind: 'refunded'; readonly attempt: Attempt; readonly purchase: PurchaseFactsFragment; readonly net: string; readonly points: Moved }
  | { readonly kind: 'attemptRefused'; readonly attempt: Attempt; readonly problem: Problem }
  | { readonly kind: 'attemptUnanswered'; readonly attempt: Attempt; readonly delay: Delay; readonly requestId?: string }
  | { readonly kind: 'again'; readonly id: string }

const NO_CHOICE: Choice = { whole: true, wishes: {}, refundNumber: '' }

export function freshRefunding(id: string): Refunding {
  return {
    id,
    search: { number: '', date: '' },
    searching: false,
    found: null,
    choice: NO_CHOICE,
    sending: { phase: 'idle' },
    notice: null,
    done: null,
  }
}

/** Kopecks that the present choice gives back. */
export function toReturn({ found, choice }: Refunding): number {
  if (found === null) return 0
  if (choice.whole) return leftNet(found)
  return found.lines.reduce((sum, line) => sum + (choice.wishes[line.id] ? moneyBack(line, choice.wishes[line.id] as Wish) : 0), 0)
}

/** The first thing to mend before the return can be recorded. */
function lacking({ found, choice }: Refunding): Notice | null {
  if (found === null) return null
  if (choice.refundNumber.trim() === '') return { tone: 'refusal', word: 'refund.refundNumberEmpty', field: 'refundNumber' }
  if (choice.whole) return null
  if (Object.keys(choice.wishes).length === 0) return { tone: 'refusal', word: 'refund.chooseSomething', field: 'what' }
  for (const line of found.lines) {
    const wish = choice.wishes[line.id]
    if (wish !== undefined && faultOf(line, wish) !== null) return { tone: 'refusal', word: 'refund.chooseSomething', field: `wish:${line.id}` }
  }
  return null
}

function asked(now: Refunding, { till, key, at }: Extract<RefundEvent, { kind: 'refundAsked' }>): Refunding {
  const { found, choice } = now
  if (found === null || now.sending.phase !== 'idle' || now.done !== null) return now
  const notice = lacking(now)
  if (notice !== null) return { ...now, notice }
  const lines = found.lines.flatMap(line => (choice.wishes[line.id] ? [lineWish(line, choice.wishes[line.id] as Wish)] : []))
  const input = {
    idempotencyKey: key,
    purchase: found.id,
    receiptNumber: found.receiptNumber,
    refundNumber: choice.refundNumber.trim(),
    refundedAt: new Date(at).toISOString(),
    ...(!choice.whole && { lines }),
  }
  const attempt: Attempt = { id: now.id, till, madeAt: at, operation: 'refund', input }
  return { ...now, notice: null, sending: { phase: 'sending', attempt, tries: 1 } }
}

function shown(now: Refunding, purchase: PurchaseFactsFragment): Refunding {
  const choice: Choice = { ...NO_CHOICE, refundNumber: refundNumber(purchase.receiptNumber, purchase.refunds.length + 1) }
  const notice: Notice | null = anythingLeft(purchase) ? null : { tone: 'warning', word: 'refund.nothingLeft' }
  return { ...now, searching: false, found: purchase, choice, notice }
}

function refused(now: Refunding, problem: Problem): Refunding {
  const code = knownCode(problem.code)
  const notice = noticeOf({ ...problem, code, field: null }, { receipt: now.found?.receiptNumber ?? '' })
  return {
    ...now,
    searching: false,
    sending: { phase: 'idle' },
    notice: code === 'RECEIPT_EXISTS' ? { ...notice, word: 'refund.numberUsed', field: 'refundNumber' } : notice,
  }
}

function unanswered(now: Refunding, { attempt, delay, requestId }: Extract<RefundEvent, { kind: 'attemptUnanswered' }>): Refunding {
  if (now.sending.phase === 'idle' || attempt.id !== now.id) return now
  return { ...now, sending: { phase: 'waiting', attempt, tries: now.sending.tries + 1, delay, ...(requestId !== undefined && { requestId }) } }
}

/** Whether a refusal needs the whole page, not this flow alone: the till must be paired. */
export function needsPairing(problem: Problem): boolean {
  return remedy(knownCode(problem.code)) === 'pair'
}

export function stepRefund(now: Refunding, event: RefundEvent): Refunding {
  switch (event.kind) {
    case 'searchTyped':
      return { ...now, search: { ...now.search, ...event.search }, notice: null }
    case 'searchAsked':
      if (now.search.number.trim() === '') return { ...now, notice: { tone: 'refusal', word: 'refund.numberEmpty', field: 'number' } }
      return { ...now, searching: true, found: null, notice: null }
    case 'found':
      return shown(now, event.purchase)
    case 'searchRefused':
      return refused(now, event.problem)
    case 'searchUnanswered':
      return { ...now, searching: false, notice: { tone: 'warning', word: 'net.silence' } }
    case 'chosen':
      return now.sending.phase === 'idle' ? { ...now, choice: { ...now.choice, ...event.choice }, notice: null } : now
    case 'wished': {
      const { [event.line]: _, ...others } = now.choice.wishes
      const wishes = event.wish === null ? others : { ...now.choice.wishes, [event.line]: event.wish }
      return now.sending.phase === 'idle' ? { ...now, choice: { ...now.choice, wishes }, notice: null } : now
    }
    case 'refundAsked':
      return asked(now, event)
    case 'retried':
      return now.sending.phase === 'waiting' ? { ...now, sending: { ...now.sending, phase: 'sending' } } : now
    case 'refunded':
      if (event.attempt.id !== now.id || event.attempt.operation !== 'refund') return now
      return {
        ...now,
        sending: { phase: 'idle' },
        notice: null,
        done: { purchase: event.purchase, number: event.attempt.input.refundNumber, net: event.net, points: event.points },
      }
    case 'attemptRefused':
      return event.attempt.id === now.id ? refused(now, event.problem) : now
    case 'attemptUnanswered':
      return unanswered(now, event)
    case 'again':
      return freshRefunding(event.id)
  }
}
