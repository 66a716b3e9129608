/** One receipt: every line with its discount, whether it counts, and why. */
import { Sheet } from '../../../shared/parts/Sheet.tsx'
import { Skeleton } from '../../../shared/parts/Skeleton.tsx'
import { dayOf, kopecks, locale, money } from '../../../shared/words/numbers.ts'
import { signed, type Unit } from '../../../shared/words/points.ts'
import { useAnswer } from '../../data/session.ts'
import { Empty, Shown } from '../../frame/states.tsx'
import { PurchaseDetailDocument, type PurchaseDetailQuery } from '../../graph/documents.ts'
import { words } from '../../words/words.ts'
import { late } from '../../frame/late.tsx'
import { CountBadge, type Terms } from './PurchaseRow.tsx'
import css from './ReceiptSheet.module.css'

const ReceiptPoints = late(() => import('../points/ReceiptPoints.tsx').then(part => part.ReceiptPoints))

type Purchase = NonNullable<NonNullable<PurchaseDetailQuery['me']>['purchase']>

export function ReceiptSheet({ id, onClose }: { id: string; onClose: () => void }) {
  const answer = useAnswer(PurchaseDetailDocument, { id })
  const purchase = answer.data?.me?.purchase
  return (
    <Sheet title={purchase ? words.receipt.title(purchase.partner.name) : words.purchases.title} onClose={onClose}>
      <Shown answer={answer} skeleton={<Skeleton height={360} />}>
        {data => (data.me?.purchase ? <Receipt purchase={data.me.purchase} terms={data.programme} /> : <Empty title={words.purchases.missing} />)}
      </Shown>
    </Sheet>
  )
}

/** The moment at the outlet, by the outlet's own clock. */
function localTime(at: string, timeZone: string): string {
  return new Intl.DateTimeFormat(locale(), { day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZone }).format(new Date(at))
}

function Receipt({ purchase, terms }: { purchase: Purchase; terms: Terms }) {
  const text = words.receipt
  const counts = terms.tiers.length > 1
  return (
    <>
      <dl class={css['facts']}>
        <Fact name={text.number} value={purchase.receiptNumber} />
        <Fact name={text.at} value={localTime(purchase.closedAt, purchase.outlet.timeZone)} />
        <Fact name={text.place} value={purchase.outlet.name} />
        <Fact name={text.channel} value={words.channels[purchase.channel]} />
      </dl>
      <h3 class={css['head']}>{text.lines}</h3>
      <ul class={css['lines']}>{purchase.lines.map(line => <Line key={line.id} line={line} counts={counts} />)}</ul>
      <dl class={css['sums']}>
        <Fact name={text.gross} value={money(purchase.gross)} />
        {kopecks(purchase.discount) > 0 && <Fact name={text.discount} value={money(-kopecks(purchase.discount))} />}
        <div class={css['paid']}><dt>{text.paid}</dt><dd class="sum">{money(purchase.net)}</dd></div>
        {counts && <Fact name={text.counted} value={money(purchase.accumulated)} />}
        {purchase.instalment && purchase.instalment.state !== 'CONFIRMED' && <Instalment instalment={purchase.instalment} unit={terms.points?.unit} />}
      </dl>
      {purchase.promotions.length > 0 && (
        <>
          <h3 class={css['head']}>{text.offers}</h3>
          <ul class={css['offers']}>
            {purchase.promotions.flatMap(tried => tried.reasons.map(reason => <li key={tried.campaign + reason.code} data-state={tried.state}>{reason.text}</li>))}
          </ul>
        </>
      )}
      {purchase.points && terms.points && <ReceiptPoints points={purchase.points} refunds={purchase.refunds} unit={terms.points.unit} />}
      {purchase.refunds.length > 0 && (
        <>
          <h3 class={css['head']}>{text.refunds}</h3>
          <dl class={css['facts']}>
            {purchase.refunds.map(refund => <Fact key={refund.id} name={`${text.refund(refund.number)}, ${localTime(refund.at, purchase.outlet.timeZone)}`} value={money(refund.net)} />)}
          </dl>
        </>
      )}
    </>
  )
}

/** A payment that brings nothing before its bank says yes, and what it will bring then. */
function Instalment({ instalment, unit }: { instalment: NonNullable<Purchase['instalment']>; unit: Unit | undefined }) {
  const waits = instalment.state === 'WAITING'
  const brings = [kopecks(instalment.counts) > 0 && money(instalment.counts), unit && instalment.points > 0 && signed(instalment.points, unit)].filter(Boolean)
  return (
    <>
      <Fact name={words.purchases.banks[instalment.state as 'WAITING']} value={waits ? words.receipt.bankUntil(dayOf(instalment.until)) : ''} />
      {waits && brings.length > 0 && <Fact name={words.receipt.bankBrings} value={brings.join(', ')} />}
    </>
  )
}

function Fact({ name, value }: { name: string; value: string }) {
  return <div><dt>{name}</dt><dd class={css['value']}>{value}</dd></div>
}

function Line({ line, counts }: { line: Purchase['lines'][number]; counts: boolean }) {
  const discounted = kopecks(line.discount) > 0
  const returned = kopecks(line.refundedNet) > 0
  return (
    <li class={css['line']}>
      <div class={css['row']}>
        <span>{line.name}{line.quantity !== '1' && <span class={css['quiet']}> · {words.receipt.quantity(line.quantity)}</span>}</span>
        <span class="sum"><strong>{money(line.net)}</strong></span>
      </div>
      {(line.name !== line.service.name || discounted) && (
        <div class={css['row']}>
          <span class={css['quiet']}>{line.name === line.service.name ? '' : line.service.name}</span>
          {discounted && <span class={css['quiet']}><s class="sum">{money(line.gross)}</s> {words.purchases.discount(money(line.discount))}</span>}
        </div>
      )}
      <p class={css['why']}>
        {counts && <CountBadge value={line.accumulates ? 'all' : 'none'} />}
        {returned && <span class={css['back']}>{words.receipt.returned(money(line.refundedNet))}</span>}
      </p>
      {line.reasons.length > 0 && <ul class={css['reasons']}>{line.reasons.map((reason, index) => <li key={index}>{reason.text}</li>)}</ul>}
    </li>
  )
}
