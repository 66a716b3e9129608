/** Receipt sums, quantities and the outlet's clock as a cashier reads them. */
import { language } from '../shared/words/language.ts'
import { locale } from '../shared/words/numbers.ts'
import { toContract, type Kopecks } from './money.ts'

/** A contract sum or kopecks as «3 119,80 ₽», kopecks always shown: it is compared with a printed receipt. The decimal text goes to Intl as it is. */
export function sum(money: string | Kopecks): string {
  const text = (typeof money === 'string' ? money : toContract(money)) as Intl.StringNumericLiteral
  const number = new Intl.NumberFormat(locale(), { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(text)
  return `${number}\u00A0₽`
}

/** A quantity such as "1.5" as «1,5». */
export function quantity(text: string): string {
  return language() === 'ru' ? text.replace('.', ',') : text
}

/** The hour and minute at the outlet, «14:05». */
export function hourAt(instant: string, timeZone: string): string {
  return new Intl.DateTimeFormat(locale(), { hour: '2-digit', minute: '2-digit', timeZone }).format(new Date(instant))
}

/** The day and hour at the outlet, «22 ноября, 14:05». */
export function momentAt(instant: string, timeZone: string): string {
  return new Intl.DateTimeFormat(locale(), { day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit', timeZone }).format(new Date(instant))
}

/** The local date at the outlet, as the contract writes a Date. */
export function businessDate(instant: string, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone }).formatToParts(new Date(instant))
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find(one => one.type === type)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')}`
}
