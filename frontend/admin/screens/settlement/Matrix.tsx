/** Issuer by redeemer: whose points paid where; each cell opens into its facts. */
import { Link } from 'wouter'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { money } from '../../../shared/words/numbers.ts'
import { words } from '../../words/words.ts'
import { monthKey, points } from './months.ts'
import type { Books, Month, NameOf } from './SettlementScreen.tsx'
import css from './settlement.module.css'

export function Matrix({ books, month, name }: { books: Books; month: Month; name: NameOf }) {
  const issuers = books.parties.filter(one => month.cells.some(cell => cell.issuer === one.id))
  const partners = books.parties.filter(one => month.cells.some(cell => cell.partner === one.id))
  return (
    <Panel title={words.settlement.matrix}>
      {month.cells.length === 0
        ? <p class={css['note']}>{words.settlement.noCells}</p>
        : (
          <div class={css['scroll']} tabIndex={0} role="group" aria-label={words.settlement.matrix}>
            <table class={css['matrix']}>
              <thead>
                <tr>
                  <th scope="col"><span>{words.settlement.issuer} ↓</span><span>{words.settlement.redeemer} →</span></th>
                  {partners.map(one => <th key={one.id} scope="col">{one.name}</th>)}
                </tr>
              </thead>
              <tbody>
                {issuers.map(issuer => (
                  <tr key={issuer.id}>
                    <th scope="row">{issuer.name}<span>{words.settlement.price(money(issuer.price), words.settlement.modes[issuer.mode])}</span></th>
                    {partners.map(partner => <Pair key={partner.id} month={month} issuer={issuer.id} partner={partner.id} name={name} />)}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      <p class={css['note']}>{words.settlement.matrixNote}</p>
    </Panel>
  )
}

function Pair({ month, issuer, partner, name }: { month: Month; issuer: string; partner: string; name: NameOf }) {
  const cell = month.cells.find(one => one.issuer === issuer && one.partner === partner)
  if (!cell) return <td class={css['none']}>–</td>
  const parts = [
    cell.givenBack > 0 && words.settlement.back(points(cell.givenBack)),
    cell.reversed > 0 && words.settlement.taken(points(cell.reversed)),
    cell.late > 0 && words.settlement.late(cell.late),
  ].filter(Boolean)
  return (
    <td>
      <Link
        href={`/settlement/${monthKey(month.month)}?issuer=${encodeURIComponent(issuer)}&partner=${encodeURIComponent(partner)}`}
        aria-label={words.settlement.cell(name(issuer), name(partner), points(cell.points), money(cell.due))}
      >
        {points(cell.points)}
      </Link>
      <span>{issuer === partner ? words.settlement.own : money(cell.due)}</span>
      {parts.length > 0 && <small>{parts.join(', ')}</small>}
    </td>
  )
}
