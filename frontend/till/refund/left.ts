/** What of a sold line can still go back, in which measure, and how much money a part of it is. Whole numbers only: thousandths and kopecks. */
import type { PurchaseFactsFragment, RefundLineInput } from '../graph/documents.ts'
import { fromContract, parseSum, toContract } from '../money.ts'

export type SoldLine = PurchaseFactsFragment['lines'][number]
export type Measure = 'quantity' | 'net'

/** A line ticked for return: how much, as typed. */
export interface Wish {
  readonly measure: Measure
  readonly amount: string
}

export interface Left {
  /** Thousandths of the unit. */
  readonly quantity: number
  /** Kopecks. */
  readonly net: number
  /** The measure of the first return binds the rest. */
  readonly measure: Measure | 'free'
  readonly gone: boolean
}

/** Thousandths of a quantity such as "1.5" or "1,5"; null when it is none. */
export function thousandths(text: string): number | null {
  const found = /^(\d{1,7})(?:[.,](\d{1,3}))?$/.exec(text.trim())
  return found === null ? null : Number((found[1] ?? '0') + (found[2] ?? '').padEnd(3, '0'))
}

/** Thousandths as the contract prints them: no zeros at the end. */
export function quantityText(count: number): string {
  const digits = String(count).padStart(4, '0')
  return `${digits.slice(0, -3)}.${digits.slice(-3)}`.replace(/\.?0+$/, '')
}

export function leftOf(line: SoldLine): Left {
  const returned = thousandths(line.refundedQuantity) ?? 0
  const quantity = (thousandths(line.quantity) ?? 0) - returned
  const net = fromContract(line.net) - fromContract(line.refundedNet)
  const measure = returned > 0 ? 'quantity' : fromContract(line.refundedNet) > 0 ? 'net' : 'free'
  return { quantity, net, measure, gone: quantity <= 0 || (measure === 'net' && net <= 0) }
}

/** All that is left of a line as a wish. */
export function wholeWish(line: SoldLine): Wish {
  const left = leftOf(line)
  if (left.measure === 'net') return { measure: 'net', amount: toContract(left.net) }
  return { measure: 'quantity', amount: quantityText(left.quantity) }
}

export type WishFault = 'refund.unreadable' | 'refund.tooMuch'

/** What is wrong with a wish before it is sent, or null. */
export function faultOf(line: SoldLine, wish: Wish): WishFault | null {
  const part = partOf(wish)
  if (part === null || part === 0) return 'refund.unreadable'
  const left = leftOf(line)
  return part > (wish.measure === 'quantity' ? left.quantity : left.net) ? 'refund.tooMuch' : null
}

function partOf(wish: Wish): number | null {
  return wish.measure === 'quantity' ? thousandths(wish.amount) : parseSum(wish.amount)
}

/** Kopecks that go back for a wish: floor(net · returned so far / sold), less what went back before. */
export function moneyBack(line: SoldLine, wish: Wish): number {
  const part = partOf(wish)
  if (part === null || faultOf(line, wish) !== null) return 0
  if (wish.measure === 'net') return part
  const sold = BigInt(thousandths(line.quantity) ?? 1)
  const total = BigInt((thousandths(line.refundedQuantity) ?? 0) + part)
  return Number((BigInt(fromContract(line.net)) * total) / sold) - fromContract(line.refundedNet)
}

export function lineWish(line: SoldLine, wish: Wish): RefundLineInput {
  const part = partOf(wish) ?? 0
  return wish.measure === 'quantity' ? { line: line.id, quantity: quantityText(part) } : { line: line.id, net: toContract(part) }
}

/** Kopecks of the whole receipt that can still go back. */
export function leftNet(purchase: PurchaseFactsFragment): number {
  return purchase.lines.reduce((sum, line) => sum + (leftOf(line).gone ? 0 : leftOf(line).net), 0)
}

/** Whether anything of the receipt can still go back, be it worth nothing. */
export function anythingLeft(purchase: PurchaseFactsFragment): boolean {
  return purchase.lines.some(line => !leftOf(line).gone)
}
