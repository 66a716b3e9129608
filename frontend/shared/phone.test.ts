import { describe, expect, test } from 'vitest'
import { e164, phoneText, phoneTyped } from './phone.ts'

/** Types one character after another, as a keyboard does. */
function typed(keys: string): string {
  return [...keys].reduce((text, key) => phoneTyped(text + key, text.length + 1).text, '')
}

describe('the phone field (A-036)', () => {
  test.each([
    ['89211234567', '+7 (921) 123-45-67', '+79211234567'],
    ['9211234567', '+7 (921) 123-45-67', '+79211234567'],
    ['+79211234567', '+7 (921) 123-45-67', '+79211234567'],
    ['79211234567', '+7 (921) 123-45-67', '+79211234567'],
    ['+375291234567', '+375291234567', '+375291234567'],
  ])('typed %s', (keys, shown, stored) => {
    expect(typed(keys)).toBe(shown)
    expect(e164(typed(keys))).toBe(stored)
  })

  test.each(['8 (921) 123-45-67', '+7 921 123 45 67', '8-921-123-45-67', '+7 8 921 123-45-67'])('pasted %s', text => {
    expect(phoneText(text)).toBe('+7 (921) 123-45-67')
  })

  test('an unfinished number is no number', () => {
    expect(e164(typed('892112345'))).toBeNull()
    expect(e164('+123')).toBeNull()
  })

  test('backspace in the middle keeps the caret at its digit', () => {
    // «+7 (921) 1|3-45-67» after the 2 of 123 was removed
    expect(phoneTyped('+7 (921) 13-45-67', 10)).toEqual({ text: '+7 (921) 134-56-7', caret: 10 })
  })

  test('backspace over a bracket moves on instead of getting stuck', () => {
    const { text, caret } = phoneTyped('+7 (921 123-45-67', 7)
    expect(text).toBe('+7 (921) 123-45-67')
    expect(caret).toBe(7)
  })

  test('can be emptied', () => {
    expect(phoneText('+7 (')).toBe('+7')
    expect(phoneText('+')).toBe('+')
    expect(phoneText('')).toBe('')
  })
})
