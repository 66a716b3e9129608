/** A set of grants while it is edited: what comes along with a right, what it amounts to, and what changes. */
import { covers, type Held, type Place, type Scope } from '../../data/rights.ts'

export interface RoleRow {
  id: string
  name: string
  rights: readonly string[]
}

/** Exactly one of `role` (its id) and `right` (its code). */
export interface DraftGrant {
  role: string | null
  right: string | null
  scope: Scope
}

interface Needs {
  code: string
  requires: readonly string[]
}

/** The set after a step, and the rights that moved along with it. */
export interface Step {
  grants: DraftGrant[]
  along: string[]
}

export function scopeKey(scope: Place): string {
  if (scope.kind === 'PROGRAMME') return 'PROGRAMME'
  return [scope.kind, scope.kind === 'PARTNER' ? scope.partner : scope.kind === 'OUTLET' ? scope.outlet : scope.till].join(' ')
}

export function grantKey(grant: DraftGrant): string {
  return `${grant.role ?? ''}|${grant.right ?? ''}|${scopeKey(grant.scope)}`
}

/** Rights as they come out of roles and single grants; what a wider scope covers stands once. */
export function effective(grants: readonly DraftGrant[], roles: readonly RoleRow[]): Held[] {
  const all = grants.flatMap(grant => {
    const codes = grant.right === null ? roles.find(role => role.id === grant.role)?.rights ?? [] : [grant.right]
    return codes.map(code => ({ code, scope: grant.scope }))
  })
  return all.filter((one, at) => !all.some((other, place) => {
    if (place === at || other.code !== one.code || !covers(other.scope, one.scope)) return false
    return !covers(one.scope, other.scope) || place < at
  }) ) as Held[]
}

function reaches(held: readonly Held[], code: string, scope: Place): boolean {
  return held.some(one => one.code === code && covers(one.scope, scope))
}

/** Adds a right, and every right it cannot do without where that is not held already. */
export function addRight(grants: readonly DraftGrant[], code: string, scope: Scope, table: readonly Needs[], roles: readonly RoleRow[]): Step {
  const next = [...grants]
  const along: string[] = []
  const add = (one: string): void => {
    if (reaches(effective(next, roles), one, scope)) return
    next.push({ role: null, right: one, scope })
    if (one !== code) along.push(one)
    for (const needed of table.find(row => row.code === one)?.requires ?? []) add(needed)
  }
  const asked = { role: null, right: code, scope }
  if (!next.some(one => grantKey(one) === grantKey(asked))) next.push(asked)
  for (const needed of table.find(row => row.code === code)?.requires ?? []) add(needed)
  return { grants: next, along }
}

/** Removes one grant, and every single right that cannot stand without what it gave. */
export function removeGrant(grants: readonly DraftGrant[], gone: DraftGrant, table: readonly Needs[], roles: readonly RoleRow[]): Step {
  let next = grants.filter(one => grantKey(one) !== grantKey(gone))
  const along: string[] = []
  for (;;) {
    const held = effective(next, roles)
    const orphan = next.find(one => one.right !== null
      && (table.find(row => row.code === one.right)?.requires ?? []).some(needed => !reaches(held, needed, one.scope)))
    if (!orphan) return { grants: next, along }
    along.push(orphan.right!)
    next = next.filter(one => one !== orphan)
  }
}

/** Removes a right in every scope it was given for by itself. */
export function clearRight(grants: readonly DraftGrant[], code: string, table: readonly Needs[], roles: readonly RoleRow[]): Step {
  let step: Step = { grants: [...grants], along: [] }
  for (const gone of grants.filter(one => one.right === code)) {
    const next = removeGrant(step.grants, gone, table, roles)
    step = { grants: next.grants, along: [...step.along, ...next.along] }
  }
  return { ...step, along: [...new Set(step.along)] }
}

/** Gives a right in one more scope; a wider or narrower one of the same right makes room for it. */
export function placeRight(grants: readonly DraftGrant[], code: string, scope: Scope, table: readonly Needs[], roles: readonly RoleRow[]): Step {
  const related = grants.filter(one => one.right === code && (covers(one.scope, scope) || covers(scope, one.scope)))
  const added = addRight(grants, code, scope, table, roles)
  let next = added.grants
  const gone: string[] = []
  for (const grant of related) {
    const step = removeGrant(next, grant, table, roles)
    next = step.grants
    gone.push(...step.along)
  }
  return { grants: next, along: related.length > 0 ? gone : added.along }
}

export interface Difference {
  added: Held[]
  removed: Held[]
}

/** What a person may do after and not before, and the other way round. */
export function difference(before: readonly Held[], after: readonly Held[]): Difference {
  return {
    added: after.filter(one => !reaches(before, one.code, one.scope)),
    removed: before.filter(one => !reaches(after, one.code, one.scope)),
  }
}

/** Whether two sets hold the same grants, wherever they stand. */
export function sameGrants(one: readonly DraftGrant[], other: readonly DraftGrant[]): boolean {
  const keys = (grants: readonly DraftGrant[]): string => grants.map(grantKey).sort().join('\n')
  return keys(one) === keys(other)
}

/** A grant as the server takes it: no scope at all is the whole programme. */
export function grantInput({ role, right, scope }: DraftGrant) {
  const { kind, partner, outlet, till } = scope
  return {
    ...(role !== null ? { role } : { right }),
    scope: { ...(kind === 'PARTNER' && { partner }), ...(kind === 'OUTLET' && { outlet }), ...(kind === 'TILL' && { till }) },
  }
}

/** The rights of a role after a tick: what a right needs comes with it, what leans on it goes with it. */
export function toggled(chosen: readonly string[], code: string, on: boolean, table: readonly Needs[]): string[] {
  const needs = (one: string): readonly string[] => table.find(row => row.code === one)?.requires ?? []
  const next = new Set(chosen)
  const add = (one: string): void => {
    next.add(one)
    needs(one).filter(needed => !next.has(needed)).forEach(add)
  }
  const drop = (one: string): void => {
    next.delete(one)
    for (const other of [...next]) if (needs(other).includes(one)) drop(other)
  }
  if (on) add(code)
  else drop(code)
  return table.map(row => row.code).filter(one => next.has(one))
}
