import { describe, expect, test } from 'vitest'
import { bounds, NO_FILTERS, readFilters, writeFilters, type Filters } from './filters.ts'
import { byMonth } from './months.ts'

describe('purchase filters live in the address', () => {
  test('what is written is read back', () => {
    const filters: Filters = { period: 'own', from: '2026-01-01', to: '2026-02-01', partner: 'igora', counted: 'no', refunded: true }
    expect(readFilters(new URLSearchParams(writeFilters(filters)))).toEqual(filters)
    expect(writeFilters(NO_FILTERS)).toBe('')
  })

  test('nonsense in the address is no filter', () => {
    expect(readFilters(new URLSearchParams('period=ever&from=x&counted=maybe&refunded=1'))).toEqual(NO_FILTERS)
  })

  test.each([['all', null, null], ['month', '2026-10-24', null], ['year', '2026-01-01', null], ['past', '2025-01-01', '2025-12-31']] as const)('%s', (period, from, to) => {
    expect(bounds({ ...NO_FILTERS, period }, '2026-11-22')).toEqual({ from, to })
  })
})

describe('months', () => {
  const buy = (businessDate: string, net: string, refunded = '0.00') => ({ businessDate, net, refunded })

  test('totals are of whole months only', () => {
    const items = [buy('2026-11-20', '100.10'), buy('2026-11-02', '50.00', '20.00'), buy('2026-10-30', '7.00')]
    expect(byMonth(items, false).map(month => [month.key, month.total])).toEqual([['2026-11', 13_010], ['2026-10', null]])
    expect(byMonth(items, true).map(month => month.total)).toEqual([13_010, 700])
  })
})
