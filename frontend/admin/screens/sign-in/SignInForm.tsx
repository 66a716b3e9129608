/** E-mail and password, then the code of the authenticator app or a recovery code; used on its page and over an ended session. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Field } from '../../../shared/parts/Field.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { send, type Viewer } from '../../data/session.ts'
import { ConfirmStaffCodeDocument, StaffSignInDocument, UseRecoveryCodeDocument } from '../../graph/documents.ts'
import { words } from '../../words/words.ts'
import { digitsOf, isCode } from './code.ts'
import css from './SignIn.module.css'

type Step = 'password' | 'code' | 'recovery'

/** With fewer left than this, signing in by one of them says so. */
const FEW_CODES = 4

export function SignInForm({ email: known, onDone }: { email?: string; onDone: (viewer: Viewer) => void }) {
  const [step, setStep] = useState<Step>('password')
  const [email, setEmail] = useState(known ?? '')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [fault, setFault] = useState<{ email?: string; password?: string; code?: string; whole?: string }>({})
  const [busy, setBusy] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const focus = (name: string): void => (form.current?.elements.namedItem(name) as HTMLElement | null)?.focus()
  useEffect(() => focus(step === 'password' ? (email ? 'password' : 'email') : 'code'), [step])

  const turn = (next: Step): void => {
    setCode('')
    setFault({})
    setStep(next)
  }

  const sendPassword = async (): Promise<void> => {
    const found = { ...(email.trim() === '' && { email: words.panel.required }), ...(password === '' && { password: words.panel.required }) }
    setFault(found)
    if (found.email !== undefined || found.password !== undefined) return focus(found.email === undefined ? 'password' : 'email')
    setBusy(true)
    const answer = await send(StaffSignInDocument, { email: email.trim(), password })
    setBusy(false)
    if ('done' in answer) return turn('code')
    setFault({ whole: answer.problem.message })
    focus('password')
  }

  const sendCode = async (): Promise<void> => {
    const fine = step === 'code' ? isCode(code) : code.trim() !== ''
    setFault(fine ? {} : { code: step === 'code' ? words.signIn.codeShort : words.panel.required })
    if (!fine) return focus('code')
    setBusy(true)
    const answer = step === 'code'
      ? await send(ConfirmStaffCodeDocument, { code: digitsOf(code) })
      : await send(UseRecoveryCodeDocument, { code: code.trim() })
    setBusy(false)
    if ('done' in answer) {
      const { viewer } = answer.done
      if (step === 'recovery' || viewer.recoveryCodesLeft < FEW_CODES) toast.set(words.signIn.codesLeft(viewer.recoveryCodesLeft))
      return onDone(viewer)
    }
    // The half-open sign-in lives for minutes: after that only the password opens a new one.
    if (answer.problem.code === 'UNAUTHENTICATED') {
      turn('password')
      setPassword('')
      return setFault({ whole: words.signIn.expired })
    }
    setCode('')
    setFault({ code: answer.problem.message })
    focus('code')
  }

  const submit = (event: Event): void => {
    event.preventDefault()
    if (!busy) void (step === 'password' ? sendPassword() : sendCode())
  }

  return (
    <form class={css['form']} ref={form} noValidate onSubmit={submit}>
      {step === 'password'
        ? (
          <>
            <Field label={words.signIn.email} name="email" kind="email" inputMode="email" autoComplete="username" value={email} onInput={setEmail} error={fault.email} />
            <Field label={words.signIn.password} name="password" kind="password" autoComplete="current-password" value={password} onInput={setPassword} error={fault.password} />
          </>
        )
        : (
          <>
            <div>
              <h2 class={css['title']}>{step === 'code' ? words.signIn.codeTitle : words.signIn.recoveryTitle}</h2>
              <p class={css['note']}>{step === 'code' ? words.signIn.codeNote : words.signIn.recoveryNote}</p>
            </div>
            <Field
              key={step} label={step === 'code' ? words.signIn.code : words.signIn.recovery} name="code" value={code} onInput={setCode} large={step === 'code'} error={fault.code}
              inputMode={step === 'code' ? 'numeric' : 'text'} autoComplete={step === 'code' ? 'one-time-code' : 'off'} maxLength={step === 'code' ? 7 : 40}
            />
          </>
        )}
      {fault.whole && <Notice kind="danger" role="alert">{fault.whole}</Notice>}
      <Button type="submit" wide busy={busy}>{step === 'password' ? words.signIn.next : words.signIn.submit}</Button>
      {step !== 'password' && (
        <div class={css['others']}>
          <button type="button" onClick={() => turn(step === 'code' ? 'recovery' : 'code')}>{step === 'code' ? words.signIn.noPhone : words.signIn.toCode}</button>
          <button type="button" onClick={() => turn('password')}>{words.signIn.back}</button>
          {step === 'recovery' && <p class={css['note']}>{words.signIn.lost}</p>}
        </div>
      )}
    </form>
  )
}
