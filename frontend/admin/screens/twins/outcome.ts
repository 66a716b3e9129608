/** What two profiles will be together, and what stands in the way before anybody is asked. */
import { kopecks } from '../../../shared/words/numbers.ts'

/** What of a profile decides; sums are null for whoever may not see them. */
export interface Side {
  status: string
  cards: readonly { issuedAt: string }[]
  accumulated?: string | null | undefined
  tierGrant?: object | null | undefined
  totals?: { purchases: string; saved: string } | null | undefined
  points?: { available: number; pending: number; held: number; debt: number } | null | undefined
  family?: object | null | undefined
}

export type Obstacle = 'inactive' | 'family' | 'granted' | 'debt'

/** Known reasons for which the server would say no; it knows of more, and says them itself. */
export function obstacles(stays: Side, goes: Side): Obstacle[] {
  const found: Obstacle[] = []
  if (stays.status !== 'ACTIVE' || goes.status !== 'ACTIVE') found.push('inactive')
  if (goes.family) found.push('family')
  if (goes.tierGrant) found.push('granted')
  if ((stays.points?.debt ?? 0) > 0 || (goes.points?.debt ?? 0) > 0) found.push('debt')
  return found
}

/** Whether the first of the two is the better one to keep: nothing stands in the way, else it is the older one. */
export function firstStays(one: Side, other: Side): boolean {
  const kept = obstacles(one, other).length
  const swapped = obstacles(other, one).length
  return kept === swapped ? since(one) <= since(other) : kept < swapped
}

export interface Outcome {
  /** In kopecks. */
  accumulated?: number
  bought?: number
  saved?: number
  available?: number
  pending?: number
  held?: number
}

/** The sums of both, as far as both are seen. */
export function together(one: Side, other: Side): Outcome {
  return {
    ...(one.accumulated && other.accumulated && { accumulated: kopecks(one.accumulated) + kopecks(other.accumulated) }),
    ...(one.totals && other.totals && {
      bought: kopecks(one.totals.purchases) + kopecks(other.totals.purchases), saved: kopecks(one.totals.saved) + kopecks(other.totals.saved),
    }),
    ...(one.points && other.points && {
      available: one.points.available + other.points.available, pending: one.points.pending + other.points.pending, held: one.points.held + other.points.held,
    }),
  }
}

function since(side: Side): string {
  return side.cards.map(card => card.issuedAt).sort()[0] ?? ''
}
