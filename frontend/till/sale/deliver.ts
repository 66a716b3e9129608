/** Sends an attempt and says what became of it. Everything that is no clear answer leaves the attempt kept, to be sent again unchanged. */
import { Refused, type PostOptions } from '../../shared/graph/post.ts'
import type { Trusted } from '../../shared/graph/trusted.ts'
import { PostPurchaseDocument, RefundPurchaseDocument, type ProblemFactsFragment } from '../graph/documents.ts'
import { knownCode, remedy } from '../refusals.ts'
import type { Answer, Attempts, Kept } from './attempts.ts'
import type { Attempt, Delay, Problem, TillEvent } from './state.ts'

export type Ask = <Data, Variables>(document: Trusted<Data, Variables>, variables: Variables, options?: PostOptions) => Promise<Data>

type Kinds = 'posted' | 'priceChanged' | 'refunded' | 'attemptRefused' | 'attemptUnanswered'
export type Delivery = Extract<TillEvent, { kind: Kinds }>

/** A refusal that came as an error of the whole request, in the shape of the others. */
export function problemOf(fault: Refused): Problem {
  return {
    code: knownCode(fault.code),
    message: fault.message,
    field: null,
    retryable: false,
    retryAfterSeconds: null,
    requestId: fault.requestId ?? '',
  }
}

/** Why no clear answer came. */
export function delayOf(code: Problem['code']): Delay {
  return code === 'BUSY' ? 'busy' : 'fault'
}

function eventOf(attempt: Attempt, answer: Answer): Delivery {
  if (answer.operation === 'post') return { kind: 'posted', attempt, posted: answer.posted }
  return { kind: 'refunded', attempt, purchase: answer.purchase, net: answer.net, points: answer.points ?? null }
}

export async function deliver(wanted: Attempt, ask: Ask, attempts: Attempts): Promise<Delivery> {
  // A device that keeps nothing (private windows of some browsers) still sells: the receipt number guards it then.
  const { attempt, answer } = await attempts.claim(wanted).catch((): Kept => ({ attempt: wanted, answer: null }))
  if (answer !== null) return eventOf(attempt, answer)
  try {
    const delivery = attempt.operation === 'post' ? await post(attempt, ask) : await refund(attempt, ask)
    await keep(delivery, attempts).catch(() => undefined)
    return delivery
  } catch (fault) {
    if (!(fault instanceof Refused)) return { kind: 'attemptUnanswered', attempt, delay: 'silence', afterSeconds: null }
    return notDone(attempt, problemOf(fault))
  }
}

async function keep(delivery: Delivery, attempts: Attempts): Promise<void> {
  if (delivery.kind === 'posted') await attempts.answered(delivery.attempt, { operation: 'post', posted: delivery.posted })
  if (delivery.kind === 'refunded') await attempts.answered(delivery.attempt, { operation: 'refund', purchase: delivery.purchase, net: delivery.net, points: delivery.points })
  if (delivery.kind === 'priceChanged') await attempts.refused(delivery.attempt)
  if (delivery.kind === 'attemptRefused' && remedy(delivery.problem.code) !== 'pair') await attempts.refused(delivery.attempt)
}

function notDone(attempt: Attempt, problem: Problem | ProblemFactsFragment): Delivery {
  if (remedy(knownCode(problem.code)) !== 'again') return { kind: 'attemptRefused', attempt, problem }
  const requestId = problem.requestId === '' ? {} : { requestId: problem.requestId }
  return { kind: 'attemptUnanswered', attempt, delay: delayOf(problem.code), afterSeconds: problem.retryAfterSeconds, ...requestId }
}

async function post(attempt: Extract<Attempt, { operation: 'post' }>, ask: Ask): Promise<Delivery> {
  const { postPurchase: result } = await ask(PostPurchaseDocument, { input: attempt.input })
  if (result.__typename === 'PurchasePosted') return { kind: 'posted', attempt, posted: result }
  if (result.__typename === 'PriceChanged') return { kind: 'priceChanged', attempt, quote: result.quote, message: result.message }
  return notDone(attempt, result)
}

async function refund(attempt: Extract<Attempt, { operation: 'refund' }>, ask: Ask): Promise<Delivery> {
  const { refundPurchase: result } = await ask(RefundPurchaseDocument, { input: attempt.input })
  if (result.__typename === 'PurchaseRefunded') {
    const { net, points } = result.refund
    return { kind: 'refunded', attempt, purchase: result.purchase, net: points?.toReturn ?? net, points }
  }
  return notDone(attempt, result)
}
