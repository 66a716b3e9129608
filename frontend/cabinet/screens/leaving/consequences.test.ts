import { expect, test } from 'vitest'
import { consequences, type Me } from './consequences.ts'

const nothing = { id: '1', number: '7012', progress: { tier: { name: 'Серебро' } }, points: null, family: null, bookings: { items: [] }, shopOrders: { items: [] } } as unknown as Me
const seat = (role: string, seats: number) => ({ id: 'f', role, seats: Array.from({ length: seats }, (_, id) => ({ id })), returns: { points: 30 } })
const having = (more: object): Me => ({ ...nothing, ...more }) as unknown as Me

test('who has nothing loses nothing', () => {
  expect(consequences(nothing)).toEqual({ points: 0, family: 'none', bookings: 0, vouchers: 0 })
})

test('points that wait and those that come back from the family are lost too', () => {
  expect(consequences(having({ points: { available: 100, pending: 20 }, family: seat('ADULT', 3) }))).toMatchObject({ points: 150, family: 'leaves' })
})

test('a family ends with its head, unless he sits there alone', () => {
  expect(consequences(having({ family: seat('HEAD', 2) })).family).toBe('ends')
  expect(consequences(having({ family: seat('HEAD', 1) })).family).toBe('leaves')
})

test('only what is under way and unused is told', () => {
  const me = having({
    bookings: { items: [{ state: 'CONFIRMED' }, { state: 'CANCELLED' }, { state: 'ACCRUED' }] },
    shopOrders: { items: [{ state: 'ISSUED', vouchers: [{ state: 'ISSUED' }, { state: 'USED' }, { state: 'EXPIRED' }] }] },
  })
  expect(consequences(me)).toMatchObject({ bookings: 1, vouchers: 1 })
})
