/** Steps of pairing: which till this page is, and what stays on the screen when it stops being one. */
import { freshLine, openChannels, underChannel } from './basket.ts'
import { requote } from './pricing.ts'
import type { Attempt, Effect, Notice, Sale, State, Step, TillEvent } from './state.ts'

type Of<Kind extends TillEvent['kind']> = Extract<TillEvent, { kind: Kind }>

/** A page that opened without network looks for the server by itself. */
export const REOPEN_MS = 5_000

/** The till's credential is gone: nothing typed is lost, an attempt on its way waits for the till to be paired again. */
export function needPairing(state: State): Step {
  const notice: Notice = { tone: 'warning', word: state.sale === null ? 'pair.again' : 'pair.againKeeping' }
  const { sale } = state
  const kept =
    sale !== null && sale.sending.phase === 'sending'
      ? { ...sale, sending: { ...sale.sending, phase: 'waiting' as const, delay: 'silence' as const } }
      : sale
  return [{ ...state, sale: kept, pairing: { phase: 'needed', busy: false, notice } }, []]
}

export function openAsked(state: State): Step {
  return [{ ...state, pairing: { phase: 'checking' } }, [{ do: 'open', afterMs: 0 }]]
}

export function pairAsked(state: State, { key }: Of<'pairAsked'>): Step {
  if (state.pairing.phase !== 'needed' || state.pairing.busy) return [state, []]
  return [{ ...state, pairing: { phase: 'needed', busy: true, notice: null } }, [{ do: 'pair', key }]]
}

export function unpairAsked(state: State): Step {
  return [state, [{ do: 'unpair' }]]
}

/** Not paired, or the key was refused. */
export function stranger(state: State, { notice }: Of<'stranger'>): Step {
  const refused: readonly Effect[] = notice?.tone === 'refusal' ? [{ do: 'signal', tone: 'refusal' }] : []
  const kept: Notice | null = state.sale === null ? null : { tone: 'warning', word: 'pair.againKeeping' }
  return [{ ...state, pairing: { phase: 'needed', busy: false, notice: notice ?? kept } }, refused]
}

export function closed(state: State): Step {
  if (state.pairing.phase === 'needed') {
    return [{ ...state, pairing: { phase: 'needed', busy: false, notice: { tone: 'warning', word: 'net.silence' } } }, []]
  }
  return [{ ...state, pairing: { phase: 'unreachable' } }, [{ do: 'open', afterMs: REOPEN_MS }]]
}

/** The basket at this till: another till than the one that scanned cannot use its ticket, nor may it sell the same services. */
function atTill(sale: Sale, state: State, event: Of<'opened'>): Sale {
  if (state.till === null || state.till.id === event.till.id || sale.posted !== null) return sale
  const open = openChannels(event.till)
  const channel = open.includes(sale.channel) ? sale.channel : (open[0] ?? sale.channel)
  const lines = sale.lines.length > 0 ? underChannel(sale.lines, event.till, channel) : [freshLine(`${sale.id}/0`, event.till, channel)]
  return {
    ...sale,
    guest: null,
    scan: null,
    offline: false,
    channel,
    lines,
    sending: { phase: 'idle' },
    quoting: { phase: 'none' },
    notice: { tone: 'warning', word: 'sale.otherTill' },
  }
}

/** The page is a till. What was left without an answer goes out again, each with its own key and body. */
export function opened(state: State, event: Of<'opened'>): Step {
  const sale = state.sale === null ? null : atTill(state.sale, state, event)
  const mine = event.unfinished.filter(one => one.till === event.till.id)
  const own = sale === null ? undefined : mine.find(one => one.id === sale.id)
  const others = mine.filter(one => one !== own)
  const base: State = { ...state, pairing: { phase: 'paired' }, till: event.till, programme: event.programme, unfinished: others }
  const effects: Effect[] = others.map(attempt => ({ do: 'send', attempt, afterMs: 0 }))
  if (state.scan.phase !== 'idle') effects.push({ do: 'identify', scanId: state.scan.scanId, code: state.scan.code, afterMs: 0 })
  if (sale === null) return [base, effects]
  if (own !== undefined && sale.posted === null) return [resumed(base, sale, own), [...effects, { do: 'send', attempt: own, afterMs: 0 }]]
  if (sale.posted !== null) return [{ ...base, sale }, effects]
  const [next, asked] = requote({ ...base, sale }, 0)
  return [next, [...effects, ...asked]]
}

function resumed(state: State, sale: Sale, attempt: Attempt): State {
  return { ...state, sale: { ...sale, sending: { phase: 'sending', attempt, tries: 1 }, notice: null } }
}

/** What this tab remembered over a reload. */
export function restored(state: State, { sale, scan }: Of<'restored'>): Step {
  return [{ ...state, sale, scan }, []]
}
