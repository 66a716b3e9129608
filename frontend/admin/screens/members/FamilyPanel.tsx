/** The family in short: no names of the others, since they are members of their own. */
import { Panel } from '../../../shared/parts/Panel.tsx'
import { dayTime } from '../../../shared/words/numbers.ts'
import { told, type Unit } from '../../../shared/words/points.ts'
import { Facts } from '../cards/Facts.tsx'
import css from './members.module.css'
import type { MemberOfPage } from './MemberScreen.tsx'
import { memberWords } from './words.ts'

export function FamilyPanel({ family, unit }: { family: MemberOfPage['family']; unit: Unit | undefined }) {
  const text = memberWords()
  if (!family) return <Panel title={text.family}><p class={css['note']}>{text.noFamily}</p></Panel>
  const points = (count: number): string => (unit ? told(count, unit) : String(count))
  return (
    <Panel title={text.family}>
      <Facts facts={[
        [text.role, text.roles[family.role]], [text.seats, text.people(family.seats)], [text.joined, dayTime(family.joinedAt, true)],
        [text.pool, family.pool != null && points(family.pool)], [text.gave, family.pool != null && points(family.given)], [text.spent, family.pool != null && points(family.spent)],
      ]} />
    </Panel>
  )
}
