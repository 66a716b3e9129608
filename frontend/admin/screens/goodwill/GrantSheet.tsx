/** Points given or taken by hand: how many and why; the server says whether a second person is needed. */
import { useState } from 'preact/hooks'
import { Choices } from '../../../shared/parts/Choices.tsx'
import { Field } from '../../../shared/parts/Field.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { told, type Unit } from '../../../shared/words/points.ts'
import { answers, send } from '../../data/session.ts'
import { GrantPointsDocument } from '../../graph/late.ts'
import { useKey } from '../../parts/key.ts'
import { ReasonDialog } from '../../parts/ReasonDialog.tsx'
import type { ByHand } from './HandPanel.tsx'
import { counted } from './wish.ts'
import { goodwillWords } from './words.ts'

interface GrantSheetProps {
  member: { id: string; firstName: string; lastName: string }
  terms: ByHand
  unit: Unit
  onClose: () => void
}

export function GrantSheet({ member, terms, unit, onClose }: GrantSheetProps) {
  const text = goodwillWords()
  const [direction, setDirection] = useState<'give' | 'take'>('give')
  const [typed, setTyped] = useState('')
  const [fault, setFault] = useState<string>()
  const key = useKey()
  const confirm = async (reason: string): Promise<string | undefined> => {
    const count = counted(typed)
    setFault(count === undefined ? text.whole : undefined)
    if (count === undefined) return undefined
    const points = direction === 'give' ? count : -count
    const answer = await send(GrantPointsDocument, { input: { idempotencyKey: key(`${points} ${reason}`), member: member.id, points, reason } })
    if ('problem' in answer) {
      if (answer.problem.field !== 'input.points') return answer.problem.message
      setFault(answer.problem.message)
      return undefined
    }
    toast.set(answer.done.grant.state === 'WAITING' ? text.waits : `${text.done[direction]}: ${told(count, unit)}`)
    onClose()
    await answers.stir()
    return undefined
  }
  const note = terms.approveAbove > 0 ? text.sheetNote(told(terms.approveAbove, unit)) : text.always
  return (
    <ReasonDialog title={text.sheetTitle(unit.name, `${member.firstName} ${member.lastName}`)} note={note} action={direction === 'give' ? text.giving : text.taking} danger={direction === 'take'} onConfirm={confirm} onClose={onClose}>
      <Choices name="direction" legend={text.direction} value={direction} options={[['give', text.giving], ['take', text.taking]]} onChange={setDirection} />
      <Field
        label={text.count} name="points" value={typed} inputMode="numeric" maxLength={12} error={fault} onInput={setTyped}
        hint={text.left(told(direction === 'give' ? terms.leftToGive : terms.leftToTake, unit))}
      />
    </ReasonDialog>
  )
}
