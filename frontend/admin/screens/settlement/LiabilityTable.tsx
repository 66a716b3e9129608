/** What each issuer stands for in a month: opening + issued − redeemed − expired − reversed = closing. */
import { Panel } from '../../../shared/parts/Panel.tsx'
import { kopecks, money } from '../../../shared/words/numbers.ts'
import table from '../../parts/table.module.css'
import { words } from '../../words/words.ts'
import { points } from './months.ts'
import type { Books, Month, NameOf } from './SettlementScreen.tsx'
import css from './settlement.module.css'

const COLUMNS = ['opening', 'issued', 'redeemed', 'expired', 'reversed', 'closing'] as const

export function LiabilityTable({ books, month, name }: { books: Books; month: Month; name: NameOf }) {
  const rows = month.liabilities
  const sum = (column: (typeof COLUMNS)[number]): number => rows.reduce((all, row) => all + row[column], 0)
  const owed = rows.reduce((all, row) => all + row.owed, 0)
  return (
    <Panel title={words.settlement.liability}>
      <table class={`${table['table']} ${css['sums']}`}>
        <thead>
          <tr>
            <th scope="col">{words.settlement.issuer}</th>
            {COLUMNS.map(column => <th key={column} scope="col">{words.settlement.columns[column]}</th>)}
            <th scope="col">{words.settlement.columns.worth}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={row.issuer}>
              <th scope="row" class={table['main']}>{name(row.issuer)}</th>
              {COLUMNS.map(column => <td key={column} data-name={words.settlement.columns[column]}>{points(row[column])}</td>)}
              <td data-name={words.settlement.columns.worth}>{money(row.worth)}</td>
            </tr>
          ))}
        </tbody>
        {rows.length > 1 && (
          <tfoot>
            <tr>
              <th scope="row">{words.settlement.total}</th>
              {COLUMNS.map(column => <td key={column} data-name={words.settlement.columns[column]}>{points(sum(column))}</td>)}
              <td data-name={words.settlement.columns.worth}>{money(rows.reduce((all, row) => all + kopecks(row.worth), 0))}</td>
            </tr>
          </tfoot>
        )}
      </table>
      <p class={css['note']}>{words.settlement.liabilityNote(money(books.worth))}{owed > 0 && ` ${words.settlement.owed(points(owed))}`}</p>
    </Panel>
  )
}
