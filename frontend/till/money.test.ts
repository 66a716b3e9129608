import { describe, expect, it } from 'vitest'
import { fromContract, parseSum, spacedSum, toContract, typedSum } from './money'

describe('sums', () => {
  it.each([
    ['3284', 328400],
    ['3284,5', 328450],
    ['3284.50', 328450],
    ['3 284,00 ₽', 328400],
    ['3\u00A0284,00\u00A0₽', 328400],
    ['3\u202F284,07 руб.', 328407],
    ['3,284.00', 328400],
    ['1.003.284,99', 100328499],
    ['1,234,567.8 RUB', 123456780],
    [',50', 50],
    ['007', 700],
    ['0', 0],
    ['999999999999,99', 99_999_999_999_999],
  ])('reads %s', (typed, kopecks) => {
    expect(parseSum(typed)).toBe(kopecks)
  })

  it.each(['', ' ', ',', '-5', '+5', '1e3', '3,284', '3.284.1', '12,345,67.1', '1,2,3', 'abc', '10000000000000', '1,234', '٣', '1.234,567'])(
    'refuses %s',
    typed => {
      expect(parseSum(typed)).toBeNull()
    },
  )

  it('goes to the contract and back without loss', () => {
    for (const kopecks of [0, 1, 9, 10, 99, 100, 101, 328400, 99_999_999_999_999]) {
      expect(fromContract(toContract(kopecks))).toBe(kopecks)
    }
    expect(toContract(5)).toBe('0.05')
    expect(toContract(328407)).toBe('3284.07')
    expect(() => fromContract('3,28')).toThrow()
    expect(() => fromContract('-1.00')).toThrow()
  })

  it('ignores impossible characters while typing, keeps a paste whole', () => {
    expect(typedSum('32a8')).toBe('328')
    expect(typedSum('3284.')).toBe('3284,')
    expect(typedSum('3284,567')).toBe('3284,56')
    expect(typedSum('32,8,4')).toBe('32,84')
    expect(typedSum('-100')).toBe('100')
    expect(typedSum('3 284,00 ₽')).toBe('3\u00A0284,00')
    expect(typedSum('3,284.00')).toBe('3\u00A0284,00')
    expect(spacedSum(100328499)).toBe('1\u00A0003\u00A0284,99')
    expect(parseSum(spacedSum(100328499))).toBe(100328499)
  })
})
