/** The phone: whether it is proved, and proving it or another one by a code from an SMS. */
import { useState } from 'react'
import { Button } from '../../../shared/parts/Button.tsx'
import { Field } from '../../../shared/parts/Field.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { attempt } from '../../../shared/data/attempt.ts'
import { clockFace, useCountdown } from '../../../shared/data/countdown.ts'
import { e164, phoneText } from '../../../shared/phone.ts'
import { answers } from '../../data/session.ts'
import { ConfirmPhoneDocument, RequestPhoneCodeDocument } from '../../graph/documents.ts'
import { words } from '../../words/words.ts'
import { CodeField } from '../sign-in/CodeField.tsx'
import type { Me } from './ProfileScreen.tsx'
import css from './ProfileScreen.module.css'

export function PhonePanel({ me }: { me: Me }) {
  const [open, setOpen] = useState(false)
  const [done, setDone] = useState(false)
  const finish = async (): Promise<void> => {
    setOpen(false)
    setDone(true)
    await answers.stir()
  }
  const text = words.profile
  return (
    <Panel title={text.phone}>
      <p><strong>{me.phone ? phoneText(me.phone) : text.none}</strong></p>
      {me.phone && <p class={css['sub']}>{me.phoneVerified ? text.phoneProved : text.phoneUnproved}</p>}
      {done && <Notice kind="success" role="status">{text.phoneDone}</Notice>}
      {open
        ? <PhoneForm phone={me.phoneVerified ? '' : phoneText(me.phone ?? '')} onDone={() => void finish()} onClose={() => setOpen(false)} />
        : <div class={css['actions']}><Button kind="quiet" onClick={() => { setOpen(true); setDone(false) }}>{me.phoneVerified ? text.phoneChange : text.phoneProve}</Button></div>}
    </Panel>
  )
}

function PhoneForm({ phone, onDone, onClose }: { phone: string; onDone: () => void; onClose: () => void }) {
  const [number, setNumber] = useState(phone)
  const [asked, setAsked] = useState<{ request: string; resendAfter: string }>()
  const [code, setCode] = useState('')
  const [faults, setFaults] = useState<{ field?: string; whole?: string }>({})
  const [busy, setBusy] = useState(false)
  const left = useCountdown(asked?.resendAfter)
  const text = words.profile

  const ask = async (): Promise<void> => {
    const given = e164(number)
    if (given === null) return setFaults({ field: words.forms.phone })
    setBusy(true)
    const answer = await attempt(RequestPhoneCodeDocument, { phone: given, request: asked?.request ?? null })
    setBusy(false)
    if ('problem' in answer) return setFaults(answer.problem.field === 'phone' ? { field: answer.problem.message } : { whole: answer.problem.message })
    setFaults({})
    setAsked(answer.done)
  }
  const confirm = async (): Promise<void> => {
    if (!asked) return ask()
    if (!/^\d{6}$/.test(code)) return setFaults({ field: words.confirm.codeShort })
    setBusy(true)
    const answer = await attempt(ConfirmPhoneDocument, { request: asked.request, code })
    setBusy(false)
    if ('done' in answer) return onDone()
    setFaults(answer.problem.field === 'code' ? { field: answer.problem.message } : { whole: answer.problem.message })
  }
  return (
    <form class={css['form']} noValidate onSubmit={event => { event.preventDefault(); if (!busy) void confirm() }}>
      <p class={css['note']}>{asked ? text.phoneSent(number) : text.phoneNote}</p>
      {asked
        ? <CodeField value={code} error={faults.field} onInput={digits => { setCode(digits); setFaults({}) }} />
        : <Field label={text.phone} name="phone" kind="tel" inputMode="tel" autoComplete="tel" value={number} error={faults.field} autoFocus onInput={value => { setNumber(value); setFaults({}) }} />}
      {faults.whole && <Notice kind="danger" role="alert">{faults.whole}</Notice>}
      <Button type="submit" busy={busy}>{asked ? text.phoneProve : text.phoneAsk}</Button>
      {asked && (left > 0
        ? <p class={css['sub']} aria-hidden="true">{words.byCode.resendIn(clockFace(left))}</p>
        : <Button kind="plain" onClick={() => void ask()}>{words.byCode.resend}</Button>)}
      <Button kind="plain" onClick={onClose}>{text.cancel}</Button>
    </form>
  )
}
