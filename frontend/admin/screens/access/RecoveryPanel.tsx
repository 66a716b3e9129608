/** How many recovery codes are left, and a new set of ten against the app's code. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Field } from '../../../shared/parts/Field.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { readViewer, send, type Viewer } from '../../data/session.ts'
import { RegenerateRecoveryCodesDocument } from '../../graph/documents.ts'
import { words } from '../../words/words.ts'
import { RecoveryCodes } from '../joining/RecoveryCodes.tsx'
import { digitsOf, isCode } from '../sign-in/code.ts'
import css from './access.module.css'

export function RecoveryPanel({ viewer }: { viewer: Viewer }) {
  const [open, setOpen] = useState(false)
  const [code, setCode] = useState('')
  const [fault, setFault] = useState<string>()
  const [codes, setCodes] = useState<string[]>()
  const [busy, setBusy] = useState(false)
  const submit = async (): Promise<void> => {
    setFault(isCode(code) ? undefined : words.signIn.codeShort)
    if (!isCode(code)) return
    setBusy(true)
    const answer = await send(RegenerateRecoveryCodesDocument, { code: digitsOf(code) })
    setBusy(false)
    setCode('')
    if ('done' in answer) {
      setCodes(answer.done.codes)
      return readViewer()
    }
    setFault(answer.problem.message)
  }
  const close = (): void => {
    setCodes(undefined)
    setOpen(false)
  }
  return (
    <Panel title={words.access.recovery} aside={<span class={css['count']}>{words.signIn.codesLeft(viewer.recoveryCodesLeft)}</span>}>
      {codes
        ? <RecoveryCodes codes={codes} email={viewer.email} action={words.access.recoveryClose} onDone={close} />
        : open
          ? (
            <form class={css['form']} noValidate onSubmit={event => { event.preventDefault(); if (!busy) void submit() }}>
              <p class={css['note']}>{words.access.recoveryNote}</p>
              <Field label={words.access.code} name="code" value={code} onInput={setCode} error={fault} inputMode="numeric" autoComplete="one-time-code" maxLength={7} autoFocus />
              <div class={css['actions']}>
                <Button type="submit" busy={busy}>{words.access.recoveryRenew}</Button>
                <Button kind="plain" onClick={close}>{words.panel.cancel}</Button>
              </div>
            </form>
          )
          : <Button kind="quiet" onClick={() => setOpen(true)}>{words.access.recoveryRenew}</Button>}
    </Panel>
  )
}
