import { describe, expect, test } from 'vitest'
import { missing, strength } from './strength.ts'

describe('the hint beside a new password (A-089)', () => {
  test.each([
    ['aaaaaaaaaaaaaaa', 'weak'],
    ['123456789012', 'weak'],
    ['абвгдежзиклмн', 'weak'],
    ['anna.petrova2026', 'weak'],
    ['конь вода 71', 'fair'],
    ['тихая вода у камня', 'strong'],
    ['correct horse battery staple', 'strong'],
  ])('%s is %s', (password, told) => {
    expect(strength(password, ['Анна Петрова', 'anna.petrova@example.ru'])).toBe(told)
  })

  test('counts what is seen, not what is stored', () => {
    expect(missing('')).toBe(12)
    expect(missing('🦊'.repeat(11))).toBe(1)
    expect(missing('двенадцать!!')).toBe(0)
  })
})
