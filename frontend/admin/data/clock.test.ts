import { expect, test } from 'vitest'
import { left } from './clock.ts'

const SPAN = { idleSeconds: 900, sessionSeconds: 28_800 }
const NOON = Date.parse('2026-11-22T09:00:00Z')
const minutes = (n: number): number => NOON + n * 60_000

test('nothing is said while there is time', () => {
  expect(left(SPAN, NOON, minutes(10), minutes(23))).toBeNull()
})

test('a silence warns a minute before, and staying helps', () => {
  expect(left(SPAN, NOON, minutes(10), minutes(24) + 1)).toEqual({ seconds: 60, extends: true })
  expect(left(SPAN, NOON, minutes(10), minutes(26))).toEqual({ seconds: 0, extends: true })
})

test('the end of the working day cannot be put off', () => {
  expect(left(SPAN, NOON, minutes(479), minutes(479))).toEqual({ seconds: 60, extends: false })
})
