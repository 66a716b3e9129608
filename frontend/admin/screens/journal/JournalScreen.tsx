/** Who did what, when, on what and from where; the filters live in the address. */
import { Button } from '../../../shared/parts/Button.tsx'
import { Field } from '../../../shared/parts/Field.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { useFilters, useTyped } from '../../data/filters.ts'
import { useAnswer, usePages } from '../../data/query.ts'
import { Screen } from '../../frame/Screen.tsx'
import { ColleaguesDocument, JournalDocument, RightsDocument } from '../../graph/documents.ts'
import filterCss from '../../parts/FilterBar.module.css'
import { DateField } from '../../parts/DateField.tsx'
import { More } from '../../parts/More.tsx'
import { SelectField } from '../../parts/SelectField.tsx'
import { Empty, Rows, Shown } from '../../parts/states.tsx'
import { words } from '../../words/words.ts'
import { Entries } from './Entries.tsx'

const PAGE_ROWS = 30
const NAMES = ['actor', 'right', 'object', 'from', 'to'] as const
const NOTHING = {}
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const DATE = /^\d{4}-\d{2}-\d{2}$/

export function JournalScreen() {
  return <Screen title={words.journal.title} right="admin.manage"><Journal /></Screen>
}

function Journal() {
  const { filters, any, set, reset } = useFilters(NAMES)
  const [typed, setTyped] = useTyped(filters.object, object => set({ object }))
  const people = useAnswer(ColleaguesDocument, NOTHING).data?.staffMembers.items ?? []
  const table = useAnswer(RightsDocument, NOTHING).data?.rights ?? []
  // A link mistyped by hand must not become an error of the whole page.
  const variables = {
    first: PAGE_ROWS, actor: UUID.test(filters.actor) ? filters.actor : null, right: filters.right || null, object: filters.object || null,
    from: DATE.test(filters.from) ? filters.from : null, to: DATE.test(filters.to) ? filters.to : null,
  }
  const pages = usePages(JournalDocument, variables, data => data.auditEvents)
  return (
    <>
      <div class={filterCss['bar']} role="search">
        <SelectField label={words.journal.who} name="actor" value={filters.actor} onChange={actor => set({ actor })} choices={[{ value: '', name: words.journal.anyone }, ...people.map(({ id, name }) => ({ value: id, name }))]} />
        <SelectField label={words.journal.right} name="right" value={filters.right} onChange={right => set({ right })} choices={[{ value: '', name: words.journal.anyRight }, ...table.map(({ code, name }) => ({ value: code, name }))]} />
        <Field label={words.journal.object} name="object" kind="search" value={typed} onInput={setTyped} placeholder={words.journal.objectHint} optional />
        <DateField label={words.journal.from} name="from" value={filters.from} onChange={from => set({ from })} />
        <DateField label={words.journal.to} name="to" value={filters.to} onChange={to => set({ to })} />
      </div>
      <Shown answer={pages.answer} skeleton={<Rows count={8} />}>
        {({ items }) => items.length === 0
          ? <Panel><Empty title={any ? words.journal.filterEmpty : words.journal.empty} action={any && <Button kind="quiet" onClick={reset}>{words.panel.reset}</Button>} /></Panel>
          : <><Entries entries={items} rightName={code => table.find(one => one.code === code)?.name ?? code} /><More pages={pages} /></>}
      </Shown>
    </>
  )
}
