/** The code must be the server's to the digit. */
import { webcrypto } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { checkDigits, dayOf, dictated, otp, payload, shownStep, stepAt } from './code.ts'

const subtle = webcrypto.subtle as unknown as SubtleCrypto
const hmac = (raw: Uint8Array): Promise<CryptoKey> => subtle.importKey('raw', raw as BufferSource, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])

describe('the code of the card', () => {
  test('agrees with the server on the published vector', async () => {
    const at = Date.parse('2026-11-22T12:00:00Z')
    const step = stepAt(at, 30)
    expect(step).toBe(59_844_960)
    const root = await subtle.importKey('raw', Uint8Array.from({ length: 32 }, (_, index) => index), 'HKDF', false, ['deriveBits'])
    const info = new TextEncoder().encode(`loyalty-qr/v1/${dayOf(step, 30)}`)
    const bits = new Uint8Array(await subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info }, root, 256))
    expect(Buffer.from(bits).toString('base64')).toBe('gHa+CqSSYLNKTGBHNaCOP8u9PuUOu5jJNJNypkH06jg=')
    expect(await payload('123456789012', await hmac(bits), step)).toBe('911234567890128176835041')
  })

  test.each([[59, '46119246'], [1111111109, '68084774'], [20000000000, '77737706']])('RFC 6238 appendix B at %i', async (seconds, code) => {
    expect(await otp(await hmac(new TextEncoder().encode('12345678901234567890123456789012')), Math.floor(seconds / 30))).toBe(code)
  })

  test('check digits make the number 1 mod 97', () => {
    expect(BigInt('9112345678901281768350' + checkDigits('9112345678901281768350')) % 97n).toBe(1n)
  })

  test('a step just before midnight belongs to the day before', () => {
    const midnight = Date.parse('2026-11-23T00:00:00Z')
    expect(dayOf(stepAt(midnight - 1, 30), 30)).toBe('2026-11-22')
    expect(dayOf(stepAt(midnight, 30), 30)).toBe('2026-11-23')
  })

  test('after a code was taken the next one shows at once, and the one after it waits for its time', () => {
    expect(shownStep(100, undefined)).toBe(100)
    expect(shownStep(100, 99)).toBe(100)
    expect(shownStep(100, 100)).toBe(101)
    expect(shownStep(100, 101)).toBeNull()
    expect(shownStep(101, 101)).toBe(102)
  })

  test('is dictated by fours', () => {
    expect(dictated('911234567890128176835041')).toBe('9112 3456 7890 1281 7683 5041')
  })
})
