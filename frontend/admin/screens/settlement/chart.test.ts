import { expect, test } from 'vitest'
import { barsOf } from './chart.ts'

const MONTHS = [
  { month: '2026-03-01', liabilities: [{ issuer: 'a', closing: 60 }, { issuer: 'b', closing: 40 }] },
  { month: '2026-02-01', liabilities: [{ issuer: 'a', closing: 50 }, { issuer: 'b', closing: -20 }] },
  { month: '2026-01-01', liabilities: [{ issuer: 'a', closing: 0 }, { issuer: 'b', closing: 0 }] },
]

test('the newest month stands last, the tallest fills the height, parts stand on each other', () => {
  const bars = barsOf(MONTHS, ['a', 'b'], 2)
  expect(bars.map(bar => [bar.month, bar.total])).toEqual([['2026-02-01', 30], ['2026-03-01', 100]])
  expect(bars[1]!.parts).toEqual([{ issuer: 'a', from: 40, size: 60 }, { issuer: 'b', from: 0, size: 40 }])
})

test('what is below zero or nothing has no bar', () => {
  const bars = barsOf(MONTHS, ['a', 'b'], 3)
  expect(bars[0]!.parts).toEqual([])
  expect(bars[1]!.parts).toEqual([{ issuer: 'a', from: 50, size: 50 }])
})
