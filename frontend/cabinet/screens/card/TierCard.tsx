/** The card itself: programme, tier, benefit, owner, and the key to its code. */
import { classes } from '../../../shared/parts/classes.ts'
import { tierGround } from '../../../shared/parts/Tier.tsx'
import type { Face } from '../../code/keys.ts'
import { words } from '../../words/words.ts'
import { strata } from './strata.ts'
import css from './TierCard.module.css'

interface TierCardProps {
  face: Face
  programme: string
  group: string | null
  benefit: string | undefined
  onCode: () => void
}

export function masked(number: string): string {
  return `${number.slice(0, 4)} •••• ${number.slice(-4)}`
}

export function TierCard({ face, programme, group, benefit, onCode }: TierCardProps) {
  return (
    <article class={classes(css['card'], tierGround(face.rank, face.ranks))} aria-labelledby="tier-name">
      <svg class={css['motif']} viewBox="0 0 343 216" preserveAspectRatio="none" aria-hidden="true">
        {strata(Math.min(face.rank, 4)).map(path => <path key={path} d={path} />)}
      </svg>
      <div class={css['top']}>
        <div>
          <p class={css['programme']}>{programme}</p>
          {group && <p class={css['group']}>{group}</p>}
        </div>
        {face.ranks > 1 && (
          <div class={css['marks']} role="img" aria-label={words.card.level(face.rank, face.ranks)}>
            {Array.from({ length: face.ranks }, (_, index) => <i key={index} class={index < face.rank ? css['reached'] : undefined} />)}
          </div>
        )}
      </div>
      <div class={css['middle']}>
        <h2 class={css['tier']} id="tier-name">{face.tierName}</h2>
        <p class={css['benefit']}>{benefit ?? '\u00A0'}</p>
      </div>
      <div class={css['bottom']}>
        <p class={css['owner']}>{face.firstName}<br /><span class="sum">{masked(face.number)}</span></p>
        <button type="button" class={css['key']} onClick={onCode} aria-label={words.card.show}>QR</button>
      </div>
    </article>
  )
}
