/** How many points somebody typed: whole, above zero, with spaces between thousands as they are shown. */
const DIGITS_MAX = 9

export function counted(text: string): number | undefined {
  const digits = text.replace(/[\s\u00A0\u202F]/g, '')
  if (!/^[0-9]+$/.test(digits) || digits.length > DIGITS_MAX) return undefined
  return Number(digits) || undefined
}
