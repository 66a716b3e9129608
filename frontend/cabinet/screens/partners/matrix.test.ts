import { expect, test } from 'vitest'
import { matrixOf, onlyPoints } from './matrix.ts'

const rule = (service: string, channel: string, tier: string, discountPercent: string, accumulates: boolean) =>
  ({ __typename: 'Rule', channel, discountPercent, accumulates, tier: { __typename: 'Tier', id: tier }, service: { __typename: 'Service', id: service } }) as never

test('channels with the same answer stand in one row, others apart (A-078, A-079)', () => {
  const rules = ['CABINET', 'DESK', 'PHONE', 'EMAIL'].flatMap(channel => [rule('stay', channel, 'first', '0', channel === 'CABINET'), rule('stay', channel, 'second', '5', channel === 'CABINET')])
  const partner = { id: 'igora', name: 'Игора', kind: 'RESORT', about: null, city: null, services: [{ id: 'stay', name: 'Проживание' }], rules } as never
  expect(matrixOf(partner)).toEqual([
    { service: 'Проживание', channels: ['PHONE', 'EMAIL', 'DESK'], accumulates: false, rates: { first: '0', second: '5' }, earns: {}, redeems: {} },
    { service: 'Проживание', channels: ['CABINET'], accumulates: true, rates: { first: '0', second: '5' }, earns: {}, redeems: {} },
  ])
})

test('a programme of points alone shows points alone', () => {
  const partners = [{ rules: [{ discountPercent: '0' }] }]
  const programme = { points: { unit: {} }, tiers: [{}], partners } as never
  expect(onlyPoints(programme)).toBe(true)
  expect(onlyPoints({ ...(programme as object), points: null } as never)).toBe(false)
  expect(onlyPoints({ ...(programme as object), tiers: [{}, {}] } as never)).toBe(false)
  expect(onlyPoints({ ...(programme as object), partners: [{ rules: [{ discountPercent: '3' }] }] } as never)).toBe(false)
})
