/** Every campaign of the programme in force: where it stands, what of its budget is gone, what it gave. */
import { Link } from 'wouter'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { day, money, percent } from '../../../shared/words/numbers.ts'
import { told, type Unit } from '../../../shared/words/points.ts'
import { useAnswer } from '../../data/query.ts'
import { Screen } from '../../frame/Screen.tsx'
import type { CampaignRowFragment } from '../../graph/documents.ts'
import { CampaignsDocument } from '../../graph/late.ts'
import { Badge, type Tone } from '../../parts/Badge.tsx'
import { Empty, Rows, Shown } from '../../parts/states.tsx'
import table from '../../parts/table.module.css'
import { Budget } from './Budget.tsx'
import css from './campaigns.module.css'
import { campaignWords } from './words.ts'

const NOTHING = {}
const TONES: Record<CampaignRowFragment['standing'], Tone> = { COMING: 'info', RUNNING: 'success', USED_UP: 'warning', OVER: 'plain' }

export function CampaignsScreen() {
  const text = campaignWords()
  const answer = useAnswer(CampaignsDocument, NOTHING)
  return (
    <Screen title={text.title} right="campaign.approve">
      <p class={css['note']}>{text.note}</p>
      <Shown answer={answer} skeleton={<Rows count={6} />}>
        {({ campaigns, programme }) => campaigns.length === 0
          ? <Panel><Empty title={text.empty} note={text.emptyNote} /></Panel>
          : <Table campaigns={campaigns} unit={programme.points?.unit} />}
      </Shown>
    </Screen>
  )
}

export function Standing({ campaign }: { campaign: CampaignRowFragment }) {
  return <Badge tone={TONES[campaign.standing]}>{campaignWords().standings[campaign.standing]}</Badge>
}

/** «с 1 декабря 2026 г. по 31 марта 2027 г.» */
export function daysOf(campaign: CampaignRowFragment): string {
  const text = campaignWords()
  return [campaign.from && text.from(day(campaign.from, true)), campaign.to && text.to(day(campaign.to, true))].filter(Boolean).join(' ') || text.always
}

/** «−1 000 ₽, 300 бонусов» */
export function gaveOf(given: { discount: string; points: number }, unit: Unit | undefined): string {
  return [given.discount !== '0.00' && money(given.discount), given.points !== 0 && (unit ? told(given.points, unit) : String(given.points))].filter(Boolean).join(', ')
}

function Table({ campaigns, unit }: { campaigns: readonly CampaignRowFragment[]; unit: Unit | undefined }) {
  const text = campaignWords()
  return (
    <div class={table['box']}>
      <table class={table['table']}>
        <thead>
          <tr>
            <th scope="col">{text.name}</th><th scope="col">{text.state}</th><th scope="col">{text.budget}</th>
            <th scope="col">{text.given}</th><th scope="col">{text.holdout}</th>
          </tr>
        </thead>
        <tbody>
          {campaigns.map(one => (
            <tr key={one.id}>
              <th scope="row"><Link href={`/campaigns/${one.id}`} class={table['main']} aria-label={text.open(one.name)}>{one.name}</Link><span class={table['sub']}>{one.gives}</span></th>
              <td><Standing campaign={one} /><span class={table['sub']}>{daysOf(one)}</span></td>
              <td data-name={text.budget}><Budget campaign={one} unit={unit} /></td>
              <td data-name={text.given}>{one.given.receipts === 0 ? text.nothing : <>{text.receipts(one.given.receipts)}<span class={table['sub']}>{gaveOf(one.given, unit)}</span></>}</td>
              <td data-name={text.holdout}>{one.holdout === '0' ? text.noHoldout : percent(one.holdout)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
