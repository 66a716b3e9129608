/** Every right of the programme in its group: ticked where it is given, with its scopes under it. */
import { useState } from 'preact/hooks'
import { Check } from '../../../shared/parts/Check.tsx'
import { Field } from '../../../shared/parts/Field.tsx'
import { CrossIcon } from '../../../shared/parts/icons.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import type { Held, Scope } from '../../data/rights.ts'
import { words } from '../../words/words.ts'
import { grantKey, scopeKey, type DraftGrant, type RoleRow } from './draft.ts'
import { groupsOf, type RightRow } from './HeldRights.tsx'
import { givable } from './places.ts'
import css from './rights.module.css'

interface SinglePanelProps {
  table: readonly RightRow[]
  grants: readonly DraftGrant[]
  roles: readonly RoleRow[]
  scopes: readonly Scope[]
  held: readonly Held[]
  editable: boolean
  onAdd: (code: string, scope: Scope) => void
  onRemove: (grant: DraftGrant) => void
  /** Takes the right away in every scope. */
  onClear: (code: string) => void
}

/** Found by its name, its number, or its code. */
export function matches(right: Pick<RightRow, 'code' | 'name' | 'number'>, typed: string): boolean {
  const wanted = typed.trim().toLowerCase()
  return wanted === '' || right.name.toLowerCase().includes(wanted) || right.code.includes(wanted) || String(right.number ?? '') === wanted
}

export function SinglePanel({ table, ...rest }: SinglePanelProps) {
  const [typed, setTyped] = useState('')
  const shown = table.filter(right => matches(right, typed))
  const groups = groupsOf(shown)
  return (
    <Panel title={words.rights.single}>
      <Field label={words.rights.search} name="find" kind="search" value={typed} onInput={setTyped} optional />
      {shown.length === 0 && <p class={css['note']} role="status">{words.rights.none}</p>}
      <div class={css['groups']}>
        {groups.map(({ group, groupName }) => (
          <section key={group} class={css['group']} aria-labelledby={`group-${group}`}>
            <h3 id={`group-${group}`}>{groupName}</h3>
            {shown.filter(right => right.group === group).map(right => <RightLine key={right.code} right={right} table={table} {...rest} />)}
          </section>
        ))}
      </div>
    </Panel>
  )
}

function RightLine({ right, table, grants, roles, scopes, held, editable, onAdd, onRemove, onClear }: SinglePanelProps & { right: RightRow }) {
  const mine = grants.filter(grant => grant.right === right.code)
  const from = grants.filter(grant => roles.find(role => role.id === grant.role)?.rights.includes(right.code))
  const places = givable(scopes, [right.code], held, right.scopes).filter(scope => !mine.some(grant => scopeKey(grant.scope) === scopeKey(scope)))
  const nobody = places.length === 0 && mine.length === 0
  const needed = right.requires.map(code => table.find(one => one.code === code)?.name ?? code)
  const facts = [
    right.number === null || right.number === undefined ? words.rights.extra : words.rights.number(right.number),
    right.needsTwo && words.rights.two,
    needed.length > 0 && words.rights.requires(needed.join(', ')),
    ...from.map(grant => words.rights.fromRole(`${roles.find(role => role.id === grant.role)?.name ?? ''}, ${grant.scope.name}`)),
    editable && nobody && words.rights.notHeld,
  ].filter(Boolean)
  const toggle = (on: boolean): void => {
    if (on && places[0]) onAdd(right.code, places[0])
    else if (!on) onClear(right.code)
  }
  return (
    <div class={css['right']}>
      <Check name={right.code} checked={mine.length > 0} disabled={!editable || nobody} onChange={toggle} more={facts.join(' · ')}>{right.name}</Check>
      {mine.length > 0 && (
        <div class={css['under']}>
          {mine.map(grant => (
            <span key={grantKey(grant)} class={css['chip']}>
              {grant.scope.name}
              {editable && mine.length > 1 && <button type="button" aria-label={words.rights.remove(`${right.name}, ${grant.scope.name}`)} onClick={() => onRemove(grant)}><CrossIcon /></button>}
            </span>
          ))}
          {editable && places.length > 0 && <ScopeChoice right={right} places={places} onAdd={onAdd} />}
        </div>
      )}
    </div>
  )
}

function ScopeChoice({ right, places, onAdd }: { right: RightRow; places: readonly Scope[]; onAdd: SinglePanelProps['onAdd'] }) {
  return (
    <select
      aria-label={`${words.rights.addScope}: ${right.name}`} value=""
      onChange={event => {
        const scope = places.find(one => scopeKey(one) === event.currentTarget.value)
        if (scope) onAdd(right.code, scope)
      }}
    >
      <option value="">{words.rights.addScope}</option>
      {places.map(scope => <option key={scopeKey(scope)} value={scopeKey(scope)}>{scope.name}</option>)}
    </select>
  )
}
