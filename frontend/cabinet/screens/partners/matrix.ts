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
}

/** The contract's order, so that rows do not depend on the order of the rules. */
const ORDER: readonly Channel[] = ['PHONE', 'EMAIL', 'DESK', 'CABINET', 'PARTNER_SITE', 'TILL', 'SHOP', 'IMPORT']

export function matrixOf(partner: Partner): MatrixRow[] {
  return partner.services.flatMap(service => {
    const rows = new Map<string, MatrixRow>()
    for (const channel of ORDER) {
      const rules = partner.rules.filter(rule => rule.service.id === service.id && rule.channel === channel)
      if (rules.length === 0) continue
      const rates = Object.fromEntries(rules.map(rule => [rule.tier.id, rule.discountPercent]))
      const accumulates = rules.every(rule => rule.accumulates)
      const key = JSON.stringify([accumulates, Object.entries(rates).sort()])
      const row = rows.get(key)
      if (row) row.channels.push(channel)
      else rows.set(key, { service: service.name, channels: [channel], accumulates, rates })
    }
    return [...rows.values()]
  })
}
