import { describe, expect, test } from 'vitest'
import { madeTill } from '../sale/made.ts'
import { bodyOf, EMPTY, fieldOf, joinsAt, Keys } from './form.ts'

const TYPED = { ...EMPTY, lastName: ' Петров ', firstName: 'Пётр', birth: '01.02.1990', phone: '+7 921 123-45-67', email: 'petr@petrov.ru', accepted: ['offer-1'] }

describe('the form of a new member', () => {
  test('is sent in one spelling', () => {
    expect(bodyOf(TYPED, 'TILL', '2026-03-14')).toEqual({
      channel: 'TILL', lastName: 'Петров', firstName: 'Пётр', patronymic: null, birthDate: '1990-02-01',
      email: 'petr@petrov.ru', phone: '+79211234567', accepted: ['offer-1'], confirmBy: 'SMS',
    })
  })
  test('says what cannot be sent', () => {
    expect(bodyOf({ ...TYPED, birth: '31.02.1990' }, 'TILL', '2026-03-14')).toEqual({ field: 'birth' })
    expect(bodyOf({ ...TYPED, phone: '921' }, 'TILL', '2026-03-14')).toEqual({ field: 'phone' })
  })
  test('finds the field of a refusal', () => {
    expect([fieldOf('input.birthDate'), fieldOf('input.accepted.1'), fieldOf('input.confirmBy'), fieldOf(null)]).toEqual(['birth', 'accepted', 'by', null])
  })
  test('keeps its key while nothing is typed anew', () => {
    let made = 0
    const keys = new Keys(() => `key-${made++}`)
    expect([keys.of({ a: 1 }), keys.of({ a: 1 }), keys.of({ a: 2 })]).toEqual(['key-0', 'key-0', 'key-1'])
  })
})

describe('registering at this till', () => {
  test('needs a key that may and a channel of the counter', () => {
    expect(joinsAt(madeTill())).toBe('TILL')
    expect(joinsAt(madeTill({ channels: ['PHONE', 'DESK'] }))).toBe('DESK')
    expect(joinsAt(madeTill({ channels: ['PHONE'] }))).toBeNull()
    expect(joinsAt(madeTill({ scopes: ['EARN', 'SPEND', 'REFUND'] }))).toBeNull()
  })
})
