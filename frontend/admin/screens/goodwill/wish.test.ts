import { expect, test } from 'vitest'
import { counted } from './wish.ts'

test('a count is whole and above zero, however its thousands are parted', () => {
  expect(counted('500')).toBe(500)
  expect(counted(' 1 240\u00A0000 ')).toBe(1_240_000)
  for (const wrong of ['', '0', '-5', '1.5', '5,0', 'сто', '1e3', '1234567890']) expect(counted(wrong)).toBeUndefined()
})
