import { expect, test } from 'vitest'
import { drawing } from './drawing.ts'

test('24 digits make a 21-module symbol inside four white modules', () => {
  const { size, path } = drawing('911234567890128176835041')
  expect(size).toBe(29)
  const columns = [...path.matchAll(/M(\d+) (\d+)h(\d+)/g)].map(([, x, y, width]) => [Number(x), Number(y), Number(width)] as const)
  expect(Math.min(...columns.map(([x]) => x))).toBe(4)
  expect(Math.max(...columns.map(([x, , width]) => x + width))).toBe(25)
  expect(columns[0]).toEqual([4, 4, 7])
})
