import { describe, expect, it } from 'vitest'
import { madePurchase } from '../sale/made.ts'
import { anythingLeft, faultOf, leftNet, leftOf, lineWish, moneyBack, quantityText, thousandths, wholeWish, type SoldLine } from './left.ts'

function sold(change: Partial<SoldLine>): SoldLine {
  const [line] = madePurchase().lines
  if (line === undefined) throw new Error('a made purchase has a line')
  return { ...line, ...change }
}

describe('what is left of a line', () => {
  it('reads and prints quantities without a fraction in a number', () => {
    expect([thousandths('1'), thousandths('1,5'), thousandths('0.001'), thousandths('x'), thousandths('1.2345')]).toEqual([1000, 1500, 1, null, null])
    expect([quantityText(1000), quantityText(1500), quantityText(1), quantityText(10000), quantityText(0)]).toEqual(['1', '1.5', '0.001', '10', '0'])
  })

  it('is bound by the measure of the first return', () => {
    expect(leftOf(sold({ quantity: '3' }))).toEqual({ quantity: 3000, net: 9500, measure: 'free', gone: false })
    expect(leftOf(sold({ quantity: '3', refundedQuantity: '1', refundedNet: '31.66' }))).toMatchObject({
      quantity: 2000,
      net: 6334,
      measure: 'quantity',
    })
    expect(leftOf(sold({ refundedNet: '60.00' }))).toMatchObject({ net: 3500, measure: 'net', gone: false })
    expect(leftOf(sold({ refundedQuantity: '1', refundedNet: '95.00' })).gone).toBe(true)
  })

  it('gives in any order the same money, exact at the end', () => {
    const line = sold({ quantity: '3', net: '100.00' })
    const one = { measure: 'quantity', amount: '1' } as const
    expect(moneyBack(line, one)).toBe(3333)
    expect(moneyBack(sold({ ...line, refundedQuantity: '1', refundedNet: '33.33' }), one)).toBe(3333)
    expect(moneyBack(sold({ ...line, refundedQuantity: '2', refundedNet: '66.66' }), one)).toBe(3334)
    expect(moneyBack(line, { measure: 'net', amount: '60,00' })).toBe(6000)
  })

  it('refuses nothing, too much and what is no number before it is sent', () => {
    const line = sold({ quantity: '3' })
    expect(faultOf(line, { measure: 'quantity', amount: '0' })).toBe('refund.unreadable')
    expect(faultOf(line, { measure: 'quantity', amount: '3,001' })).toBe('refund.tooMuch')
    expect(faultOf(line, { measure: 'net', amount: '95,01' })).toBe('refund.tooMuch')
    expect(faultOf(line, { measure: 'net', amount: '95' })).toBeNull()
  })

  it('writes a wish as the contract takes it', () => {
    expect(lineWish(sold({}), { measure: 'quantity', amount: '0,5' })).toEqual({ line: 'line-1', quantity: '0.5' })
    expect(lineWish(sold({}), { measure: 'net', amount: '60' })).toEqual({ line: 'line-1', net: '60.00' })
    expect(wholeWish(sold({ refundedNet: '60.00' }))).toEqual({ measure: 'net', amount: '35.00' })
    expect(wholeWish(sold({ quantity: '2.5' }))).toEqual({ measure: 'quantity', amount: '2.5' })
  })

  it('knows a receipt with nothing left', () => {
    expect(leftNet(madePurchase())).toBe(9500)
    const gone = madePurchase({ lines: [sold({ refundedQuantity: '1', refundedNet: '95.00' })] })
    expect([leftNet(gone), anythingLeft(gone)]).toEqual([0, false])
  })
})
