/** Proving a number, the one of the profile or a new one: a code goes to it and is typed here. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Field } from '../../../shared/parts/Field.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Sheet } from '../../../shared/parts/Sheet.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { clockFace, useCountdown } from '../../../shared/data/countdown.ts'
import { e164, phoneText, phoneTyped } from '../../../shared/phone.ts'
import { answers } from '../../data/session.ts'
import { ConfirmPhoneDocument, RequestPhoneCodeDocument } from '../../graph/documents.ts'
import { words } from '../../words/words.ts'
import css from './ProfileScreen.module.css'
import { CodeField, codeFault } from '../../joining/CodeField.tsx'
import { useSending } from '../../joining/sending.ts'
import { dataWords } from './words.ts'

const FIELDS = ['phone', 'code'] as const

interface PhoneSheetProps {
  known: string | null | undefined
  proved: boolean
  /** Whether a till takes a told number. */
  tellable: boolean
  onClose: () => void
}

export function PhoneSheet({ known, proved, tellable, onClose }: PhoneSheetProps) {
  const [phone, setPhone] = useState(known && !proved ? phoneText(known) : '')
  const [code, setCode] = useState('')
  const [asked, setAsked] = useState<{ request: string; resendAfter: string }>()
  const { form, faults, busy, fits, send } = useSending(FIELDS)
  const left = useCountdown(asked?.resendAfter)
  const say = dataWords()

  const ask = async (): Promise<void> => {
    const number = e164(phone)
    if (!fits(number ? {} : { phone: phone === '' ? words.forms.required : words.forms.phone }) || !number) return
    const done = await send(RequestPhoneCodeDocument, { phone: number, request: asked?.request ?? null })
    if (done) setAsked({ request: done.request, resendAfter: done.resendAfter })
  }
  const confirm = async (request: string): Promise<void> => {
    if (!fits(codeFault(code))) return
    const done = await send(ConfirmPhoneDocument, { request, code })
    if (!done) return
    toast.set(say.phoneDone(phoneText(done.phone)))
    onClose()
    await answers.stir()
  }
  return (
    <Sheet title={say.phoneTitle} onClose={onClose}>
      <form class={css['form']} ref={form} noValidate onSubmit={event => { event.preventDefault(); if (!busy) void (asked ? confirm(asked.request) : ask()) }}>
        <p class={css['note']} role={asked && 'status'}>{asked ? say.codeSent(phone) : tellable ? say.phoneTold : say.phoneNote}</p>
        {asked
          ? <CodeField label={say.code} value={code} onInput={setCode} error={faults.code} />
          : (
            <Field
              name="phone" label={say.phoneNew} value={phone} error={faults.phone} kind="tel" inputMode="tel" autoComplete="tel"
              onInput={(value, input) => {
                const typed = phoneTyped(value, input.selectionStart ?? value.length)
                input.value = typed.text
                input.setSelectionRange(typed.caret, typed.caret)
                setPhone(typed.text)
              }}
            />
          )}
        {(faults.whole ?? (asked && faults.phone)) && <Notice kind="danger" role="alert">{faults.whole ?? faults.phone}</Notice>}
        <Button type="submit" wide busy={busy}>{asked ? say.confirm : say.sendCode}</Button>
      </form>
      {asked && (
        <div class={css['again']}>
          {left > 0
            ? <p class={css['note']} aria-hidden="true">{say.codeAgainIn(clockFace(left))}</p>
            : <Button kind="plain" onClick={() => void ask()}>{say.codeAgain}</Button>}
          <Button kind="plain" onClick={() => { setAsked(undefined); setCode('') }}>{say.another}</Button>
        </div>
      )}
    </Sheet>
  )
}
