/** Goods by partner: the member's price beside the public one, and why it is so. */
import { useLocation } from 'wouter'
import { Button } from '../../../shared/parts/Button.tsx'
import { classes } from '../../../shared/parts/classes.ts'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { kopecks, money, percent } from '../../../shared/words/numbers.ts'
import type { ShelvedFragment } from '../../graph/documents.ts'
import css from './Shop.module.css'
import { shopWords } from './words.ts'

export function Goods({ goods, onBuy }: { goods: readonly ShelvedFragment[]; onBuy: (item: ShelvedFragment) => void }) {
  const text = shopWords()
  const partners = [...new Map(goods.map(one => [one.partner.id, one.partner])).values()]
  return (
    <>
      {goods.some(one => !one.canOrder) && <Notice>{text.closed}</Notice>}
      {partners.map(partner => (
        <section key={partner.id} class={css['stack']} aria-labelledby={`shop-${partner.id}`}>
          <h2 class={css['partner']} id={`shop-${partner.id}`}>{partner.name}{partner.city && <span class={css['note']}> · {partner.city}</span>}</h2>
          <ul class={css['goods']}>
            {goods.filter(one => one.partner.id === partner.id).map(one => <Item key={one.id} item={one} onBuy={() => onBuy(one)} />)}
          </ul>
        </section>
      ))}
    </>
  )
}

function Item({ item, onBuy }: { item: ShelvedFragment; onBuy: () => void }) {
  const text = shopWords()
  const [, go] = useLocation()
  const buy = item.mine ? text.buy : text.signIn
  return (
    <li class={css['item']}>
      <div class={css['about']}>
        <h3 class={css['name']}>{item.name}</h3>
        {item.about && <p class={css['note']}>{item.about}</p>}
        <p class={css['note']}>{text.good(item.validDays)}</p>
      </div>
      <div class={css['price']}>
        <Price item={item} />
        {item.mine && <Why item={item} />}
        {item.canOrder && <Button wide label={`${buy}: ${item.name}`} onClick={item.mine ? onBuy : () => go('/sign-in', { state: { back: '/shop' } })}>{buy}</Button>}
      </div>
    </li>
  )
}

function Price({ item }: { item: ShelvedFragment }) {
  const text = shopWords()
  const { mine } = item
  if (!mine) return <p><span class={css['note']}>{text.public}</span> <strong class={classes(css['mine'], 'sum')}>{money(item.price)}</strong></p>
  const cheaper = kopecks(mine.discount) > 0
  return (
    <>
      {cheaper && <p class={css['note']}>{text.public} <s class="sum">{money(item.price)}</s></p>}
      <p><span class={css['note']}>{text.yours}</span> <strong class={classes(css['mine'], 'sum')}>{money(mine.net)}</strong></p>
      {cheaper && <p class={css['gain']}>{text.off(percent(mine.discountPercent), mine.tier.name)}</p>}
      <p class={css['note']}>{mine.accumulates ? text.counts : text.countsNot}</p>
    </>
  )
}

export function Why({ item }: { item: ShelvedFragment }) {
  const text = shopWords()
  if (!item.mine) return null
  return (
    <details class={css['why']}>
      <summary>{text.why}<span class="unseen">: {item.name}</span></summary>
      <ul>{item.mine.reasons.map(reason => <li key={reason.code} class={css['note']}>{reason.text}</li>)}</ul>
    </details>
  )
}
