/** Joining: one page, seven fields, each consent its own document. */
import type { RefObject } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { Link } from 'wouter'
import { Button } from '../../../shared/parts/Button.tsx'
import { Field } from '../../../shared/parts/Field.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Skeleton } from '../../../shared/parts/Skeleton.tsx'
import { useAnswer } from '../../data/session.ts'
import { Door } from '../../frame/Frame.tsx'
import { Shown } from '../../frame/states.tsx'
import { JoinFactsDocument, type JoinFactsQuery } from '../../graph/documents.ts'
import { birthTyped } from '../../../shared/birth.ts'
import { FIELDS, type Faults, type FieldName } from '../../joining/form.ts'
import { meantMail } from '../../joining/mail.ts'
import { meantName } from '../../joining/names.ts'
import { phoneTyped } from '../../../shared/phone.ts'
import { words } from '../../words/words.ts'
import { Consents } from './Consents.tsx'
import css from './JoinScreen.module.css'
import { useJoining } from './joining.ts'

const NOTHING = {}

export function JoinScreen() {
  const facts = useAnswer(JoinFactsDocument, NOTHING)
  return (
    <Door title={words.join.title} note={words.join.note}>
      <Shown answer={facts} skeleton={<Skeleton height={640} />}>{data => <JoinForm programme={data.programme} />}</Shown>
      <p class={css['have']}>{words.join.have} <Link href="/sign-in">{words.join.signIn}</Link></p>
    </Door>
  )
}

function JoinForm({ programme }: { programme: JoinFactsQuery['programme'] }) {
  const { form, faults, refusal, busy, tried, summary, change, leave, submit } = useJoining(programme)
  const [plastic, setPlastic] = useState(false)
  const element = useRef<HTMLFormElement>(null)

  const text = (name: 'firstName' | 'lastName' | 'patronymic' | 'email' | 'password' | 'plasticNumber') => ({
    name, value: form[name], error: faults[name], onInput: (value: string) => change({ [name]: value }), onBlur: leave(name),
  })
  const nameOffer = (name: 'firstName' | 'lastName' | 'patronymic') => {
    const meant = programme.namesCyrillicOnly ? meantName(form[name]) : null
    return meant && <Offer text={words.forms.layout(meant)} onTake={() => change({ [name]: meant })} />
  }
  const mail = meantMail(form.email)
  const wrong = FIELDS.filter(name => faults[name])

  return (
    <form class={css['form']} ref={element} noValidate onSubmit={event => { event.preventDefault(); if (!busy) void submit() }}>
      {tried && wrong.length > 0 && <Summary place={summary} wrong={wrong} faults={faults} onPick={name => (element.current?.elements.namedItem(name) as HTMLElement | null)?.focus()} />}
      <Field {...text('firstName')} label={words.join.first} autoComplete="given-name" offer={nameOffer('firstName')} hint={programme.namesCyrillicOnly && words.join.nameHint} />
      <Field {...text('lastName')} label={words.join.last} autoComplete="family-name" offer={nameOffer('lastName')} />
      <Field {...text('patronymic')} label={words.join.patronymic} autoComplete="additional-name" optional offer={nameOffer('patronymic')} />
      <Field
        name="birthDate" label={words.join.birth} value={form.birthDate} error={faults.birthDate} hint={words.join.birthHint} autoComplete="bday" inputMode="numeric"
        onInput={(value, input) => { const typed = birthTyped(value); input.value = typed; change({ birthDate: typed }) }} onBlur={leave('birthDate')}
      />
      <Field
        name="phone" label={words.join.phone} value={form.phone} error={faults.phone} kind="tel" inputMode="tel" autoComplete="tel"
        onInput={(value, input) => {
          const typed = phoneTyped(value, input.selectionStart ?? value.length)
          input.value = typed.text
          input.setSelectionRange(typed.caret, typed.caret)
          change({ phone: typed.text })
        }}
        onBlur={leave('phone')}
      />
      <Field {...text('email')} label={words.join.email} kind="email" inputMode="email" autoComplete="email" hint={words.join.emailHint} offer={mail && <Offer text={words.forms.domain(mail)} onTake={() => change({ email: mail })} />} />
      <Field {...text('password')} label={words.join.password} kind="password" autoComplete="new-password" hint={words.forms.password} />
      {plastic
        ? <Field {...text('plasticNumber')} label={words.join.plastic} inputMode="numeric" optional hint={words.join.plasticHint} autoFocus />
        : <p><button type="button" class={css['more']} onClick={() => setPlastic(true)}>{words.join.plasticAsk}</button></p>}
      <Consents form={form} faults={faults} programme={programme} onChange={change} />
      {refusal && <Notice kind="danger" role="alert">{refusal}</Notice>}
      <Button type="submit" wide busy={busy}>{words.join.submit}</Button>
    </form>
  )
}

interface SummaryProps {
  place: RefObject<HTMLDivElement | null>
  wrong: readonly FieldName[]
  faults: Faults
  onPick: (name: FieldName) => void
}

/** All faults at once, in focus; each is the way to its field. */
function Summary({ place, wrong, faults, onPick }: SummaryProps) {
  const names = labels()
  return (
    <div class={css['summary']} ref={place} tabIndex={-1} role="alert">
      <p>{words.forms.faults(wrong.length)}</p>
      <ul>{wrong.map(name => <li key={name}><button type="button" onClick={() => onPick(name)}>{names[name]}: {faults[name]}</button></li>)}</ul>
    </div>
  )
}

/** Labels by field, in the language of the moment. */
function labels(): Record<FieldName, string> {
  const { join } = words
  return {
    firstName: join.first, lastName: join.last, patronymic: join.patronymic, birthDate: join.birth, phone: join.phone, email: join.email, password: join.password,
    plasticNumber: join.plastic, acceptOffer: join.offer, acceptPersonalData: join.personal,
  }
}

/** The field keeps the focus while its offer is pressed: its fault, shown on leaving, would move the button from under the finger. */
function Offer({ text, onTake }: { text: string; onTake: () => void }) {
  return <p class={css['offer']} role="status">{text} <button type="button" onMouseDown={event => event.preventDefault()} onClick={onTake}>{words.forms.layoutAction}</button></p>
}
