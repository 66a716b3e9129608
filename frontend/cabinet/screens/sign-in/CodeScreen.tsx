/** Signing in by a code, without a password: one page that first asks for the login and then for six digits. */
import { useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { Button } from '../../../shared/parts/Button.tsx'
import { Field } from '../../../shared/parts/Field.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { attempt } from '../../../shared/data/attempt.ts'
import { clockFace, useCountdown } from '../../../shared/data/countdown.ts'
import { enterByCode } from '../../data/enter.ts'
import { Door } from '../../frame/Frame.tsx'
import { RequestSignInCodeDocument } from '../../graph/documents.ts'
import { words } from '../../words/words.ts'
import { CodeField } from './CodeField.tsx'
import css from './SignInScreen.module.css'

interface Arrived {
  login?: string
  back?: string
}

interface Asked {
  request: string
  resendAfter: string
}

export function CodeScreen() {
  const arrived = (history.state ?? {}) as Arrived
  const [login, setLogin] = useState(arrived.login ?? '')
  const [asked, setAsked] = useState<Asked>()
  const [code, setCode] = useState('')
  const [fault, setFault] = useState<string>()
  const [message, setMessage] = useState<{ kind: 'success' | 'danger'; text: string }>()
  const [busy, setBusy] = useState<'ask' | 'enter'>()
  const form = useRef<HTMLFormElement>(null)
  const left = useCountdown(asked?.resendAfter)
  const [, go] = useLocation()
  useEffect(() => (form.current?.elements.namedItem(asked ? 'code' : 'login') as HTMLElement | null)?.focus(), [asked?.request])

  const ask = async (): Promise<void> => {
    setMessage(undefined)
    if (login.trim() === '') return setFault(words.forms.required)
    setBusy('ask')
    const answer = await attempt(RequestSignInCodeDocument, { login: login.trim(), request: asked?.request ?? null })
    setBusy(undefined)
    if ('problem' in answer) {
      if (answer.problem.field === 'login') return setFault(answer.problem.message)
      return setMessage({ kind: 'danger', text: answer.problem.message })
    }
    setFault(undefined)
    if (asked) setMessage({ kind: 'success', text: words.byCode.resent })
    setAsked(answer.done)
  }
  const submit = async (): Promise<void> => {
    setMessage(undefined)
    if (!asked) return ask()
    if (!/^\d{6}$/.test(code)) return setFault(words.confirm.codeShort)
    setBusy('enter')
    const answer = await enterByCode(login.trim(), asked.request, code)
    setBusy(undefined)
    if ('done' in answer) return go(arrived.back ?? '/card', { replace: true })
    setFault(answer.problem.message)
  }
  const change = (): void => {
    setAsked(undefined)
    setCode('')
    setFault(undefined)
    setMessage(undefined)
  }

  return (
    <Door title={words.byCode.title} note={asked ? words.byCode.sent(login.trim()) : words.byCode.note}>
      <form class={css['form']} ref={form} noValidate onSubmit={event => { event.preventDefault(); if (!busy) void submit() }}>
        {asked
          ? <CodeField value={code} error={fault} onInput={digits => { setCode(digits); setFault(undefined) }} />
          : <Field label={words.signIn.login} name="login" value={login} onInput={value => { setLogin(value); setFault(undefined) }} inputMode="email" kind="email" autoComplete="username" error={fault} />}
        {message && <Notice kind={message.kind} role="alert">{message.text}</Notice>}
        <Button type="submit" wide busy={busy !== undefined}>{asked ? words.signIn.submit : words.byCode.ask}</Button>
      </form>
      <div class={css['links']}>
        {asked && (left > 0
          ? <p class={css['wait']} aria-hidden="true">{words.byCode.resendIn(clockFace(left))}</p>
          : <Button kind="plain" busy={busy === 'ask'} onClick={() => void ask()}>{words.byCode.resend}</Button>)}
        {asked && <Button kind="plain" onClick={change}>{words.byCode.change}</Button>}
        <Button kind="plain" onClick={() => go('/sign-in', { state: { login: login.trim(), ...(arrived.back && { back: arrived.back }) } })}>{words.byCode.password}</Button>
      </div>
    </Door>
  )
}
