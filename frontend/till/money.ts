/** Roubles as a person types them, as the contract writes them, and as integer kopecks between the two. No fraction is ever held in a number. */

export type Kopecks = number

const ROUBLES_DIGITS_MAX = 12
const SPACES = /[\s\u00A0\u2009\u202F']+/gu
const CURRENCY = /(₽|руб(?:лей|ля|ль)?\.?|р\.?|RUB|RUR)$/iu

/** Splits at the decimal sign: the last of two different signs, or the only sign unless it groups thousands. Null when it cannot be told. */
function split(text: string): [roubles: string, fraction: string] | null {
  const signs = text.match(/[.,]/g) ?? []
  if (signs.length === 0) return [text, '']
  const last = Math.max(text.lastIndexOf('.'), text.lastIndexOf(','))
  const sign = text[last]
  const before = text.slice(0, last)
  const after = text.slice(last + 1)
  if (signs.length === 1) return after.length <= 2 ? [before, after] : null
  const grouping = sign === '.' ? ',' : '.'
  if (before.includes(sign ?? '') || !/^\d{1,3}([.,]\d{3})*$/.test(before) || after.length > 2) return null
  return [before.replaceAll(grouping, ''), after]
}

/** Kopecks of a typed or pasted sum such as «3 284,00 ₽», "3284.5" or "3,284.00"; null when it is not a sum. */
export function parseSum(typed: string): Kopecks | null {
  const text = typed.replace(SPACES, '').replace(CURRENCY, '')
  const parts = split(text)
  if (parts === null) return null
  const [roubles, fraction] = parts
  if (!/^\d*$/.test(roubles) || !/^\d*$/.test(fraction) || roubles + fraction === '') return null
  const whole = roubles.replace(/^0+(?=\d)/, '')
  if (whole.length > ROUBLES_DIGITS_MAX) return null
  return Number((whole === '' ? '0' : whole) + fraction.padEnd(2, '0'))
}

/** What may stand in a sum field while it is typed: a whole pasted sum is kept, otherwise impossible characters are dropped. */
export function typedSum(text: string): string {
  const pasted = parseSum(text)
  if (pasted !== null && CURRENCY.test(text.replace(SPACES, ''))) return spacedSum(pasted)
  const clean = text.replaceAll('.', ',').replace(/[^\d,\s\u00A0\u202F]/gu, '')
  const comma = clean.indexOf(',')
  if (pasted !== null && (text.match(/[.,]/g) ?? []).length > 1) return spacedSum(pasted)
  if (comma < 0) return clean
  return `${clean.slice(0, comma)},${clean
    .slice(comma + 1)
    .replace(/[^\d]/g, '')
    .slice(0, 2)}`
}

/** The sum as a field shows it once left: "3 284,00" with non-breaking spaces. */
export function spacedSum(sum: Kopecks): string {
  const [roubles = '0', fraction = '00'] = toContract(sum).split('.')
  return `${roubles.replace(/\B(?=(\d{3})+$)/g, '\u00A0')},${fraction}`
}

/** The contract's Money: digits, a point, two digits. */
export function toContract(sum: Kopecks): string {
  const digits = String(sum).padStart(3, '0')
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** Kopecks of the contract's Money. A text of another shape is a broken answer, not a sum. */
export function fromContract(money: string): Kopecks {
  const found = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(money)
  if (found === null) throw new TypeError('not a sum of the contract')
  return Number((found[1] ?? '0') + (found[2] ?? '').padEnd(2, '0'))
}
