/** The look of a tier: one of four grounds by its place among all tiers, and the small swatch of it. */
import '../style/tiers.css'
import { classes } from './classes.ts'

export const LOOKS = 4

/** A programme may have any number of tiers: the first looks like the first, the last like the last. */
export function lookOf(rank: number, ranks: number): number {
  if (ranks <= LOOKS) return Math.min(Math.max(rank, 1), LOOKS)
  return 1 + Math.round(((rank - 1) / (ranks - 1)) * (LOOKS - 1))
}

export function tierGround(rank: number, ranks: number): string {
  return `tier-ground tier-${lookOf(rank, ranks)}`
}

export function TierSwatch({ rank, ranks }: { rank: number; ranks: number }) {
  return <span class={classes('tier-swatch', tierGround(rank, ranks))} aria-hidden="true" />
}
