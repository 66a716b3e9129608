/** How hard a password is to guess, by sight: a hint beside the field, never the judge. The server decides. */
export const PASSWORD_LENGTH_MIN = 12

export type Strength = 'weak' | 'fair' | 'strong'

const STRONG_WEIGHT = 16
const FAIR_WEIGHT = 10

/** What a guesser tries first: `own` are the person's own words, such as the name and the address. */
export function strength(password: string, own: readonly string[] = []): Strength {
  let text = password.toLowerCase()
  for (const word of own) for (const part of word.toLowerCase().split(/[^\p{L}\p{N}]+/u)) if (part.length > 2) text = text.replaceAll(part, '')
  let weight = 0
  let before = ''
  for (const sign of text) {
    const step = before === '' ? 9 : Math.abs(sign.codePointAt(0)! - before.codePointAt(0)!)
    // A repeated sign or the next one of a row adds next to nothing.
    weight += step <= 1 ? 0.2 : 1
    before = sign
  }
  weight = Math.min(weight, new Set(text).size * 1.6)
  if (weight >= STRONG_WEIGHT) return 'strong'
  return weight >= FAIR_WEIGHT ? 'fair' : 'weak'
}

/** Signs still missing. */
export function missing(password: string): number {
  return Math.max(0, PASSWORD_LENGTH_MIN - [...password].length)
}
