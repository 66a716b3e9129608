/** The piecewise scale: every tier is an equal segment, so that 10 726 of 100 000 can be seen beside a million. */
import { kopecks } from '../../../shared/words/numbers.ts'

/** How much of the whole scale is filled, 0..1. `thresholds` rise, the first is usually zero. */
export function filled(thresholds: readonly string[], accumulated: string): number {
  const marks = thresholds.map(kopecks)
  const sum = kopecks(accumulated)
  const segments = marks.length - 1
  if (segments < 1 || sum >= marks[segments]!) return 1
  const segment = Math.max(0, marks.findLastIndex(mark => sum >= mark))
  const [low, high] = [marks[segment]!, marks[segment + 1]!]
  return (segment + Math.max(0, sum - low) / (high - low)) / segments
}

/** «100 тыс.», «1 млн»: a threshold short enough for a tick. */
export function short(threshold: string, thousand: string, million: string): string {
  const whole = Math.round(kopecks(threshold) / 100)
  if (whole >= 1_000_000 && whole % 100_000 === 0) return `${String(whole / 1_000_000).replace('.', ',')}\u00A0${million}`
  if (whole >= 1_000 && whole % 1_000 === 0) return `${whole / 1_000}\u00A0${thousand}`
  return String(whole)
}
