import { expect, test, vi } from 'vitest'

const unit = { name: 'Бонусы', one: 'бонус', few: 'бонуса', many: 'бонусов' }

/** The module as a page in Russian has it. */
async function spoken(): Promise<typeof import('./points.ts')> {
  vi.stubGlobal('document', { cookie: 'language=ru', documentElement: {} })
  vi.resetModules()
  return import('./points.ts')
}

test('points are counted in the words of the programme', async () => {
  const { told } = await spoken()
  expect([1, 2, 5, 21, 1240].map(count => told(count, unit))).toEqual(['1\u00A0бонус', '2\u00A0бонуса', '5\u00A0бонусов', '21\u00A0бонус', '1\u00A0240\u00A0бонусов'])
})

test('a gain and a loss carry their sign', async () => {
  const { signed } = await spoken()
  expect([signed(50, unit), signed(-2, unit), signed(0, unit)]).toEqual(['+50\u00A0бонусов', '−2\u00A0бонуса', '0\u00A0бонусов'])
})
