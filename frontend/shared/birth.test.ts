import { describe, expect, test } from 'vitest'
import { birthDate, birthTyped } from './birth.ts'

const TODAY = '2026-11-22'
const type = (keys: string): string => [...keys].reduce((text, key) => birthTyped(text + key), '')

describe('the birth date field (A-034)', () => {
  test.each([['01011990', '01.01.1990'], ['1.1.1990', '01.01.1990'], ['14/05/1990', '14.05.1990'], ['31 12 1985', '31.12.1985']])('typed %s', (keys, shown) => {
    expect(type(keys)).toBe(shown)
  })

  test('filled by the browser', () => expect(birthTyped('1990-05-14')).toBe('14.05.1990'))

  test('the dot can be deleted again', () => {
    expect(birthTyped('14.')).toBe('14.')
    expect(birthTyped('14')).toBe('14')
    expect(birthTyped('1')).toBe('1')
  })

  test.each([
    ['31.02.1990', 'impossible'], ['01.01.2027', 'impossible'], ['01.01.1890', 'old'], ['23.11.2012', 'young'], ['1.1', 'unfinished'],
  ])('%s is %s', (text, fault) => expect(birthDate(text, TODAY, 14)).toEqual({ fault }))

  test('the fourteenth birthday is old enough', () => expect(birthDate('22.11.2012', TODAY, 14)).toEqual({ date: '2012-11-22' }))
})
