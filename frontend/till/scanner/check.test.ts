import { describe, expect, it } from 'vitest'
import { codeIn, inGroups, judge, strip } from './check'

const CODE = '911234567890128176835041'

describe('guest code', () => {
  it('accepts the published vector with whatever scanners put around it', () => {
    expect(judge(CODE)).toBe('good')
    expect(codeIn(`\uFEFF${CODE}\r\n`)).toBe(CODE)
    expect(codeIn('9112 3456 7890 1281\u00A07683\t5041')).toBe(CODE)
  })

  it('detects every single wrong digit and every swap of neighbours', () => {
    for (let place = 0; place < CODE.length; place += 1) {
      for (let digit = 0; digit < 10; digit += 1) {
        const spoiled = CODE.slice(0, place) + String(digit) + CODE.slice(place + 1)
        if (spoiled !== CODE) expect(judge(spoiled)).not.toBe('good')
      }
      const swapped = CODE.slice(0, place) + (CODE[place + 1] ?? '') + (CODE[place] ?? '') + CODE.slice(place + 2)
      if (swapped !== CODE) expect(judge(swapped)).not.toBe('good')
    }
  })

  it('names what is wrong', () => {
    expect(judge('')).toBe('short')
    expect(judge('9')).toBe('short')
    expect(judge('9112')).toBe('short')
    expect(judge(`${CODE}0`)).toBe('long')
    expect(judge('4601234567890')).toBe('foreign')
    expect(judge('https://example.com')).toBe('foreign')
    expect(judge(strip('９１1234567890128176835041'))).toBe('foreign')
    expect(judge(CODE.replace('5041', '5042'))).toBe('mistyped')
  })

  it('takes a voucher as well, by its own prefix and the same check', () => {
    const voucher = '930000000000000000000780'
    expect(codeIn(`${voucher}\r`)).toBe(voucher)
    expect(judge(voucher.replace('780', '781'))).toBe('mistyped')
    expect(judge('93')).toBe('short')
    expect(judge('92')).toBe('foreign')
  })

  it('groups digits by four without a space at the end', () => {
    expect(inGroups(CODE)).toBe('9112 3456 7890 1281 7683 5041')
    expect(inGroups('9112')).toBe('9112')
    expect(inGroups('91123')).toBe('9112 3')
  })
})
