/** Steps of recording: one attempt a receipt, repeated with the same key and body until its answer is clear; then the tick, the undo, the next guest. */
import { knownCode, noticeOf, remedy } from '../refusals.ts'
import { fieldNamed, freeing, freshLine, missing, tenderInputs } from './basket.ts'
import { keeping } from '../offline/steps.ts'
import { needPairing } from './pairing.ts'
import { requote } from './pricing.ts'
import type { Attempt, Effect, Notice, Problem, Sale, State, Step, TillEvent } from './state.ts'

type Of<Kind extends TillEvent['kind']> = Extract<TillEvent, { kind: Kind }>
type PostAttempt = Extract<Attempt, { operation: 'post' }>

const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000]
const ASIDE_PAUSE_MS = 30_000

const undoId = (saleId: string): string => `${saleId}/undo`

function pause(tries: number): number {
  return PAUSES_MS[Math.min(tries, PAUSES_MS.length) - 1] ?? ASIDE_PAUSE_MS
}

export function postAsked(state: State, { key, at }: Of<'postAsked'>): Step {
  const { sale, till } = state
  if (sale === null || till === null || (sale.guest === null && !sale.offline) || sale.sending.phase !== 'idle' || sale.posted !== null) return [state, []]
  const lack = missing(sale)
  if (lack !== null) return [{ ...state, sale: { ...sale, notice: { tone: 'refusal', word: lack.word, field: lack.field } } }, []]
  const tenders = sale.quoting.phase === 'ready' ? tenderInputs(sale.payment, sale.quoting.quote) : null
  if (sale.quoting.phase !== 'ready' || tenders === null) return [state, []]
  if (sale.offline) return keeping(state, sale, till, tenders)
  const input = {
    idempotencyKey: key,
    quote: sale.quoting.quote.id,
    receiptNumber: sale.receipt.trim(),
    closedAt: new Date(at).toISOString(),
    tenders,
  }
  const attempt: Attempt = { id: sale.id, till: till.id, madeAt: at, operation: 'post', input }
  return [
    { ...state, sale: { ...sale, notice: null, earlier: null, sending: { phase: 'sending', attempt, tries: 1 } } },
    [{ do: 'send', attempt, afterMs: 0 }],
  ]
}

/** The sale that an attempt belongs to, if it is the one on the screen. */
function saleOf(state: State, attempt: Attempt): Sale | null {
  return state.sale !== null && state.sale.id === attempt.id && state.sale.posted === null ? state.sale : null
}

export function retried(state: State): Step {
  const { sale } = state
  if (sale === null || sale.sending.phase !== 'waiting') {
    return [state, state.unfinished.map(attempt => ({ do: 'send', attempt, afterMs: 0 }))]
  }
  const { attempt, tries } = sale.sending
  return [{ ...state, sale: { ...sale, sending: { phase: 'sending', attempt, tries } } }, [{ do: 'send', attempt, afterMs: 0 }]]
}

/** The next guest waits: the attempt goes on by itself behind the ready screen. */
export function putAside(state: State): Step {
  const { sale } = state
  if (sale === null || sale.sending.phase !== 'waiting') return [state, []]
  const { attempt } = sale.sending
  return [{ ...state, sale: null, unfinished: [...state.unfinished, attempt] }, [{ do: 'send', attempt, afterMs: ASIDE_PAUSE_MS }]]
}

function settle(state: State, attempt: Attempt, settled: Notice): State {
  return { ...state, unfinished: state.unfinished.filter(one => one.id !== attempt.id), settled }
}

const receiptOf = (attempt: Attempt): string => (attempt.operation === 'post' ? attempt.input.receiptNumber : attempt.input.refundNumber)

export function posted(state: State, event: Of<'posted'>): Step {
  const sale = saleOf(state, event.attempt)
  if (sale === null) {
    if (!state.unfinished.some(one => one.id === event.attempt.id)) return [state, []]
    return [settle(state, event.attempt, { tone: 'success', word: 'aside.posted', facts: { receipt: receiptOf(event.attempt) } }), []]
  }
  const done: Sale = { ...sale, posted: event.posted, sending: { phase: 'idle' }, notice: null, undo: { phase: 'offered' } }
  return [{ ...state, sale: done }, [{ do: 'signal', tone: 'success' }, { do: 'offerUndo' }]]
}

