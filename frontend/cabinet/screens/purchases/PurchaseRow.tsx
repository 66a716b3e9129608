/** One purchase in a list: where, what for, when, how much, and whether it counts. */
import { Link } from 'wouter'
import { day, kopecks, money } from '../../../shared/words/numbers.ts'
import type { ReceiptFragment } from '../../graph/documents.ts'
import { words } from '../../words/words.ts'
import { signed, type Unit } from '../../../shared/words/points.ts'
import css from './PurchaseRow.module.css'

/** The services of a receipt, each named once. */
export function services(purchase: ReceiptFragment): string {
  return [...new Set(purchase.lines.map(line => line.service.name))].join(', ')
}

/** What of the programme a purchase is shown by: tiers that there is something to count for, and the name of points. */
export interface Terms {
  tiers: readonly unknown[]
  points: { unit: Unit } | null
}

export type Counting = 'all' | 'part' | 'none'

export function counting(purchase: { lines: readonly { accumulates: boolean }[] }): Counting {
  const counted = purchase.lines.filter(line => line.accumulates).length
  if (counted === 0) return 'none'
  return counted === purchase.lines.length ? 'all' : 'part'
}

const BADGES = { all: 'counted', part: 'partly', none: 'notCounted' } as const

export function CountBadge({ value }: { value: Counting }) {
  return <span class={value === 'none' ? css['off'] : css['on']}>{words.purchases[BADGES[value]]}</span>
}

/** What a purchase did with points, each change with its sign. */
export function pointsOf({ points }: ReceiptFragment, { unit }: { unit: Unit }): string[] {
  if (!points) return []
  return [points.earned - points.takenBack, points.givenBack - points.spent].filter(count => count !== 0).map(count => signed(count, unit))
}

export function PurchaseRow({ purchase, terms, href }: { purchase: ReceiptFragment; terms: Terms; href: string }) {
  const returned = kopecks(purchase.refunded) > 0
  return (
    <li class={css['row']}>
      <Link href={href} class={css['link']!} state={{ moved: true }}>
        <span class={css['what']}>{`${purchase.partner.name}\u00A0· ${services(purchase)}`}</span>
        <span class={css['net']}><span class="sum">{money(purchase.net)}</span></span>
        <span class={css['facts']}>
          {day(purchase.businessDate, Number(purchase.businessDate.slice(0, 4)) !== new Date().getFullYear())}
          {kopecks(purchase.discount) > 0 && <>, {words.purchases.discount(money(purchase.discount))}</>}
        </span>
        <span class={css['badges']}>
          {purchase.instalment && purchase.instalment.state !== 'CONFIRMED'
            ? <span class={css['off']}>{words.purchases.banks[purchase.instalment.state]}</span>
            : terms.tiers.length > 1 && <CountBadge value={counting(purchase)} />}
          {terms.points && pointsOf(purchase, terms.points).map(text => <span key={text} class={text.startsWith('+') ? css['on'] : css['off']}>{text}</span>)}
          {returned && <span class={css['back']}>{words.purchases.refunded(money(purchase.refunded))}</span>}
        </span>
      </Link>
    </li>
  )
}
