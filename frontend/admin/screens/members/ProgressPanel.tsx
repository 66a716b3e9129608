/** What was bought and saved, and how far it is to the next tier. */
import { Panel } from '../../../shared/parts/Panel.tsx'
import { money } from '../../../shared/words/numbers.ts'
import { Facts } from '../cards/Facts.tsx'
import type { MemberOfPage } from './MemberScreen.tsx'
import { memberWords } from './words.ts'

export function ProgressPanel({ member }: { member: MemberOfPage }) {
  const text = memberWords()
  const { progress, totals } = member
  return (
    <Panel title={text.progress}>
      <Facts facts={[
        [text.accumulated, progress && money(progress.accumulated)],
        [text.next, progress && (progress.next && progress.left ? text.nextLeft(money(progress.left), progress.next.name) : text.highest)],
        [text.bought, totals && money(totals.purchases)],
        [text.saved, totals && money(totals.saved)],
      ]} />
    </Panel>
  )
}
