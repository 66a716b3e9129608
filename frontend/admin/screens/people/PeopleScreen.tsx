/** Everybody who works in the panel: found by name or address, with what they may do. */
import { Link, useLocation } from 'wouter'
import { Button } from '../../../shared/parts/Button.tsx'
import { Field } from '../../../shared/parts/Field.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { dayTime } from '../../../shared/words/numbers.ts'
import { useFilters, useTyped } from '../../data/filters.ts'
import { usePages } from '../../data/query.ts'
import { Screen } from '../../frame/Screen.tsx'
import { PeopleDocument, type PersonFragment, type StaffStatus } from '../../graph/documents.ts'
import filterCss from '../../parts/FilterBar.module.css'
import { More } from '../../parts/More.tsx'
import { SelectField } from '../../parts/SelectField.tsx'
import { Empty, Rows, Shown } from '../../parts/states.tsx'
import css from '../../parts/table.module.css'
import { words } from '../../words/words.ts'
import { useHouses } from './houses.ts'
import { StatusBadge } from './StatusBadge.tsx'

const PAGE_ROWS = 30
const NAMES = ['search', 'status'] as const
const STATUSES: readonly StaffStatus[] = ['INVITED', 'ACTIVE', 'BLOCKED']

export function PeopleScreen() {
  const [, go] = useLocation()
  return (
    <Screen title={words.people.title} right="admin.manage" aside={<Button onClick={() => go('/people/new')}>{words.people.invite}</Button>}>
      <People />
    </Screen>
  )
}

function People() {
  const { filters, any, set, reset } = useFilters(NAMES)
  const [typed, setTyped] = useTyped(filters.search, search => set({ search }))
  const status = STATUSES.find(one => one === filters.status) ?? null
  const pages = usePages(PeopleDocument, { first: PAGE_ROWS, search: filters.search || null, status }, data => data.staffMembers)
  return (
    <>
      <div class={filterCss['bar']} role="search">
        <div class={filterCss['wide']}><Field label={words.people.search} name="search" kind="search" value={typed} onInput={setTyped} optional /></div>
        <SelectField
          label={words.people.status} name="status" value={status ?? ''} onChange={next => set({ status: next })}
          choices={[{ value: '', name: words.people.anyStatus }, ...STATUSES.map(value => ({ value, name: words.people.statuses[value] }))]}
        />
      </div>
      <Shown answer={pages.answer} skeleton={<Rows />}>
        {({ items }) => items.length === 0
          ? <Panel><Empty title={words.people.empty} note={words.people.emptyNote} action={any && <Button kind="quiet" onClick={reset}>{words.panel.reset}</Button>} /></Panel>
          : <><Table people={items} /><More pages={pages} /></>}
      </Shown>
    </>
  )
}

function Table({ people }: { people: readonly PersonFragment[] }) {
  const houseName = useHouses()
  return (
    <div class={css['box']}>
      <table class={css['table']}>
        <thead><tr><th scope="col">{words.people.name}</th><th scope="col">{words.people.house}</th><th scope="col">{words.people.rights}</th><th scope="col">{words.people.seen}</th><th scope="col">{words.people.status}</th></tr></thead>
        <tbody>
          {people.map(one => (
            <tr key={one.id}>
              <th scope="row"><Link class={css['main']} href={`/people/${one.id}`}>{one.name}</Link><span class={css['sub']}>{one.email}</span></th>
              <td data-name={words.people.house} class={css['quiet']}>{houseName(one.partner)}</td>
              <td data-name={words.people.rights}>{grantText(one)}</td>
              <td data-name={words.people.seen} class={css['when']}>{one.lastSeenAt ? dayTime(one.lastSeenAt) : words.people.never}</td>
              <td><StatusBadge status={one.status} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Roles by their names, single rights by their number. */
function grantText(person: PersonFragment): string {
  const roles = [...new Set(person.grants.flatMap(grant => (grant.role ? [grant.role.name] : [])))]
  const single = new Set(person.grants.flatMap(grant => (grant.right ? [grant.right] : []))).size
  const parts = [...roles, ...(single > 0 ? [words.people.rightsCount(single)] : [])]
  return parts.length > 0 ? parts.join(', ') : words.people.noGrants
}
