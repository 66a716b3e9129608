import { describe, expect, test } from 'vitest'
import { isName, meantName } from './names.ts'

describe('names (A-031..A-033)', () => {
  test.each(['Петров', 'Салтыков-Щедрин', 'Ёлкина', 'Анна Мария', 'О’Коннор'])('%s is a name', name => expect(isName(name, true)).toBe(true))
  test.each(['Petrov', 'Пётр1', 'Петров😀', '-Петров', 'Петров--Водкин', ''])('«%s» is not', name => expect(isName(name, true)).toBe(false))
  test('other programmes take other letters', () => expect(isName('Müller', false)).toBe(true))
  test.each([['Gtnhjd', 'Петров'], ['Petrov', 'Петров'], ['Fyyf', 'Анна'], ['Shchukin', 'Щукин'], ['Jktu', 'Олег'], ['Cfknsrjd-Otlhby', 'Салтыков-Щедрин']])('%s was meant as %s', (typed, meant) => {
    expect(meantName(typed)).toBe(meant)
  })
  test('nothing is offered for Cyrillic', () => expect(meantName('Петров')).toBeNull())
})
