/** One campaign: what it gives and asks for, its budget, use by day, promo codes, and a test on past receipts. */
import { Link } from 'wouter'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { percent } from '../../../shared/words/numbers.ts'
import type { Unit } from '../../../shared/words/points.ts'
import { useFilters } from '../../data/filters.ts'
import { useAnswer, useLast } from '../../data/query.ts'
import { Screen } from '../../frame/Screen.tsx'
import type { CampaignPageQuery } from '../../graph/documents.ts'
import { CampaignPageDocument } from '../../graph/late.ts'
import { Empty, Rows, Shown } from '../../parts/states.tsx'
import { words } from '../../words/words.ts'
import cards from '../cards/cards.module.css'
import { BacktestPanel } from './BacktestPanel.tsx'
import { BatchesPanel } from './BatchesPanel.tsx'
import { Budget } from './Budget.tsx'
import { daysOf, gaveOf, Standing } from './CampaignsScreen.tsx'
import css from './campaigns.module.css'
import { before, isoDay, isSpan } from './days.ts'
import { DaysPanel } from './DaysPanel.tsx'
import { campaignWords } from './words.ts'

export type CampaignOfPage = NonNullable<CampaignPageQuery['campaign']>
const NAMES = ['from', 'to'] as const
const DAYS_SHOWN = 30

export function CampaignScreen({ id }: { id: string }) {
  const text = campaignWords()
  const { filters, set } = useFilters(NAMES)
  const today = isoDay(new Date())
  const { from, to } = isSpan(filters.from, filters.to) ? filters : { from: before(today, DAYS_SHOWN - 1), to: today }
  const answer = useLast(useAnswer(CampaignPageDocument, { id, from, to }), id)
  return (
    <Screen title={answer.data?.campaign?.name ?? text.name} right="campaign.approve" above={<Link href="/campaigns">← {text.title}</Link>}>
      <Shown answer={answer} skeleton={<Rows count={8} />}>
        {({ campaign, programme }) => campaign
          ? (
            <div class={css['stack']}>
              <Terms campaign={campaign} unit={programme.points?.unit} />
              <DaysPanel days={campaign.days} unit={programme.points?.unit} from={from} to={to} onSpan={set} />
              {campaign.needsCode && <BatchesPanel campaign={campaign} />}
              <BacktestPanel campaign={campaign} unit={programme.points?.unit} />
            </div>
          )
          : <Panel><Empty title={words.state.absent} note={words.state.absentNote} /></Panel>}
      </Shown>
    </Screen>
  )
}

function Terms({ campaign, unit }: { campaign: CampaignOfPage; unit: Unit | undefined }) {
  const text = campaignWords()
  const facts = [
    ...campaign.terms.map(one => [one.name, one.text] as const),
    [text.days, daysOf(campaign)],
    [text.priority, String(campaign.priority)],
    [text.holdout, campaign.holdout === '0' ? text.noHoldout : percent(campaign.holdout)],
    [text.onReturn, campaign.keepsOnReturn ? text.keeps : text.givesBack],
    [text.given, campaign.given.receipts === 0 ? text.nothing : [text.receipts(campaign.given.receipts), gaveOf(campaign.given, unit)].filter(Boolean).join(', ')],
  ] as const
  return (
    <Panel title={text.what} aside={<Standing campaign={campaign} />}>
      <p class={css['finding']}>{campaign.gives}</p>
      <dl class={cards['facts']}>
        {facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
        <div><dt>{text.budget}</dt><dd><Budget campaign={campaign} unit={unit} /></dd></div>
      </dl>
    </Panel>
  )
}
