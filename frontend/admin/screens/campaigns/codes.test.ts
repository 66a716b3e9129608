import { describe, expect, it, vi } from 'vitest'
import { EMPTY, faultsOf, sheetOf, wanted } from './codes.ts'

vi.stubGlobal('document', { cookie: 'language=ru' })

const FORM = { ...EMPTY, label: ' Весна ', reason: 'рассылка' }

describe('new promo codes', () => {
  it('are a number of invented ones or one of their own', () => {
    expect(faultsOf(FORM)).toEqual({})
    expect(wanted('spring', FORM, 'key')).toEqual({ idempotencyKey: 'key', campaign: 'spring', label: 'Весна', count: 100, uses: 1, until: null, code: null, reason: 'рассылка' })
    expect(wanted('spring', { ...FORM, kind: 'one', code: ' ВЕСНА2027 ', uses: '500', until: '2027-05-31' }, 'key')).toMatchObject({ count: 1, code: 'ВЕСНА2027', uses: 500, until: '2027-05-31' })
  })

  it('name every field that is wrong', () => {
    expect(Object.keys(faultsOf({ ...EMPTY, count: '1001', uses: '0' })).sort()).toEqual(['count', 'label', 'reason', 'uses'])
    expect(Object.keys(faultsOf({ ...FORM, kind: 'one', count: 'x' }))).toEqual(['code'])
    expect(Object.keys(faultsOf({ ...FORM, count: '1.5' }))).toEqual(['count'])
  })

  it('leave in the form of the command’s file', () => {
    expect(sheetOf(['AAAA-BBBB-CCCC'], 'spring', 2)).toBe('code,campaign,uses\r\nAAAA-BBBB-CCCC,spring,2\r\n')
  })
})
