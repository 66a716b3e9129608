/** Asking for a link to set a new password; the answer is the same for every address. */
import { useState } from 'preact/hooks'
import { Link } from 'wouter'
import { Button } from '../../../shared/parts/Button.tsx'
import { Field } from '../../../shared/parts/Field.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { attempt } from '../../../shared/data/attempt.ts'
import { clockFace, useCountdown } from '../../../shared/data/countdown.ts'
import { Door } from '../../frame/Frame.tsx'
import { RequestPasswordResetDocument } from '../../graph/documents.ts'
import { isMail } from '../../joining/mail.ts'
import { words } from '../../words/words.ts'
import css from './ResetScreen.module.css'

export function ForgotScreen() {
  const [email, setEmail] = useState('')
  const [fault, setFault] = useState<string>()
  const [sent, setSent] = useState<{ email: string; resendAfter: string }>()
  const [busy, setBusy] = useState(false)
  const left = useCountdown(sent?.resendAfter)

  const submit = async (): Promise<void> => {
    if (!isMail(email)) return setFault(email.trim() === '' ? words.forms.required : words.forms.email)
    setFault(undefined)
    setBusy(true)
    const answer = await attempt(RequestPasswordResetDocument, { email: email.trim() })
    setBusy(false)
    if ('done' in answer) setSent({ email: email.trim(), resendAfter: answer.done.resendAfter })
    else setFault(answer.problem.message)
  }

  return (
    <Door title={words.reset.forgotTitle} note={words.reset.forgotNote}>
      <form class={css['form']} noValidate onSubmit={event => { event.preventDefault(); if (!busy && left === 0) void submit() }}>
        <Field label={words.join.email} name="email" kind="email" inputMode="email" autoComplete="email" value={email} onInput={value => { setEmail(value); setFault(undefined) }} error={fault} autoFocus />
        {sent && <Notice kind="success" role="status">{words.reset.sent(sent.email)}</Notice>}
        <Button type="submit" wide busy={busy} disabled={left > 0}>{words.reset.forgotSubmit}</Button>
        {left > 0 && <p class={css['note']} aria-hidden="true">{words.reset.again(clockFace(left))}</p>}
      </form>
      <p class={css['other']}><Link href="/sign-in">{words.reset.back}</Link></p>
    </Door>
  )
}
