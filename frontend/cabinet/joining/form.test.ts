import { describe, expect, test } from 'vitest'
import { EMPTY, faultsOf, inputOf, type Form } from './form.ts'

const RULES = { minimumAge: 14, namesCyrillicOnly: true, today: '2026-11-22' }
const ANNA: Form = {
  ...EMPTY, firstName: ' Анна ', lastName: 'Петрова', birthDate: '14.05.1990', phone: '+7 (921) 123-45-67', email: 'anna@example.ru', password: 'синяя вода',
  acceptOffer: true, acceptPersonalData: true,
}

describe('the registration form (A-030)', () => {
  test('an empty form has a fault in every required field, and none in the optional ones', () => {
    expect(Object.keys(faultsOf(EMPTY, RULES))).toEqual(['firstName', 'lastName', 'birthDate', 'phone', 'email', 'password', 'acceptOffer', 'acceptPersonalData'])
  })

  test('a good form is sent as the contract wants it', () => {
    expect(faultsOf(ANNA, RULES)).toEqual({})
    expect(inputOf({ ...ANNA, plasticNumber: '1002 00' }, RULES, ['offer-1'])).toEqual({
      firstName: 'Анна', lastName: 'Петрова', patronymic: null, birthDate: '1990-05-14', phone: '+79211234567', email: 'anna@example.ru', password: 'синяя вода',
      acceptOffer: true, acceptPersonalData: true, acceptPartnerTransfer: false, acceptMarketing: false, documents: ['offer-1'], plasticNumber: '100200',
    })
  })

  test('both consents are asked for separately (A-039, A-040)', () => {
    expect(Object.keys(faultsOf({ ...ANNA, acceptOffer: false }, RULES))).toEqual(['acceptOffer'])
    expect(Object.keys(faultsOf({ ...ANNA, acceptPersonalData: false }, RULES))).toEqual(['acceptPersonalData'])
  })

  test('without an old card its number is not sent', () => expect('plasticNumber' in inputOf(ANNA, RULES, [])).toBe(false))
})
