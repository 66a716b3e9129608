/** The terms of now: the hotel is asked again, a new price stands beside the old one, and only a yes books. */
import { useEffect, useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Choices } from '../../../shared/parts/Choices.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Sheet } from '../../../shared/parts/Sheet.tsx'
import { Skeleton } from '../../../shared/parts/Skeleton.tsx'
import { attempt } from '../../../shared/data/attempt.ts'
import { kopecks, money } from '../../../shared/words/numbers.ts'
import { ConfirmBookingDocument, StartBookingDocument, type ReservedFragment } from '../../graph/documents.ts'
import css from './Booking.module.css'
import { Facts } from './Facts.tsx'
import { bookingWords } from './words.ts'

interface TermsSheetProps {
  offers: string[]
  onClose: () => void
  /** The yes was heard: the booking is being made. */
  onMade: (id: string) => void
}

export function TermsSheet({ offers, onClose, onMade }: TermsSheetProps) {
  const text = bookingWords()
  const [terms, setTerms] = useState<{ booking: ReservedFragment; changed: string | null }>()
  const [problem, setProblem] = useState<string>()
  const [busy, setBusy] = useState(false)
  const [way, setWay] = useState('')
  // One key for each command of this sheet: a second press, or an answer that got lost, is the same booking.
  const [keys] = useState(() => ({ start: crypto.randomUUID(), confirm: crypto.randomUUID() }))

  const start = async (): Promise<void> => {
    setProblem(undefined)
    const answer = await attempt(StartBookingDocument, { input: { idempotencyKey: keys.start, offers } })
    if ('problem' in answer) return setProblem(answer.problem.message)
    const { done } = answer
    setTerms({ booking: done.booking, changed: done.__typename === 'BookingPriceChanged' ? done.message : null })
    setWay(done.booking.payments[0]?.id ?? '')
  }
  useEffect(() => void start(), [])

  const confirm = async (booking: ReservedFragment): Promise<void> => {
    setBusy(true)
    setProblem(undefined)
    const answer = await attempt(ConfirmBookingDocument, { input: { idempotencyKey: keys.confirm, booking: booking.id, payment: way || null } })
    setBusy(false)
    if ('problem' in answer) return setProblem(answer.problem.message)
    onMade(answer.done.booking.id)
  }

  const foot = terms
    ? (
      <div class={css['feet']}>
        <Button wide busy={busy} onClick={() => void confirm(terms.booking)}>{terms.changed ? text.agree(money(terms.booking.net)) : text.bookFor(money(terms.booking.net))}</Button>
        <Button wide kind="quiet" onClick={onClose}>{text.refuse}</Button>
      </div>
    )
    : problem && <div class={css['feet']}><Button wide onClick={() => void start()}>{text.again}</Button><Button wide kind="quiet" onClick={onClose}>{text.close}</Button></div>

  return (
    <Sheet title={terms?.changed ? text.changed : text.terms} onClose={onClose} foot={foot}>
      {!terms && !problem && <div aria-busy="true"><p class={css['note']} role="status">{text.asking}</p><Skeleton height={240} /></div>}
      {problem && <Notice kind="danger" role="alert">{problem}</Notice>}
      {terms && (
        <div class={css['found']}>
          {terms.changed && (
            <Notice kind="warning" role="alert">
              <p>{terms.changed}</p>
              <p>{text.before}: <s class="sum">{money(terms.booking.askedPrice)}</s>. {text.now}: <strong class="sum">{money(terms.booking.price)}</strong></p>
            </Notice>
          )}
          <Facts booking={terms.booking} />
          {terms.booking.payments.length > 1 && (
            <Choices name="payment" legend={text.pay} value={way} onChange={setWay} options={terms.booking.payments.map(one => [one.id, kopecks(one.now) > 0 ? `${one.name}: ${money(one.now)}` : one.name] as const)} />
          )}
          {terms.booking.payments.length === 1 && <p class={css['note']}>{text.pay}: {terms.booking.payments[0]?.name}</p>}
          <p class={css['note']}>{text.whoGets}</p>
        </div>
      )}
    </Sheet>
  )
}
