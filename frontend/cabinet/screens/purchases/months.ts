/** Purchases by month, newest first; a month has a total only when all of it is here. */
import { kopecks } from '../../../shared/words/numbers.ts'

interface Dated {
  businessDate: string
  net: string
  refunded: string
}

export interface Month<Item> {
  /** `2026-11` */
  key: string
  items: Item[]
  /** Kopecks paid less refunds; null while older purchases of the month are not loaded. */
  total: number | null
}

export function byMonth<Item extends Dated>(items: readonly Item[], complete: boolean): Month<Item>[] {
  const months: Month<Item>[] = []
  for (const item of items) {
    const key = item.businessDate.slice(0, 7)
    const last = months.at(-1)
    if (last?.key === key) last.items.push(item)
    else months.push({ key, items: [item], total: null })
  }
  for (const [index, month] of months.entries()) {
    if (complete || index < months.length - 1) month.total = month.items.reduce((sum, one) => sum + kopecks(one.net) - kopecks(one.refunded), 0)
  }
  return months
}
