/** What a receipt did with points: earned and when they can be spent, spent instead of money, and what returns moved back. */
import { money } from '../../../shared/words/numbers.ts'
import type { PurchaseDetailQuery } from '../../graph/documents.ts'
import css from '../purchases/ReceiptSheet.module.css'
import { signed, told, type Unit } from '../../../shared/words/points.ts'
import { pointsWords } from './words.ts'

type Purchase = NonNullable<NonNullable<PurchaseDetailQuery['me']>['purchase']>

interface ReceiptPointsProps {
  points: NonNullable<Purchase['points']>
  refunds: Purchase['refunds']
  unit: Unit
}

export function ReceiptPoints({ points, refunds, unit }: ReceiptPointsProps) {
  const text = pointsWords().receiptPoints
  const kinds = pointsWords().kinds
  const back = refunds.flatMap(({ id, number, points: moved }) => (moved ? [{ id, number, ...moved }] : []))
  return (
    <>
      <h3 class={css['head']}>{unit.name}</h3>
      <dl class={css['facts']}>
        {points.spent > 0 && <div><dt>{kinds.SPENT}, {text.instead(money(points.paid))}</dt><dd class={css['value']}>{signed(-points.spent, unit)}</dd></div>}
        <div><dt>{kinds.EARNED}</dt><dd class={css['value']}>{points.earned > 0 ? signed(points.earned, unit) : told(0, unit)}</dd></div>
        {back.map(one => (
          <div key={one.id}>
            <dt>{text.refund(one.number, money(one.toReturn))}</dt>
            <dd class={css['value']}>{[one.givenBack > 0 && signed(one.givenBack, unit), one.takenBack > 0 && signed(-one.takenBack, unit)].filter(Boolean).join(', ') || told(0, unit)}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}
