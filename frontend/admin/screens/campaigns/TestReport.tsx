/** One test on past receipts: how far it is, or what it found. */
import { useId } from 'preact/hooks'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { day, kopecks, money } from '../../../shared/words/numbers.ts'
import type { Unit } from '../../../shared/words/points.ts'
import { Badge } from '../../parts/Badge.tsx'
import table from '../../parts/table.module.css'
import { Facts } from '../cards/Facts.tsx'
import type { CampaignTest } from './BacktestPanel.tsx'
import css from './campaigns.module.css'
import { gaveOf } from './CampaignsScreen.tsx'
import { campaignWords } from './words.ts'

const TONES = { WAITING: 'info', RUNNING: 'info', DONE: 'success', FAILED: 'danger' } as const
type Result = NonNullable<CampaignTest['result']>

/** Money off, and points besides, multipliers' too. */
const costOf = (result: Result, unit: Unit | undefined): string => gaveOf({ discount: result.cost, points: result.pointsCost }, unit) || money(result.cost)

export function TestReport({ test, unit, open }: { test: CampaignTest; unit: Unit | undefined; open: boolean }) {
  const text = campaignWords()
  const title = text.testOf(day(test.from, true), day(test.to, true))
  return (
    <article class={css['test']} aria-label={title}>
      <div class={css['testHead']}>
        <h3>{title}</h3>
        <Badge tone={TONES[test.state]}>{text.states[test.state]}</Badge>
        {test.withCodes && <span>{text.codesShown}</span>}
      </div>
      <p class="unseen" role="status">{text.states[test.state]}</p>
      {(test.state === 'WAITING' || test.state === 'RUNNING') && <Progress test={test} />}
      {test.state === 'FAILED' && <Notice kind="danger">{text.failedNote}</Notice>}
      {test.result && (open ? <Found result={test.result} unit={unit} /> : <details class={css['details']}><summary>{text.cost}: {costOf(test.result, unit)}</summary><Found result={test.result} unit={unit} /></details>)}
    </article>
  )
}

function Progress({ test }: { test: CampaignTest }) {
  const text = campaignWords()
  const id = useId()
  const count = (value: number): string => value.toLocaleString('ru-RU')
  return (
    <div class={css['progress']}>
      <span id={id}>{test.total == null ? text.states.WAITING : text.progress(count(test.done), count(test.total))}</span>
      {test.total == null ? <progress aria-labelledby={id} /> : <progress aria-labelledby={id} max={Math.max(1, test.total)} value={test.done} />}
    </div>
  )
}

function Found({ result, unit }: { result: Result; unit: Unit | undefined }) {
  const text = campaignWords()
  return (
    <>
      <p class={css['finding']}>{text.cost}: {costOf(result, unit)}</p>
      <Facts facts={[
        [text.gross, `${money(result.gross)}, ${text.receipts(result.receipts)}`], [text.with, money(result.discountWith)], [text.without, money(result.discountWithout)],
        [text.moved, text.people(result.membersMoved)], [text.unpriced, result.unpriced > 0 && `${text.receipts(result.unpriced)}: ${text.unpricedNote}`],
      ]} />
      {result.groups.length > 0 && <Groups groups={result.groups} />}
      {result.costs.length > 0 && (
        <>
          <h4 class={css['sub']}>{text.costs}</h4>
          <table class={`${table['table']} ${css['sums']}`}>
            <thead><tr><th scope="col">{text.name}</th><th scope="col">{text.receiptsHead}</th><th scope="col">{text.given}</th></tr></thead>
            <tbody>
              {result.costs.map(one => (
                <tr key={one.campaign}><th scope="row">{one.name}</th><td data-name={text.receiptsHead}>{one.receipts}</td><td data-name={text.given}>{gaveOf({ discount: one.discount, points: one.points + one.morePoints }, unit) || '–'}</td></tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      {result.topBaskets.length > 0 && (
        <>
          <h4 class={css['sub']}>{text.baskets}</h4>
          <table class={`${table['table']} ${css['sums']}`}>
            <thead><tr><th scope="col">{text.receipt}</th><th scope="col">{text.sum}</th><th scope="col">{text.discount}</th></tr></thead>
            <tbody>
              {result.topBaskets.map(one => (
                <tr key={one.receipt}><th scope="row">{one.receipt}</th><td data-name={text.sum}>{money(one.gross)}</td><td data-name={text.discount}>{money(one.discount)}</td></tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </>
  )
}

function Groups({ groups }: { groups: Result['groups'] }) {
  const text = campaignWords()
  return (
    <>
      <h4 class={css['sub']}>{text.groups}</h4>
      <table class={`${table['table']} ${css['sums']}`}>
        <thead><tr><th scope="col">{text.group}</th><th scope="col">{text.guests}</th><th scope="col">{text.receiptsHead}</th><th scope="col">{text.paid}</th><th scope="col">{text.perGuest}</th></tr></thead>
        <tbody>
          {groups.map(one => (
            <tr key={String(one.heldOut)}>
              <th scope="row">{one.heldOut ? text.heldOut : text.exposed}</th>
              <td data-name={text.guests}>{one.guests}</td><td data-name={text.receiptsHead}>{one.receipts}</td><td data-name={text.paid}>{money(one.net)}</td>
              <td data-name={text.perGuest}>{one.guests === 0 ? '–' : money(Math.round(kopecks(one.net) / one.guests))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
