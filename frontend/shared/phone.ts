/** The phone field: `8…` and `9…` become `+7…`, other countries keep their own digits, the caret stays where it was. */

const RUSSIAN_LENGTH = 10
const FOREIGN_LENGTH_MAX = 15
const FOREIGN_LENGTH_MIN = 8

interface Parts {
  country: '7' | 'other' | 'none'
  /** Digits after +7, or all digits of a foreign number. */
  digits: string
  /** How many leading digits of the typed text are the country's. */
  lead: number
}

function parts(text: string): Parts {
  const digits = text.replace(/\D/g, '')
  const plus = text.trimStart().startsWith('+')
  if (digits === '') return { country: plus ? 'other' : 'none', digits: '', lead: 0 }
  if (digits[0] === '7' || (!plus && digits[0] === '8')) {
    let rest = digits.slice(1)
    // «+7 8921…»: the trunk eight typed after the country.
    const trunk = rest.length > RUSSIAN_LENGTH && rest[0] === '8' ? 1 : 0
    rest = rest.slice(trunk)
    return { country: '7', digits: rest.slice(0, RUSSIAN_LENGTH), lead: 1 + trunk }
  }
  if (!plus && digits[0] === '9') return { country: '7', digits: digits.slice(0, RUSSIAN_LENGTH), lead: 0 }
  return { country: 'other', digits: digits.slice(0, FOREIGN_LENGTH_MAX), lead: 0 }
}

function russian(digits: string): string {
  const [area, first, second, third] = [digits.slice(0, 3), digits.slice(3, 6), digits.slice(6, 8), digits.slice(8, 10)]
  return `+7${area && ` (${area}`}${first && `) ${first}`}${second && `-${second}`}${third && `-${third}`}`
}

export function phoneText(text: string): string {
  const { country, digits } = parts(text)
  if (country === 'none') return ''
  return country === '7' ? russian(digits) : `+${digits}`
}

/** The text to show and where the caret belongs: after the same digit as before. */
export function phoneTyped(text: string, caret: number): { text: string; caret: number } {
  const { lead, country } = parts(text)
  const shown = phoneText(text)
  const before = Math.max(0, text.slice(0, caret).replace(/\D/g, '').length - lead)
  if (caret >= text.length) return { text: shown, caret: shown.length }
  let left = before + (country === '7' ? 1 : 0)
  let place = 0
  while (place < shown.length && left > 0) {
    if (/\d/.test(shown[place]!)) left -= 1
    place += 1
  }
  return { text: shown, caret: place }
}

/** E.164, or null while digits are missing. */
export function e164(text: string): string | null {
  const { country, digits } = parts(text)
  if (country === '7') return digits.length === RUSSIAN_LENGTH ? `+7${digits}` : null
  return country === 'other' && digits.length >= FOREIGN_LENGTH_MIN ? `+${digits}` : null
}
