/** The guest as a till may know them: first name, tier, and what they get here. */
import { TierSwatch } from '../../shared/parts/Tier.tsx'
import { TickIcon } from '../../shared/parts/icons.tsx'
import { percent } from '../../shared/words/numbers.ts'
import { told } from '../../shared/words/points.ts'
import { fromContract } from '../money.ts'
import { say } from '../words/say.ts'
import { ruleFor, type Rule } from './basket.ts'
import css from './GuestPlate.module.css'
import type { Guest, Programme, Sale } from './state.ts'

/** The discount in one line: of the chosen service, or the span of all that this channel sells. */
function headline(guest: Guest, sale: Sale): string {
  const chosen = sale.lines.length === 1 ? sale.lines[0]?.service : null
  const rule = chosen ? ruleFor(guest.facts, chosen, sale.channel) : null
  if (rule !== null) return discountWords(rule)
  const rates = guest.facts.rules.filter(one => one.channel === sale.channel).map(one => one.discountPercent)
  const highest = rates.reduce((top, rate) => (fromContract(rate) > fromContract(top) ? rate : top), '0')
  if (fromContract(highest) === 0) return nothing(guest.facts.rules)
  const same = rates.every(rate => fromContract(rate) === fromContract(highest))
  return say(same ? 'guest.discount' : 'guest.upTo', { percent: percent(highest) })
}

/** Where there is no discount: what comes back as points, if the programme has any. */
function nothing(rules: readonly Rule[]): string {
  const earns = rules.map(rule => rule.earnsPercent ?? '0').reduce((top, rate) => (fromContract(rate) > fromContract(top) ? rate : top), '0')
  return fromContract(earns) === 0 ? say('guest.noDiscount') : say(rules.length > 1 ? 'guest.earnsUpTo' : 'guest.earns', { percent: percent(earns) })
}

export function discountWords(rule: Rule): string {
  return fromContract(rule.discountPercent) === 0 ? nothing([rule]) : say('guest.discount', { percent: percent(rule.discountPercent) })
}

export function GuestPlate({ guest, sale, programme, onOther }: { guest: Guest; sale: Sale; programme: Programme; onOther?: () => void }) {
  const { firstName, identifiedBy, tier } = guest.facts
  const count = programme.tiers.length
  const rank = programme.tiers.findIndex(one => one.id === tier.id) + 1
  return (
    <section class={css['plate']} aria-label={say('guest.found')}>
      <div class={css['head']}>
        <p class={css['found']}>
          <TickIcon />
          {say('guest.found')}
        </p>
        {onOther && (
          <button type="button" class={css['other']} onClick={onOther}>
            {say('guest.other')}
          </button>
        )}
      </div>
      {count > 1 && (
        <p class={css['tier']}>
          <TierSwatch rank={rank} ranks={count} />
          <span>{tier.name}</span>
          <span class={css['marks']} role="img" aria-label={say('guest.level', { number: rank, count })}>
            {programme.tiers.map((one, place) => (
              <i key={one.id} class={place < rank ? css['mark'] : css['unreached']} />
            ))}
          </span>
        </p>
      )}
      <p class={css['name']}>{firstName}</p>
      {guest.facts.points !== null && programme.points && <p class="headline">{say('guest.points', { points: told(guest.facts.points, programme.points.unit) })}</p>}
      {identifiedBy === 'PHONE' && <p class="muted">{say('guest.byPhone')}</p>}
      <p class="huge">{headline(guest, sale)}</p>
    </section>
  )
}
