/** Steps of a sale without network: the code is kept, nothing is promised, and the receipt waits on this device. */
import type { OfflineReceiptInput, QuoteFactsFragment, TenderInput, TillFactsFragment } from '../graph/documents.ts'
import { fromContract, toContract } from '../money.ts'
import { freeing, freshSale, lineInputs } from '../sale/basket.ts'
import { requote } from '../sale/pricing.ts'
import { keptScan } from '../sale/scanning.ts'
import type { Notice, Sale, State, Step, TillEvent } from '../sale/state.ts'

type Of<Kind extends TillEvent['kind']> = Extract<TillEvent, { kind: Kind }>

/** Whether the till may go on without network: with the scan that waits for its answer, or the sale that waits for its price. */
export function mayGoOffline({ scan, sale }: State): boolean {
  if (scan.phase !== 'idle') return keptScan(scan) !== null
  return sale !== null && !sale.offline && sale.scan !== null && sale.posted === null && sale.sending.phase === 'idle' && sale.quoting.phase === 'failed'
}

export function wentOffline(state: State, { habits }: Of<'wentOffline'>): Step {
  const { scan, sale, till } = state
  if (till === null || !mayGoOffline(state)) return [state, []]
  const kept = scan.phase === 'idle' ? (sale?.scan ?? null) : keptScan(scan)
  if (kept === null) return [state, []]
  const idle: State = { ...state, scan: { phase: 'idle', notice: null } }
  if (sale === null) return [{ ...idle, sale: freshSale(scan.phase === 'idle' ? kept.scanId : scan.saleId, null, kept, till, habits) }, []]
  const [next, effects] = requote({ ...idle, sale: { ...sale, guest: null, scan: kept, offline: true, spend: null, promo: '', notice: null } }, 0)
  return [next, [...freeing(sale, till), ...effects]]
}

/** The price without network: what the lines come to, with nothing off and no word about what counts. */
export function offlineQuote(sale: Sale, till: TillFactsFragment): QuoteFactsFragment | null {
  const lines = lineInputs(sale, till)
  if (lines === null) return null
  const total = toContract(lines.reduce((all, line) => all + fromContract(line.amount), 0))
  const service = (id: string): string => till.services.find(one => one.id === id)?.name ?? id
  return {
    __typename: 'Quote',
    id: 'offline',
    points: null,
    promotions: [],
    expiresAt: '',
    gross: total,
    discount: '0.00',
    net: total,
    lines: lines.map(line => ({
      __typename: 'QuoteLine',
      name: line.name,
      quantity: line.quantity,
      gross: line.amount,
      discount: '0.00',
      net: line.amount,
      accumulates: false,
      reasons: [],
      service: { __typename: 'Service', id: String(line.service), name: service(String(line.service)) },
    })),
  }
}

/** The press that records, without network: the receipt goes to this device's queue. The sale is its key: two presses and two tabs keep one. */
export function keeping(state: State, sale: Sale, till: TillFactsFragment, tenders: TenderInput[]): Step {
  const lines = lineInputs(sale, till)
  if (sale.scan === null || lines === null) return [state, []]
  const { scanId, code, at } = sale.scan
  const receipt: Omit<OfflineReceiptInput, 'closedAt'> = {
    idempotencyKey: sale.id,
    scan: { scanId, code, scannedAt: new Date(at).toISOString() },
    receiptNumber: sale.receipt.trim(),
    channel: sale.channel,
    lines,
    tenders,
  }
  return [{ ...state, sale: { ...sale, notice: null } }, [{ do: 'keep', saleId: sale.id, till: till.id, receipt }]]
}

/** It lies on the device: the next guest may come. */
export function kept(state: State, { saleId, receipt }: Of<'kept'>): Step {
  const settled: Notice = { tone: 'success', word: 'offline.kept', facts: { receipt } }
  if (state.sale?.id !== saleId) return [{ ...state, settled }, []]
  return [{ ...state, sale: null, scan: { phase: 'idle', notice: null }, settled }, [{ do: 'signal', tone: 'success' }]]
}

/** The browser keeps nothing (a private window, a full disk): the basket stays, and the cashier is told. */
export function notKept(state: State, { saleId }: Of<'notKept'>): Step {
  if (state.sale?.id !== saleId) return [state, []]
  return [{ ...state, sale: { ...state.sale, notice: { tone: 'refusal', word: 'offline.notKept' } } }, [{ do: 'signal', tone: 'refusal' }]]
}
