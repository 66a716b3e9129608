/** What a basket comes to: its channel and services, the question for a quote, the tenders, and what is still missing. */
import type { Channel, GuestFactsFragment, LineInput, QuoteFactsFragment, QuoteInput, TenderInput, TillFactsFragment } from '../graph/documents.ts'
import { fromContract, parseSum, toContract } from '../money.ts'
import type { Effect, Guest, Habits, Hold, KeptScan, Line, Payment, Sale } from './state.ts'

export const LINES_MAX = 100
const QUANTITY = /^(?!0+(?:[.,]0+)?$)\d{1,7}(?:[.,]\d{1,3})?$/

export type Rule = GuestFactsFragment['rules'][number]
export type Service = TillFactsFragment['services'][number]

/** The till's channels by which anything is sold here. */
export function openChannels(till: TillFactsFragment): readonly Channel[] {
  const sold = till.channels.filter(channel => servicesBy(till, channel).length > 0)
  return sold.length > 0 ? sold : till.channels
}

export function servicesBy(till: TillFactsFragment, channel: Channel): readonly Service[] {
  return till.services.filter(service => service.channels.includes(channel))
}

/** The guest's rule for a service by a channel, where the programme has one. */
export function ruleFor(guest: GuestFactsFragment, service: string, channel: Channel): Rule | null {
  return guest.rules.find(rule => rule.service.id === service && rule.channel === channel) ?? null
}

/** The service to offer at once: the only one sold by this channel. */
function onlyService(till: TillFactsFragment, channel: Channel): string | null {
  const sold = servicesBy(till, channel)
  return sold.length === 1 ? (sold[0]?.id ?? null) : null
}

export function freshLine(id: string, till: TillFactsFragment, channel: Channel): Line {
  return { id, service: onlyService(till, channel), sum: '', name: '', quantity: '1' }
}

export function freshSale(id: string, guest: Guest | null, scan: KeptScan | null, till: TillFactsFragment, habits: Habits): Sale {
  const open = openChannels(till)
  const channel = open.find(one => one === habits.channel) ?? open.find(one => one === 'TILL') ?? open[0] ?? 'TILL'
  return {
    id,
    guest,
    scan,
    offline: guest === null,
    channel,
    lines: [freshLine(`${id}/0`, till, channel)],
    receipt: '',
    payment: { split: false, kind: habits.tender },
    spend: null,
    promo: '',
    seq: 0,
    quoting: { phase: 'none' },
    sending: { phase: 'idle' },
    notice: null,
    earlier: null,
    posted: null,
    undo: { phase: 'over' },
  }
}

/** Lines moved to another channel keep their sums; a service not sold there is asked for again. */
export function underChannel(lines: readonly Line[], till: TillFactsFragment, channel: Channel): readonly Line[] {
  const sold = servicesBy(till, channel)
  return lines.map(line => (sold.some(one => one.id === line.service) ? line : { ...line, service: onlyService(till, channel) }))
}

function lineInput(line: Line, till: TillFactsFragment): LineInput | null {
  const amount = parseSum(line.sum)
  const service = till.services.find(one => one.id === line.service)
  if (amount === null || amount === 0 || service === undefined || !QUANTITY.test(line.quantity.trim())) return null
  return { service: service.id, name: line.name.trim() || service.name, quantity: line.quantity.trim().replace(',', '.'), amount: toContract(amount) }
}

/** The lines as the contract takes them, or null while one is unfinished. */
export function lineInputs(sale: Sale, till: TillFactsFragment): LineInput[] | null {
  const lines = sale.lines.map(line => lineInput(line, till))
  return lines.some(line => line === null) ? null : lines.filter(line => line !== null)
}

/** The question to price, or null while a line is unfinished. */
export function quoteInput(sale: Sale, till: TillFactsFragment): QuoteInput | null {
  const lines = lineInputs(sale, till)
  if (sale.guest === null || lines === null) return null
  const points = sale.spend ?? null
  return { ticket: sale.guest.ticket, channel: sale.channel, lines, ...(points !== null && { points, family: sale.withFamily ?? false }), ...(sale.promo !== '' && { promoCodes: [sale.promo] }) }
}

