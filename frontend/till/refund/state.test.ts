import { describe, expect, it } from 'vitest'
import { madeProblem, madePurchase } from '../sale/made.ts'
import { freshRefunding, stepRefund, toReturn, type RefundEvent, type Refunding } from './state.ts'

const after = (events: readonly RefundEvent[], start: Refunding = freshRefunding('refund-1')): Refunding => events.reduce(stepRefund, start)
const FOUND: RefundEvent = { kind: 'found', purchase: madePurchase() }
const ASKED: RefundEvent = { kind: 'refundAsked', till: 'till-1', key: 'key-1', at: Date.UTC(2026, 10, 22, 12) }

describe('a return', () => {
  it('asks for a number before it searches', () => {
    expect(after([{ kind: 'searchAsked' }])).toMatchObject({ searching: false, notice: { word: 'refund.numberEmpty', field: 'number' } })
    expect(after([{ kind: 'searchTyped', search: { number: '000127' } }, { kind: 'searchAsked' }]).searching).toBe(true)
  })

  it('asks for the date when the number repeats', () => {
    expect(after([{ kind: 'searchRefused', problem: madeProblem('AMBIGUOUS_RECEIPT') }]).notice?.word).toBe('refusal.AMBIGUOUS_RECEIPT')
  })

  it('returns all that is left without lines, under a suggested number', () => {
    const now = after([FOUND, ASKED])
    expect(toReturn(now)).toBe(9500)
    expect(now.sending).toMatchObject({
      phase: 'sending',
      attempt: { id: 'refund-1', operation: 'refund', input: { idempotencyKey: 'key-1', purchase: 'purchase-1', refundNumber: '000127-R1' } },
    })
    expect(now.sending).not.toHaveProperty('attempt.input.lines')
    expect(stepRefund(now, { ...ASKED, key: 'key-2' } as RefundEvent)).toBe(now)
  })

  it('returns a part by sum', () => {
    const part = after([
      FOUND,
      { kind: 'chosen', choice: { whole: false } },
      { kind: 'wished', line: 'line-1', wish: { measure: 'net', amount: '60' } },
    ])
    expect(toReturn(part)).toBe(6000)
    expect(stepRefund(part, ASKED).sending).toMatchObject({ attempt: { input: { lines: [{ line: 'line-1', net: '60.00' }] } } })
    const tooMuch = stepRefund(part, { kind: 'wished', line: 'line-1', wish: { measure: 'net', amount: '95,01' } })
    expect(stepRefund(tooMuch, ASKED)).toMatchObject({ sending: { phase: 'idle' }, notice: { field: 'wish:line-1' } })
    expect(stepRefund(after([FOUND, { kind: 'chosen', choice: { whole: false } }]), ASKED).notice?.word).toBe('refund.chooseSomething')
  })

  it('keeps one body over a lost answer and cannot be edited meanwhile', () => {
    const sending = after([FOUND, ASKED])
    if (sending.sending.phase === 'idle') throw new Error('not sending')
    const { attempt } = sending.sending
    const waiting = stepRefund(sending, { kind: 'attemptUnanswered', attempt, delay: 'silence' })
    expect(stepRefund(waiting, { kind: 'chosen', choice: { refundNumber: 'other' } })).toBe(waiting)
    expect(stepRefund(waiting, { kind: 'retried' }).sending).toMatchObject({ phase: 'sending', attempt })
    const done = stepRefund(waiting, { kind: 'refunded', attempt, purchase: madePurchase(), net: '95.00', points: { givenBack: 5, takenBack: 0 } })
    expect(done).toMatchObject({ sending: { phase: 'idle' }, done: { number: '000127-R1', net: '95.00', points: { givenBack: 5 } } })
  })

  it('points at a refund number that is taken, and says when nothing is left', () => {
    const sending = after([FOUND, ASKED])
    if (sending.sending.phase === 'idle') throw new Error('not sending')
    const taken = stepRefund(sending, { kind: 'attemptRefused', attempt: sending.sending.attempt, problem: madeProblem('RECEIPT_EXISTS') })
    expect(taken.notice).toMatchObject({ word: 'refund.numberUsed', field: 'refundNumber' })
    const [line] = madePurchase().lines
    const gone = madePurchase({ lines: line ? [{ ...line, refundedQuantity: '1', refundedNet: '95.00' }] : [] })
    expect(after([{ kind: 'found', purchase: gone }]).notice?.word).toBe('refund.nothingLeft')
  })
})
