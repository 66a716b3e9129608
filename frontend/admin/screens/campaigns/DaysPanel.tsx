/** In how many receipts a campaign took part, day by day: bars, and the same as a table. */
import { useEffect, useState } from 'preact/hooks'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { day, kopecks, money } from '../../../shared/words/numbers.ts'
import { told, type Unit } from '../../../shared/words/points.ts'
import { DateField } from '../../parts/DateField.tsx'
import table from '../../parts/table.module.css'
import css from './campaigns.module.css'
import { gaveOf } from './CampaignsScreen.tsx'
import { barsOf, isSpan, type DayOf } from './days.ts'
import { campaignWords } from './words.ts'

interface DaysPanelProps {
  days: readonly DayOf[]
  unit: Unit | undefined
  from: string
  to: string
  /** Hears of spans that can be asked about; what is being typed stays here. */
  onSpan: (span: { from: string; to: string }) => void
}

const WIDTH = 10
const GAP = 2

export function DaysPanel({ days, unit, from, to, onSpan }: DaysPanelProps) {
  const text = campaignWords()
  const [typed, setTyped] = useState({ from, to })
  useEffect(() => setTyped({ from, to }), [from, to])
  const wrong = isSpan(typed.from, typed.to) ? undefined : text.spanWrong
  const change = (part: { from?: string; to?: string }): void => {
    const next = { ...typed, ...part }
    setTyped(next)
    if (isSpan(next.from, next.to)) onSpan(next)
  }
  const bars = barsOf(days, from, to)
  const sum = (pick: (one: DayOf) => number): number => days.reduce((all, one) => all + pick(one), 0)
  const discount = sum(one => kopecks(one.given.discount))
  const points = sum(one => one.given.points)
  const gave = [discount !== 0 && money(discount), points !== 0 && (unit ? told(points, unit) : points)].filter(Boolean).join(', ')
  return (
    <Panel title={text.useByDay}>
      <div class={css['span']}>
        <DateField label={text.firstDay} name="from" value={typed.from} onChange={next => change({ from: next })} />
        <DateField label={text.lastDay} name="to" value={typed.to} error={wrong} onChange={next => change({ to: next })} />
      </div>
      <p class={css['finding']}>{days.length === 0 ? text.noUse : text.finding(text.receipts(sum(one => one.given.receipts)), gave)}</p>
      {days.length > 0 && (
        <>
          <svg class={css['plot']} viewBox={`0 0 ${bars.length * WIDTH} 100`} preserveAspectRatio="none" aria-hidden="true">
            {bars.map((bar, place) => bar.size > 0 && <rect key={bar.day} x={place * WIDTH + GAP / 2} width={WIDTH - GAP} y={100 - bar.size} height={bar.size} />)}
          </svg>
          <div class={css['axis']} aria-hidden="true"><span>{day(from)}</span><span>{text.most(Math.max(...bars.map(bar => bar.receipts)))}</span><span>{day(to)}</span></div>
          <details class={css['details']}>
            <summary>{text.asTable}</summary>
            <table class={`${table['table']} ${css['sums']}`}>
              <thead><tr><th scope="col">{text.day}</th><th scope="col">{text.receiptsHead}</th><th scope="col">{text.given}</th></tr></thead>
              <tbody>
                {[...days].reverse().map(one => (
                  <tr key={one.day}>
                    <th scope="row">{day(one.day, true)}</th>
                    <td data-name={text.receiptsHead}>{one.given.receipts}</td>
                    <td data-name={text.given}>{gaveOf(one.given, unit) || '–'}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </details>
        </>
      )}
    </Panel>
  )
}
