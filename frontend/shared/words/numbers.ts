/** Sums, dates and plurals in the reader's language. Money arrives as a decimal string and never becomes a float sum. */
import { language, type Language } from './language.ts'

const LOCALES: Record<Language, string> = { ru: 'ru-RU', en: 'en-GB' }
export const MINUS = '−'

export function locale(): string {
  return LOCALES[language()]
}

/** Making a formatter costs more than a hundred uses of it, so each is made once a language. */
const formatters = new Map<string, Intl.PluralRules | Intl.DateTimeFormat>()

function once<Formatter extends Intl.PluralRules | Intl.DateTimeFormat>(name: string, make: (locale: string) => Formatter): Formatter {
  const key = `${locale()} ${name}`
  let formatter = formatters.get(key) as Formatter | undefined
  if (!formatter) {
    formatter = make(locale())
    formatters.set(key, formatter)
  }
  return formatter
}

/** Thousands apart as Intl would put them. The first Intl formatter of a page costs a phone 150 ms; the first screen needs none. */
export function integer(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, language() === 'ru' ? '\u00A0' : ',')
}

function moment(at: Date, options: Intl.DateTimeFormatOptions): string {
  return once(JSON.stringify(options), one => new Intl.DateTimeFormat(one, options)).format(at)
}

/** Kopecks of a decimal string: `"10726.5"` is 1072650. */
export function kopecks(sum: string): number {
  const match = /^(-?)(\d+)(?:\.(\d{1,2}))?$/.exec(sum)
  if (!match) throw new RangeError(`not a sum: ${sum}`)
  const value = Number(match[2]) * 100 + Number((match[3] ?? '').padEnd(2, '0'))
  return match[1] ? -value : value
}

/** «10 726 ₽», «3 119,80 ₽»: kopecks are shown only where there are any; spaces never break. */
export function money(sum: string | number): string {
  const value = typeof sum === 'number' ? sum : kopecks(sum)
  const whole = Math.floor(Math.abs(value) / 100)
  const rest = Math.abs(value) % 100
  const digits = integer(whole)
  const tail = rest === 0 ? '' : `${language() === 'ru' ? ',' : '.'}${String(rest).padStart(2, '0')}`
  return `${value < 0 ? MINUS : ''}${digits}${tail}\u00A0₽`
}

/** `"7.5"` is «7,5 %». */
export function percent(value: string): string {
  return language() === 'ru' ? `${value.replace('.', ',')}\u00A0%` : `${value}%`
}

/** Picks the form of a noun: ru one/few/many, en one/other. The count stays on the line of its noun. */
export function plural(count: number, forms: Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }): string {
  const rule = once('plural', one => new Intl.PluralRules(one)).select(count)
  return (forms[rule] ?? forms.other).replace('# ', '#\u00A0').replace('#', integer(count))
}

const MONTHS: Record<Language, string> = {
  ru: 'января февраля марта апреля мая июня июля августа сентября октября ноября декабря',
  en: 'January February March April May June July August September October November December',
}

/** A calendar date `2026-11-22` as «22 ноября» or «22 ноября 2026 г.». */
export function day(date: string, year = false): string {
  const [years, month, days] = date.split('-').map(Number) as [number, number, number]
  const name = `${days} ${MONTHS[language()].split(' ')[month - 1]}`
  if (!year) return name
  return language() === 'ru' ? `${name} ${years} г.` : `${name} ${years}`
}

/** The calendar date of a moment by the reader's clock, written as `day` does. Its first ten letters are the date in Greenwich. */
export function dayOf(at: string, year = false): string {
  const local = new Date(at)
  return day(`${local.getFullYear()}-${local.getMonth() + 1}-${local.getDate()}`, year)
}

export function time(at: string | number): string {
  return moment(new Date(at), { hour: '2-digit', minute: '2-digit' })
}

export function dayTime(at: string | number, year = false): string {
  return moment(new Date(at), { day: 'numeric', month: 'long', ...(year && { year: 'numeric' }), hour: '2-digit', minute: '2-digit' })
}
