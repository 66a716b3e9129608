/** The programme's shop: what partners sell here at the price of the card, and the vouchers that were bought. */
import { useState } from 'preact/hooks'
import { useLocation, useSearchParams } from 'wouter'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { Skeleton } from '../../../shared/parts/Skeleton.tsx'
import { useAnswer } from '../../data/session.ts'
import { Frame } from '../../frame/Frame.tsx'
import { Empty, Shown } from '../../frame/states.tsx'
import { ShopDocument, type ShelvedFragment } from '../../graph/documents.ts'
import { BuySheet } from './BuySheet.tsx'
import { Goods } from './Goods.tsx'
import { MyVouchers } from './MyVouchers.tsx'
import { OrderSheet } from './OrderSheet.tsx'
import css from './Shop.module.css'
import { VoucherSheet } from './VoucherSheet.tsx'
import { shopWords } from './words.ts'

const NOTHING = {}

export function ShopScreen() {
  const text = shopWords()
  const [query] = useSearchParams()
  const [, go] = useLocation()
  const [buying, setBuying] = useState<ShelvedFragment>()
  const answer = useAnswer(ShopDocument, NOTHING)
  const [order, voucher] = [query.get('order'), query.get('voucher')]
  const back = (to: string): void => ((history.state as { moved?: boolean } | null)?.moved ? history.back() : go(to, { replace: true }))
  const out = answer.data?.me === null
  return (
    <Frame title={text.title} broad guest={out}>
      <div class={out ? undefined : css['columns']}>
        <div class={css['stack']}>
          <p class={css['note']}>{text.note} {out && text.guest}</p>
          <Shown answer={answer} skeleton={<div class={css['goods']}>{[0, 1, 2].map(place => <Skeleton key={place} height={190} />)}</div>}>
            {({ shop }) => shop.length === 0
              ? <Panel><Empty title={text.empty} note={text.emptyNote} /></Panel>
              : <Goods goods={shop} onBuy={setBuying} />}
          </Shown>
        </div>
        {!out && <MyVouchers />}
      </div>
      {buying && <BuySheet item={buying} onClose={() => setBuying(undefined)} onMade={id => { setBuying(undefined); go(`/shop?order=${id}`, { state: { moved: true, paying: true } }) }} />}
      {order && !voucher && <OrderSheet key={order} id={order} onClose={() => back('/shop')} />}
      {order && voucher && <VoucherSheet key={voucher} order={order} voucher={voucher} onClose={() => back(`/shop?order=${order}`)} />}
    </Frame>
  )
}
