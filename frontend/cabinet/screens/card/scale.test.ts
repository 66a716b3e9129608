import { describe, expect, test } from 'vitest'
import { filled, short } from './scale.ts'

const TIERS = ['0.00', '100000.00', '500000.00', '1000000.00']

describe('the scale to the next tier (A-054)', () => {
  test.each([['0.00', 0], ['10726.00', 0.10726 / 3], ['50000.00', 1 / 6], ['100000.00', 1 / 3], ['300000.00', 0.5], ['1000000.00', 1], ['2500000.00', 1]])('%s fills %f', (sum, part) => {
    expect(filled(TIERS, sum)).toBeCloseTo(part, 10)
  })
  test('one kopeck below a threshold is not there yet', () => {
    expect(filled(TIERS, '99999.99')).toBeLessThan(1 / 3)
    expect(filled(TIERS, '999999.00')).toBeLessThan(1)
  })
  test('a debt after a refund does not run below zero', () => expect(filled(TIERS, '-5.00')).toBe(0))
  test('ticks are short', () => expect(TIERS.map(one => short(one, 'тыс.', 'млн'))).toEqual(['0', '100\u00A0тыс.', '500\u00A0тыс.', '1\u00A0млн']))
})
