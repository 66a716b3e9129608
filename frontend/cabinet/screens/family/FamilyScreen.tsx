/** The family account: who is here, the shared account with everybody's part, and the way out with what it brings home. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { Skeleton } from '../../../shared/parts/Skeleton.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import type { Unit } from '../../../shared/words/points.ts'
import { useAnswer } from '../../data/session.ts'
import { Frame } from '../../frame/Frame.tsx'
import { Empty, Shown } from '../../frame/states.tsx'
import { FamilyPageDocument, FoundFamilyDocument, TakeFamilyHeadDocument, type FamilyPageQuery } from '../../graph/documents.ts'
import css from './Family.module.css'
import { HistoryPanel } from './HistoryPanel.tsx'
import { InvitesPanel } from './InvitesPanel.tsx'
import { LeavePanel } from './LeavePanel.tsx'
import { LotsPanel } from './LotsPanel.tsx'
import { useOrder } from './order.ts'
import { PeoplePanel } from './PeoplePanel.tsx'
import { PoolPanel } from './PoolPanel.tsx'
import { ProgressPanel } from './ProgressPanel.tsx'
import { familyWords } from './words.ts'

export type Me = NonNullable<FamilyPageQuery['me']>
export type Family = NonNullable<Me['family']>
export type Rules = NonNullable<FamilyPageQuery['programme']['family']>

const FIRST = { after: null }
const NO_UNIT: Unit = { name: '', one: '', few: '', many: '' }

export function FamilyScreen() {
  const answer = useAnswer(FamilyPageDocument, FIRST)
  const text = familyWords()
  return (
    <Frame title={text.title} broad>
      <Shown answer={answer} skeleton={<div class={css['columns']}><Skeleton height={260} /><Skeleton height={320} /></div>}>
        {({ me, programme }) => {
          if (!me) return null
          if (!programme.family) return <Empty title={text.notHere} />
          const unit = programme.points?.unit ?? NO_UNIT
          if (!me.family) return <Founding rules={programme.family} />
          return <Home me={me} family={me.family} rules={programme.family} unit={unit} programme={programme.name} offline={answer.failure === 'offline'} />
        }}
      </Shown>
    </Frame>
  )
}

function Founding({ rules }: { rules: Rules }) {
  const text = familyWords()
  const order = useOrder(FoundFamilyDocument)
  return (
    <Panel>
      <div class={css['stack']}>
        <Empty title={text.none} note={rules.pool ? text.noneNote(rules.seats) : rules.sharesProgress ? text.noneProgress(rules.seats) : text.noneNoPool(rules.seats)} />
        {order.problem !== undefined && <Notice kind="danger" role="alert">{order.problem}</Notice>}
        <Button wide busy={order.busy} onClick={() => void order.send({})}>{text.found}</Button>
        <p class={css['note']}>{text.haveLink}</p>
      </div>
    </Panel>
  )
}

interface HomeProps {
  me: Me
  family: Family
  rules: Rules
  unit: Unit
  programme: string
  offline: boolean
}

function Home({ me, family, rules, unit, programme, offline }: HomeProps) {
  const text = familyWords()
  const mine = family.seats.find(seat => seat.mine)!
  return (
    <div class={css['columns']}>
      <div class={css['main']}>
        {offline && <Notice kind="warning" role="status">{text.offline}</Notice>}
        {mine.offeredHead && <Offered />}
        {family.pool && <PoolPanel pool={family.pool} available={me.points?.available ?? 0} unit={unit} />}
        {rules.sharesProgress && <ProgressPanel progress={me.progress} />}
        <PeoplePanel family={family} rules={rules} unit={unit} />
      </div>
      <div class={css['side']}>
        {family.pool && <LotsPanel lots={family.pool.lots} unit={unit} />}
        {family.role === 'HEAD' && <InvitesPanel family={family} rules={rules} programme={programme} />}
        <LeavePanel family={family} rules={rules} unit={unit} />
      </div>
      {family.pool && <HistoryPanel first={family.history} unit={unit} />}
    </div>
  )
}

function Offered() {
  const text = familyWords()
  const order = useOrder(TakeFamilyHeadDocument)
  const [done, setDone] = useState(false)
  const take = async (): Promise<void> => {
    if (!('done' in (await order.send({})))) return
    setDone(true)
    toast.set(text.tookOver)
  }
  if (done) return null
  return (
    <Notice kind="info" title={text.offeredYou} action={<Button busy={order.busy} onClick={() => void take()}>{text.take}</Button>}>
      {order.problem ?? text.offeredYouNote}
    </Notice>
  )
}
