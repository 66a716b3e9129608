/** One booking: how it stands, its payment, and its cancellation with the price of it shown first. */
import { useEffect, useState } from 'preact/hooks'
import { Link } from 'wouter'
import { Button, ButtonLink } from '../../../shared/parts/Button.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Sheet } from '../../../shared/parts/Sheet.tsx'
import { Skeleton } from '../../../shared/parts/Skeleton.tsx'
import { attempt } from '../../../shared/data/attempt.ts'
import { Refused, post } from '../../../shared/graph/post.ts'
import { dayOf, kopecks, money } from '../../../shared/words/numbers.ts'
import { useAnswer, answers } from '../../data/session.ts'
import { Empty, Shown } from '../../frame/states.tsx'
import { CancelBookingDocument, OneBookingDocument, PenaltyDocument, type PenaltyQuery, type ReservedFragment } from '../../graph/documents.ts'
import { words } from '../../words/words.ts'
import css from './Booking.module.css'
import { AHEAD, Facts } from './Facts.tsx'
import { bookingWords } from './words.ts'

const LOOK_MS = 1_000
const LONG_MS = 15_000
/** Which booking this tab has left for the acquirer's page, which leads back here paid or not. */
const PAYING = 'kunak-paying'
const MOVING = new Set(['CREATING', 'CANCELLING', 'AWAITING_PAYMENT'])

export function BookingSheet({ id, onClose }: { id: string; onClose: () => void }) {
  const text = bookingWords()
  const answer = useAnswer(OneBookingDocument, { id })
  const booking = answer.data?.booking
  const moving = booking != null && MOVING.has(booking.state)
  const long = useLook(moving)
  const close = (): void => {
    void answers.stir()
    onClose()
  }
  return (
    <Sheet title={booking ? titleOf(booking) : text.mine} onClose={close}>
      <Shown answer={answer} skeleton={<Skeleton height={280} />}>
        {data => data.booking
          ? <One booking={data.booking} long={long} onClose={close} />
          : <Empty title={text.missing} />}
      </Shown>
    </Sheet>
  )
}

/** Looks again while something is under way; says when it takes long. */
function useLook(moving: boolean): boolean {
  const [long, setLong] = useState(false)
  useEffect(() => {
    setLong(false)
    if (!moving) return
    const look = setInterval(() => void answers.stir(), LOOK_MS)
    const patience = setTimeout(() => setLong(true), LONG_MS)
    return () => {
      clearInterval(look)
      clearTimeout(patience)
    }
  }, [moving])
  return long
}

function titleOf(booking: ReservedFragment): string {
  const text = bookingWords()
  return booking.state === 'CONFIRMED' && booking.number ? text.done(booking.number) : text.states[booking.state]
}

