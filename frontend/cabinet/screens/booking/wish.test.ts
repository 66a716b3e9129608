import { expect, it } from 'vitest'
import { arriving, asked, begun, faultsOf, firstWish, later } from './wish.ts'

const TODAY = '2026-03-14'
const wish = firstWish('igora', TODAY)

it('begins a week ahead, with one night for two (A-060..A-062)', () => {
  expect(wish).toMatchObject({ arrival: '2026-03-21', departure: '2026-03-22', rooms: [{ adults: 2, childAges: [] }] })
  expect(later('2026-02-28', 1)).toBe('2026-03-01')
})

it('keeps the length of a stay when the arrival moves behind the departure', () => {
  expect(arriving({ ...wish, departure: '2026-03-24' }, '2026-04-01').departure).toBe('2026-04-04')
  expect(arriving(wish, '2026-03-20').departure).toBe('2026-03-22')
})

it('asks no hotel for what cannot be meant', () => {
  expect(faultsOf(wish, TODAY)).toEqual({})
  expect(faultsOf({ ...wish, arrival: '2026-03-13' }, TODAY)).toEqual({ arrival: 'arrivalPast' })
  expect(faultsOf({ ...wish, departure: wish.arrival }, TODAY)).toEqual({ departure: 'departureEarly' })
  expect(faultsOf({ ...wish, arrival: '', departure: '' }, TODAY)).toEqual({ arrival: 'needDates', departure: 'needDates' })
})

it('sends a promo code only where there is one (A-064)', () => {
  expect(asked(wish).promoCode).toBeNull()
  expect(asked({ ...wish, code: ' ЗИМА ' }).promoCode).toBe('ЗИМА')
})

it('begins at the hotel whose own site sent the guest, and keeps the days that were chosen before (A-088)', () => {
  const hotels = ['igora', 'dacha-vintera']
  const kept = { ...wish, departure: '2026-03-30' }
  expect(begun(undefined, hotels, 'dacha-vintera', TODAY)).toEqual({ ...wish, hotel: 'dacha-vintera' })
  expect(begun(kept, hotels, 'dacha-vintera', TODAY)).toEqual({ ...kept, hotel: 'dacha-vintera' })
  expect(begun(kept, hotels, 'nobody', TODAY)).toEqual(kept)
  expect(begun(undefined, [], null, TODAY).hotel).toBe('')
})
