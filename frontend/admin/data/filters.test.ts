import { expect, test } from 'vitest'
import { readFilters, writeFilters } from './filters.ts'

const NAMES = ['who', 'from'] as const

test('A-089: filters go to the address and come back', () => {
  const filters = { who: 'Анна & Co', from: '2026-11-01' }
  expect(readFilters(new URLSearchParams(writeFilters(filters)), NAMES)).toEqual(filters)
})

test('nothing chosen leaves the address clean, strange parameters are not ours', () => {
  expect(writeFilters(readFilters(new URLSearchParams('x=1'), NAMES))).toBe('')
})