export function priceChanged(state: State, event: Of<'priceChanged'>): Step {
  const sale = saleOf(state, event.attempt)
  if (sale === null) return aside(state, event.attempt, { tone: 'refusal', word: 'aside.priceChanged', facts: { receipt: receiptOf(event.attempt) } })
  const payment = sale.payment.split ? { split: false as const, kind: sale.payment.tenders[0]?.kind ?? 'CARD' } : sale.payment
  const notice: Notice = { tone: 'warning', word: 'sale.priceChanged', said: event.message }
  const next: Sale = { ...sale, seq: sale.seq + 1, payment, notice, sending: { phase: 'idle' }, quoting: { phase: 'ready', quote: event.quote } }
  return [{ ...state, sale: next }, [{ do: 'signal', tone: 'refusal' }]]
}

function aside(state: State, attempt: Attempt, notice: Notice): Step {
  if (!state.unfinished.some(one => one.id === attempt.id)) return [state, []]
  return [settle(state, attempt, notice), [{ do: 'signal', tone: 'refusal' }]]
}

export function attemptRefused(state: State, event: Of<'attemptRefused'>): Step {
  const { attempt } = event
  const problem = { ...event.problem, code: knownCode(event.problem.code) }
  if (remedy(problem.code) === 'pair') return needPairing(state)
  if (attempt.operation === 'refund') return undoRefused(state, attempt, problem)
  const sale = saleOf(state, attempt)
  if (sale !== null) return refused(state, sale, attempt, problem)
  const facts = { receipt: attempt.input.receiptNumber }
  const word = problem.code === 'RECEIPT_EXISTS' ? 'aside.exists' : 'aside.refused'
  return aside(state, attempt, { tone: 'refusal', word, facts, said: problem.message })
}

/** The contract's answer to a refused purchase: what to show and what to ask next. */
function refused(state: State, sale: Sale, attempt: PostAttempt, problem: Problem): Step {
  const { receiptNumber: receipt, closedAt } = attempt.input
  const what = remedy(problem.code)
  const field = fieldNamed(problem.field ?? undefined, sale) ?? (problem.code === 'RECEIPT_EXISTS' ? 'receipt' : null)
  const notice = { ...noticeOf({ ...problem, field: null }, { receipt }), ...(field !== null && { field }) }
  const open: Sale = { ...sale, notice, sending: { phase: 'idle' } }
  const told: Effect = { do: 'signal', tone: 'refusal' }
  if (what === 'scan') return [{ ...state, sale: { ...open, guest: null, quoting: { phase: 'none' } } }, [told, { do: 'forgetQuote' }]]
  if (what === 'lookUp') return [{ ...state, sale: open }, [told, { do: 'lookUp', receipt, closedAt }]]
  if (what === 'askQuote') return [{ ...state, sale: { ...open, quoting: { phase: 'failed' } } }, [told]]
  if (what === 'quote') {
    const spend = problem.code === 'HOLD_EXPIRED' ? 0 : open.spend
    const [next, effects] = requote({ ...state, sale: { ...open, spend } }, 0)
    return [next, [told, ...effects]]
  }
  return [{ ...state, sale: open }, [told]]
}

/** No clear answer: silence, a crowd or a fault. The same body waits its turn. */
export function attemptUnanswered(state: State, event: Of<'attemptUnanswered'>): Step {
  const { attempt, delay, afterSeconds, requestId } = event
  const sale = saleOf(state, attempt)
  if (sale === null || sale.sending.phase === 'idle') {
    const undoing = state.sale !== null && attempt.id === undoId(state.sale.id)
    const known = undoing || state.unfinished.some(one => one.id === attempt.id)
    return [state, known ? [{ do: 'send', attempt, afterMs: undoing ? pause(2) : ASIDE_PAUSE_MS }] : []]
  }
  const { tries } = sale.sending
  const afterMs = afterSeconds === null ? pause(tries) : afterSeconds * 1000
  const waiting = { phase: 'waiting' as const, attempt, tries: tries + 1, delay, ...(requestId !== undefined && { requestId }) }
  return [{ ...state, sale: { ...sale, sending: waiting } }, [{ do: 'send', attempt, afterMs }]]
}

