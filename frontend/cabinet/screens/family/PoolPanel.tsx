/** What the family has together, and putting in of one's own. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { classes } from '../../../shared/parts/classes.ts'
import { Field } from '../../../shared/parts/Field.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { Sheet } from '../../../shared/parts/Sheet.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { day, integer, money } from '../../../shared/words/numbers.ts'
import { told, type Unit } from '../../../shared/words/points.ts'
import { ContributeToFamilyDocument } from '../../graph/documents.ts'
import { isSoon } from '../points/BalancePanel.tsx'
import css from './Family.module.css'
import type { Family } from './FamilyScreen.tsx'
import { useOrder } from './order.ts'
import { familyWords } from './words.ts'

interface PoolPanelProps {
  pool: NonNullable<Family['pool']>
  available: number
  unit: Unit
}

export function PoolPanel({ pool, available, unit }: PoolPanelProps) {
  const text = familyWords()
  const [giving, setGiving] = useState(false)
  return (
    <Panel title={text.pool}>
      <div class={css['stack']}>
        <p class={css['total']}>{told(pool.available, unit)}</p>
        {pool.available > 0 ? <p class={css['note']}>{text.worth(money(pool.worth))}</p> : <p class={css['note']}>{text.empty}</p>}
        {pool.held > 0 && <p class={css['note']}>{text.held(told(pool.held, unit))}</p>}
        {pool.nextExpiry && <p class={classes(css['note'], isSoon(pool.nextExpiry.day) && css['burns'])}>{text.burns(told(pool.nextExpiry.points, unit), day(pool.nextExpiry.day, true))}</p>}
        {pool.obstacle === 'NEW' && <Notice kind="info">{text.fresh(day(pool.spendsFrom))}</Notice>}
        <p class={css['note']}>{pool.obstacle === 'CHILD' ? text.child : text.howToPay}</p>
        <Button wide disabled={available === 0} onClick={() => setGiving(true)}>{text.give}</Button>
        {available === 0 && <p class={css['note']}>{text.giveNone}</p>}
      </div>
      {giving && <GivingSheet available={available} unit={unit} onClose={() => setGiving(false)} />}
    </Panel>
  )
}

function GivingSheet({ available, unit, onClose }: { available: number; unit: Unit; onClose: () => void }) {
  const text = familyWords()
  const order = useOrder(ContributeToFamilyDocument)
  const [typed, setTyped] = useState('')
  const [wrong, setWrong] = useState(false)
  const give = async (points: number): Promise<void> => {
    if (!Number.isInteger(points) || points < 1 || points > available) return setWrong(true)
    const made = await order.send({ points })
    if ('problem' in made) return
    toast.set(text.given(told(points, unit)))
    onClose()
  }
  return (
    <Sheet title={text.giveTitle} onClose={onClose}>
      <form class={css['stack']} noValidate onSubmit={event => { event.preventDefault(); if (!order.busy) void give(Number(typed)) }}>
        <Field
          label={text.giveLabel(told(available, unit))} name="points" value={typed} inputMode="numeric" autoComplete="off" large
          error={wrong ? text.giveWrong(integer(available)) : undefined}
          onInput={(value, input) => { const digits = value.replace(/\D/g, '').slice(0, 9); input.value = digits; setTyped(digits); setWrong(false) }}
        />
        {order.problem !== undefined && <Notice kind="danger" role="alert">{order.problem}</Notice>}
        <Button type="submit" wide busy={order.busy}>{text.give}</Button>
        <Button kind="quiet" wide disabled={order.busy} onClick={() => void give(available)}>{text.giveAll(told(available, unit))}</Button>
        <p class={css['note']}>{text.giveNote}</p>
      </form>
    </Sheet>
  )
}
