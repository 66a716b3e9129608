/** On a member's page: the way to give or take points, and what was moved by hand. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import type { Unit } from '../../../shared/words/points.ts'
import { useAnswer } from '../../data/query.ts'
import type { PointsByHandQuery } from '../../graph/documents.ts'
import { PointsByHandDocument } from '../../graph/late.ts'
import { Rows, Shown } from '../../parts/states.tsx'
import { GrantSheet } from './GrantSheet.tsx'
import { Grants } from './Grants.tsx'
import { goodwillWords } from './words.ts'

export type ByHand = NonNullable<NonNullable<PointsByHandQuery['memberCard']>['pointsByHand']>

export function HandPanel({ member, unit }: { member: { id: string; firstName: string; lastName: string; status: string }; unit: Unit }) {
  const text = goodwillWords()
  const [open, setOpen] = useState(false)
  const answer = useAnswer(PointsByHandDocument, { id: member.id })
  // Who may not move any, or in a programme that lets nobody, is shown nothing.
  if (answer.data && !answer.data.memberCard?.pointsByHand) return null
  return (
    <Panel title={text.title}>
      <Shown answer={answer} skeleton={<Rows count={2} />}>
        {({ memberCard }) => memberCard?.pointsByHand && (
          <>
            {member.status !== 'ERASED' && <Button kind="quiet" onClick={() => setOpen(true)}>{text.give}</Button>}
            <Grants grants={memberCard.pointsByHand.grants} unit={unit} />
            {open && <GrantSheet member={member} terms={memberCard.pointsByHand} unit={unit} onClose={() => setOpen(false)} />}
          </>
        )}
      </Shown>
    </Panel>
  )
}
