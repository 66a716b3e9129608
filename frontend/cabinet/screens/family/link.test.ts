import { expect, test } from 'vitest'
import { drawLink, linkOf } from './link.ts'

const HOUSE = 'https://kunak.test'
const TOKEN = 'a'.repeat(43)

test('the link leads to the joining page of this house and carries the token alone (C-10)', () => {
  const link = new URL(linkOf('a b&c', HOUSE))
  expect([link.origin, link.pathname, link.searchParams.get('token')]).toEqual([HOUSE, '/family/join', 'a b&c'])
  expect([...link.searchParams.keys()]).toEqual(['token'])
})

test('the code of a link is dark modules inside four white ones', () => {
  const { size, path } = drawLink(linkOf(TOKEN, HOUSE))
  const places = [...path.matchAll(/M(\d+) (\d+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const)
  expect(Math.min(...places.flat())).toBe(4)
  expect(Math.max(...places.flat())).toBe(size - 5)
  expect(drawLink(linkOf(`${TOKEN}b`, HOUSE)).path).not.toBe(path)
})
