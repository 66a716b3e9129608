import { describe, expect, test } from 'vitest'
import { askedOf, changeOf, chosenTexts, emptyChange, type Text } from './change.ts'
import { fieldOf } from './form.ts'

const text = (id: string, kind: Text['kind']): Text => ({ __typename: 'LegalDocument', id, kind, title: id, text: id }) as Text
const TEXTS = [text('offer-1', 'OFFER'), text('data-1', 'PERSONAL_DATA'), text('partners-1', 'PARTNER_TRANSFER'), text('marketing-1', 'MARKETING')]

describe('a change of data', () => {
  test('names only what changes', () => {
    const form = { ...emptyChange(false), lastName: ' Иванова ', wishes: { 'marketing-1': 'WITHDRAW', 'partners-1': 'GIVE' } as const }
    expect(changeOf(form, TEXTS)).toEqual({ lastName: 'Иванова', firstName: null, patronymic: null, accepted: ['partners-1'], withdrawn: ['MARKETING'] })
    expect(changeOf(emptyChange(true), TEXTS)).toEqual({ lastName: null, firstName: null, patronymic: null, accepted: [], withdrawn: [] })
  })
  test('takes a patronymic away when told so, whatever is typed', () => {
    expect(changeOf({ ...emptyChange(false), patronymic: 'Петровна', noPatronymic: true }, TEXTS).patronymic).toBe('')
  })
  test('offers no text that the card stands on', () => {
    expect(chosenTexts(TEXTS).map(one => one.id)).toEqual(['partners-1', 'marketing-1'])
    const form = { ...emptyChange(false), wishes: { 'offer-1': 'WITHDRAW' } as const }
    expect(changeOf(form, TEXTS).withdrawn).toEqual([])
  })
  test('goes by the scan or by the phone, never by both', () => {
    const form = { ...emptyChange(true), phone: '+7 921 123-45-67' }
    const change = changeOf(form, TEXTS)
    expect(askedOf(form, change, 'TILL', 'ticket')).toEqual({ channel: 'TILL', change, ticket: 'ticket' })
    expect(askedOf({ ...form, by: 'PHONE' }, change, 'TILL', 'ticket')).toEqual({ channel: 'TILL', change, phone: '+79211234567' })
    expect(askedOf(form, change, 'DESK', null)).toEqual({ channel: 'DESK', change, phone: '+79211234567' })
    expect(askedOf({ ...form, by: 'PHONE', phone: '921' }, change, 'TILL', null)).toEqual({ field: 'phone' })
  })
  test('finds the field of a refusal below the change', () => {
    expect([fieldOf('input.change.lastName'), fieldOf('input.change.accepted.0'), fieldOf('input.change'), fieldOf('input.ticket')]).toEqual(['lastName', 'accepted', 'change', 'ticket'])
  })
})