/** The points that are put aside for a quote, if any. */
export function holdOf({ points }: QuoteFactsFragment): Hold | null {
  return points?.hold?.status === 'ACTIVE' ? points.hold : null
}

/** What is to be paid in money. */
export function moneyOf(quote: QuoteFactsFragment): string {
  return quote.points?.toPay ?? quote.net
}

/** What lets go of the points put aside for the sale on the screen. */
export function freeing(sale: Sale | null, till: TillFactsFragment | null): Effect[] {
  if (sale === null || till === null || !sale.spend || sale.posted !== null) return []
  const input = quoteInput({ ...sale, spend: 0 }, till)
  return input === null ? [] : [{ do: 'free', input }]
}

/** What the guest still has to pay over the split tenders; negative is too much. Null while a sum is unreadable. */
export function leftToPay(payment: Payment, quote: QuoteFactsFragment): number | null {
  if (!payment.split) return 0
  let left = fromContract(moneyOf(quote))
  for (const tender of payment.tenders) {
    const part = tender.sum.trim() === '' ? 0 : parseSum(tender.sum)
    if (part === null) return null
    left -= part
  }
  return left
}

/** Tenders that make exactly the net, or null. A receipt of nothing is paid by nothing. */
export function tenderInputs(payment: Payment, quote: QuoteFactsFragment): TenderInput[] | null {
  const hold = holdOf(quote)
  const points: TenderInput[] = hold === null ? [] : [{ kind: 'POINTS', amount: hold.worth }]
  const money = moneyOf(quote)
  if (fromContract(money) === 0) return points
  if (!payment.split) return [...points, { kind: payment.kind, amount: money }]
  if (leftToPay(payment, quote) !== 0) return null
  const rest = payment.tenders.flatMap(({ kind, sum }) => {
    const part = parseSum(sum)
    return part === null || part === 0 ? [] : [{ kind, amount: toContract(part) }]
  })
  return [...points, ...rest]
}

export type Missing = {
  readonly word: 'missing.service' | 'missing.sum' | 'missing.quantity' | 'missing.receipt' | 'missing.tenders' | 'missing.confirmed'
  readonly field: string
}

/** The first thing the cashier has to fill in before the purchase can be recorded. */
export function missing(sale: Sale): Missing | null {
  for (const line of sale.lines) {
    if (line.service === null) return { word: 'missing.service', field: `service:${line.id}` }
    if ((parseSum(line.sum) ?? 0) === 0) return { word: 'missing.sum', field: `sum:${line.id}` }
    if (!QUANTITY.test(line.quantity.trim())) return { word: 'missing.quantity', field: `quantity:${line.id}` }
  }
  if (sale.receipt.trim() === '') return { word: 'missing.receipt', field: 'receipt' }
  if (sale.quoting.phase === 'ready' && holdOf(sale.quoting.quote)?.confirmation === 'ASKED') return { word: 'missing.confirmed', field: 'points' }
  if (sale.quoting.phase === 'ready' && tenderInputs(sale.payment, sale.quoting.quote) === null) return { word: 'missing.tenders', field: 'tenders' }
  return null
}

/** What a basket will count towards the tier, as the quote says line by line. */
export function countedBy(quote: QuoteFactsFragment): number {
  return quote.lines.filter(line => line.accumulates).reduce((sum, line) => sum + fromContract(line.net), 0)
}

/** Our name of a field the server refused, such as `input.lines.0.amount`. */
export function fieldNamed(path: string | undefined, sale: Sale): string | null {
  if (path === undefined) return null
  const line = /lines\.(\d+)\.(amount|service|quantity|name)$/.exec(path)
  const id = line === null ? undefined : sale.lines[Number(line[1])]?.id
  if (line !== null && id !== undefined) return `${line[2] === 'amount' ? 'sum' : line[2]}:${id}`
  if (path.endsWith('receiptNumber')) return 'receipt'
  if (path.includes('tenders')) return 'tenders'
  return path.includes(':') || path === 'receipt' ? path : null
}
