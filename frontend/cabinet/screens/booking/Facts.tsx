/** What is booked and for how much, the same in the terms and in the booking. */
import { kopecks, money, day } from '../../../shared/words/numbers.ts'
import type { ReservedFragment } from '../../graph/documents.ts'
import css from './Booking.module.css'
import { bookingWords } from './words.ts'

/** While it may still be cancelled: afterwards what cancelling costs, and what is paid at the desk, is told no more. */
export const AHEAD = new Set(['OFFERED', 'CREATING', 'AWAITING_PAYMENT', 'CONFIRMED'])

export function Facts({ booking }: { booking: ReservedFragment }) {
  const text = bookingWords()
  const cheaper = kopecks(booking.discount) > 0
  const ahead = AHEAD.has(booking.state)
  return (
    <dl class={css['list']}>
      <Fact name={text.hotel}>{booking.hotel}</Fact>
      {booking.number && <Fact name={text.number}><span class={css['number']}>{booking.number}</span></Fact>}
      <Fact name={text.days}>{text.stay(day(booking.arrival), day(booking.departure, true))}</Fact>
      <Fact name={text.rooms}>
        {booking.rooms.map((room, place) => (
          <span key={place} class={css['line']}>{[room.name, room.rate, room.meal, text.party(room.adults, room.childAges.length)].filter(Boolean).join(', ')}</span>
        ))}
      </Fact>
      {cheaper && <Fact name={text.public}><s class="sum">{money(booking.price)}</s></Fact>}
      <Fact name={cheaper ? text.yours : text.toPay}><strong class="sum">{money(booking.net)}</strong></Fact>
      {ahead && <div class={css['wide']}><dd class={css['note']}>{booking.conditions.text}</dd></div>}
      {ahead && kopecks(booking.tax) > 0 && <div class={css['wide']}><dd class={css['note']}>{text.tax(money(booking.tax))}</dd></div>}
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return <div><dt>{name}</dt><dd>{children}</dd></div>
}
