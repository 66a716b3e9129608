/** Calendar days of a plot: every day of a span, those without receipts as well. */

export interface DayOf {
  day: string
  given: { receipts: number; discount: string; points: number }
}

export interface DayBar {
  day: string
  receipts: number
  /** Of the fullest day, in parts of 100. */
  size: number
}

const DAYS_MAX = 366
/** Whoever types a year begins with 0002. */
const FIRST_DAY = '1900-01-01'

/** A local date as `2026-11-22`. */
export function isoDay(at: Date): string {
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`
}

/** So many days before a date. */
export function before(day: string, days: number): string {
  const at = new Date(`${day}T00:00:00Z`)
  at.setUTCDate(at.getUTCDate() - days)
  return at.toISOString().slice(0, 10)
}

/** Every day from `first` to `last`, both inclusive, a year at most; nothing for a span that ends before it begins. */
export function span(first: string, last: string): string[] {
  const found: string[] = []
  for (let day = last; day >= first && found.length < DAYS_MAX; day = before(day, 1)) found.push(day)
  return found.reverse()
}

/** Whether it is one that can be asked about: two days of the calendar in order, a year at most. */
export function isSpan(first: string, last: string): boolean {
  return isDay(first) && isDay(last) && first >= FIRST_DAY && first <= last && before(last, DAYS_MAX - 1) <= first
}

function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text
}

export function barsOf(days: readonly DayOf[], first: string, last: string): DayBar[] {
  const byDay = new Map(days.map(one => [one.day, one.given.receipts]))
  const fullest = Math.max(1, ...byDay.values())
  return span(first, last).map(day => {
    const receipts = byDay.get(day) ?? 0
    return { day, receipts, size: (receipts / fullest) * 100 }
  })
}
