/** The card's code: 24 digits that change every step, computed on this device from a day key. */

const PREFIX = '91'
const EIGHT_DIGITS = 100_000_000

/** Steps are counted from the Unix epoch by the server's clock. */
export function stepAt(serverMs: number, stepSeconds: number): number {
  return Math.floor(serverMs / 1000 / stepSeconds)
}

/** The UTC day whose key signs this step. */
export function dayOf(step: number, stepSeconds: number): string {
  return new Date(step * stepSeconds * 1000).toISOString().slice(0, 10)
}

/** RFC 6238 with SHA-256 and eight digits. */
export async function otp(key: CryptoKey, step: number): Promise<string> {
  const counter = new DataView(new ArrayBuffer(8))
  counter.setBigUint64(0, BigInt(step))
  const mac = new DataView(await crypto.subtle.sign('HMAC', key, counter.buffer))
  const offset = mac.getUint8(mac.byteLength - 1) & 0x0f
  return String((mac.getUint32(offset) & 0x7fffffff) % EIGHT_DIGITS).padStart(8, '0')
}

/** ISO 7064 MOD 97-10: the two digits that make the whole number ≡ 1 mod 97. */
export function checkDigits(first22: string): string {
  return String(98n - ((BigInt(first22) * 100n) % 97n)).padStart(2, '0')
}

export async function payload(handle: string, key: CryptoKey, step: number): Promise<string> {
  const first22 = `${PREFIX}${handle}${await otp(key, step)}`
  return first22 + checkDigits(first22)
}

/** Groups of four, as a person dictates them. */
export function dictated(digits: string): string {
  return digits.replace(/(\d{4})(?=\d)/g, '$1 ')
}

/** Which step to show: the server's own, or the next one at once after a code was taken. Null: wait until the server's clock reaches the taken step. */
export function shownStep(current: number, lastUsed: number | undefined): number | null {
  if (lastUsed === undefined || lastUsed < current) return current
  return lastUsed === current ? current + 1 : null
}
