/** What looks like fraud, the newest first; a person looks and decides. The filters live in the address. */
import { Button } from '../../../shared/parts/Button.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { useFilters } from '../../data/filters.ts'
import { usePages } from '../../data/query.ts'
import { Screen } from '../../frame/Screen.tsx'
import { SignalsDocument, type FraudSignalKind, type SignalState } from '../../graph/documents.ts'
import filterCss from '../../parts/FilterBar.module.css'
import { More } from '../../parts/More.tsx'
import { SelectField } from '../../parts/SelectField.tsx'
import { Empty, Rows, Shown } from '../../parts/states.tsx'
import { words } from '../../words/words.ts'
import { SignalList } from './SignalList.tsx'

const PAGE_ROWS = 20
const NAMES = ['state', 'kind'] as const

export function SignalsScreen() {
  return <Screen title={words.signals.title} right="signal.review"><Signals /></Screen>
}

function Signals() {
  const { filters, any, set, reset } = useFilters(NAMES)
  // A link mistyped by hand must not become an error of the whole page.
  const known = <Name extends string>(names: Record<Name, string>, name: string): Name | null => (name in names ? name as Name : null)
  const state = known<SignalState>(words.signals.states, filters.state)
  const kind = known<FraudSignalKind>(words.signals.kinds, filters.kind)
  const pages = usePages(SignalsDocument, { first: PAGE_ROWS, state, kind }, data => data.fraudSignals)
  const choices = (names: Record<string, string>) => [{ value: '', name: words.panel.all }, ...Object.entries(names).map(([value, name]) => ({ value, name }))]
  return (
    <>
      <div class={filterCss['bar']} role="search">
        <SelectField label={words.signals.state} name="state" value={filters.state} onChange={value => set({ state: value })} choices={choices(words.signals.states)} />
        <SelectField label={words.signals.kind} name="kind" value={filters.kind} onChange={value => set({ kind: value })} choices={choices(words.signals.kinds)} />
      </div>
      <Shown answer={pages.answer} skeleton={<Rows count={5} height={96} />}>
        {({ items }) => items.length === 0
          ? <Panel><Empty title={any ? words.signals.filterEmpty : words.signals.empty} note={any ? '' : words.signals.emptyNote} action={any && <Button kind="quiet" onClick={reset}>{words.panel.reset}</Button>} /></Panel>
          : <><SignalList signals={items} /><More pages={pages} /></>}
      </Shown>
    </>
  )
}
