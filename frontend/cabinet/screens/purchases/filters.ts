/** The filters of the purchase list live in the address: a link or the back button brings them back. */

export const PERIODS = ['all', 'month', 'quarter', 'year', 'past', 'own'] as const
export type Period = (typeof PERIODS)[number]

export interface Filters {
  period: Period
  /** ISO dates; only for the reader's own period. */
  from: string
  to: string
  partner: string
  counted: 'all' | 'yes' | 'no'
  refunded: boolean
}

export const NO_FILTERS: Filters = { period: 'all', from: '', to: '', partner: '', counted: 'all', refunded: false }

const DATE = /^\d{4}-\d{2}-\d{2}$/

export function readFilters(query: URLSearchParams): Filters {
  const period = PERIODS.find(one => one === query.get('period')) ?? 'all'
  const date = (name: string): string => (period === 'own' && DATE.test(query.get(name) ?? '') ? query.get(name)! : '')
  const counted = query.get('counted')
  return {
    period, from: date('from'), to: date('to'), partner: query.get('partner') ?? '',
    counted: counted === 'yes' || counted === 'no' ? counted : 'all', refunded: query.get('refunded') === 'yes',
  }
}

export function writeFilters(filters: Filters): string {
  const query = new URLSearchParams()
  if (filters.period !== 'all') query.set('period', filters.period)
  if (filters.period === 'own' && filters.from) query.set('from', filters.from)
  if (filters.period === 'own' && filters.to) query.set('to', filters.to)
  if (filters.partner) query.set('partner', filters.partner)
  if (filters.counted !== 'all') query.set('counted', filters.counted)
  if (filters.refunded) query.set('refunded', 'yes')
  return query.toString()
}

export function anyFilter(filters: Filters): boolean {
  return writeFilters(filters) !== ''
}

function daysBefore(today: string, days: number): string {
  return new Date(Date.parse(`${today}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10)
}

export interface Bounds {
  from: string | null
  to: string | null
}

/** Offline the newest fifty stand, so the first page is that long. */
const PAGE = 50

/** The first page of a list with these filters. */
export function firstPage(filters: Filters, today: string) {
  const { from, to } = bounds(filters, today)
  return {
    first: PAGE, after: null, partner: filters.partner || null, from, to,
    counted: filters.counted === 'all' ? null : filters.counted === 'yes', refunded: filters.refunded ? true : null,
  }
}

/** Both ends inclusive; `today` is an ISO date. */
export function bounds(filters: Filters, today: string): Bounds {
  const year = Number(today.slice(0, 4))
  switch (filters.period) {
    case 'all': return { from: null, to: null }
    case 'month': return { from: daysBefore(today, 29), to: null }
    case 'quarter': return { from: daysBefore(today, 91), to: null }
    case 'year': return { from: `${year}-01-01`, to: null }
    case 'past': return { from: `${year - 1}-01-01`, to: `${year - 1}-12-31` }
    case 'own': return { from: filters.from || null, to: filters.to || null }
  }
}
