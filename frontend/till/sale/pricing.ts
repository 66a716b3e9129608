/** Steps of the basket: every change asks for a fresh quote after a short pause, and the answer to an older question is dropped. */
import { knownCode, noticeOf, remedy } from '../refusals.ts'
import { fieldNamed, freshLine, holdOf, LINES_MAX, openChannels, quoteInput, underChannel } from './basket.ts'
import { offlineQuote } from '../offline/steps.ts'
import { needPairing } from './pairing.ts'
import type { Effect, Sale, State, Step, TillEvent } from './state.ts'

type Of<Kind extends TillEvent['kind']> = Extract<TillEvent, { kind: Kind }>

const TYPING_PAUSE_MS = 300
const HOLD_PAUSE_MS = 1_000

/** Asks for the price of the basket as it stands, or forgets the price while a line is unfinished. */
export function requote(state: State, afterMs: number): Step {
  const { sale, till } = state
  if (sale === null || till === null) return [state, []]
  const seq = sale.seq + 1
  if (sale.offline) {
    const quote = offlineQuote(sale, till)
    return [{ ...state, sale: { ...sale, seq, quoting: quote === null ? { phase: 'none' } : { phase: 'ready', quote } } }, [{ do: 'forgetQuote' }]]
  }
  const input = quoteInput(sale, till)
  if (input === null) return [{ ...state, sale: { ...sale, seq, quoting: { phase: 'none' } } }, [{ do: 'forgetQuote' }]]
  const last = sale.quoting.phase === 'ready' ? sale.quoting.quote : sale.quoting.phase === 'asking' ? sale.quoting.last : null
  return [{ ...state, sale: { ...sale, seq, quoting: { phase: 'asking', last } } }, [{ do: 'quote', seq, input, afterMs }]]
}

/** A basket may be changed until it is on its way. */
function edited(state: State, change: (sale: Sale) => Sale, afterMs: number): Step {
  const { sale } = state
  if (sale === null || sale.posted !== null || sale.sending.phase !== 'idle') return [state, []]
  return requote({ ...state, sale: { ...change(sale), notice: null, earlier: null } }, afterMs)
}

export function lineEdited(state: State, { id, change }: Of<'lineEdited'>): Step {
  const afterMs = 'service' in change ? 0 : TYPING_PAUSE_MS
  return edited(state, sale => ({ ...sale, lines: sale.lines.map(line => (line.id === id ? { ...line, ...change } : line)) }), afterMs)
}

export function lineAdded(state: State, { id }: Of<'lineAdded'>): Step {
  const { till } = state
  if (till === null) return [state, []]
  return edited(state, sale => (sale.lines.length >= LINES_MAX ? sale : { ...sale, lines: [...sale.lines, freshLine(id, till, sale.channel)] }), 0)
}

export function lineDropped(state: State, { id }: Of<'lineDropped'>): Step {
  return edited(state, sale => (sale.lines.length === 1 ? sale : { ...sale, lines: sale.lines.filter(line => line.id !== id) }), 0)
}

export function channelChosen(state: State, { channel }: Of<'channelChosen'>): Step {
  const { till } = state
  if (till === null || !openChannels(till).includes(channel)) return [state, []]
  const [next, effects] = edited(state, sale => ({ ...sale, channel, lines: underChannel(sale.lines, till, channel) }), 0)
  return [next, next === state ? effects : [...effects, { do: 'remember', habits: { channel } }]]
}

export function receiptTyped(state: State, { receipt }: Of<'receiptTyped'>): Step {
  const { sale } = state
  if (sale === null || sale.posted !== null || sale.sending.phase !== 'idle') return [state, []]
  return [{ ...state, sale: { ...sale, receipt, notice: null, earlier: null } }, []]
}

export function paymentChosen(state: State, { payment }: Of<'paymentChosen'>): Step {
  const { sale } = state
  if (sale === null || sale.posted !== null || sale.sending.phase !== 'idle') return [state, []]
  return [{ ...state, sale: { ...sale, payment, notice: null } }, payment.split ? [] : [{ do: 'remember', habits: { tender: payment.kind } }]]
}

export function spendChosen(state: State, { points, withFamily = false }: Of<'spendChosen'>): Step {
  return edited(state, sale => ({ ...sale, spend: points, withFamily }), 0)
}

