/** The authenticator app: a code to scan, the same key by hand, and the first six digits as the proof. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Field } from '../../../shared/parts/Field.tsx'
import { send, type Viewer } from '../../data/session.ts'
import { ConfirmStaffEnrolmentDocument } from '../../graph/documents.ts'
import { CopyButton } from '../../parts/CopyButton.tsx'
import { Qr } from '../../parts/Qr.tsx'
import { words } from '../../words/words.ts'
import { digitsOf, isCode } from '../sign-in/code.ts'
import css from './joining.module.css'

export interface Enrolment {
  /** Base32, to be typed where nothing can be scanned. */
  secret: string
  /** `otpauth://…`, what the code holds. */
  uri: string
}

/** «JBSW Y3DP …»: four signs at a time are easier to type. */
export function inFours(secret: string): string {
  return secret.replace(/(.{4})(?=.)/g, '$1 ')
}

export function AppStep({ enrolment, onDone }: { enrolment: Enrolment; onDone: (viewer: Viewer, codes: string[]) => void }) {
  const [code, setCode] = useState('')
  const [fault, setFault] = useState<string>()
  const [busy, setBusy] = useState(false)
  const submit = async (): Promise<void> => {
    setFault(isCode(code) ? undefined : words.signIn.codeShort)
    if (!isCode(code)) return
    setBusy(true)
    const answer = await send(ConfirmStaffEnrolmentDocument, { code: digitsOf(code) })
    setBusy(false)
    if ('done' in answer) return onDone(answer.done.viewer, answer.done.recoveryCodes)
    setCode('')
    setFault(answer.problem.message)
  }
  return (
    <form class={css['stack']} noValidate onSubmit={event => { event.preventDefault(); if (!busy) void submit() }}>
      <div class={css['qr']}><Qr text={enrolment.uri} label={words.joining.qr} /></div>
      <details class={css['hand']}>
        <summary>{words.joining.byHand}</summary>
        <div class={css['secret']} role="group" aria-label={words.joining.secret}>
          <code>{inFours(enrolment.secret)}</code>
          <CopyButton text={enrolment.secret} />
        </div>
      </details>
      <Field label={words.joining.code} name="code" value={code} onInput={setCode} error={fault} inputMode="numeric" autoComplete="one-time-code" maxLength={7} large />
      <Button type="submit" wide busy={busy}>{words.joining.connect}</Button>
    </form>
  )
}
