/** The way out: what comes back is said before anything happens. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { Sheet } from '../../../shared/parts/Sheet.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { day } from '../../../shared/words/numbers.ts'
import { told, type Unit } from '../../../shared/words/points.ts'
import { DissolveFamilyDocument, LeaveFamilyDocument } from '../../graph/documents.ts'
import css from './Family.module.css'
import type { Family, Rules } from './FamilyScreen.tsx'
import { useOrder } from './order.ts'
import { familyWords } from './words.ts'

export function LeavePanel({ family, rules, unit }: { family: Family; rules: Rules; unit: Unit }) {
  const text = familyWords()
  const [way, setWay] = useState<'leave' | 'end'>()
  const bound = family.role === 'HEAD' && family.seats.length > 1
  return (
    <Panel>
      <div class={css['stack']}>
        {bound && <p class={css['note']}>{text.headStays}</p>}
        {bound
          ? <Button kind="plain" wide onClick={() => setWay('end')}>{text.end}</Button>
          : <Button kind="plain" wide onClick={() => setWay('leave')}>{text.leave}</Button>}
      </div>
      {way && <LeavingSheet family={family} rules={rules} unit={unit} ends={way === 'end'} onClose={() => setWay(undefined)} />}
    </Panel>
  )
}

interface LeavingSheetProps {
  family: Family
  rules: Rules
  unit: Unit
  /** The head ends it for everybody. */
  ends: boolean
  onClose: () => void
}

function LeavingSheet({ family, rules, unit, ends, onClose }: LeavingSheetProps) {
  const text = familyWords()
  const leaving = useOrder(LeaveFamilyDocument)
  const ending = useOrder(DissolveFamilyDocument)
  const order = ends ? ending : leaving
  const { points, nextExpiry } = family.returns
  const go = async (): Promise<void> => {
    const made = await order.send({})
    if ('problem' in made) return
    toast.set(made.done.returned > 0 ? text.left_(told(made.done.returned, unit)) : text.leftPlain)
    onClose()
  }
  const title = ends ? text.endTitle : points > 0 ? text.leaveTitle(told(points, unit)) : text.leaveNothing
  return (
    <Sheet title={title} onClose={onClose}>
      <div class={css['stack']}>
        {ends && <p>{text.endNote} {points > 0 && text.endMine(told(points, unit))}</p>}
        {!ends && family.pool && points === 0 && <p>{text.leaveNothingNote}</p>}
        {nextExpiry && <p class={css['note']}>{text.leaveBurns(told(nextExpiry.points, unit), day(nextExpiry.day, true))}</p>}
        {rules.sharesProgress && <p>{text.progress.leaving}</p>}
        {points > 0 && <p class={css['note']}>{text.leaveNote}</p>}
        {order.problem !== undefined && <Notice kind="danger" role="alert">{order.problem}</Notice>}
        <Button kind="danger" wide busy={order.busy} onClick={() => void go()}>{ends ? text.end : text.leaveDo}</Button>
        <Button kind="quiet" wide onClick={onClose}>{ends ? text.goOn : text.stay}</Button>
      </div>
    </Sheet>
  )
}
