/** One order: its payment, its vouchers, and their return. It looks by itself while something is under way. */
import { useEffect, useState } from 'preact/hooks'
import { Link } from 'wouter'
import { Button, ButtonLink } from '../../../shared/parts/Button.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Sheet } from '../../../shared/parts/Sheet.tsx'
import { Skeleton } from '../../../shared/parts/Skeleton.tsx'
import { attempt } from '../../../shared/data/attempt.ts'
import { day, dayTime, money } from '../../../shared/words/numbers.ts'
import { answers, useAnswer } from '../../data/session.ts'
import { Empty, Shown } from '../../frame/states.tsx'
import { CancelShopOrderDocument, OneShopOrderDocument, ShopOrdersDocument, type BoughtFragment } from '../../graph/documents.ts'
import { GiveBack } from './GiveBack.tsx'
import css from './Shop.module.css'
import { shopWords } from './words.ts'

const LOOK_MS = 1_000
const LONG_MS = 20_000
const NOTHING = {}

function moving(order: BoughtFragment): boolean {
  return order.state === 'OFFERED' || order.state === 'PAID' || order.vouchers.some(one => one.moneyBack === 'ASKED' || one.moneyBack === 'SENT')
}

export function OrderSheet({ id, onClose }: { id: string; onClose: () => void }) {
  const text = shopWords()
  const live = useAnswer(OneShopOrderDocument, { id })
  const kept = useAnswer(ShopOrdersDocument, NOTHING).data?.me?.shopOrders.items.find(one => one.id === id)
  // Without a network the copy on this device has the codes.
  const answer = live.data || !kept ? live : { ...live, data: { shopOrder: kept } }
  const order = answer.data?.shopOrder
  const long = useLook(order != null && moving(order))
  const page = order?.state === 'OFFERED' ? order.payment?.confirmationUrl : undefined
  useEffect(() => {
    if (!page || !(history.state as { paying?: boolean } | null)?.paying) return
    history.replaceState({ moved: true }, '')
    location.assign(page)
  }, [page])
  const close = (): void => {
    void answers.stir()
    onClose()
  }
  return (
    <Sheet title={order ? order.name : text.mine} onClose={close}>
      <Shown answer={answer} skeleton={<Skeleton height={280} />}>
        {data => data.shopOrder ? <One order={data.shopOrder} long={long} /> : <Empty title={text.missing} />}
      </Shown>
    </Sheet>
  )
}

/** Looks again while something is under way; says when it takes long. */
function useLook(busy: boolean): boolean {
  const [long, setLong] = useState(false)
  useEffect(() => {
    setLong(false)
    if (!busy) return
    const look = setInterval(() => void answers.stir(), LOOK_MS)
    const patience = setTimeout(() => setLong(true), LONG_MS)
    return () => {
      clearInterval(look)
      clearTimeout(patience)
    }
  }, [busy])
  return long
}

function One({ order, long }: { order: BoughtFragment; long: boolean }) {
  const text = shopWords()
  return (
    <div class={css['stack']}>
      <div role="status">
        {order.state === 'OFFERED' && <p class={css['note']}>{long ? text.waitingLong : order.payment?.confirmationUrl ? text.waiting : text.opening}</p>}
        {order.state === 'PAID' && <p class={css['note']}>{long ? text.waitingLong : text.issuing}</p>}
        {order.state === 'ISSUED' && order.vouchers.every(one => one.state === 'ISSUED') && <Notice kind="success">{text.ready}</Notice>}
        {order.problem && <Notice kind="danger">{order.problem}</Notice>}
      </div>
      {order.state === 'OFFERED' && <Pay order={order} />}
      {order.vouchers.length > 0 && <Vouchers order={order} />}
      <dl class={css['list']}>
        <Fact name={text.partner}>{order.partner.name}</Fact>
        <Fact name={text.quantity}>{text.pieces(order.quantity)}</Fact>
        <Fact name={order.state === 'OFFERED' || order.state === 'CANCELLED' ? text.toPay : text.paid}><strong class="sum">{money(order.net)}</strong></Fact>
        <Fact name={text.order('')}><span class={css['number']}>{order.number}</span></Fact>
      </dl>
      {order.validUntil && <p class={css['note']}>{text.until(day(order.validUntil, true))}</p>}
      {order.purchase && <Link href={`/purchases?purchase=${order.purchase}`}>{text.receipt}</Link>}
      {order.vouchers.some(one => one.canReturn) && <GiveBack order={order} />}
    </div>
  )
}

function Fact({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return <div><dt>{name}</dt><dd>{children}</dd></div>
}

function Pay({ order }: { order: BoughtFragment }) {
  const text = shopWords()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const cancel = async (): Promise<void> => {
    setBusy(true)
    const answer = await attempt(CancelShopOrderDocument, { order: order.id })
    setBusy(false)
    setProblem('problem' in answer ? answer.problem.message : undefined)
    await answers.stir()
  }
  return (
    <>
      {problem && <Notice kind="danger" role="alert">{problem}</Notice>}
      {order.payment?.confirmationUrl && <ButtonLink wide href={order.payment.confirmationUrl}>{text.pay(money(order.net))}</ButtonLink>}
      <Button kind="quiet" wide busy={busy} onClick={() => void cancel()}>{text.cancel}</Button>
    </>
  )
}

function Vouchers({ order }: { order: BoughtFragment }) {
  const text = shopWords()
  const single = order.vouchers.length === 1
  return (
    <ul class={css['vouchers']}>
      {order.vouchers.map((one, place) => (
        <li key={one.id} class={css['voucher']}>
          {one.code
            ? <Link class={css['show']!} href={`/shop?order=${order.id}&voucher=${one.id}`} state={{ moved: true }}>{single ? text.show : text.showOne(place + 1)}</Link>
            : <span class={css['over']}>{text.vouchers[one.state]}</span>}
          {one.usedAt && <span class={css['note']}>{text.used(dayTime(one.usedAt), one.usedOutlet?.name ?? '')}</span>}
          {one.moneyBack && <span class={css['note']}>{text.money[one.moneyBack]}</span>}
        </li>
      ))}
    </ul>
  )
}
