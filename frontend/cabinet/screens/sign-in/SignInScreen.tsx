/** Signing in by phone or e-mail and password; what was typed stays when it does not fit. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { Link, useLocation } from 'wouter'
import { Button, ButtonLink } from '../../../shared/parts/Button.tsx'
import { Field } from '../../../shared/parts/Field.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { enter } from '../../data/enter.ts'
import { useAnswer } from '../../data/session.ts'
import { Door } from '../../frame/Frame.tsx'
import { WhoAmIDocument } from '../../graph/documents.ts'
import { isMail } from '../../joining/mail.ts'
import { words } from '../../words/words.ts'
import css from './SignInScreen.module.css'

const NOTHING = {}

interface Arrived {
  login?: string
  /** Where the reader wanted to go. */
  back?: string
}

export function SignInScreen() {
  const arrived = (history.state ?? {}) as Arrived
  const [login, setLogin] = useState(arrived.login ?? '')
  const [password, setPassword] = useState('')
  const [problem, setProblem] = useState<{ code: string; message: string }>()
  const [faults, setFaults] = useState<{ login?: string; password?: string }>({})
  const [busy, setBusy] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const [, go] = useLocation()
  const focus = (name: string): void => (form.current?.elements.namedItem(name) as HTMLElement | null)?.focus()

  useEffect(() => focus(login ? 'password' : 'login'), [])
  // Somebody who is signed in already came here by an old link.
  const known = useAnswer(WhoAmIDocument, NOTHING).data?.me
  useEffect(() => {
    if (known) go(arrived.back ?? '/card', { replace: true })
  }, [known])

  const submit = async (): Promise<void> => {
    setProblem(undefined)
    const found = { ...(login.trim() === '' && { login: words.forms.required }), ...(password === '' && { password: words.forms.required }) }
    setFaults(found)
    if (found.login !== undefined || found.password !== undefined) return focus(found.login === undefined ? 'password' : 'login')
    setBusy(true)
    const answer = await enter(login.trim(), password)
    setBusy(false)
    if ('done' in answer) return go(arrived.back ?? '/card', { replace: true })
    setProblem(answer.problem)
    focus('password')
  }

  return (
    <Door title={words.signIn.title}>
      <form class={css['form']} ref={form} noValidate onSubmit={event => { event.preventDefault(); if (!busy) void submit() }}>
        <Field label={words.signIn.login} name="login" value={login} onInput={setLogin} inputMode="email" kind="email" autoComplete="username" error={faults.login} />
        <Field label={words.signIn.password} name="password" kind="password" value={password} onInput={setPassword} autoComplete="current-password" error={faults.password} />
        {problem && (
          <Notice kind="danger" role="alert" action={problem.code === 'NOT_CONFIRMED' && <Button kind="quiet" onClick={() => go('/confirm', { state: { moved: true, ...(isMail(login) && { email: login.trim() }) } })}>{words.signIn.toConfirm}</Button>}>
            {problem.code === 'NOT_CONFIRMED' ? words.signIn.notConfirmed : problem.message}
          </Notice>
        )}
        <Button type="submit" wide busy={busy}>{words.signIn.submit}</Button>
      </form>
      <p class={css['other']}><Link href="/sign-in/code" state={{ ...arrived, login }}>{words.signIn.byCode}</Link></p>
      <p class={css['other']}><Link href="/forgot">{words.signIn.forgot}</Link></p>
      <div class={css['join']}>
        <p>{words.signIn.none}</p>
        <ButtonLink kind="quiet" wide href="/join">{words.signIn.join}</ButtonLink>
      </div>
    </Door>
  )
}
