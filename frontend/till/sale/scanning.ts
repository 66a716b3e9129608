/** Steps of the scan: a code goes out once under its own scan id, and its answer starts a sale or puts a guest into the one that stands. */
import { knownCode, noticeOf, remedy } from '../refusals.ts'
import { freeing, freshSale } from './basket.ts'
import { requote } from './pricing.ts'
import { needPairing } from './pairing.ts'
import { TOLD, type Delay, type KeptScan, type Notice, type Scan, type State, type Step, type TillEvent } from './state.ts'

type Of<Kind extends TillEvent['kind']> = Extract<TillEvent, { kind: Kind }>

const TRIES_BY_ITSELF = 3
const PAUSE_MS = 1_500

/** A scan is taken whenever nothing is being recorded; over a finished sale it starts the next guest. */
export function scanned(state: State, event: Of<'scanned'>): Step {
  const busy = state.scan.phase !== 'idle' || (state.sale !== null && state.sale.posted === null && state.sale.sending.phase !== 'idle')
  if (state.pairing.phase !== 'paired' || busy) return [state, []]
  const { scanId, code, saleId, at } = event
  const sale = state.sale?.posted ? null : state.sale
  const scan: Scan = { phase: 'asking', scanId, code, at, saleId, tries: 1 }
  return [{ ...state, sale, settled: null, scan }, [{ do: 'identify', scanId, code, afterMs: 0 }]]
}

/** What of a scan a receipt without network may be bound by: a code that was read, never a number that was told. */
export function keptScan(scan: Scan): KeptScan | null {
  if (scan.phase === 'idle' || scan.code.startsWith(TOLD)) return null
  const { scanId, code, at } = scan
  return { scanId, code, at }
}

export function damaged(state: State): Step {
  if (state.scan.phase !== 'idle') return [state, []]
  return [{ ...state, scan: { phase: 'idle', notice: { tone: 'refusal', word: 'scan.damaged' } } }, [{ do: 'signal', tone: 'refusal' }]]
}

export function identified(state: State, event: Of<'identified'>): Step {
  const { scan, till } = state
  if (scan.phase === 'idle' || scan.scanId !== event.scanId || till === null) return [state, []]
  const idle: State = { ...state, scan: { phase: 'idle', notice: null } }
  if (state.sale === null) {
    const sale = freshSale(scan.saleId, event.guest, keptScan(scan), till, event.habits)
    return [{ ...idle, sale }, [{ do: 'signal', tone: 'success' }]]
  }
  const notice: Notice = { tone: 'success', word: 'sale.guestReplaced', facts: { name: event.guest.facts.firstName } }
  const [next, effects] = requote({ ...idle, sale: { ...state.sale, guest: event.guest, scan: keptScan(scan), offline: false, spend: null, promo: '', notice } }, 0)
  return [next, [{ do: 'signal', tone: 'success' }, ...freeing(state.sale, till), ...effects]]
}

export function scanRefused(state: State, event: Of<'scanRefused'>): Step {
  const { scan } = state
  if (scan.phase === 'idle' || scan.scanId !== event.scanId) return [state, []]
  const problem = { ...event.problem, code: knownCode(event.problem.code) }
  const what = remedy(problem.code)
  if (what === 'pair') return needPairing({ ...state, scan: { phase: 'idle', notice: null } })
  if (what === 'again') {
    const seconds = problem.retryAfterSeconds ?? 1
    return hold(state, scan, problem.code === 'BUSY' ? 'busy' : 'fault', seconds * 1000)
  }
  const told = scan.code.startsWith(TOLD) && problem.code === 'CARD_NOT_ACCEPTED'
  const notice: Notice = told ? { tone: 'refusal', word: 'phone.refused', said: problem.message } : noticeOf(problem)
  return [{ ...state, scan: { phase: 'idle', notice } }, [{ do: 'signal', tone: 'refusal' }]]
}

/** No answer came: the same scan id goes out again, so that a ticket already given is given once more and the guest need not wait. */
export function scanUnanswered(state: State, event: Of<'scanUnanswered'>): Step {
  const { scan } = state
  if (scan.phase === 'idle' || scan.scanId !== event.scanId) return [state, []]
  return hold(state, scan, event.delay, PAUSE_MS)
}

function hold(state: State, scan: Exclude<Scan, { phase: 'idle' }>, delay: Delay, afterMs: number): Step {
  const { scanId, code, at, saleId, tries } = scan
  const waiting: Scan = { phase: 'waiting', scanId, code, at, saleId, tries: tries + 1, delay }
  return [{ ...state, scan: waiting }, tries < TRIES_BY_ITSELF ? [{ do: 'identify', scanId, code, afterMs }] : []]
}

export function scanRetried(state: State): Step {
  if (state.scan.phase !== 'waiting') return [state, []]
  const { scanId, code, at, saleId, tries } = state.scan
  return [{ ...state, scan: { phase: 'asking', scanId, code, at, saleId, tries } }, [{ do: 'identify', scanId, code, afterMs: 0 }]]
}

export function scanDropped(state: State): Step {
  return [{ ...state, scan: { phase: 'idle', notice: null } }, []]
}

/** The cashier wants another guest's code; the basket stays. */
export function guestCleared(state: State): Step {
  const { sale } = state
  if (sale === null || sale.posted !== null || sale.sending.phase !== 'idle') return [state, []]
  return [
    { ...state, sale: { ...sale, guest: null, scan: null, offline: false, spend: null, promo: '', notice: null, quoting: { phase: 'none' } } },
    [{ do: 'forgetQuote' }, ...freeing(sale, state.till)],
  ]
}
