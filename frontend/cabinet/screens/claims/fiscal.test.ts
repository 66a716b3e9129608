import { describe, expect, it } from 'vitest'
import { readFiscal } from './fiscal.ts'

const CODE = 't=20260314T1226&s=1250.50&fn=9999078900004792&i=12345&fp=1234567890&n=1'

describe('the code of a fiscal receipt (C-15)', () => {
  it('fills the form', () => {
    expect(readFiscal(`${CODE}\n`)).toEqual({ text: CODE, date: '2026-03-14', sum: '1250.50', number: '12345' })
    expect(readFiscal(CODE.replace('T1226', 'T122630').replace('1250.50', '1250'))?.sum).toBe('1250')
  })

  it('is told from everything else', () => {
    for (const text of ['', '911234567890128176835041', 'https://example.ru/?t=1', CODE.replace('fn=', 'x='), CODE.replace('1250.50', '1,5')]) {
      expect(readFiscal(text), text).toBeNull()
    }
  })
})
