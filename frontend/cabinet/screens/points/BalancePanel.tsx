/** How many points there are, what they pay, what comes, what waits at a till, what is owed, and what ends next. */
import { Link } from 'wouter'
import { Button } from '../../../shared/parts/Button.tsx'
import { classes } from '../../../shared/parts/classes.ts'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { asked } from '../../data/activity.ts'
import { day, money } from '../../../shared/words/numbers.ts'
import type { BalanceFragment } from '../../graph/documents.ts'
import css from './Points.module.css'
import { told, type Unit } from '../../../shared/words/points.ts'
import { pointsWords } from './words.ts'

/** The local date of a moment, as the contract writes a Date. */
export function dateOf(moment: string): string {
  return new Date(moment).toLocaleDateString('sv')
}

const SOON_MS = 31 * 86_400_000

/** What ends within a month is a warning; what ends later is a date. */
export function isSoon(date: string): boolean {
  return Date.parse(date) - Date.now() < SOON_MS
}

export function BalancePanel({ balance, unit, linked }: { balance: BalanceFragment; unit: Unit; linked?: boolean }) {
  const text = pointsWords()
  const { available, pending, held, debt, nextExpiry, worth } = balance
  const first = balance.lots.flatMap(lot => (lot.status === 'PENDING' && lot.activatesAt ? [lot.activatesAt] : [])).sort()[0]
  return (
    <Panel title={unit.name} aside={linked && <Link class={css['all']!} href="/points">{text.all}</Link>}>
      <p class={css['available']}>{told(available, unit)}</p>
      {available > 0 && <p class={css['note']}>{text.worth(money(worth))}</p>}
      {balance.asked[0] && <Button kind="quiet" wide onClick={() => asked.set(balance.asked[0]!)}>{text.waits}</Button>}
      <ul class={css['facts']}>
        {pending > 0 && first && <li>{text.pending(told(pending, unit), day(dateOf(first)))}</li>}
        {held > 0 && <li>{text.held(told(held, unit))}</li>}
        {nextExpiry && <li class={classes(isSoon(nextExpiry.day) && css['burns'])}>{text.burns(told(nextExpiry.points, unit), day(nextExpiry.day, true))}</li>}
        {debt > 0 && <li class={css['debt']}>{text.debt(told(debt, unit))}</li>}
      </ul>
    </Panel>
  )
}
