import { expect, test } from 'vitest'
import { decimal } from './sums.ts'

test('kopecks as the API takes a sum', () => {
  expect([100, 227_250, 5, 219_990, 0].map(decimal)).toEqual(['1.00', '2272.50', '0.05', '2199.90', '0.00'])
})
