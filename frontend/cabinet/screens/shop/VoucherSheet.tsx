/** A voucher to show: large, still, black on white in every theme, and from the copy on this device without a network. */
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { dictated } from '../../code/code.ts'
import { drawing } from '../../code/drawing.ts'
import { wakeLock } from '../../code/wake.ts'
import { day } from '../../../shared/words/numbers.ts'
import { answers, useAnswer } from '../../data/session.ts'
import { OneShopOrderDocument, ShopOrdersDocument } from '../../graph/documents.ts'
import sheet from '../card/CodeSheet.module.css'
import { shopWords } from './words.ts'

const LOOK_MS = 2_000
const NOTHING = {}

export function VoucherSheet({ order: id, voucher, onClose }: { order: string; voucher: string; onClose: () => void }) {
  const text = shopWords()
  const dialog = useRef<HTMLDialogElement>(null)
  const kept = useAnswer(ShopOrdersDocument, NOTHING)
  const live = useAnswer(OneShopOrderDocument, { id })
  const order = live.data?.shopOrder ?? kept.data?.me?.shopOrders.items.find(one => one.id === id)
  const piece = order?.vouchers.find(one => one.id === voucher)
  const loading = !order && !live.failure && live.data === undefined
  useEffect(() => {
    const element = dialog.current
    const opener = document.activeElement
    element?.showModal()
    const release = wakeLock()
    // The till is seconds away: the page says by itself that the code was taken.
    const look = setInterval(() => void answers.stir(), LOOK_MS)
    return () => {
      clearInterval(look)
      release()
      element?.close()
      if (opener instanceof HTMLElement) opener.focus()
    }
  }, [])
  return (
    <dialog ref={dialog} class={sheet['sheet']} tabIndex={-1} autofocus aria-label={text.voucher} onCancel={event => { event.preventDefault(); onClose() }}>
      <button type="button" class={sheet['close']} onClick={onClose}>{text.close}</button>
      {piece?.code
        ? <Body code={piece.code} />
        : <p class={sheet['lone']} role="status">{loading ? '' : piece ? text.vouchers[piece.state] : text.gone}</p>}
      {order && (
        <div class={sheet['about']}>
          <p class={sheet['plate']}><strong>{order.name}</strong><span>{order.partner.name}</span></p>
          {piece?.code && <p class={sheet['before']}>{text.before}</p>}
          {piece?.code && order.validUntil && <p class={sheet['help']}>{text.until(day(order.validUntil, true))}. {text.once}</p>}
          {piece?.code && <p class={sheet['pill']}>{text.offline}</p>}
        </div>
      )}
    </dialog>
  )
}

function Body({ code }: { code: string }) {
  const text = shopWords()
  const { size, path } = useMemo(() => drawing(code), [code])
  return (
    <div class={sheet['code']}>
      <svg class={sheet['symbol']} viewBox={`0 0 ${size} ${size}`} role="img" aria-label={text.voucher} shape-rendering="crispEdges">
        <rect width={size} height={size} fill="#ffffff" />
        <path d={path} fill="#0b1220" />
      </svg>
      <p class={sheet['digits']} aria-label={text.digits}>
        {dictated(code).split(' ').map((group, index) => <span key={index}>{group} </span>)}
      </p>
    </div>
  )
}
