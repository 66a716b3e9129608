/** Erasing a member: what goes and what stays is said first; afterwards the act of it, to be kept. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { dayTime } from '../../../shared/words/numbers.ts'
import { told, type Unit } from '../../../shared/words/points.ts'
import { saveText } from '../../data/download.ts'
import { useAnswer } from '../../data/query.ts'
import type { ErasureShownFragment } from '../../graph/documents.ts'
import { MemberErasureDocument } from '../../graph/late.ts'
import { CopyButton } from '../../parts/CopyButton.tsx'
import { Empty, Rows, Shown } from '../../parts/states.tsx'
import { words } from '../../words/words.ts'
import { Facts } from '../cards/Facts.tsx'
import { EraseDialog } from './EraseDialog.tsx'
import { erasingWords } from './erasingWords.ts'
import css from './members.module.css'
import type { MemberOfPage } from './MemberScreen.tsx'

interface ErasurePanelProps {
  member: MemberOfPage
  unit: Unit | undefined
}

export function ErasurePanel({ member, unit }: ErasurePanelProps) {
  const text = erasingWords()
  const [asked, setAsked] = useState(false)
  if (member.status === 'ERASED') return <Erased member={member} unit={unit} />
  if (member.status !== 'ACTIVE' && member.status !== 'BLOCKED') return null
  return (
    <Panel title={text.title}>
      <div class={css['split']}>
        <p class={css['note']}>{text.note}</p>
        <Button kind="danger" onClick={() => setAsked(true)}>{text.erase}</Button>
      </div>
      {asked && <EraseDialog member={member} onClose={() => setAsked(false)} />}
    </Panel>
  )
}

function Erased({ member, unit }: ErasurePanelProps) {
  const answer = useAnswer(MemberErasureDocument, { id: member.id })
  return (
    <Panel title={erasingWords().erasedTitle}>
      <Shown answer={answer} skeleton={<Rows count={3} />}>
        {({ erasure }) => erasure ? <Act erasure={erasure} number={member.number} unit={unit} /> : <Empty title={words.state.absent} />}
      </Shown>
    </Panel>
  )
}

function Act({ erasure, number, unit }: { erasure: ErasureShownFragment; number: string; unit: Unit | undefined }) {
  const text = erasingWords()
  return (
    <>
      <Facts facts={[
        [text.at, dayTime(erasure.at, true)], [text.by, text.askedBy[erasure.askedBy]], [text.reason, erasure.reason],
        [text.forfeited, unit && told(erasure.pointsForfeited, unit)],
      ]} />
      <pre class={css['act']} tabIndex={0} role="group" aria-label={text.act}>{erasure.act}</pre>
      <div class={css['buttons']}>
        <CopyButton text={erasure.act} label={text.copy} />
        <Button kind="quiet" onClick={() => saveText(erasure.act, text.file(number), 'text/plain')}>{text.save}</Button>
      </div>
    </>
  )
}
