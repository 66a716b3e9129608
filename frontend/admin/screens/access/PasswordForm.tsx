/** A new password: the present one and the app's code prove that it is the same person. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Field } from '../../../shared/parts/Field.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { send, type Viewer } from '../../data/session.ts'
import { ChangeStaffPasswordDocument } from '../../graph/documents.ts'
import { words } from '../../words/words.ts'
import { PasswordMeter } from '../joining/PasswordMeter.tsx'
import { missing } from '../joining/strength.ts'
import { digitsOf, isCode } from '../sign-in/code.ts'
import css from './access.module.css'

interface Faults {
  current?: string
  password?: string
  code?: string
  whole?: string
}

export function PasswordForm({ viewer, onDone }: { viewer: Viewer; onDone: () => void }) {
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [faults, setFaults] = useState<Faults>({})
  const [busy, setBusy] = useState(false)
  const submit = async (): Promise<void> => {
    const lacking = missing(password)
    const found: Faults = {
      ...(current === '' && { current: words.panel.required }),
      ...(lacking > 0 && { password: words.joining.short(lacking) }),
      ...(!isCode(code) && { code: words.signIn.codeShort }),
    }
    setFaults(found)
    if (Object.keys(found).length > 0) return
    setBusy(true)
    const answer = await send(ChangeStaffPasswordDocument, { current, password, code: digitsOf(code) })
    setBusy(false)
    if ('done' in answer) {
      toast.set(words.access.passwordDone)
      return onDone()
    }
    const { field, message } = answer.problem
    setFaults(field === 'current' || field === 'password' || field === 'code' ? { [field]: message } : { whole: message })
  }
  return (
    <form class={css['form']} noValidate onSubmit={event => { event.preventDefault(); if (!busy) void submit() }}>
      <input type="email" name="username" autoComplete="username" value={viewer.email} readOnly hidden />
      <Field label={words.access.passwordNow} name="current" kind="password" autoComplete="current-password" value={current} onInput={setCurrent} error={faults.current} autoFocus />
      <Field label={words.access.passwordNew} name="password" kind="password" autoComplete="new-password" value={password} onInput={setPassword} error={faults.password} hint={words.joining.passwordHint} />
      <PasswordMeter password={password} own={[viewer.email, viewer.name]} />
      <Field label={words.access.code} name="code" value={code} onInput={setCode} error={faults.code} inputMode="numeric" autoComplete="one-time-code" maxLength={7} />
      {faults.whole && <Notice kind="danger" role="alert">{faults.whole}</Notice>}
      <div class={css['actions']}>
        <Button type="submit" busy={busy}>{words.access.passwordSave}</Button>
        <Button kind="plain" onClick={onDone}>{words.panel.cancel}</Button>
      </div>
    </form>
  )
}
