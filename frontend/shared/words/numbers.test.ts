import { describe, expect, test, vi } from 'vitest'
import type { Language } from './language.ts'

const LOCALES = { ru: 'ru-RU', en: 'en-GB' } as const

/** The module as a page in this language has it. */
async function spoken(language: Language): Promise<typeof import('./numbers.ts')> {
  vi.stubGlobal('document', { cookie: `language=${language}`, documentElement: {} })
  vi.resetModules()
  return import('./numbers.ts')
}

describe.each(['ru', 'en'] as const)('what is written by hand is what Intl writes, in %s', language => {
  test('sums', async () => {
    const { money } = await spoken(language)
    const format = new Intl.NumberFormat(LOCALES[language])
    for (const whole of [0, 7, 999, 1_000, 10_726, 999_999, 1_000_000, 12_345_678])
      expect(money(whole * 100)).toBe(`${format.format(whole)}\u00A0₽`)
  })

  test('days of a year', async () => {
    const { day } = await spoken(language)
    const of = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(LOCALES[language], { ...options, timeZone: 'UTC' })
    const short = of({ day: 'numeric', month: 'long' })
    const long = of({ day: 'numeric', month: 'long', year: 'numeric' })
    for (let at = Date.UTC(2024, 0, 1); at < Date.UTC(2025, 0, 1); at += 86_400_000) {
      const date = new Date(at).toISOString().slice(0, 10)
      expect(day(date)).toBe(short.format(at))
      expect(day(date, true)).toBe(long.format(at))
    }
  })
})

test('a moment has the day of the reader, not of Greenwich', async () => {
  vi.stubEnv('TZ', 'Europe/Moscow')
  const { dayOf } = await spoken('ru')
  expect(dayOf('2025-10-18T22:14:00+00:00', true)).toBe('19 октября 2025 г.')
  expect(dayOf('2025-10-18T20:59:00Z')).toBe('18 октября')
  vi.unstubAllEnvs()
})
