/** What happens to card, points, family, bookings and vouchers; then the password, and it is done at once. */
import { useRef, useState } from 'preact/hooks'
import { Link, useLocation } from 'wouter'
import { attempt } from '../../../shared/data/attempt.ts'
import { Button } from '../../../shared/parts/Button.tsx'
import { Check } from '../../../shared/parts/Check.tsx'
import { Field } from '../../../shared/parts/Field.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Sheet } from '../../../shared/parts/Sheet.tsx'
import { Skeleton } from '../../../shared/parts/Skeleton.tsx'
import { told, type Unit } from '../../../shared/words/points.ts'
import { signedOut, useAnswer } from '../../data/session.ts'
import { Shown } from '../../frame/states.tsx'
import { EraseMeDocument, LeavingDocument } from '../../graph/late.ts'
import { words } from '../../words/words.ts'
import { consequences, type Me } from './consequences.ts'
import type { Gone } from './GoneScreen.tsx'
import css from './leaving.module.css'
import { leavingWords } from './words.ts'

const NOTHING = {}

export function EraseSheet({ onClose }: { onClose: () => void }) {
  const text = leavingWords()
  const answer = useAnswer(LeavingDocument, NOTHING)
  return (
    <Sheet title={text.title} onClose={onClose}>
      <Shown answer={answer} skeleton={<Skeleton height={320} />}>
        {({ me, programme }) => me && (
          <div class={css['stack']}>
            <Told me={me} unit={programme.points?.unit} />
            <Asked onClose={onClose} />
          </div>
        )}
      </Shown>
    </Sheet>
  )
}

function Told({ me, unit }: { me: Me; unit: Unit | undefined }) {
  const text = leavingWords()
  const { points, family, bookings, vouchers } = consequences(me)
  return (
    <>
      <Notice kind="danger">{text.once}</Notice>
      {bookings > 0 && <Notice kind="warning" action={<Link href="/booking">{text.toBookings}</Link>}>{text.bookings(bookings)}</Notice>}
      {vouchers > 0 && <Notice kind="warning" action={<Link href="/shop">{text.toVouchers}</Link>}>{text.vouchers(vouchers)}</Notice>}
      <ul class={css['list']}>
        <li>{text.card(me.progress.tier.name)}</li>
        {unit && <li>{points > 0 ? text.points(told(points, unit)) : text.noPoints}</li>}
        {family !== 'none' && <li>{family === 'ends' ? text.familyEnds : text.familyLeaves}</li>}
        <li>{text.goes}</li>
        <li>{text.stays}</li>
        <li>{text.others}</li>
      </ul>
    </>
  )
}

function Asked({ onClose }: { onClose: () => void }) {
  const text = leavingWords()
  const [, go] = useLocation()
  const form = useRef<HTMLFormElement>(null)
  const [password, setPassword] = useState('')
  const [understood, setUnderstood] = useState(false)
  const [faults, setFaults] = useState<{ password?: string; tick?: string; whole?: string }>({})
  const [busy, setBusy] = useState(false)
  const focus = (name: string): void => (form.current?.elements.namedItem(name) as HTMLElement | null)?.focus()

  const erase = async (): Promise<void> => {
    const found = { ...(!understood && { tick: text.tick }), ...(password === '' && { password: words.forms.required }) }
    setFaults(found)
    if (found.tick !== undefined || found.password !== undefined) return focus(found.tick === undefined ? 'password' : 'understood')
    setBusy(true)
    const answer = await attempt(EraseMeDocument, { password })
    setBusy(false)
    if ('problem' in answer) {
      const { field, message } = answer.problem
      setFaults(field === 'password' ? { password: message } : { whole: message })
      return focus('password')
    }
    // The act goes along in this tab alone; the cabinet's own pages are shut from here on.
    const { act, at } = answer.done.erasure
    go('/profile/erased', { replace: true, state: { moved: true, act, at } satisfies Gone & { moved: true } })
    return signedOut()
  }

  return (
    <form class={css['stack']} ref={form} noValidate onSubmit={event => { event.preventDefault(); if (!busy) void erase() }}>
      <Check name="understood" checked={understood} error={faults.tick} onChange={setUnderstood}>{text.understood}</Check>
      <Field label={text.password} name="password" kind="password" autoComplete="current-password" value={password} onInput={setPassword} hint={text.passwordHint} error={faults.password} />
      <p class={css['note']}>{text.noPassword} <Link href="/forgot">{text.setPassword}</Link></p>
      {faults.whole && <Notice kind="danger" role="alert">{faults.whole}</Notice>}
      <div class={css['actions']}>
        <Button kind="danger" type="submit" wide busy={busy}>{text.doErase}</Button>
        <Button kind="quiet" wide onClick={onClose}>{text.keep}</Button>
      </div>
    </form>
  )
}
