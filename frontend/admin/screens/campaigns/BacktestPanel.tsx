/** A campaign on past receipts: asked for here, carried out in the background, its progress watched, its findings read. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Check } from '../../../shared/parts/Check.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import type { Unit } from '../../../shared/words/points.ts'
import { useAnswer } from '../../data/query.ts'
import { useRefresh } from '../../data/refresh.ts'
import { answers, ask, send } from '../../data/session.ts'
import type { CampaignTestsQuery } from '../../graph/documents.ts'
import { CampaignTestsDocument, StartCampaignTestDocument } from '../../graph/late.ts'
import { DateField } from '../../parts/DateField.tsx'
import { Rows, Shown } from '../../parts/states.tsx'
import css from './campaigns.module.css'
import type { CampaignOfPage } from './CampaignScreen.tsx'
import { before, isoDay } from './days.ts'
import { TestReport } from './TestReport.tsx'
import { campaignWords } from './words.ts'

export type CampaignTest = NonNullable<CampaignTestsQuery['campaign']>['backtests'][number]
const LOOK_MS = 1_000
const USUAL_DAYS = 90

export function BacktestPanel({ campaign, unit }: { campaign: CampaignOfPage; unit: Unit | undefined }) {
  const text = campaignWords()
  const { answer, begun, stopped, again } = useTests(campaign.id)
  return (
    <Panel title={text.test}>
      <p class={css['note']}>{text.testNote}</p>
      <Start campaign={campaign} onStarted={begun} />
      {stopped && <Notice role="status" action={<Button kind="quiet" onClick={again}>{text.resume}</Button>}>{text.stopped}</Notice>}
      <Shown answer={answer} skeleton={<Rows count={2} />}>
        {({ campaign: found }) => !found || found.backtests.length === 0
          ? <p class={css['note']}>{text.noTests}</p>
          : <>{found.backtests.map((one, place) => <TestReport key={one.id} test={one} unit={unit} open={place === 0} />)}</>}
      </Shown>
    </Panel>
  )
}

/** The tests of a campaign; while one runs and somebody is there, its progress is asked for every second. */
function useTests(id: string) {
  const answer = useAnswer(CampaignTestsDocument, { id })
  const [newer, setNewer] = useState<CampaignTestsQuery>()
  const shown = newer ?? answer.data
  const runs = shown?.campaign?.backtests.some(one => one.state === 'WAITING' || one.state === 'RUNNING') ?? false
  const look = (): Promise<void> => ask(CampaignTestsDocument, { id }).then(setNewer, () => undefined)
  const { stopped, again } = useRefresh({ everyMs: LOOK_MS, on: runs, look })
  const begun = async (): Promise<void> => {
    setNewer(undefined)
    await answers.stir()
  }
  return { answer: { ...answer, ...(shown && { data: shown }) }, begun, stopped, again }
}

function Start({ campaign, onStarted }: { campaign: CampaignOfPage; onStarted: () => Promise<void> }) {
  const text = campaignWords()
  const [to, setTo] = useState(() => isoDay(new Date()))
  const [from, setFrom] = useState(() => before(isoDay(new Date()), USUAL_DAYS - 1))
  const [withCodes, setWithCodes] = useState(campaign.needsCode)
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string>()
  const start = async (): Promise<void> => {
    if (from === '' || to === '') return setFault(text.daysMissing)
    setBusy(true)
    const answer = await send(StartCampaignTestDocument, { input: { campaign: campaign.id, from, to, withCodes } })
    setFault('problem' in answer ? answer.problem.message : undefined)
    await onStarted()
    setBusy(false)
  }
  return (
    <form class={css['start']} noValidate onSubmit={event => { event.preventDefault(); if (!busy) void start() }}>
      <div class={css['span']}>
        <DateField label={text.firstDay} name="testFrom" value={from} onChange={setFrom} />
        <DateField label={text.lastDay} name="testTo" value={to} onChange={setTo} />
        <Button type="submit" busy={busy}>{text.start}</Button>
      </div>
      {campaign.needsCode && <Check name="withCodes" checked={withCodes} onChange={setWithCodes}>{text.withCodes}</Check>}
      {fault && <Notice kind="danger" role="alert">{fault}</Notice>}
    </form>
  )
}
