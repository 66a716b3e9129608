/** What a guest looks for: kept in memory while the cabinet is open, checked before the hotel is asked. */

export interface Party {
  adults: number
  childAges: number[]
}

export interface Wish {
  hotel: string
  arrival: string
  departure: string
  rooms: Party[]
  code: string
}

export const ADULTS_MAX = 6
export const CHILDREN_MAX = 4
export const CHILD_AGE_MAX = 17
export const ROOMS_MAX = 4
const DAY_MS = 86_400_000
const SOON_DAYS = 7

/** `2026-11-22` some days later; calendar days know no clock. */
export function later(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}

export function firstWish(hotel: string, today: string): Wish {
  return { hotel, arrival: later(today, SOON_DAYS), departure: later(today, SOON_DAYS + 1), rooms: [{ adults: 2, childAges: [] }], code: '' }
}

/** What is looked for when the page opens: what was looked for before, at the hotel whose own site sent the guest. */
export function begun(kept: Wish | undefined, hotels: string[], wanted: string | null, today: string): Wish {
  const wish = kept ?? firstWish(hotels[0] ?? '', today)
  return wanted !== null && hotels.includes(wanted) ? { ...wish, hotel: wanted } : wish
}

/** A new day of arrival keeps the length of the stay. */
export function arriving(wish: Wish, arrival: string): Wish {
  if (!arrival) return { ...wish, arrival }
  const nights = Math.max(1, Math.round((Date.parse(wish.departure) - Date.parse(wish.arrival)) / DAY_MS) || 1)
  return { ...wish, arrival, departure: wish.departure > arrival ? wish.departure : later(arrival, nights) }
}

export type Fault = 'needDates' | 'arrivalPast' | 'departureEarly'

export function faultsOf(wish: Wish, today: string): { arrival?: Fault; departure?: Fault } {
  return {
    ...(wish.arrival === '' ? { arrival: 'needDates' as const } : wish.arrival < today && { arrival: 'arrivalPast' as const }),
    ...(wish.departure === '' ? { departure: 'needDates' as const } : wish.departure <= wish.arrival && { departure: 'departureEarly' as const }),
  }
}

export function withRoom(wish: Wish, place: number, room: Party): Wish {
  return { ...wish, rooms: wish.rooms.map((one, index) => (index === place ? room : one)) }
}

/** What the server is asked. */
export function asked(wish: Wish): { hotel: string; arrival: string; departure: string; rooms: Party[]; promoCode: string | null } {
  const { hotel, arrival, departure, rooms, code } = wish
  return { hotel, arrival, departure, rooms, promoCode: code.trim() || null }
}
