/** What campaigns gave on this receipt and what is within reach; the rest is a tap away. */
import type { QuoteFactsFragment } from '../graph/documents.ts'
import { say } from '../words/say.ts'
import line from './LineForm.module.css'
import css from './Promotions.module.css'

type Tried = QuoteFactsFragment['promotions'][number]

/** What the cashier can still bring about by one more item. */
const WITHIN_REACH: ReadonlySet<string> = new Set(['campaign_basket', 'campaign_quantity'])

function isNear(tried: Tried): boolean {
  return tried.state === 'MISSING' && tried.reasons.every(reason => WITHIN_REACH.has(reason.code))
}

export function Promotions({ promotions }: { promotions: readonly Tried[] }) {
  const applied = promotions.filter(tried => tried.state === 'APPLIED')
  const near = promotions.filter(isNear)
  const rest = promotions.filter(tried => tried.state !== 'APPLIED' && !isNear(tried))
  return (
    <div class={css['box']}>
      {applied.length > 0 && <List tried={applied} tone={css['applied']} />}
      {near.length > 0 && <List tried={near} tone={css['near']} />}
      {rest.length > 0 && (
        <details class={line['more']}>
          <summary class={line['summary']}>{say('promo.rest')}</summary>
          <List tried={rest} tone={css['rest']} />
        </details>
      )}
    </div>
  )
}

function List({ tried, tone }: { tried: readonly Tried[]; tone: string | undefined }) {
  return (
    <ul class={tone}>
      {tried.flatMap(one => one.reasons.map(reason => <li key={one.campaign + reason.code}>{reason.text}</li>))}
    </ul>
  )
}
