import { expect, test } from 'vitest'
import { differing, EMPTY_FORM, faultOf, formFaults, formOf, inputOf } from './form.ts'

const ANNA = { email: 'anna@example.ru', name: 'Анна', phone: null, partner: 'igora', comment: '' }

test('A-090: a person becomes a form and a form becomes an input', () => {
  expect(inputOf({ ...formOf(ANNA), phone: ' +79001234567 ' })).toEqual({ ...ANNA, phone: '+79001234567' })
  expect(inputOf({ ...formOf(ANNA), partner: '' }).partner).toBeNull()
})

test('A-090: a name and a usable address are needed', () => {
  expect(Object.keys(formFaults(EMPTY_FORM))).toEqual(['email', 'name'])
  expect(Object.keys(formFaults({ ...formOf(ANNA), email: 'anna@' }))).toEqual(['email'])
  expect(formFaults(formOf(ANNA))).toEqual({})
})

test('a refusal stands beside its field, any other above the button', () => {
  expect(faultOf({ field: 'input.email', message: 'taken' })).toEqual({ email: 'taken' })
  expect(faultOf({ field: 'reason', message: 'short' })).toEqual({ reason: 'short' })
  expect(faultOf({ field: 'input.locale', message: 'no' })).toEqual({ whole: 'no' })
  expect(faultOf({ field: null, message: 'busy' })).toEqual({ whole: 'busy' })
})

test('A-090: only what truly differs is shown in a conflict', () => {
  expect(differing(formOf(ANNA), { ...formOf(ANNA), name: 'Анна ', comment: 'новая' })).toEqual(['comment'])
})
