/** What a member bought, newest first; kept on the device, so that the codes open without a network. */
import { Link } from 'wouter'
import { classes } from '../../../shared/parts/classes.ts'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { Skeleton } from '../../../shared/parts/Skeleton.tsx'
import { day, dayOf, money } from '../../../shared/words/numbers.ts'
import { useAnswer } from '../../data/session.ts'
import { Empty, Shown } from '../../frame/states.tsx'
import { ShopOrdersDocument, type BoughtFragment } from '../../graph/documents.ts'
import css from './Shop.module.css'
import { shopWords } from './words.ts'

const NOTHING = {}
const OVER = new Set(['USED', 'RETURNED', 'EXPIRED', 'CANCELLED'])

export function MyVouchers() {
  const text = shopWords()
  const answer = useAnswer(ShopOrdersDocument, NOTHING)
  return (
    <Panel title={text.mine}>
      <Shown answer={answer} skeleton={<Skeleton height={96} />}>
        {({ me }) => me && (me.shopOrders.items.length === 0
          ? <Empty title={text.mineNone} note={text.mineNoneNote} />
          : <ul>{me.shopOrders.items.map(one => <Row key={one.id} order={one} />)}</ul>)}
      </Shown>
    </Panel>
  )
}

function Row({ order }: { order: BoughtFragment }) {
  const text = shopWords()
  return (
    <li class={css['row']}>
      <Link class={css['link']} href={`/shop?order=${order.id}`} state={{ moved: true }}>
        <span class={css['name']}>{order.name}{order.quantity > 1 && ` × ${order.quantity}`}</span>
        <span class={classes(css['state'], OVER.has(order.state) && css['over'])}>{text.states[order.state]}</span>
        <span class={css['note']}>{order.partner.name} · {order.validUntil && order.state === 'ISSUED' ? text.until(day(order.validUntil, true)) : dayOf(order.orderedAt)}</span>
        <span class={classes(css['note'], 'sum')}>{money(order.net)}</span>
      </Link>
    </li>
  )
}
