/** How far the next tier is: two sums in words and a scale of equal segments; and where tiers end, what keeps this one. */
import { Panel } from '../../../shared/parts/Panel.tsx'
import { day, money, percent } from '../../../shared/words/numbers.ts'
import type { HomeQuery } from '../../graph/documents.ts'
import { words } from '../../words/words.ts'
import type { TierBenefit } from './benefits.ts'
import { filled, short } from './scale.ts'
import css from './TierScale.module.css'

type Me = NonNullable<HomeQuery['me']>

interface TierScaleProps {
  progress: Me['progress']
  term: Me['tierTerm']
  tiers: HomeQuery['programme']['tiers']
  /** What the next tier brings, once known. */
  next: TierBenefit | undefined
  /** The sum is that of a family. */
  together: boolean
  onAll: () => void
}

export function TierScale({ progress, term, tiers, next, together, onAll }: TierScaleProps) {
  const counted = money(progress.accumulated)
  const all = <button type="button" class={css['all']} onClick={onAll}>{words.tier.all}</button>
  if (!progress.next || progress.left === null) {
    return (
      <Panel title={words.tier.top} aside={all}>
        <p class={css['note']}>{words.tier.topNote(counted)}</p>
        <Term term={term} tier={progress.tier.name} />
      </Panel>
    )
  }
  const part = filled(tiers.map(tier => tier.threshold), progress.accumulated)
  return (
    <Panel>
      <div class={css['head']}>
        <h2 class={css['left']}>{words.tier.to(progress.next.name)} <span class={css['sum']}>{money(progress.left)}</span></h2>
        {all}
      </div>
      <div
        class={css['track']} role="progressbar" aria-label={`${words.tier.to(progress.next.name)} ${money(progress.left)}`}
        aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.floor(part * 100)} aria-valuetext={words.tier.valueText(counted, money(progress.next.threshold), progress.next.name)}
      >
        {part > 0 && <span class={css['fill']} style={{ inlineSize: `${part * 100}%` }} />}
        {tiers.map((tier, index) => <i key={tier.id} class={css['tick']} style={{ insetInlineStart: `${(index / (tiers.length - 1)) * 100}%` }} />)}
      </div>
      <div class={css['labels']} aria-hidden="true">
        {tiers.map(tier => <span key={tier.id}>{short(tier.threshold, words.tier.thousand, words.tier.million)}</span>)}
      </div>
      {next?.most && <p class={css['gain']}>{(next.flat ? words.tier.moreFlat : words.tier.more)(money(progress.left), percent(next.most), next.partners.length)}</p>}
      {!next && <p class={css['gain']}>{'\u00A0'}</p>}
      <p class={css['note']}>{(together ? words.tier.countedTogether : words.tier.counted)(counted)}</p>
      <Term term={term} tier={progress.tier.name} />
    </Panel>
  )
}

/** Nothing where time alone never takes the tier. */
function Term({ term: { until, keep }, tier }: { term: Me['tierTerm']; tier: string }) {
  if (until === null) return null
  return (
    <p class={css['term']}>
      {keep ? <><strong>{money(keep.left)}</strong>{words.tier.keep(tier, day(keep.by, true))}</> : words.tier.holds(tier, day(until, true))}
    </p>
  )
}
