/** Points moved by hand: what waits for a second person, then what became of the others. */
import { Panel } from '../../../shared/parts/Panel.tsx'
import { useFilters } from '../../data/filters.ts'
import { useAnswer, usePages } from '../../data/query.ts'
import { Screen } from '../../frame/Screen.tsx'
import type { PointsGrantState } from '../../graph/documents.ts'
import { PointsGrantsDocument, PointsWordsDocument } from '../../graph/late.ts'
import filterCss from '../../parts/FilterBar.module.css'
import { More } from '../../parts/More.tsx'
import { SelectField } from '../../parts/SelectField.tsx'
import { Empty, Rows, Shown } from '../../parts/states.tsx'
import css from './goodwill.module.css'
import { Grants } from './Grants.tsx'
import { goodwillWords } from './words.ts'

const PAGE_ROWS = 20
const NOTHING = {}
const NAMES = ['status'] as const
const STATES: readonly PointsGrantState[] = ['WAITING', 'DONE', 'REJECTED', 'EXPIRED']
const ALL = 'all'

export function GoodwillScreen() {
  return <Screen title={goodwillWords().title} right="operation.manage" narrow><Queue /></Screen>
}

function Queue() {
  const text = goodwillWords()
  const { filters, set } = useFilters(NAMES)
  const state = filters.status === ALL ? null : (STATES.find(one => one === filters.status) ?? 'WAITING')
  const programme = useAnswer(PointsWordsDocument, NOTHING)
  const pages = usePages(PointsGrantsDocument, { first: PAGE_ROWS, state }, data => data.pointsGrants)
  return (
    <>
      <p class={css['intro']}>{text.note}</p>
      <div class={filterCss['bar']}>
        <SelectField label={text.state} name="status" value={state ?? ALL} onChange={next => set({ status: next })} choices={[...STATES.map(value => ({ value, name: text.states[value] })), { value: ALL, name: text.any }]} />
      </div>
      <Shown answer={programme} skeleton={<Rows count={3} height={110} />}>
        {({ programme: { points } }) => (
          <Shown answer={pages.answer} skeleton={<Rows count={3} height={110} />}>
            {({ items }) => items.length === 0 || !points
              ? <Panel><Empty title={text.empty} note={text.emptyNote} /></Panel>
              : <div class={css['stack']}><Panel><Grants grants={items} unit={points.unit} named /></Panel><More pages={pages} /></div>}
          </Shown>
        )}
      </Shown>
    </>
  )
}
