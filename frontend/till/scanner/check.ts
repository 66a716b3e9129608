/** What a guest shows, as 24 digits that end with two check digits (ISO 7064 MOD 97-10): the card's code begins with 91, a voucher's with 93. No request is made for a code that fails here. */

export const CODE_LENGTH = 24
/** How a voucher's code begins. */
export const VOUCHER = '93'
const GROUP_LENGTH = 4

export type CodeVerdict = 'good' | 'short' | 'long' | 'foreign' | 'mistyped'

/** Drops what scanners and people put between the digits: CR, LF, tab, BOM, every kind of space, hyphens. */
export function strip(text: string): string {
  return text.replace(/[\s\uFEFF\u200B\u2060-]+/gu, '')
}

/** The remainder by 97, digit by digit, so that no number grows past what is exact. */
function remainder97(digits: string): number {
  let remainder = 0
  for (const digit of digits) remainder = (remainder * 10 + (digit.charCodeAt(0) - 48)) % 97
  return remainder
}

/** What is wrong with a stripped code, or "good". A foreign code is one that is not of our programme at all. */
export function judge(stripped: string): CodeVerdict {
  if (!/^(9([13]\d*)?)?$/.test(stripped)) return 'foreign'
  if (stripped.length < CODE_LENGTH) return 'short'
  if (stripped.length > CODE_LENGTH) return 'long'
  return remainder97(stripped) === 1 ? 'good' : 'mistyped'
}

/** The code inside a scanned text, or null when the text is not a whole and undamaged guest code. */
export function codeIn(text: string): string | null {
  const stripped = strip(text)
  return judge(stripped) === 'good' ? stripped : null
}

/** Digits in groups of four, as they stand under the guest's QR. */
export function inGroups(digits: string): string {
  return digits.replace(new RegExp(`(.{${GROUP_LENGTH}})(?=.)`, 'g'), '$1 ')
}
