/** One member: who it is (masked), the tier and why, progress, points lot by lot, family, consents. */
import { Link } from 'wouter'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { useAnswer } from '../../data/query.ts'
import { useRight } from '../../data/rights.ts'
import { Screen } from '../../frame/Screen.tsx'
import type { MemberPageQuery } from '../../graph/documents.ts'
import { MemberPageDocument } from '../../graph/late.ts'
import { Empty, Rows, Shown } from '../../parts/states.tsx'
import { words } from '../../words/words.ts'
import { MemberPanel } from '../cards/MemberPanel.tsx'
import { HandPanel } from '../goodwill/HandPanel.tsx'
import { TwinsPanel } from '../twins/TwinsPanel.tsx'
import { ConsentsPanel } from './ConsentsPanel.tsx'
import { ErasurePanel } from './ErasurePanel.tsx'
import { FamilyPanel } from './FamilyPanel.tsx'
import { HistoryPanel } from './HistoryPanel.tsx'
import css from './members.module.css'
import { PointsPanel } from './PointsPanel.tsx'
import { ProgressPanel } from './ProgressPanel.tsx'
import { TierPanel } from './TierPanel.tsx'
import { memberWords } from './words.ts'

export type MemberOfPage = NonNullable<MemberPageQuery['memberCard']>
export type ProgrammeOfPage = MemberPageQuery['programme']

export function MemberScreen({ id }: { id: string }) {
  const text = memberWords()
  const mayManage = useRight('user.manage')
  const answer = useAnswer(MemberPageDocument, { id })
  const found = answer.data?.memberCard
  const above = mayManage ? <Link href="/members">← {text.title}</Link> : <Link href="/cards">← {words.cards.title}</Link>
  return (
    <Screen title={found && found.status !== 'ERASED' ? `${found.firstName} ${found.lastName}` : found?.number ?? text.title} right="card.view" above={above}>
      <Shown answer={answer} skeleton={<Rows count={8} />}>
        {({ memberCard, programme }) => memberCard
          ? <Page member={memberCard} programme={programme} />
          : <Panel><Empty title={words.state.absent} note={words.state.absentNote} /></Panel>}
      </Shown>
    </Screen>
  )
}

function Page({ member, programme }: { member: MemberOfPage; programme: ProgrammeOfPage }) {
  const text = memberWords()
  const mayRead = useRight('operation.view')
  const mayManage = useRight('user.manage')
  const mayMove = useRight('operation.manage')
  const mayMerge = useRight('merge.decide')
  return (
    <div class={css['stack']}>
      {!member.seesAll && <p class={css['note']}>{text.partnerNote}</p>}
      <MemberPanel
        member={member} title={member.number}
        foot={(
          <>
            {mayRead && <p class={css['links']}><Link href={`/operations?member=${member.id}`}>{text.allPurchases}</Link></p>}
            <p class={css['id']}>{text.id}: {member.id}</p>
          </>
        )}
      />
      <div class={css['pair']}>
        <TierPanel member={member} tiers={programme.tiers} />
        {member.totals && <ProgressPanel member={member} />}
      </div>
      <HistoryPanel id={member.id} />
      {member.seesAll && (
        <>
          {programme.points && <PointsPanel points={member.points} unit={programme.points.unit} />}
          {programme.points && mayMove && <HandPanel member={member} unit={programme.points.unit} />}
          <div class={css['pair']}>
            {programme.family && <FamilyPanel family={member.family} unit={programme.points?.unit} />}
            <ConsentsPanel consents={member.consents ?? []} />
          </div>
        </>
      )}
      {mayMerge && <TwinsPanel member={member} />}
      {mayManage && <ErasurePanel member={member} unit={programme.points?.unit} />}
    </div>
  )
}
