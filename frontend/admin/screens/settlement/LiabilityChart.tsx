/** What the partners stand for, month by month: a bar a month, and the same as a table. */
import { Panel } from '../../../shared/parts/Panel.tsx'
import table from '../../parts/table.module.css'
import { words } from '../../words/words.ts'
import { barsOf } from './chart.ts'
import { monthName, monthShort, points } from './months.ts'
import type { Books, NameOf } from './SettlementScreen.tsx'
import css from './settlement.module.css'

const MONTHS_SHOWN = 12
const COLOURS = 6

export function LiabilityChart({ books, name }: { books: Books; name: NameOf }) {
  const issuers = books.parties.map(one => one.id).filter(id => books.months[0]!.liabilities.some(row => row.issuer === id))
  const bars = barsOf(books.months, issuers, MONTHS_SHOWN)
  const colour = (issuer: string): string => `${css['part']} ${css[`colour${Math.min(issuers.indexOf(issuer), COLOURS - 1)}`]}`
  const last = bars.at(-1)!
  const before = bars.at(-2)
  return (
    <Panel title={words.settlement.chart}>
      <p class={css['finding']}>{words.settlement.finding(points(last.total), before && last.total - before.total !== 0 ? points(last.total - before.total) : undefined, last.total > (before?.total ?? 0))}</p>
      <div class={css['chart']} aria-hidden="true">
        {bars.map(bar => (
          <div key={bar.month} class={css['bar']}>
            <svg viewBox="0 0 10 100" preserveAspectRatio="none">
              {bar.parts.map(part => <rect key={part.issuer} class={colour(part.issuer)} x="0" width="10" y={part.from} height={part.size} />)}
            </svg>
            <span>{monthShort(bar.month)}</span>
          </div>
        ))}
      </div>
      {issuers.length > 1 && <ul class={css['legend']} aria-hidden="true">{issuers.map(id => <li key={id}><svg viewBox="0 0 10 10"><rect class={colour(id)} width="10" height="10" /></svg>{name(id)}</li>)}</ul>}
      <details class={css['details']}>
        <summary>{words.settlement.asTable}</summary>
        <table class={`${table['table']} ${css['sums']}`}>
          <thead><tr><th scope="col">{words.settlement.month}</th>{issuers.map(id => <th key={id} scope="col">{name(id)}</th>)}</tr></thead>
          <tbody>
            {[...books.months].slice(0, MONTHS_SHOWN).map(month => (
              <tr key={month.month}>
                <th scope="row">{monthName(month.month)}</th>
                {issuers.map(id => <td key={id} data-name={name(id)}>{points(month.liabilities.find(row => row.issuer === id)?.closing ?? 0)}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </Panel>
  )
}
