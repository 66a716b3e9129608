/** Two profiles side by side, which of them stays, what both will be together, and the decision; or the merge that was made of them. */
import { Link } from 'wouter'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { dayTime } from '../../../shared/words/numbers.ts'
import type { Unit } from '../../../shared/words/points.ts'
import { useAnswer } from '../../data/query.ts'
import { Screen } from '../../frame/Screen.tsx'
import type { MergeRowFragment, PairQuery, TwinProfileFragment } from '../../graph/documents.ts'
import { PairDocument } from '../../graph/late.ts'
import { Empty, Rows, Shown } from '../../parts/states.tsx'
import { words } from '../../words/words.ts'
import { DismissButton, RestoreButton } from './apart.tsx'
import { Decision } from './Decision.tsx'
import { Profile } from './Profile.tsx'
import css from './twins.module.css'
import { UndoButton } from './UndoButton.tsx'
import { twinWords } from './words.ts'

export interface Pair {
  one: TwinProfileFragment
  other: TwinProfileFragment
  unit: Unit | undefined
}

export function PairScreen({ one, other }: { one: string; other: string }) {
  const text = twinWords()
  return (
    <Screen title={text.pairTitle} right="merge.decide" above={<Link href="/twins">← {text.title}</Link>}>
      {one === other ? <Panel><Empty title={text.samePair} note={text.samePairNote} /></Panel> : <Compared one={one} other={other} />}
    </Screen>
  )
}

function Compared({ one, other }: { one: string; other: string }) {
  const answer = useAnswer(PairDocument, { one, other })
  return (
    <div class={css['stack']}>
      <Shown answer={answer} skeleton={<Rows count={8} />}>
        {data => data.one && data.other
          ? <Page data={data} pair={{ one: data.one, other: data.other, unit: data.programme.points?.unit }} />
          : <Panel><Empty title={words.state.absent} note={words.state.absentNote} /></Panel>}
      </Shown>
    </div>
  )
}

function Page({ data, pair }: { data: PairQuery; pair: Pair }) {
  const text = twinWords()
  const { one, other } = pair
  const merge = data.merges.find(made => made.state !== 'UNDONE' && [made.survivor, made.duplicate].every(id => id === one.id || id === other.id))
  if (merge) return <Made merge={merge} pair={pair} />
  const found = data.likelyDuplicates.find(alike => alike.member === other.id)
  const common = found && text.inCommon(found.signs.map(sign => text.signs[sign]).join(', '))
  return (
    <>
      {found?.dismissal
        ? <Notice kind="warning" title={text.apart} action={<RestoreButton said={found.dismissal} />}>{found.dismissal.reason.replace(/[.\s]+$/, '')}. {common}</Notice>
        : <Notice kind={common ? 'info' : 'warning'} action={common && <DismissButton one={one} other={other} />}>{common ?? text.notInCommon}</Notice>}
      <Decision pair={pair} />
    </>
  )
}

/** They are one: how it stands, and the way back. */
function Made({ merge, pair }: { merge: MergeRowFragment; pair: Pair }) {
  const text = twinWords()
  const [stayed, went] = merge.survivor === pair.one.id ? [pair.one, pair.other] : [pair.other, pair.one]
  return (
    <>
      <Notice kind="success" title={text.merged} action={<UndoButton merge={merge} />}>
        {merge.reason}. {text.states[merge.state]}, {merge.state === 'MERGED' ? text.undoableUntil(dayTime(merge.undoableUntil, true)) : dayTime(merge.mergedAt, true)}
      </Notice>
      <div class={css['pair']}>
        <Profile member={stayed} unit={pair.unit} role="stays" />
        <Profile member={went} unit={pair.unit} role="goes" />
      </div>
    </>
  )
}
