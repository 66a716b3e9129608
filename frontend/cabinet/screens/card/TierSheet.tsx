/** All tiers: what each is worth first, its threshold after, then how the sum grows. */
import { useState } from 'preact/hooks'
import { classes } from '../../../shared/parts/classes.ts'
import { Sheet } from '../../../shared/parts/Sheet.tsx'
import { TierSwatch } from '../../../shared/parts/Tier.tsx'
import { kopecks, money, percent } from '../../../shared/words/numbers.ts'
import type { HomeQuery } from '../../graph/documents.ts'
import { words } from '../../words/words.ts'
import { benefitOf } from './benefits.ts'
import css from './TierSheet.module.css'
import { TierStory } from './TierStory.tsx'

interface TierSheetProps {
  programme: HomeQuery['programme']
  mine: string
  onClose: () => void
}

export function TierSheet({ programme, mine, onClose }: TierSheetProps) {
  const [chosen, setChosen] = useState(mine)
  const ranks = programme.tiers.length
  const tier = programme.tiers.find(one => one.id === chosen) ?? programme.tiers[0]!
  const benefit = benefitOf(programme.partners, tier.id)
  const threshold = kopecks(tier.threshold) > 0 ? words.tier.from(money(tier.threshold)) : words.tier.start
  return (
    <Sheet title={words.tier.sheet} onClose={onClose}>
      <div class={css['tabs']} role="group" aria-label={words.tier.sheet}>
        {programme.tiers.map((one, index) => (
          <button key={one.id} type="button" class={classes(css['tab'], one.id === chosen && css['chosen'])} aria-pressed={one.id === chosen} onClick={() => setChosen(one.id)}>
            <TierSwatch rank={index + 1} ranks={ranks} />{one.name}
          </button>
        ))}
      </div>
      <div aria-live="polite">
        <p class={css['facts']}>{threshold}{tier.id === mine && <> · <strong>{words.tier.mine}</strong></>}</p>
        {benefit.partners.length === 0
          ? <p class={css['none']}>{words.tier.noDiscount}</p>
          : (
            <>
              <h3 class={css['head']}>{words.tier.where}</h3>
              <ul>
                {benefit.partners.map(partner => (
                  <li key={partner.id} class={css['partner']}>
                    <span>{partner.name}</span>
                    <span class="sum">{partner.least === partner.most ? percent(partner.most) : `${percent(partner.least)} – ${percent(partner.most)}`}</span>
                  </li>
                ))}
              </ul>
            </>
          )}
      </div>
      <TierStory mine={programme.tiers.find(one => one.id === mine)?.name ?? ''} />
    </Sheet>
  )
}