/** The same guest by the same ticket, who may spend from now on: the basket stands as it was. */
export function guestProven(state: State, { ticket, guest }: Of<'guestProven'>): Step {
  return state.sale?.guest?.ticket === ticket ? edited(state, sale => ({ ...sale, guest }), 0) : [state, []]
}

export function promoGiven(state: State, { code }: Of<'promoGiven'>): Step {
  return edited(state, sale => ({ ...sale, promo: code.trim() }), 0)
}

/** Asks on while the guest has not answered; a no and an end of the time let the points go, and the price is asked anew. */
export function holdTold(state: State, { quote: id, hold }: Of<'holdTold'>): Step {
  const { sale } = state
  if (sale === null || sale.quoting.phase !== 'ready' || sale.quoting.quote.id !== id || sale.sending.phase !== 'idle') return [state, []]
  const { quote } = sale.quoting
  if (hold === null || hold.status !== 'ACTIVE' || hold.confirmation === 'DECLINED') {
    const word = hold?.confirmation === 'DECLINED' ? 'points.declined' : 'points.over'
    const [next, effects] = requote({ ...state, sale: { ...sale, spend: 0, notice: { tone: 'warning', word } } }, 0)
    return [next, [{ do: 'signal', tone: 'refusal' }, ...effects]]
  }
  const points = quote.points && { ...quote.points, hold }
  const next: State = { ...state, sale: { ...sale, quoting: { phase: 'ready', quote: { ...quote, points } } } }
  if (hold.confirmation === 'ASKED') return [next, asking(id)]
  return [{ ...next, sale: next.sale && { ...next.sale, notice: null } }, [{ do: 'signal', tone: 'success' }]]
}

/** No answer is no reason to give up: the guest may have one. */
export function holdUntold(state: State, { quote: id }: Of<'holdUntold'>): Step {
  const asked = state.sale?.quoting.phase === 'ready' && state.sale.quoting.quote.id === id
  return [state, asked ? asking(id) : []]
}

function asking(quote: string): Effect[] {
  return [{ do: 'askHold', quote, afterMs: HOLD_PAUSE_MS }]
}

export function quoteAsked(state: State): Step {
  if (state.sale === null || state.sale.sending.phase !== 'idle') return [state, []]
  return requote({ ...state, sale: { ...state.sale, notice: null } }, 0)
}

export function quoted(state: State, event: Of<'quoted'>): Step {
  const { sale } = state
  if (sale === null || sale.seq !== event.seq) return [state, []]
  const waits = holdOf(event.quote)?.confirmation === 'ASKED'
  return [{ ...state, sale: { ...sale, quoting: { phase: 'ready', quote: event.quote } } }, waits ? asking(event.quote.id) : []]
}

export function quoteRefused(state: State, event: Of<'quoteRefused'>): Step {
  const { sale } = state
  if (sale === null || sale.seq !== event.seq) return [state, []]
  const problem = { ...event.problem, code: knownCode(event.problem.code) }
  const what = remedy(problem.code)
  const failed: Sale = { ...sale, quoting: { phase: 'failed' } }
  if (what === 'pair') return needPairing({ ...state, sale: { ...failed, quoting: { phase: 'none' } } })
  if (what === 'scan') {
    const rescan: Sale = { ...failed, guest: null, notice: noticeOf(problem), quoting: { phase: 'none' } }
    return [{ ...state, sale: rescan }, [{ do: 'signal', tone: 'refusal' }]]
  }
  // A code that opens nothing holds nobody up: the price comes without it, and the refusal stands beside its field.
  if (problem.field?.startsWith('input.promoCodes')) {
    return requote({ ...state, sale: { ...sale, promo: '', notice: { ...noticeOf({ ...problem, field: null }), field: 'promo' } } }, 0)
  }
  const field = fieldNamed(problem.field ?? undefined, sale)
  const notice = { ...noticeOf({ ...problem, field: null }), ...(field !== null && { field }) }
  return [{ ...state, sale: { ...failed, notice } }, []]
}

export function quoteUnanswered(state: State, event: Of<'quoteUnanswered'>): Step {
  const { sale } = state
  if (sale === null || sale.seq !== event.seq) return [state, []]
  const word = event.delay === 'busy' ? 'quote.busy' : event.delay === 'fault' ? 'quote.fault' : 'quote.silence'
  return [{ ...state, sale: { ...sale, quoting: { phase: 'failed' }, notice: { tone: 'warning', word } } }, []]
}
