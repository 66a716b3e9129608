/** The look of a tier: one of four grounds by its place among all tiers, and the small swatch of it. */
import { classes } from './classes.ts'
import css from './Tier.module.css'

export const LOOKS = 4

/** A programme may have any number of tiers: the first looks like the first, the last like the last. */
export function lookOf(rank: number, ranks: number): number {
  if (ranks <= LOOKS) return Math.min(Math.max(rank, 1), LOOKS)
  return 1 + Math.round(((rank - 1) / (ranks - 1)) * (LOOKS - 1))
}

export function tierGround(rank: number, ranks: number): string {
  return classes(css['ground'], css[`rank${lookOf(rank, ranks)}`])
}

export function TierSwatch({ rank, ranks }: { rank: number; ranks: number }) {
  return <span class={classes(css['swatch'], tierGround(rank, ranks))} aria-hidden="true" />
}
