/** Every tier there was and why, the newest first. */
import { Panel } from '../../../shared/parts/Panel.tsx'
import { dayTime } from '../../../shared/words/numbers.ts'
import { usePages } from '../../data/query.ts'
import { MemberTiersDocument } from '../../graph/late.ts'
import { More } from '../../parts/More.tsx'
import { Empty, Rows, Shown } from '../../parts/states.tsx'
import table from '../../parts/table.module.css'
import css from './members.module.css'
import { memberWords } from './words.ts'

const PAGE_ROWS = 10
const NOTHING = { items: [], next: null }

export function HistoryPanel({ id }: { id: string }) {
  const text = memberWords()
  const pages = usePages(MemberTiersDocument, { id, first: PAGE_ROWS }, data => data.memberCard?.tierHistory ?? NOTHING)
  return (
    <Panel title={text.history}>
      <Shown answer={pages.answer} skeleton={<Rows count={3} />}>
        {({ items }) => items.length === 0
          ? <Empty title={text.historyEmpty} />
          : (
            <>
              <table class={`${table['table']} ${css['flat']}`}>
                <thead><tr><th scope="col">{text.tier}</th><th scope="col">{text.since}</th><th scope="col">{text.to}</th><th scope="col">{text.why}</th></tr></thead>
                <tbody>
                  {items.map(one => (
                    <tr key={one.id}>
                      <th scope="row" class={table['main']}>{one.tier.name}</th>
                      <td data-name={text.since} class={table['when']}>{dayTime(one.since, true)}</td>
                      <td data-name={text.to} class={table['when']}>{one.until ? dayTime(one.until, true) : text.stillNow}</td>
                      <td data-name={text.why}>{one.message}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
              <More pages={pages} />
            </>
          )}
      </Shown>
    </Panel>
  )
}
