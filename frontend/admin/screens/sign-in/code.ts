/** The six digits of an authenticator app, however they were typed. */
const CODE_DIGITS = 6

export function digitsOf(typed: string): string {
  return typed.replace(/\D/g, '')
}

export function isCode(typed: string): boolean {
  return digitsOf(typed).length === CODE_DIGITS && /^[\d\s-]*$/.test(typed)
}
