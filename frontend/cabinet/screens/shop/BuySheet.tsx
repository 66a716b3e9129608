/** How many, for how much, and the yes to exactly that sum. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Sheet } from '../../../shared/parts/Sheet.tsx'
import { attempt } from '../../../shared/data/attempt.ts'
import { kopecks, money } from '../../../shared/words/numbers.ts'
import { StartShopOrderDocument, type ShelvedFragment } from '../../graph/documents.ts'
import { Why } from './Goods.tsx'
import { decimal } from './sums.ts'
import css from './Shop.module.css'
import { shopWords } from './words.ts'

export function BuySheet({ item: first, onClose, onMade }: { item: ShelvedFragment; onClose: () => void; onMade: (id: string) => void }) {
  const text = shopWords()
  const [item, setItem] = useState(first)
  const [quantity, setQuantity] = useState(1)
  const [key, setKey] = useState(() => crypto.randomUUID())
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const [changed, setChanged] = useState<string>()
  const net = item.mine ? kopecks(item.mine.net) * quantity : kopecks(item.price) * quantity
  const saved = item.mine ? kopecks(item.mine.discount) * quantity : 0

  const choose = (next: number): void => {
    setQuantity(Math.min(item.quantityMax, Math.max(1, next)))
    setKey(crypto.randomUUID())
    setChanged(undefined)
  }
  const order = async (): Promise<void> => {
    setBusy(true)
    setProblem(undefined)
    const answer = await attempt(StartShopOrderDocument, { input: { idempotencyKey: key, partner: item.partner.id, item: item.id, quantity, net: decimal(net) } })
    setBusy(false)
    if ('problem' in answer) return setProblem(answer.problem.message)
    if (answer.done.__typename === 'ShopOrdered') return onMade(answer.done.order.id)
    setItem(answer.done.item)
    setKey(crypto.randomUUID())
    setChanged(answer.done.message)
  }

  return (
    <Sheet
      title={changed ? text.changed : item.name} onClose={onClose}
      foot={<div class={css['feet']}><Button wide busy={busy} onClick={() => void order()}>{text.pay(money(net))}</Button><p class={css['note']}>{text.payNote}</p></div>}
    >
      <div class={css['stack']}>
        {changed && <Notice kind="warning" role="alert">{changed}</Notice>}
        {problem && <Notice kind="danger" role="alert">{problem}</Notice>}
        <p class={css['note']}>{item.partner.name}. {item.about} {text.good(item.validDays)}.</p>
        <div class={css['count']} role="group" aria-label={text.quantity}>
          <span class={css['label']}>{text.quantity}</span>
          <Button kind="quiet" label={text.less} disabled={quantity === 1} onClick={() => choose(quantity - 1)}>−</Button>
          <output class={css['number']}>{quantity}</output>
          <Button kind="quiet" label={text.more} disabled={quantity === item.quantityMax} onClick={() => choose(quantity + 1)}>+</Button>
        </div>
        <p class={css['total']} role="status"><span>{text.toPay}</span> <strong class="sum">{money(net)}</strong></p>
        {saved > 0 && <p class={css['gain']}>{text.save(money(saved))}</p>}
        <Why item={item} />
      </div>
    </Sheet>
  )
}
