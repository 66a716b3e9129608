/** Changing the password; other devices then have to sign in again. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Field } from '../../../shared/parts/Field.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { holder } from '../../code/holder.ts'
import { attempt } from '../../../shared/data/attempt.ts'
import { answers } from '../../data/session.ts'
import { ChangePasswordDocument } from '../../graph/documents.ts'
import { PASSWORD_LENGTH_MIN } from '../../joining/form.ts'
import { words } from '../../words/words.ts'
import css from './ProfileScreen.module.css'

export function PasswordPanel() {
  const [open, setOpen] = useState(false)
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const [faults, setFaults] = useState<{ current?: string; password?: string; whole?: string }>({})
  const [busy, setBusy] = useState(false)
  const [done, setDone] = useState(false)

  const submit = async (): Promise<void> => {
    const found = {
      ...(current === '' && { current: words.forms.required }),
      ...([...password].length < PASSWORD_LENGTH_MIN && { password: password === '' ? words.forms.required : words.forms.passwordShort }),
    }
    setFaults(found)
    if (Object.keys(found).length > 0) return
    setBusy(true)
    const answer = await attempt(ChangePasswordDocument, { current, password })
    setBusy(false)
    if ('problem' in answer) {
      const { field, message } = answer.problem
      return setFaults(field === 'current' || field === 'password' ? { [field]: message } : { whole: message })
    }
    setCurrent('')
    setPassword('')
    setOpen(false)
    setDone(true)
    await holder.renew().catch(() => undefined)
    await answers.stir()
  }

  return (
    <Panel title={words.profile.password}>
      {done && <Notice kind="success" role="status">{words.profile.passwordDone}</Notice>}
      {open
        ? (
          <form class={css['form']} noValidate onSubmit={event => { event.preventDefault(); if (!busy) void submit() }}>
            <Field label={words.profile.passwordCurrent} name="current" kind="password" autoComplete="current-password" value={current} onInput={setCurrent} error={faults.current} autoFocus />
            <Field label={words.profile.passwordNew} name="password" kind="password" autoComplete="new-password" value={password} onInput={setPassword} error={faults.password} hint={words.forms.password} />
            {faults.whole && <Notice kind="danger" role="alert">{faults.whole}</Notice>}
            <Button type="submit" busy={busy}>{words.profile.passwordSave}</Button>
          </form>
        )
        : !done && <Button kind="quiet" onClick={() => setOpen(true)}>{words.profile.password}</Button>}
    </Panel>
  )
}
