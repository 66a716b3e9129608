/** The bookings of a member, newest first. */
import { Link } from 'wouter'
import { classes } from '../../../shared/parts/classes.ts'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { Skeleton } from '../../../shared/parts/Skeleton.tsx'
import { day, money } from '../../../shared/words/numbers.ts'
import { useAnswer } from '../../data/session.ts'
import { Empty, Shown } from '../../frame/states.tsx'
import { BookingsDocument, type ReservedFragment } from '../../graph/documents.ts'
import css from './Booking.module.css'
import { bookingWords } from './words.ts'

const FIRST = { after: null }
const OVER = new Set(['CANCELLED', 'NO_SHOW', 'FAILED'])

export function MyBookings() {
  const text = bookingWords()
  const answer = useAnswer(BookingsDocument, FIRST)
  return (
    <Panel title={text.mine}>
      <Shown answer={answer} skeleton={<Skeleton height={96} />}>
        {({ me }) => me && (me.bookings.items.length === 0
          ? <Empty title={text.mineNone} />
          : <ul>{me.bookings.items.map(one => <Row key={one.id} booking={one} />)}</ul>)}
      </Shown>
    </Panel>
  )
}

function Row({ booking }: { booking: ReservedFragment }) {
  const text = bookingWords()
  return (
    <li class={css['row']}>
      <Link class={css['link']} href={`/booking?booking=${booking.id}`} state={{ moved: true }}>
        <span class={css['name']}>{booking.hotel}</span>
        <span class={classes(css['state'], OVER.has(booking.state) && css['over'])}>{text.states[booking.state]}</span>
        <span class={css['note']}>{text.stay(day(booking.arrival), day(booking.departure, true))}{booking.number && <> · <span class={css['number']}>{booking.number}</span></>}</span>
        <span class={classes(css['note'], 'sum')}>{money(booking.net)}</span>
      </Link>
    </li>
  )
}