function One({ booking, long, onClose }: { booking: ReservedFragment; long: boolean; onClose: () => void }) {
  const text = bookingWords()
  const [left] = useState(() => sessionStorage.getItem(PAYING) === booking.id)
  useEffect(() => sessionStorage.removeItem(PAYING), [])
  // The guest comes back before we have heard: who has just paid is not asked to pay, for as long as that usually takes.
  const checking = left && !long && booking.paymentUrl !== null
  const photo = AHEAD.has(booking.state) ? booking.rooms[0]?.pictures[0] : undefined
  const back = booking.payment && kopecks(booking.payment.refunded) > 0 ? booking.payment.refunded : null
  return (
    <div class={css['found']}>
      <div role="status" class={css['found']}>
        {booking.state === 'AWAITING_PAYMENT' && !booking.paymentUrl && <p class={css['note']}>{long ? text.openingLong : text.opening}</p>}
        {booking.state === 'CREATING' && <p class={css['note']}>{long ? text.makingLong : booking.payment ? text.paidMaking : text.making}</p>}
        {booking.state === 'CANCELLING' && <p class={css['note']}>{text.cancelling}</p>}
        {booking.state === 'CONFIRMED' && !booking.problem && <Notice kind="success">{text.doneNote}</Notice>}
        {booking.problem && <Notice kind="danger">{booking.payment?.problem ?? booking.problem}</Notice>}
        {back && <Notice>{text.goesBack(money(back))}</Notice>}
        {booking.state === 'CANCELLED' && booking.penalty && <Notice>{kopecks(booking.penalty) === 0 ? text.cancelledFree : text.cancelled(money(booking.penalty))}</Notice>}
        {booking.state === 'NO_SHOW' && <Notice>{text.noShow}</Notice>}
        {checking && <p class={css['note']}>{text.checking}</p>}
        {booking.state === 'CHECKED_OUT' && booking.countsAt && <Notice>{text.countsFrom(dayOf(booking.countsAt))}</Notice>}
      </div>
      {booking.paymentUrl && !checking && (
        <div class={css['found']}>
          <p class={css['note']}>{booking.payment ? text.payUsNote : text.payNote}</p>
          <ButtonLink wide href={booking.paymentUrl} onClick={() => sessionStorage.setItem(PAYING, booking.id)}>{text.payLink(money(booking.net))}</ButtonLink>
        </div>
      )}
      {photo && <img class={css['banner']} src={photo} alt={text.photo(booking.rooms[0]!.name)} width="480" height="320" decoding="async" />}
      <Facts booking={booking} />
      {booking.purchase && <Link href={`/purchases?purchase=${booking.purchase}`}>{text.purchase}</Link>}
      {booking.canCancel && <Cancel booking={booking} />}
      {!booking.canCancel && (!booking.paymentUrl || checking) && <Button kind="quiet" wide onClick={onClose}>{text.close}</Button>}
    </div>
  )
}

/** Two steps: what it costs, then the yes to exactly that. */
function Cancel({ booking }: { booking: ReservedFragment }) {
  const text = bookingWords()
  const [asked, setAsked] = useState<PenaltyQuery['cancellationPenalty']>()
  const [key, setKey] = useState('')
  const [problem, setProblem] = useState<string>()
  const [busy, setBusy] = useState(false)

  const ask = async (): Promise<void> => {
    setBusy(true)
    setProblem(undefined)
    try {
      const { cancellationPenalty } = await post(PenaltyDocument, { booking: booking.id })
      setKey(crypto.randomUUID())
      setAsked(cancellationPenalty)
    } catch (fault) {
      setProblem(fault instanceof Refused ? fault.message : words.page.failedNote)
    }
    setBusy(false)
  }
  const cancel = async (expectedPenalty: string): Promise<void> => {
    setBusy(true)
    const answer = await attempt(CancelBookingDocument, { input: { idempotencyKey: key, booking: booking.id, expectedPenalty } })
    setBusy(false)
    if ('problem' in answer) return setProblem(answer.problem.message)
    setAsked(undefined)
    await answers.stir()
  }

  if (!asked) {
    return (
      <>
        {problem && <Notice kind="danger" role="alert">{problem}</Notice>}
        <Button kind="quiet" wide busy={busy} onClick={() => void ask()}>{text.cancel}</Button>
      </>
    )
  }
  const { penalty, comesBack } = asked
  const free = kopecks(penalty) === 0
  // Who has paid us loses no more than that, whatever the hotel's own penalty is.
  const cost = comesBack ? money(kopecks(booking.net) - kopecks(comesBack)) : money(penalty)
  return (
    <div class={css['found']}>
      <Notice kind={free ? 'info' : 'warning'} role="alert">{free ? text.penaltyNone : text.penalty(cost)}{comesBack && ` ${text.comesBack(money(comesBack))}`}</Notice>
      {problem && <Notice kind="danger" role="alert">{problem}</Notice>}
      <Button kind="danger" wide busy={busy} onClick={() => void cancel(penalty)}>{free ? text.cancelFree : text.cancelFor(cost)}</Button>
      <Button kind="quiet" wide onClick={() => setAsked(undefined)}>{text.keep}</Button>
    </div>
  )
}
