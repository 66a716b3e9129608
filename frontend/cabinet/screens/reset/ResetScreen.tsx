/** The page behind the link of the letter: a new password, typed once and visible on demand. */
import { useState } from 'preact/hooks'
import { useLocation, useSearchParams } from 'wouter'
import { Button, ButtonLink } from '../../../shared/parts/Button.tsx'
import { Field } from '../../../shared/parts/Field.tsx'
import { attempt } from '../../../shared/data/attempt.ts'
import { signedOut } from '../../data/session.ts'
import { Door } from '../../frame/Frame.tsx'
import { ResetPasswordDocument } from '../../graph/documents.ts'
import { PASSWORD_LENGTH_MIN } from '../../joining/form.ts'
import { words } from '../../words/words.ts'
import css from './ResetScreen.module.css'

export function ResetScreen() {
  const [query] = useSearchParams()
  const token = query.get('token') ?? ''
  const [password, setPassword] = useState('')
  const [fault, setFault] = useState<string>()
  const [state, setState] = useState<{ kind: 'asking' } | { kind: 'done'; email: string } | { kind: 'expired' }>(token ? { kind: 'asking' } : { kind: 'expired' })
  const [busy, setBusy] = useState(false)
  const [, go] = useLocation()

  const submit = async (): Promise<void> => {
    if ([...password].length < PASSWORD_LENGTH_MIN) return setFault(password === '' ? words.forms.required : words.forms.passwordShort)
    setBusy(true)
    const answer = await attempt(ResetPasswordDocument, { token, password })
    setBusy(false)
    if ('done' in answer) {
      // Every session and every card key ended with the old password.
      await signedOut()
      return setState({ kind: 'done', email: answer.done.email })
    }
    if (answer.problem.code === 'TOKEN_NOT_ACCEPTED') setState({ kind: 'expired' })
    else setFault(answer.problem.message)
  }

  if (state.kind === 'expired') {
    return <Door title={words.reset.expired} note={words.reset.expiredNote}><ButtonLink wide href="/forgot">{words.reset.again2}</ButtonLink></Door>
  }
  if (state.kind === 'done') {
    return (
      <Door title={words.reset.done} note={words.reset.doneNote}>
        <Button wide onClick={() => go('/sign-in', { state: { moved: true, login: state.email } })}>{words.signIn.submit}</Button>
      </Door>
    )
  }
  return (
    <Door title={words.reset.title}>
      <form class={css['form']} noValidate onSubmit={event => { event.preventDefault(); if (!busy) void submit() }}>
        <Field label={words.reset.password} name="password" kind="password" autoComplete="new-password" value={password} onInput={value => { setPassword(value); setFault(undefined) }} error={fault} hint={words.forms.password} autoFocus />
        <Button type="submit" wide busy={busy}>{words.reset.submit}</Button>
      </form>
    </Door>
  )
}
