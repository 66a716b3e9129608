/** How far the family is to the next tier together. */
import { Panel } from '../../../shared/parts/Panel.tsx'
import { kopecks, money } from '../../../shared/words/numbers.ts'
import css from './Family.module.css'
import type { Me } from './FamilyScreen.tsx'
import { familyWords } from './words.ts'

export function ProgressPanel({ progress }: { progress: Me['progress'] }) {
  const text = familyWords().progress
  const { accumulated, left, next, tier } = progress
  const way = next ? Math.min(kopecks(accumulated) / kopecks(next.threshold), 1) : 1
  return (
    <Panel title={text.title}>
      <div class={css['stack']}>
        <p class={css['total']}>{money(accumulated)}</p>
        {next && (
          <div class={css['way']} role="progressbar" aria-label={text.title} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.floor(way * 100)}>
            <span style={{ inlineSize: `${way * 100}%` }} />
          </div>
        )}
        <p class={css['said']}>{next && left !== null ? text.left(next.name, money(left)) : text.top(tier.name)}</p>
        <p class={css['note']}>{text.note}</p>
      </div>
    </Panel>
  )
}
