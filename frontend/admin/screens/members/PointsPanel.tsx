/** Points as of now, and the lots they lie in with their ends. */
import { Panel } from '../../../shared/parts/Panel.tsx'
import { day, dayTime, money } from '../../../shared/words/numbers.ts'
import { told, type Unit } from '../../../shared/words/points.ts'
import table from '../../parts/table.module.css'
import { Facts } from '../cards/Facts.tsx'
import css from './members.module.css'
import type { MemberOfPage } from './MemberScreen.tsx'
import { memberWords } from './words.ts'

export function PointsPanel({ points, unit }: { points: MemberOfPage['points']; unit: Unit }) {
  const text = memberWords()
  if (!points) return null
  return (
    <Panel title={unit.name}>
      <Facts facts={[
        [text.available, `${told(points.available, unit)}, ${text.worth(money(points.worth))}`],
        [text.pending, points.pending > 0 && told(points.pending, unit)],
        [text.held, points.held > 0 && told(points.held, unit)],
        [text.debt, points.debt > 0 && told(points.debt, unit)],
      ]} />
      {points.lots.length === 0
        ? <p class={css['note']}>{text.noLots}</p>
        : (
          <table class={`${table['table']} ${css['flat']}`}>
            <thead><tr><th scope="col">{text.lotIssued}</th><th scope="col">{text.lotLeft}</th><th scope="col">{text.lotFrom}</th><th scope="col">{text.lotEnds}</th></tr></thead>
            <tbody>
              {points.lots.map(lot => (
                <tr key={lot.id}>
                  <th scope="row" class={table['when']}>{dayTime(lot.issuedAt, true)}</th>
                  <td data-name={text.lotLeft}>{told(lot.points, unit)}{lot.points !== lot.issued && <span class={table['sub']}>/ {told(lot.issued, unit)}</span>}</td>
                  <td data-name={text.lotFrom}>{lot.issuer?.name ?? text.programmeItself}</td>
                  <td data-name={text.lotEnds}>{lot.lastDay ? day(lot.lastDay, true) : text.never}{lot.status === 'PENDING' && lot.activatesAt && <span class={table['sub']}>{text.waits(dayTime(lot.activatesAt, true))}</span>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
    </Panel>
  )
}
