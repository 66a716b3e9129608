import { expect, test } from 'vitest'
import { digitsOf, isCode } from './code.ts'

test.each([['123456', true], ['123 456', true], ['123-456', true], ['12345', false], ['1234567', false], ['12345a6', false], ['', false]])(
  'A-089: «%s» is a code: %s', (typed, fine) => {
    expect(isCode(typed)).toBe(fine)
  },
)

test('spaces of a copied code go', () => {
  expect(digitsOf(' 123 456 ')).toBe('123456')
})
