import { describe, expect, test } from 'vitest'
import type { Scope } from '../../data/rights.ts'
import { addRight, clearRight, difference, effective, grantInput, placeRight, removeGrant, sameGrants, toggled, type DraftGrant } from './draft.ts'

const scope = (kind: Scope['kind'], more: Partial<Scope> = {}): Scope => ({ __typename: 'Scope', kind, partner: null, outlet: null, till: null, name: kind, ...more })
const ALL = scope('PROGRAMME')
const IGORA = scope('PARTNER', { partner: 'igora' })
const SPA = scope('OUTLET', { partner: 'igora', outlet: 'igora-spa' })

const TABLE = [
  { code: 'card.view', requires: [] },
  { code: 'card.manage', requires: ['card.view'] },
  { code: 'card.save_incomplete', requires: ['card.manage'] },
  { code: 'analytics.view', requires: [] },
]
const ROLES = [{ id: 'desk', name: 'Ресепшен', rights: ['card.view', 'analytics.view'] }]

const right = (code: string, where: Scope = ALL): DraftGrant => ({ role: null, right: code, scope: where })
const role = (where: Scope = ALL): DraftGrant => ({ role: 'desk', right: null, scope: where })
const codes = (grants: readonly DraftGrant[]): (string | null)[] => grants.map(one => one.right)

describe('A-091: rights need each other', () => {
  test('a right brings what it cannot do without, down the whole row', () => {
    const step = addRight([], 'card.save_incomplete', IGORA, TABLE, ROLES)
    expect(codes(step.grants)).toEqual(['card.save_incomplete', 'card.manage', 'card.view'])
    expect(step.grants.every(one => one.scope === IGORA)).toBe(true)
    expect(step.along).toEqual(['card.manage', 'card.view'])
  })

  test('what a role or a wider scope gives already is not given twice', () => {
    expect(addRight([role()], 'card.manage', IGORA, TABLE, ROLES).along).toEqual([])
    expect(addRight([role(SPA)], 'card.manage', IGORA, TABLE, ROLES).along).toEqual(['card.view'])
  })

  test('adding the same right twice changes nothing', () => {
    const grants = [right('card.view')]
    expect(addRight(grants, 'card.view', ALL, TABLE, ROLES).grants).toEqual(grants)
  })

  test('taking a right away takes what leans on it, and only there', () => {
    const grants = [right('card.view'), right('card.manage'), right('card.save_incomplete'), right('analytics.view')]
    const step = removeGrant(grants, grants[0]!, TABLE, ROLES)
    expect(codes(step.grants)).toEqual(['analytics.view'])
    expect(step.along).toEqual(['card.manage', 'card.save_incomplete'])
    const held = removeGrant([...grants, role()], grants[0]!, TABLE, ROLES)
    expect(held.along).toEqual([])
  })
})

describe('A-091: a right has scopes', () => {
  test('a second house stands beside the first, the whole programme takes their place', () => {
    const one = placeRight([right('card.view', IGORA)], 'card.view', scope('PARTNER', { partner: 'other' }), TABLE, ROLES)
    expect(one.grants.map(grant => grant.scope.partner)).toEqual(['igora', 'other'])
    const all = placeRight(one.grants, 'card.view', ALL, TABLE, ROLES)
    expect(all.grants.map(grant => grant.scope.kind)).toEqual(['PROGRAMME'])
  })

  test('a narrower scope replaces the wider one, and what leaned on it goes', () => {
    const step = placeRight([right('card.view'), right('card.manage')], 'card.view', IGORA, TABLE, ROLES)
    expect(step.grants).toEqual([right('card.view', IGORA)])
    expect(step.along).toEqual(['card.manage'])
  })

  test('unticking takes it away everywhere', () => {
    const step = clearRight([right('card.view', IGORA), right('card.view', SPA), right('card.manage', SPA)], 'card.view', TABLE, ROLES)
    expect(step).toEqual({ grants: [], along: ['card.manage'] })
  })
})

describe('A-091: what changes is told before it is saved', () => {
  test('counts what a person may do, not how it is written down', () => {
    const before = effective([role(), right('card.manage')], ROLES)
    const after = effective([right('card.view'), right('card.manage', IGORA)], ROLES)
    const { added, removed } = difference(before, after)
    expect(added).toEqual([])
    expect(removed.map(one => one.code)).toEqual(['analytics.view', 'card.manage'])
  })

  test('a scope covered by a wider one stands once', () => {
    expect(effective([right('card.view', SPA), right('card.view', IGORA), right('card.view', IGORA)], ROLES)).toEqual([{ code: 'card.view', scope: IGORA }])
  })

  test('the order of grants is no change', () => {
    expect(sameGrants([role(), right('card.view')], [right('card.view'), role()])).toBe(true)
    expect(sameGrants([role()], [role(IGORA)])).toBe(false)
  })
})

test('A-089: a grant goes out with its narrowest scope alone', () => {
  expect(grantInput(right('card.view', SPA))).toEqual({ right: 'card.view', scope: { outlet: 'igora-spa' } })
  expect(grantInput(role())).toEqual({ role: 'desk', scope: {} })
})

test('A-091: ticking in a role brings what is needed, unticking takes what leans on it', () => {
  expect(toggled([], 'card.save_incomplete', true, TABLE)).toEqual(['card.view', 'card.manage', 'card.save_incomplete'])
  expect(toggled(['card.view', 'card.manage', 'analytics.view'], 'card.view', false, TABLE)).toEqual(['analytics.view'])
})
