/** One purchase in a list: where, what for, when, how much, and whether it counts. */
import { Link } from 'wouter'
import { day, kopecks, money } from '../../../shared/words/numbers.ts'
import type { ReceiptFragment } from '../../graph/documents.ts'
import { words } from '../../words/words.ts'
import css from './PurchaseRow.module.css'

/** The services of a receipt, each named once. */
export function services(purchase: ReceiptFragment): string {
  return [...new Set(purchase.lines.map(line => line.service.name))].join(', ')
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

export function PurchaseRow({ purchase, href }: { purchase: ReceiptFragment; href: string }) {
  const returned = kopecks(purchase.refunded) > 0
  return (
    <li class={css['row']}>
      <Link href={href} class={css['link']!} state={{ moved: true }}>
        <span class={css['what']}>{purchase.partner.name} · {services(purchase)}</span>
        <span class={css['net']}><span class="sum">{money(purchase.net)}</span></span>
        <span class={css['facts']}>
          {day(purchase.businessDate, Number(purchase.businessDate.slice(0, 4)) !== new Date().getFullYear())}
          {kopecks(purchase.discount) > 0 && <>, {words.purchases.discount(money(purchase.discount))}</>}
        </span>
        <span class={css['badges']}>
          <CountBadge value={counting(purchase)} />
          {returned && <span class={css['back']}>{words.purchases.refunded(money(purchase.refunded))}</span>}
        </span>
      </Link>
    </li>
  )
}