export function earlierFound(state: State, { purchase }: Of<'earlierFound'>): Step {
  const { sale } = state
  if (sale === null || sale.notice === null || sale.receipt.trim() !== purchase.receiptNumber) return [state, []]
  return [{ ...state, sale: { ...sale, earlier: purchase } }, []]
}

/** The whole receipt goes back, under a refund number made of its own. */
export function undoAsked(state: State, { key, at }: Of<'undoAsked'>): Step {
  const { sale, till } = state
  if (sale === null || till === null || sale.posted === null || (sale.undo.phase !== 'offered' && sale.undo.phase !== 'failed')) return [state, []]
  const { id, receiptNumber } = sale.posted.purchase
  const input = {
    idempotencyKey: key,
    purchase: id,
    receiptNumber,
    refundNumber: refundNumber(receiptNumber, 1),
    refundedAt: new Date(at).toISOString(),
  }
  const attempt: Attempt = { id: undoId(sale.id), till: till.id, madeAt: at, operation: 'refund', input }
  return [{ ...state, sale: { ...sale, undo: { phase: 'sending' } } }, [{ do: 'send', attempt, afterMs: 0 }]]
}

/** A refund's number out of its receipt's: 000127-R1 for the first. */
export function refundNumber(receipt: string, count: number): string {
  return `${receipt}-R${count}`
}

export function refunded(state: State, event: Of<'refunded'>): Step {
  const { sale } = state
  if (sale === null || event.attempt.id !== undoId(sale.id)) {
    if (!state.unfinished.some(one => one.id === event.attempt.id)) return [state, []]
    return [settle(state, event.attempt, { tone: 'success', word: 'aside.refunded', facts: { receipt: receiptOf(event.attempt) } }), []]
  }
  return [{ ...state, sale: { ...sale, undo: { phase: 'done', net: event.net, points: event.points } } }, [{ do: 'signal', tone: 'success' }]]
}

function undoRefused(state: State, attempt: Attempt, problem: Problem): Step {
  const { sale } = state
  if (sale !== null && attempt.id === undoId(sale.id)) {
    return [{ ...state, sale: { ...sale, undo: { phase: 'failed', notice: noticeOf(problem) } } }, [{ do: 'signal', tone: 'refusal' }]]
  }
  return aside(state, attempt, { tone: 'refusal', word: 'aside.refundRefused', facts: { receipt: receiptOf(attempt) }, said: problem.message })
}

export function undoOver(state: State): Step {
  const { sale } = state
  return sale === null || sale.undo.phase !== 'offered' ? [state, []] : [{ ...state, sale: { ...sale, undo: { phase: 'over' } } }, []]
}

export function nextGuest(state: State): Step {
  if (state.sale !== null && state.sale.sending.phase !== 'idle') return [state, []]
  return [{ ...state, sale: null, scan: { phase: 'idle', notice: null }, settled: null }, [{ do: 'forgetQuote' }, ...freeing(state.sale, state.till)]]
}

/** A split bill: the same ticket, a fresh basket. */
export function anotherReceipt(state: State, { saleId }: Of<'anotherReceipt'>): Step {
  const { sale, till } = state
  if (sale === null || till === null || sale.posted === null) return [state, []]
  const payment = sale.payment.split ? { split: false as const, kind: sale.payment.tenders[0]?.kind ?? 'CARD' } : sale.payment
  const lines = [freshLine(`${saleId}/0`, till, sale.channel)]
  const fresh: Sale = {
    ...sale,
    id: saleId,
    lines,
    payment,
    receipt: '',
    spend: null,
    promo: '',
    quoting: { phase: 'none' },
    notice: null,
    earlier: null,
    posted: null,
    undo: { phase: 'over' },
  }
  return [{ ...state, sale: fresh }, [{ do: 'forgetQuote' }]]
}

export function settledRead(state: State): Step {
  return [{ ...state, settled: null }, []]
}
