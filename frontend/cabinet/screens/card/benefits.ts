/** What a tier is worth: the discounts it opens, partner by partner. */
import type { HomeQuery } from '../../graph/documents.ts'

type Partner = HomeQuery['programme']['partners'][number]

export interface PartnerBenefit {
  id: string
  name: string
  /** Percent of the best and of the least service, as the API spells them. */
  most: string
  least: string
}

export interface TierBenefit {
  partners: PartnerBenefit[]
  /** The best percent anywhere; null when the tier gives no discount. */
  most: string | null
  /** Every partner gives exactly this percent on everything. */
  flat: boolean
}

export function benefitOf(partners: readonly Partner[], tierId: string): TierBenefit {
  const found: PartnerBenefit[] = []
  for (const partner of partners) {
    const rates = partner.rules.filter(rule => rule.tier.id === tierId).map(rule => rule.discountPercent).sort((one, other) => Number(one) - Number(other))
    const most = rates.at(-1)
    if (most !== undefined && Number(most) > 0) found.push({ id: partner.id, name: partner.name, most, least: rates[0] ?? most })
  }
  const best = found.reduce<string | null>((most, one) => (most === null || Number(one.most) > Number(most) ? one.most : most), null)
  return { partners: found, most: best, flat: found.length > 0 && found.every(one => one.most === best && one.least === best) }
}
