/** The roles of a person, each with its scope, and one more. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { CrossIcon } from '../../../shared/parts/icons.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import type { Held, Scope } from '../../data/rights.ts'
import { SelectField } from '../../parts/SelectField.tsx'
import { words } from '../../words/words.ts'
import { grantKey, scopeKey, type DraftGrant, type RoleRow } from './draft.ts'
import { givable } from './places.ts'
import css from './rights.module.css'

interface RolesPanelProps {
  grants: readonly DraftGrant[]
  roles: readonly RoleRow[]
  scopes: readonly Scope[]
  /** What the viewer holds: nobody gives more. */
  held: readonly Held[]
  editable: boolean
  onAdd: (grant: DraftGrant) => void
  onRemove: (grant: DraftGrant) => void
}

export function RolesPanel({ grants, roles, scopes, held, editable, onAdd, onRemove }: RolesPanelProps) {
  const given = grants.filter(grant => grant.role !== null)
  const name = (id: string | null): string => roles.find(role => role.id === id)?.name ?? ''
  return (
    <Panel title={words.rights.roles}>
      <p class={css['note']}>{words.rights.rolesNote}</p>
      {given.length === 0 && <p class={css['note']}>{words.rights.noRoles}</p>}
      <ul class={css['chips']}>
        {given.map(grant => (
          <li key={grantKey(grant)} class={css['chip']}>
            {name(grant.role)} <small>{grant.scope.name}</small>
            {editable && <button type="button" aria-label={words.rights.remove(`${name(grant.role)}, ${grant.scope.name}`)} onClick={() => onRemove(grant)}><CrossIcon /></button>}
          </li>
        ))}
      </ul>
      {editable && roles.length > 0 && <AddRole roles={roles} scopes={scopes} held={held} onAdd={onAdd} />}
    </Panel>
  )
}

function AddRole({ roles, scopes, held, onAdd }: Pick<RolesPanelProps, 'roles' | 'scopes' | 'held' | 'onAdd'>) {
  const [chosen, setChosen] = useState('')
  const [where, setWhere] = useState('')
  const role = roles.find(one => one.id === chosen)
  const places = role ? givable(scopes, role.rights, held) : []
  const scope = places.find(one => scopeKey(one) === where) ?? places[0]
  return (
    <div class={css['adding']}>
      <SelectField
        label={words.rights.addRole} name="role" value={chosen} onChange={setChosen}
        choices={[{ value: '', name: words.rights.pick }, ...roles.map(one => ({ value: one.id, name: one.name, disabled: givable(scopes, one.rights, held).length === 0 }))]}
      />
      <SelectField label={words.rights.scope} name="roleScope" value={scope ? scopeKey(scope) : ''} onChange={setWhere} choices={places.map(one => ({ value: scopeKey(one), name: one.name }))} />
      <Button kind="quiet" disabled={!role || !scope} onClick={() => { if (role && scope) { onAdd({ role: role.id, right: null, scope }); setChosen('') } }}>{words.rights.addRole}</Button>
    </div>
  )
}
