/** Asks before something is done to a named object, and why; the button says what will happen. */
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { Button } from '../../shared/parts/Button.tsx'
import { Notice } from '../../shared/parts/Notice.tsx'
import { Sheet } from '../../shared/parts/Sheet.tsx'
import { words } from '../words/words.ts'
import { AreaField } from './AreaField.tsx'
import css from './ReasonDialog.module.css'
import { reasonFault } from './reason.ts'

interface ReasonDialogProps {
  /** Repeats the name of the object. */
  title: string
  note?: string
  action: string
  danger?: boolean
  children?: ComponentChildren
  /** The sentence of a refusal, or nothing when it was done. */
  onConfirm: (reason: string) => Promise<string | undefined>
  onClose: () => void
}

export function ReasonDialog({ title, note, action, danger, children, onConfirm, onClose }: ReasonDialogProps) {
  const [reason, setReason] = useState('')
  const [fault, setFault] = useState<string>()
  const [refusal, setRefusal] = useState<string>()
  const [busy, setBusy] = useState(false)
  const confirm = async (): Promise<void> => {
    const wrong = reasonFault(reason)
    setFault(wrong)
    if (wrong !== undefined) return
    setBusy(true)
    setRefusal(await onConfirm(reason.trim()))
    setBusy(false)
  }
  return (
    <Sheet
      title={title} onClose={onClose}
      foot={(
        <div class={css['actions']}>
          <Button kind="plain" onClick={onClose}>{words.panel.cancel}</Button>
          <Button kind={danger ? 'danger' : 'filled'} type="submit" form="reason-form" busy={busy}>{action}</Button>
        </div>
      )}
    >
      <form id="reason-form" class={css['form']} noValidate onSubmit={event => { event.preventDefault(); if (!busy) void confirm() }}>
        {note && <p class={css['note']}>{note}</p>}
        {children}
        <AreaField label={words.panel.reason} name="reason" value={reason} onInput={setReason} hint={words.panel.reasonHint} error={fault} />
        {refusal && <Notice kind="danger" role="alert">{refusal}</Notice>}
      </form>
    </Sheet>
  )
}
