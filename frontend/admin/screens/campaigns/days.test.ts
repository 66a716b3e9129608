import { describe, expect, it } from 'vitest'
import { barsOf, before, isoDay, isSpan, span } from './days.ts'

const given = (receipts: number) => ({ receipts, discount: '0.00', points: 0 })

describe('days of a plot', () => {
  it('counts back over months and years', () => {
    expect(before('2026-03-01', 1)).toBe('2026-02-28')
    expect(before('2024-03-01', 1)).toBe('2024-02-29')
    expect(before('2026-01-05', 29)).toBe('2025-12-07')
    expect(isoDay(new Date(2026, 0, 9, 23, 59))).toBe('2026-01-09')
  })

  it('has every day of a span once, and none of one that ends before it begins', () => {
    expect(span('2026-02-27', '2026-03-02')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02'])
    expect(span('2026-03-02', '2026-03-01')).toEqual([])
    expect(span('2020-01-01', '2026-01-01')).toHaveLength(366)
  })

  it('is asked about only once it is whole, in order and of a year at most', () => {
    expect(isSpan('2026-03-01', '2026-03-01')).toBe(true)
    expect(isSpan('2025-03-02', '2026-03-02')).toBe(true)
    for (const [first, last] of [['2025-03-01', '2026-03-02'], ['2026-03-02', '2026-03-01'], ['', '2026-03-01'], ['2026-99-99', '2026-99-99'], ['2026-02-31', '2026-03-01'], ['0002-03-01', '0002-03-02']] as const) expect(isSpan(first, last)).toBe(false)
  })

  it('measures days by the fullest and shows those without receipts', () => {
    const bars = barsOf([{ day: '2026-03-01', given: given(2) }, { day: '2026-03-03', given: given(8) }], '2026-03-01', '2026-03-03')
    expect(bars).toEqual([
      { day: '2026-03-01', receipts: 2, size: 25 }, { day: '2026-03-02', receipts: 0, size: 0 }, { day: '2026-03-03', receipts: 8, size: 100 },
    ])
    expect(barsOf([], '2026-03-01', '2026-03-01')).toEqual([{ day: '2026-03-01', receipts: 0, size: 0 }])
  })
})
