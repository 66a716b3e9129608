/** The rules of one partner as rows for reading: channels with the same answer stand together. */
import type { PartnersQuery } from '../../graph/documents.ts'

type Partner = PartnersQuery['programme']['partners'][number]
export type Channel = Partner['rules'][number]['channel']

export interface MatrixRow {
  service: string
  channels: Channel[]
  accumulates: boolean
  /** Percent by tier id. */
  rates: Record<string, string>
  /** Where the programme has points, by tier id: percent that comes back, and percent that may be paid with them. */
  earns: Record<string, string>
  redeems: Record<string, string>
}

/** The contract's order, so that rows do not depend on the order of the rules. */
const ORDER: readonly Channel[] = ['PHONE', 'EMAIL', 'DESK', 'CABINET', 'PARTNER_SITE', 'TILL', 'SHOP', 'IMPORT']

/** Nothing but points is given: one tier, and no discount anywhere. */
export function onlyPoints({ points, tiers, partners }: PartnersQuery['programme']): boolean {
  return points !== null && tiers.length === 1 && partners.every(partner => partner.rules.every(rule => Number(rule.discountPercent) === 0))
}

export function matrixOf(partner: Partner): MatrixRow[] {
  return partner.services.flatMap(service => {
    const rows = new Map<string, MatrixRow>()
    for (const channel of ORDER) {
      const rules = partner.rules.filter(rule => rule.service.id === service.id && rule.channel === channel)
      if (rules.length === 0) continue
      const rates = Object.fromEntries(rules.map(rule => [rule.tier.id, rule.discountPercent]))
      const earns = Object.fromEntries(rules.flatMap(rule => (rule.earnsPercent ? [[rule.tier.id, rule.earnsPercent]] : [])))
      const redeems = Object.fromEntries(rules.flatMap(rule => (rule.redeemPercent ? [[rule.tier.id, rule.redeemPercent]] : [])))
      const accumulates = rules.every(rule => rule.accumulates)
      const key = JSON.stringify([accumulates, ...[rates, earns, redeems].map(row => Object.entries(row).sort())])
      const row = rows.get(key)
      if (row) row.channels.push(channel)
      else rows.set(key, { service: service.name, channels: [channel], accumulates, rates, earns, redeems })
    }
    return [...rows.values()]
  })
}
