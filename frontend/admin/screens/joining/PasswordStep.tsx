/** The password of an invited person, with a hint of its strength while it is typed. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Field } from '../../../shared/parts/Field.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { send } from '../../data/session.ts'
import { StartStaffEnrolmentDocument } from '../../graph/documents.ts'
import { words } from '../../words/words.ts'
import type { Enrolment } from './AppStep.tsx'
import css from './joining.module.css'
import { PasswordMeter } from './PasswordMeter.tsx'
import { missing } from './strength.ts'

interface Invitation {
  email: string
  name: string
}

export function PasswordStep({ token, invitation, onDone }: { token: string; invitation: Invitation; onDone: (enrolment: Enrolment) => void }) {
  const [password, setPassword] = useState('')
  const [fault, setFault] = useState<{ password?: string; whole?: string }>({})
  const [busy, setBusy] = useState(false)
  const submit = async (): Promise<void> => {
    const lacking = missing(password)
    setFault(lacking > 0 ? { password: words.joining.short(lacking) } : {})
    if (lacking > 0) return
    setBusy(true)
    const answer = await send(StartStaffEnrolmentDocument, { token, password })
    setBusy(false)
    if ('done' in answer) return onDone(answer.done)
    setFault(answer.problem.field === 'password' ? { password: answer.problem.message } : { whole: answer.problem.message })
  }
  return (
    <form class={css['stack']} noValidate onSubmit={event => { event.preventDefault(); if (!busy) void submit() }}>
      {/* A password manager files the password under this address. */}
      <input type="email" name="username" autoComplete="username" value={invitation.email} readOnly hidden />
      <Field label={words.joining.password} name="password" kind="password" autoComplete="new-password" value={password} onInput={setPassword} error={fault.password} hint={words.joining.passwordHint} autoFocus />
      <PasswordMeter password={password} own={[invitation.email, invitation.name]} />
      {fault.whole && <Notice kind="danger" role="alert">{fault.whole}</Notice>}
      <Button type="submit" wide busy={busy}>{words.joining.next}</Button>
    </form>
  )
}
