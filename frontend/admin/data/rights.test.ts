import { expect, test } from 'vitest'
import { covers, holds, type Held, type Place } from './rights.ts'

const PROGRAMME: Place = { kind: 'PROGRAMME' }
const PARTNER: Place = { kind: 'PARTNER', partner: 'igora' }
const OUTLET: Place = { kind: 'OUTLET', partner: 'igora', outlet: 'igora-spa' }
const TILL: Place = { kind: 'TILL', partner: 'igora', outlet: 'igora-spa', till: 'one' }
const OTHER: Place = { kind: 'PARTNER', partner: 'other' }

test.each([
  [PROGRAMME, OTHER, true], [PROGRAMME, PROGRAMME, true], [PARTNER, PROGRAMME, false], [PARTNER, OUTLET, true], [PARTNER, TILL, true],
  [PARTNER, OTHER, false], [OUTLET, TILL, true], [OUTLET, PARTNER, false], [TILL, TILL, true], [TILL, OUTLET, false],
])('A-089: %o covers %o: %s', (outer, inner, yes) => {
  expect(covers(outer, inner)).toBe(yes)
})

test('A-089: a right counts where it was given', () => {
  const held = [{ code: 'card.view', scope: { ...PARTNER, name: 'x' } }] as Held[]
  expect(holds(held, 'card.view')).toBe(true)
  expect(holds(held, 'card.view', OUTLET)).toBe(true)
  expect(holds(held, 'card.view', PROGRAMME)).toBe(false)
  expect(holds(held, 'card.manage')).toBe(false)
})
