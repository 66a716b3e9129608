/** A till asks to spend points: where and how much stand on the guest's own phone, and a minute to answer. */
import { useEffect, useState } from 'preact/hooks'
import { attempt } from '../../../shared/data/attempt.ts'
import { Button } from '../../../shared/parts/Button.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Sheet } from '../../../shared/parts/Sheet.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { money } from '../../../shared/words/numbers.ts'
import { holder } from '../../code/holder.ts'
import { asked } from '../../data/activity.ts'
import { answers, useAnswer } from '../../data/session.ts'
import { ConfirmSpendingDocument, DeclineSpendingDocument, HomeDocument, type AskedFragment } from '../../graph/documents.ts'
import css from './Points.module.css'
import { told, type Unit } from '../../../shared/words/points.ts'
import { pointsWords } from './words.ts'

interface SpendingSheetProps {
  spending: AskedFragment
  unit: Unit
  onClose: () => void
}

const NOTHING = {}
const LOOK_EVERY_MS = 3_000
/** The server's clock and this one's agree no better than an answer takes. */
const CLOSE_TO_MS = 1_000

/** Over whatever screen stands: the till waits. */
export function AskedSheet({ spending }: { spending: AskedFragment }) {
  const home = useAnswer(HomeDocument, NOTHING)
  const unit = home.data?.programme.points?.unit
  const [openedAt] = useState(() => Date.now())
  useEffect(() => {
    // No event tells that a till let go: it is asked for, a minute long at most.
    const timer = setInterval(() => void answers.stir(), LOOK_EVERY_MS)
    return () => clearInterval(timer)
  }, [])
  useEffect(() => {
    // The till let go, or somebody answered on another device: there is nothing to answer any more. A minute that ran out is
    // told instead: who looked away would otherwise never learn why the question is gone.
    const waits = home.data?.me?.points?.asked.some(one => one.id === spending.id)
    const ranOut = holder.now() > Date.parse(spending.until) - CLOSE_TO_MS
    if (waits === false && (home.at ?? 0) > openedAt && !ranOut) asked.set(null)
  }, [home.at])
  return unit ? <SpendingSheet key={spending.id} spending={spending} unit={unit} onClose={() => asked.set(null)} /> : null
}

function SpendingSheet({ spending, unit, onClose }: SpendingSheetProps) {
  const text = pointsWords().spend
  const left = useSecondsUntil(spending.until)
  const [busy, setBusy] = useState<'confirm' | 'decline'>()
  const [problem, setProblem] = useState<string>()
  const answer = async (how: 'confirm' | 'decline'): Promise<void> => {
    setBusy(how)
    setProblem(undefined)
    const made = how === 'confirm' ? await attempt(ConfirmSpendingDocument, { id: spending.id }) : await attempt(DeclineSpendingDocument, { id: spending.id })
    setBusy(undefined)
    if ('problem' in made) return setProblem(made.problem.message)
    toast.set(how === 'confirm' ? text.confirmed : text.declined)
    void answers.stir()
    onClose()
  }
  const over = left === 0 && busy === undefined
  return (
    <Sheet
      title={text.title} onClose={onClose}
      foot={over ? <Button kind="quiet" wide onClick={onClose}>{text.close}</Button> : (
        <div class={css['actions']}>
          <Button wide busy={busy === 'confirm'} disabled={busy === 'decline'} onClick={() => void answer('confirm')}>{text.confirm}</Button>
          <Button kind="quiet" wide busy={busy === 'decline'} disabled={busy === 'confirm'} onClick={() => void answer('decline')}>{text.decline}</Button>
        </div>
      )}
    >
      <div class={css['asked']}>
        {over && <Notice kind="warning" role="alert">{text.over}</Notice>}
        {problem !== undefined && <Notice kind="danger" role="alert">{problem}</Notice>}
        <dl>
          <div><dt>{text.points}</dt><dd class={css['sum']}>{told(spending.points, unit)}</dd></div>
          {spending.fromFamily > 0 && <div><dt>{text.family}</dt><dd>{told(spending.fromFamily, unit)}</dd></div>}
          <div><dt>{text.worth}</dt><dd>{money(spending.worth)}</dd></div>
          <div><dt>{text.place}</dt><dd>{[spending.partner.name, spending.outlet.city, spending.outlet.name].filter(Boolean).join(', ')}</dd></div>
        </dl>
        {!over && <p class={css['note']} aria-hidden="true">{text.left(left)}</p>}
        {!over && <p class={css['note']}>{text.declineNote}</p>}
      </div>
    </Sheet>
  )
}

function useSecondsUntil(until: string): number {
  const [left, setLeft] = useState(() => secondsTo(until))
  useEffect(() => {
    const start = performance.now()
    const whole = secondsTo(until)
    const timer = setInterval(() => setLeft(Math.max(0, Math.ceil(whole - (performance.now() - start) / 1000))), 250)
    return () => clearInterval(timer)
  }, [until])
  return left
}

const LONGEST_SECONDS = 60

function secondsTo(until: string): number {
  return Math.min(LONGEST_SECONDS, Math.max(0, Math.ceil((Date.parse(until) - holder.now()) / 1000)))
}
