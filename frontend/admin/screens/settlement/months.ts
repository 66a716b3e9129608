/** Months and points as a bookkeeper reads them. */
import { locale, MINUS } from '../../../shared/words/numbers.ts'

const MONTH = /^\d{4}-\d{2}$/

function told(month: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale(), { ...options, timeZone: 'UTC' }).format(new Date(`${month.slice(0, 7)}-01T00:00:00Z`))
}

/** «март 2026 г.» */
export const monthName = (month: string): string => told(month, { month: 'long', year: 'numeric' })

/** «мар», under a bar. */
export const monthShort = (month: string): string => told(month, { month: 'short' }).slice(0, 3)

export const monthKey = (month: string): string => month.slice(0, 7)

export const isMonth = (text: string): boolean => MONTH.test(text)

/** «1 250», a true minus before what is below zero. */
export function points(count: number): string {
  const digits = new Intl.NumberFormat(locale()).format(Math.abs(count))
  return count < 0 ? `${MINUS}${digits}` : digits
}
