import { expect, test } from 'vitest'
import { firstStays, obstacles, together, type Side } from './outcome.ts'

const plain: Side = { status: 'ACTIVE', cards: [{ issuedAt: '2026-02-01T09:00:00Z' }], accumulated: '1000.50', totals: { purchases: '900.40', saved: '100.10' }, points: { available: 70, pending: 5, held: 0, debt: 0 } }
const older: Side = { ...plain, cards: [{ issuedAt: '2026-03-01T09:00:00Z' }, { issuedAt: '2025-01-01T09:00:00Z' }] }

test('nothing stands in the way of two plain profiles', () => {
  expect(obstacles(plain, older)).toEqual([])
})

test('a family and a given tier stand in the way of the one that goes alone', () => {
  const bound = { ...plain, family: {}, tierGrant: {} }
  expect(obstacles(older, bound)).toEqual(['family', 'granted'])
  expect(obstacles(bound, older)).toEqual([])
})

test('a debt on either side and a profile that is not active stand in the way both ways', () => {
  const owing = { ...plain, points: { available: 0, pending: 0, held: 0, debt: 3 } }
  expect(obstacles(owing, older)).toEqual(['debt'])
  expect(obstacles(older, owing)).toEqual(['debt'])
  expect(obstacles({ ...plain, status: 'BLOCKED' }, older)).toEqual(['inactive'])
})

test('the older profile is kept, unless the other cannot go', () => {
  expect(firstStays(plain, older)).toBe(false)
  expect(firstStays(older, plain)).toBe(true)
  expect(firstStays({ ...plain, family: {} }, older)).toBe(true)
  expect(firstStays(older, { ...plain, family: {} })).toBe(false)
})

test('sums are added to the kopeck, and only where both are seen', () => {
  expect(together(plain, older)).toEqual({ accumulated: 200_100, bought: 180_080, saved: 20_020, available: 140, pending: 10, held: 0 })
  expect(together({ ...plain, points: null, totals: null }, { ...older, accumulated: null })).toEqual({})
})
