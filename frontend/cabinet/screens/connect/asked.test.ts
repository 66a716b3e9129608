/** The address of the window that a hotel's page opens. */
import { describe, expect, test } from 'vitest'
import { asked, siteName } from './asked.ts'

const WHOLE = { partner: 'igora', origin: 'https://igora.example', challenge: 'a'.repeat(43), state: 'b'.repeat(43) }

describe('A-088: what a site asks for', () => {
  test('a whole question is read', () => {
    expect(asked(new URLSearchParams(WHOLE))).toEqual(WHOLE)
  })

  test.each(['partner', 'origin', 'challenge', 'state'])('without %s there is no question', name => {
    const query = new URLSearchParams(WHOLE)
    query.delete(name)
    expect(asked(query)).toBeUndefined()
  })

  test.each(['a', 'a'.repeat(44), `${'a'.repeat(42)}=`, 'ж'.repeat(43)])('%s is no challenge', challenge => {
    expect(asked(new URLSearchParams({ ...WHOLE, challenge }))).toBeUndefined()
  })

  test('the site is named without its scheme, unless that is unusual', () => {
    expect(siteName('https://igora.example')).toBe('igora.example')
    expect(siteName('http://127.0.0.1:8001')).toBe('http://127.0.0.1:8001')
  })
})
