/** The bookings of a member, newest first. */
import { useEffect, useState } from 'preact/hooks'
import { Link } from 'wouter'
import { Button } from '../../../shared/parts/Button.tsx'
import { classes } from '../../../shared/parts/classes.ts'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { Skeleton } from '../../../shared/parts/Skeleton.tsx'
import { post } from '../../../shared/graph/post.ts'
import { day, money } from '../../../shared/words/numbers.ts'
import { useAnswer } from '../../data/session.ts'
import { Empty, Shown } from '../../frame/states.tsx'
import { BookingsDocument, type BookingsQuery, type ReservedFragment } from '../../graph/documents.ts'
import { words } from '../../words/words.ts'
import css from './Booking.module.css'
import { bookingWords } from './words.ts'

type Page = NonNullable<BookingsQuery['me']>['bookings']

const FIRST = { after: null }
const LOOK: Partial<Record<ReservedFragment['state'], string>> = { CANCELLED: 'over', NO_SHOW: 'over', FAILED: 'over', AWAITING_PAYMENT: 'waits' }

/** `looking`: one of them is open. */
export function MyBookings({ looking }: { looking: boolean }) {
  const text = bookingWords()
  const answer = useAnswer(BookingsDocument, FIRST)
  return (
    <Panel title={text.mine}>
      <Shown answer={answer} skeleton={<Skeleton height={96} />}>
        {({ me }) => me && (me.bookings.items.length === 0 ? <Empty title={text.mineNone} /> : <List first={me.bookings} looking={looking} />)}
      </Shown>
    </Panel>
  )
}

function List({ first, looking }: { first: Page; looking: boolean }) {
  const text = bookingWords()
  const [later, setLater] = useState<Page[]>([])
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle')
  // A new booking on top moves the border between the pages: what was loaded behind it no longer fits.
  useEffect(() => setLater([]), [first.next])
  // What was open may have been cancelled: the first page is asked for again by itself, what is behind it here.
  useEffect(() => {
    if (!looking && later.length > 0) void behind(first.next, later.length).then(setLater, () => undefined)
  }, [looking])

  const { next } = later.at(-1) ?? first
  const items = [first, ...later].flatMap(page => page.items)
  const more = async (): Promise<void> => {
    setState('busy')
    try {
      setLater([...later, ...await behind(next, 1)])
      setState('idle')
    } catch {
      setState('failed')
    }
  }
  return (
    <>
      <p class="unseen" role="status">{text.shown(items.length)}</p>
      <ul>{items.map(one => <Row key={one.id} booking={one} />)}</ul>
      {state === 'failed' && <Notice kind="danger" role="alert">{text.moreFailed}</Notice>}
      {next !== null && <Button kind="quiet" wide busy={state === 'busy'} onClick={() => void more()}>{state === 'failed' ? words.page.retry : text.more}</Button>}
    </>
  )
}

/** So many pages behind a place, fewer where they end. */
async function behind(after: string | null, count: number): Promise<Page[]> {
  const found: Page[] = []
  for (let place = after; place !== null && found.length < count; place = found.at(-1)!.next) {
    const { me } = await post(BookingsDocument, { after: place })
    if (!me) break
    found.push(me.bookings)
  }
  return found
}

function Row({ booking }: { booking: ReservedFragment }) {
  const text = bookingWords()
  return (
    <li class={css['row']}>
      <Link class={css['link']} href={`/booking?booking=${booking.id}`} state={{ moved: true }}>
        <span class={css['name']}>{booking.hotel}</span>
        <span class={classes(css['state'], css[LOOK[booking.state] ?? ''])}>{text.states[booking.state]}</span>
        <span class={css['note']}>{text.stay(day(booking.arrival), day(booking.departure, true))}{booking.number && <> · <span class={css['number']}>{booking.number}</span></>}</span>
        <span class={classes(css['note'], 'sum')}>{money(booking.net)}</span>
      </Link>
    </li>
  )
}
