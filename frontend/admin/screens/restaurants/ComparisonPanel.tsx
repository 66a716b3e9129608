/** Whether the cloud's orders and our books agree: what differs first, then the days that were compared. */
import { Panel } from '../../../shared/parts/Panel.tsx'
import { day, money } from '../../../shared/words/numbers.ts'
import type { RestaurantsQuery } from '../../graph/documents.ts'
import { Empty } from '../../parts/states.tsx'
import table from '../../parts/table.module.css'
import css from './restaurants.module.css'
import { restaurantWords } from './words.ts'

type Comparison = RestaurantsQuery['restaurantComparison']

export function ComparisonPanel({ comparison }: { comparison: Comparison }) {
  const text = restaurantWords()
  const last = comparison.days[0]
  return (
    <Panel title={text.comparison}>
      {comparison.differences.length > 0
        ? <Differences differences={comparison.differences} />
        : last
          ? <Empty title={text.equal} note={text.equalNote(day(last.day))} />
          : <Empty title={text.neverCompared} note={text.neverComparedNote} />}
      {comparison.days.length > 0 && <details class={css['more']}><summary>{text.days}</summary><Days days={comparison.days} /></details>}
    </Panel>
  )
}

function Differences({ differences }: { differences: Comparison['differences'] }) {
  const text = restaurantWords()
  return (
    <>
      <p class={css['line']}><strong>{text.differences(differences.length)}</strong></p>
      <div class={css['inner']}>
        <table class={table['table']}>
          <thead><tr><th scope="col">{text.order}</th><th scope="col">{text.difference}</th><th scope="col">{text.theirs}</th><th scope="col">{text.ours}</th></tr></thead>
          <tbody>
            {differences.map(one => (
              <tr key={one.id}>
                <th scope="row"><span class={table['main']}>{day(one.day)}, {one.restaurant}</span><span class={`${table['sub']} ${css['id']}`}>{one.order}</span></th>
                <td data-name={text.difference}>{text.differenceKinds[one.kind]}{one.reason && <span class={table['sub']}>{one.reason}</span>}</td>
                <td data-name={text.theirs} class={table['when']}>{one.theirSum ? money(one.theirSum) : '—'}</td>
                <td data-name={text.ours} class={table['when']}>{one.ourSum ? money(one.ourSum) : '—'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

function Days({ days }: { days: Comparison['days'] }) {
  const text = restaurantWords()
  return (
    <div class={css['inner']}>
      <table class={table['table']}>
        <thead><tr><th scope="col">{text.day}</th><th scope="col">{text.theirs}</th><th scope="col">{text.ours}</th><th scope="col">{text.mended}</th></tr></thead>
        <tbody>
          {days.map(one => (
            <tr key={one.id}>
              <th scope="row"><span class={table['main']}>{day(one.day)}</span><span class={table['sub']}>{one.restaurant}</span></th>
              <td data-name={text.theirs}>{text.count(one.theirs)}, {money(one.theirSum)}</td>
              <td data-name={text.ours}>{text.count(one.ours)}, {money(one.ourSum)}</td>
              <td data-name={text.mended}>{one.mended}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
