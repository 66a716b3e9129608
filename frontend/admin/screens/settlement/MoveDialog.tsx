/** Asks before a statement is brought one step on; a dispute has to say why. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Sheet } from '../../../shared/parts/Sheet.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { money } from '../../../shared/words/numbers.ts'
import { answers, send } from '../../data/session.ts'
import { MoveStatementDocument } from '../../graph/late.ts'
import { AreaField } from '../../parts/AreaField.tsx'
import { useKey } from '../../parts/key.ts'
import css from '../../parts/ReasonDialog.module.css'
import { reasonFault } from '../../parts/reason.ts'
import { words } from '../../words/words.ts'
import type { NameOf } from './SettlementScreen.tsx'
import type { Asked } from './Statements.tsx'
import { actOf, statementWords } from './words.ts'

interface MoveDialogProps {
  month: string
  asked: Asked
  name: NameOf
  onClose: () => void
}

export function MoveDialog({ month, asked: { cell, statement, to }, name, onClose }: MoveDialogProps) {
  const text = statementWords()
  const keyOf = useKey()
  const [note, setNote] = useState('')
  const [fault, setFault] = useState<string>()
  const [refusal, setRefusal] = useState<string>()
  const [busy, setBusy] = useState(false)
  const disputes = to === 'DISPUTED'
  const confirm = async (): Promise<void> => {
    const said = note.trim()
    const wrong = disputes || said ? reasonFault(note) : undefined
    setFault(wrong)
    if (wrong !== undefined) return
    setBusy(true)
    const body = { month, issuer: cell.issuer, partner: cell.partner, to, note: said || null }
    const answer = await send(MoveStatementDocument, { input: { idempotencyKey: keyOf(JSON.stringify(body)), ...body } })
    setBusy(false)
    if ('problem' in answer) {
      setRefusal(answer.problem.message)
      return
    }
    toast.set(text.toast)
    onClose()
    await answers.stir()
  }
  return (
    <Sheet
      title={text.ask[to]} onClose={onClose}
      foot={(
        <div class={css['actions']}>
          <Button kind="plain" onClick={onClose}>{words.panel.cancel}</Button>
          <Button kind={disputes ? 'danger' : 'filled'} type="submit" form="statement-form" busy={busy}>{actOf(to, statement.state)}</Button>
        </div>
      )}
    >
      <form id="statement-form" class={css['form']} noValidate onSubmit={event => { event.preventDefault(); if (!busy) void confirm() }}>
        <p class={css['note']}>{text.pair(name(statement.payer), name(statement.payee), money(statement.amount))}. {text.effect[to]}</p>
        <AreaField label={disputes ? text.why : text.noteField} name="note" value={note} onInput={setNote} hint={disputes ? text.whyHint : text.noteHint} error={fault} optional={!disputes} />
        {refusal && <Notice kind="danger" role="alert">{refusal}</Notice>}
      </form>
    </Sheet>
  )
}
