/** One line that leads to the family account, on the card and on the member's own page; only where the programme has one. */
import { Link } from 'wouter'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { told, type Unit } from '../../../shared/words/points.ts'
import points from '../points/Points.module.css'
import { familyWords } from './words.ts'

interface FamilyLineProps {
  /** Null for who sits in none. */
  family: { seats: readonly unknown[]; pool: { available: number } | null } | null
  seats: number
  unit: Unit | undefined
}

export function FamilyLine({ family, seats, unit }: FamilyLineProps) {
  const text = familyWords()
  return (
    <Panel title={text.entry} aside={<Link class={points['all']!} href="/family">{text.open}</Link>}>
      {family?.pool && unit && <p class={points['available']}>{told(family.pool.available, unit)}</p>}
      <p class={points['note']}>{family ? text.seats(family.seats.length, seats) : text.none}</p>
    </Panel>
  )
}
