/** What erasing would do to somebody, said from what he has. */
import type { LeavingQuery } from '../../graph/documents.ts'

export type Me = NonNullable<LeavingQuery['me']>

/** Of these a hotel waits for the guest or for money: the server refuses until they are over. */
const AHEAD: readonly string[] = ['CREATING', 'AWAITING_PAYMENT', 'CONFIRMED', 'CHECKED_IN', 'CANCELLING']

export interface Consequences {
  /** Points that are written off, those that come back from the family among them. */
  points: number
  family: 'none' | 'leaves' | 'ends'
  /** Bookings that are under way. */
  bookings: number
  /** Paid vouchers that nobody has used. */
  vouchers: number
}

export function consequences(me: Me): Consequences {
  const { points, family } = me
  const unused = me.shopOrders.items.flatMap(order => order.vouchers).filter(voucher => voucher.state === 'ISSUED')
  return {
    points: (points ? points.available + points.pending : 0) + (family?.returns.points ?? 0),
    family: !family ? 'none' : family.role === 'HEAD' && family.seats.length > 1 ? 'ends' : 'leaves',
    bookings: me.bookings.items.filter(booking => AHEAD.includes(booking.state)).length,
    vouchers: unused.length,
  }
}
