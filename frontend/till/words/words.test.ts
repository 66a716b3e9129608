import { describe, expect, it } from 'vitest'
import { CODES } from '../refusals.ts'
import { en } from './en.ts'
import { ru } from './ru.ts'
import { fill } from './say.ts'

const places = (sentence: string): string[] => [...sentence.matchAll(/\{(\w+)\}/g)].map(found => found[1] ?? '').sort()

describe('words', () => {
  it('say the same things with the same facts in both languages', () => {
    expect(Object.keys(en)).toEqual(Object.keys(ru))
    for (const word of Object.keys(ru) as (keyof typeof ru)[]) expect(places(en[word]), word).toEqual(places(ru[word]))
  })

  it('shout nowhere and leave nothing empty', () => {
    for (const sentence of [...Object.values(ru), ...Object.values(en)]) {
      expect(sentence).not.toContain('!')
      expect(sentence.trim()).not.toBe('')
    }
  })

  it('leave the name of what is earned to the programme', () => {
    for (const sentence of Object.values(ru)) expect(sentence).not.toMatch(/балл|бонус/i)
    for (const sentence of Object.values(en)) expect(sentence.replace(/\{\w+\}/g, '')).not.toMatch(/\bpoints\b|bonus/i)
  })

  it('have a sentence for every refusal of the contract', () => {
    expect(CODES.length).toBe(25)
    for (const code of CODES) expect(ru[`refusal.${code}`]).toMatch(/\S/)
  })

  it('keep a place whose fact is absent', () => {
    expect(fill('Чек {n}', { n: '000127' })).toBe('Чек 000127')
    expect(fill('Чек {n}', {})).toBe('Чек {n}')
  })
})
