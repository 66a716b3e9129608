/** Signing in without a password, as whoever joined at a till does: a code to the phone or the address. */
import { useState } from 'preact/hooks'
import { Link, useLocation } from 'wouter'
import { Button } from '../../../shared/parts/Button.tsx'
import { Field } from '../../../shared/parts/Field.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { clockFace, useCountdown } from '../../../shared/data/countdown.ts'
import { enterByCode } from '../../data/enter.ts'
import { Door } from '../../frame/Frame.tsx'
import { RequestSignInCodeDocument } from '../../graph/documents.ts'
import { CodeField, codeFault } from '../../joining/CodeField.tsx'
import { useSending } from '../../joining/sending.ts'
import { words } from '../../words/words.ts'
import css from './SignInScreen.module.css'
import { codeWords } from './words.ts'

interface Arrived {
  login?: string
  /** Where the reader wanted to go. */
  back?: string
}

export function CodeScreen() {
  const arrived = (history.state ?? {}) as Arrived
  const [login, setLogin] = useState(arrived.login ?? '')
  const [code, setCode] = useState('')
  const [asked, setAsked] = useState<{ request: string; resendAfter: string }>()
  const { form, faults, busy, fits, send, told } = useSending(['login', 'code'] as const)
  const left = useCountdown(asked?.resendAfter)
  const [, go] = useLocation()
  const say = codeWords()

  const ask = async (): Promise<void> => {
    if (!fits(login.trim() === '' ? { login: words.forms.required } : {})) return
    const done = await send(RequestSignInCodeDocument, { login: login.trim(), request: asked?.request ?? null })
    if (done) setAsked({ request: done.request, resendAfter: done.resendAfter })
  }
  const enter = async (request: string): Promise<void> => {
    if (!fits(codeFault(code))) return
    const done = await told(enterByCode(login.trim(), request, code))
    if (done) go(arrived.back ?? '/card', { replace: true })
  }
  return (
    <Door title={say.title} note={asked ? say.sent(login.trim()) : say.note}>
      <form class={css['form']} ref={form} noValidate onSubmit={event => { event.preventDefault(); if (!busy) void (asked ? enter(asked.request) : ask()) }}>
        {asked
          ? <CodeField label={say.code} value={code} onInput={setCode} error={faults.code} />
          : <Field label={words.signIn.login} name="login" value={login} onInput={setLogin} inputMode="email" kind="email" autoComplete="username" error={faults.login} autoFocus />}
        {(faults.whole ?? (asked && faults.login)) && <Notice kind="danger" role="alert">{faults.whole ?? faults.login}</Notice>}
        <Button type="submit" wide busy={busy}>{asked ? say.submit : say.send}</Button>
      </form>
      {asked && (
        <div class={css['again']}>
          {left > 0
            ? <p class={css['note']} aria-hidden="true">{say.againIn(clockFace(left))}</p>
            : <Button kind="plain" onClick={() => void ask()}>{say.again}</Button>}
          <Button kind="plain" onClick={() => { setAsked(undefined); setCode('') }}>{say.another}</Button>
        </div>
      )}
      <p class={css['other']}><Link href="/sign-in" state={{ ...arrived, login }}>{say.byPassword}</Link></p>
    </Door>
  )
}
