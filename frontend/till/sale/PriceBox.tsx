/** The live price: what to take, what is off, what counts, and why. Kept in sight while a fresh one is on its way. */
import { classes } from '../../shared/parts/classes.ts'
import { sum } from '../amounts.ts'
import type { QuoteFactsFragment } from '../graph/documents.ts'
import { say } from '../words/say.ts'
import { countedBy, holdOf, moneyOf } from './basket.ts'
import line from './LineForm.module.css'
import css from './PriceBox.module.css'
import { Promotions } from './Promotions.tsx'
import { Counted } from './ServiceChoice.tsx'
import type { Quoting } from './state.ts'

interface PriceProps {
  quoting: Quoting
  counts: boolean
  /** Without network nothing is promised: the sum alone. */
  offline: boolean
}

export function PriceBox({ quoting, counts, offline }: PriceProps) {
  const quote = quoting.phase === 'ready' ? quoting.quote : quoting.phase === 'asking' ? quoting.last : null
  if (quote === null) {
    return (
      <p class={css['empty']} role="status">
        {say(quoting.phase === 'asking' ? 'sale.counting' : 'sale.noPrice')}
      </p>
    )
  }
  const hold = holdOf(quote)
  return (
    <div class={classes(css['box'], quoting.phase === 'asking' && css['old'])} aria-busy={quoting.phase === 'asking'} aria-live="polite">
      <dl class={css['sums']}>
        <div class={css['main']}>
          <dt>{say('sale.toPay')}</dt>
          <dd class="huge">{sum(moneyOf(quote))}</dd>
        </div>
        {!offline && (quote.points === null || quote.discount !== '0.00') && (
          <div class="spread">
            <dt class="muted">{say('sale.discount')}</dt>
            <dd class="big">{sum(quote.discount)}</dd>
          </div>
        )}
        {hold && (
          <div class="spread">
            <dt class="muted">{say('points.instead')}</dt>
            <dd class="big">{sum(hold.worth)}</dd>
          </div>
        )}
        {counts && !offline && (
          <div class="spread">
            <dt class="muted">{say('sale.counted')}</dt>
            <dd class="big">{sum(countedBy(quote))}</dd>
          </div>
        )}
      </dl>
      {quote.promotions.length > 0 && <Promotions promotions={quote.promotions} />}
      {offline ? <p class="note">{say('offline.price')}</p> : <Reasons quote={quote} counts={counts} />}
    </div>
  )
}

function Reasons({ quote, counts }: { quote: QuoteFactsFragment; counts: boolean }) {
  return (
    <details class={line['more']}>
      <summary class={line['summary']}>{say('sale.reasons')}</summary>
      <ul class="stack">
        {quote.lines.map((one, place) => (
          <li key={place} class={css['reason']}>
            <div class="spread">
              <span class="headline">{one.name}</span>
              <span class="sum">{sum(one.net)}</span>
            </div>
            {counts && <Counted yes={one.accumulates} />}
            {one.reasons.map(reason => (
              <p key={reason.code} class="note">
                {reason.text}
              </p>
            ))}
          </li>
        ))}
      </ul>
    </details>
  )
}
