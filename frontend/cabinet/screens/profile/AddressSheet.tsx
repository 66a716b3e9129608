/** Another address: asked with the password or a code, confirmed by the six digits of the letter that went to it. */
import { useEffect, useState } from 'preact/hooks'
import { Link } from 'wouter'
import { Button } from '../../../shared/parts/Button.tsx'
import { Field } from '../../../shared/parts/Field.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Sheet } from '../../../shared/parts/Sheet.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { clockFace, useCountdown } from '../../../shared/data/countdown.ts'
import { holder } from '../../code/holder.ts'
import { answers } from '../../data/session.ts'
import { ConfirmEmailChangeByCodeDocument, RequestEmailChangeCodeDocument, RequestEmailChangeDocument } from '../../graph/documents.ts'
import { isMail } from '../../joining/mail.ts'
import { words } from '../../words/words.ts'
import { CodeField, codeFault } from '../../joining/CodeField.tsx'
import type { Me } from './ProfileScreen.tsx'
import css from './ProfileScreen.module.css'
import { useSending } from '../../joining/sending.ts'
import { dataWords } from './words.ts'

interface SheetProps {
  me: Me
  onClose: () => void
}

export function AddressSheet({ me, onClose }: SheetProps) {
  const [sent, setSent] = useState(me.emailChange && { email: me.emailChange.email, resendAfter: undefined as string | undefined })
  // Its link was opened elsewhere, or the answer to its code was lost on the way.
  const done = me.emailVerified && sent?.email === me.email && sent?.email
  useEffect(() => {
    if (!done) return
    toast.set(dataWords().mailDone(done))
    onClose()
  }, [done])
  return (
    <Sheet title={dataWords().mailTitle} onClose={onClose}>
      {sent
        ? <Confirm email={sent.email} resendAfter={sent.resendAfter} onClose={onClose} />
        : <Ask me={me} onSent={(email, resendAfter) => { setSent({ email, resendAfter }); void answers.stir() }} />}
    </Sheet>
  )
}

const ASK_FIELDS = ['email', 'password', 'code'] as const

function Ask({ me, onSent }: { me: Me; onSent: (email: string, resendAfter: string) => void }) {
  const [email, setEmail] = useState(me.email && !me.emailVerified ? me.email : '')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [request, setRequest] = useState<string>()
  const { form, faults, busy, fits, send } = useSending(ASK_FIELDS)
  const say = dataWords()

  const submit = async (): Promise<void> => {
    const found = {
      ...(!isMail(email) && { email: email.trim() === '' ? words.forms.required : words.forms.email }),
      ...(me.hasPassword && password === '' && { password: words.forms.required }),
      ...(request !== undefined && codeFault(code)),
    }
    if (!fits(found)) return
    if (!me.hasPassword && request === undefined) {
      const asked = await send(RequestEmailChangeCodeDocument, {})
      if (asked) setRequest(asked.request)
      return
    }
    const proof = me.hasPassword ? { password } : { request: request ?? null, code }
    const done = await send(RequestEmailChangeDocument, { input: { email: email.trim(), ...proof } })
    if (done) onSent(done.change.email, done.resendAfter)
  }
  return (
    <form class={css['form']} ref={form} noValidate onSubmit={event => { event.preventDefault(); if (!busy) void submit() }}>
      <p class={css['note']}>{say.mailNote}</p>
      <Field label={say.mailNew} name="email" kind="email" inputMode="email" autoComplete="email" value={email} onInput={setEmail} error={faults.email} />
      {me.hasPassword
        ? (
          <Field
            label={say.mailPassword} name="password" kind="password" autoComplete="current-password" value={password} onInput={setPassword} error={faults.password}
            hint={<>{say.mailForgot}<Link href="/forgot">{say.mailForgotLink}</Link></>}
          />
        )
        : request === undefined
          ? <p class={css['note']}>{say.mailCodeNote(me.emailVerified)}</p>
          : <CodeField label={say.mailCode} value={code} onInput={setCode} error={faults.code} />}
      {faults.whole && <Notice kind="danger" role="alert">{faults.whole}</Notice>}
      <Button type="submit" wide busy={busy}>{me.hasPassword || request !== undefined ? say.sendLetter : say.sendCode}</Button>
    </form>
  )
}

interface ConfirmProps {
  email: string
  resendAfter: string | undefined
  onClose: () => void
}

function Confirm({ email, resendAfter, onClose }: ConfirmProps) {
  const [code, setCode] = useState('')
  const [again, setAgain] = useState(resendAfter)
  const [resent, setResent] = useState(false)
  const { form, faults, busy, fits, send } = useSending(['code'] as const)
  const left = useCountdown(again)
  const say = dataWords()

  const submit = async (): Promise<void> => {
    setResent(false)
    if (!fits(codeFault(code))) return
    const done = await send(ConfirmEmailChangeByCodeDocument, { code })
    if (!done) return answers.stir()
    toast.set(say.mailDone(email))
    onClose()
    await holder.renew().catch(() => undefined)
    await answers.stir()
  }
  const resend = async (): Promise<void> => {
    const done = await send(RequestEmailChangeDocument, { input: { email } })
    if (!done) return
    fits({})
    setResent(true)
    setAgain(done.resendAfter)
  }
  return (
    <>
      <form class={css['form']} ref={form} noValidate onSubmit={event => { event.preventDefault(); if (!busy) void submit() }}>
        <p class={css['note']}>{say.letterSent(email)}</p>
        <CodeField label={say.letterCode} value={code} onInput={setCode} error={faults.code} />
        {resent && <Notice kind="success" role="status">{say.letterResent}</Notice>}
        {faults.whole && <Notice kind="danger" role="alert">{faults.whole}</Notice>}
        <Button type="submit" wide busy={busy}>{say.confirm}</Button>
      </form>
      <div class={css['again']}>
        <p class={css['note']}>{say.spam}</p>
        {left > 0
          ? <p class={css['note']} aria-hidden="true">{say.codeAgainIn(clockFace(left))}</p>
          : <Button kind="plain" onClick={() => void resend()}>{say.letterAgain}</Button>}
      </div>
    </>
  )
}
