import { describe, expect, it } from 'vitest'
import { missing } from './basket.ts'
import { after, attemptOf, madeGuest, madeHeld, madeProblem, POST, readySale } from './made.ts'
import type { State, TillEvent } from './state.ts'
import { step } from './step.ts'

const SPEND: TillEvent = { kind: 'spendChosen', points: 30 }

/** A sale whose quote answered the wish to spend. */
function held(confirmation: 'NOT_NEEDED' | 'ASKED' = 'NOT_NEEDED'): State {
  const asked = after([SPEND], readySale())
  return after([{ kind: 'quoted', seq: asked.sale?.seq ?? 0, quote: madeHeld(30, confirmation) }], asked)
}

function told(change: object): TillEvent {
  const hold = madeHeld(30, 'ASKED').points?.hold ?? null
  return { kind: 'holdTold', quote: 'quote-1', hold: hold && { ...hold, ...change } }
}

describe('spending points (C-03, INV-09)', () => {
  it('asks for a quote with the wish, and never for a wish nobody had', () => {
    const [, effects] = step(readySale(), SPEND)
    expect(effects).toMatchObject([{ do: 'quote', input: { points: 30 }, afterMs: 0 }])
    const [, plain] = step(readySale(), { kind: 'lineEdited', id: 'sale-1/0', change: { sum: '200' } })
    expect((plain[0] as { input: object }).input).not.toHaveProperty('points')
  })

  it('asks the family only where the cashier chose so (C-10)', () => {
    expect(step(readySale(), SPEND)[1]).toMatchObject([{ do: 'quote', input: { points: 30, family: false } }])
    const [together, effects] = step(readySale(), { kind: 'spendChosen', points: 90, withFamily: true })
    expect(effects).toMatchObject([{ do: 'quote', input: { points: 90, family: true } }])
    const [, own] = step(together, SPEND)
    expect(own).toMatchObject([{ do: 'quote', input: { points: 30, family: false } }])
  })

  it('pays the worth of the points and the rest in money, whole or split', () => {
    expect(attemptOf(after([POST], held())).input).toMatchObject({ tenders: [{ kind: 'POINTS', amount: '30.00' }, { kind: 'CARD', amount: '65.00' }] })
    const tenders = [{ kind: 'CASH', sum: '5' }, { kind: 'CARD', sum: '60' }] as const
    const split = after([{ kind: 'paymentChosen', payment: { split: true, tenders } }, POST], held())
    expect(attemptOf(split).input).toMatchObject({ tenders: [{ kind: 'POINTS' }, { kind: 'CASH', amount: '5.00' }, { kind: 'CARD', amount: '60.00' }] })
  })

  it('waits for the guest: asks on every second, and records nothing meanwhile', () => {
    const asked = after([SPEND], readySale())
    const [waits, effects] = step(asked, { kind: 'quoted', seq: asked.sale?.seq ?? 0, quote: madeHeld(30, 'ASKED') })
    expect(effects).toEqual([{ do: 'askHold', quote: 'quote-1', afterMs: 1000 }])
    expect(waits.sale && missing(waits.sale)).toEqual({ word: 'missing.confirmed', field: 'points' })
    expect(step(waits, POST)[1]).toEqual([])
    expect(step(waits, told({}))[1]).toEqual(effects)
    expect(step(waits, { kind: 'holdUntold', quote: 'quote-1' })[1]).toEqual(effects)
    expect(step(waits, { kind: 'holdUntold', quote: 'an older one' })[1]).toEqual([])
    const [given] = step(waits, told({ confirmation: 'GIVEN' }))
    expect(given.sale && missing(given.sale)).toBeNull()
    expect(step(given, POST)[1]).toMatchObject([{ do: 'send' }])
  })

  it.each([
    [{ confirmation: 'DECLINED', status: 'RELEASED' }, 'points.declined'],
    [{ status: 'EXPIRED' }, 'points.over'],
  ])('prices without points after a no and after the minute', (change, word) => {
    const [state, effects] = step(held('ASKED'), told(change))
    expect(state.sale).toMatchObject({ spend: 0, notice: { word }, quoting: { phase: 'asking' } })
    expect(effects).toMatchObject([{ do: 'signal', tone: 'refusal' }, { do: 'quote', input: { points: 0 } }])
  })

  it('lets the points go at once with the sale or the guest', () => {
    expect(step(held(), { kind: 'nextGuest' })[1]).toMatchObject([{ do: 'forgetQuote' }, { do: 'free', input: { points: 0, ticket: 'ticket-Анна' } }])
    expect(step(held(), { kind: 'guestCleared' })[1]).toMatchObject([{ do: 'forgetQuote' }, { do: 'free', input: { points: 0 } }])
    expect(step(readySale(), { kind: 'nextGuest' })[1]).toEqual([{ do: 'forgetQuote' }])
  })

  it('a hold that ran out is told in the words of the server and priced without', () => {
    const sending = after([POST], held())
    const [state, effects] = step(sending, { kind: 'attemptRefused', attempt: attemptOf(sending), problem: madeProblem('HOLD_EXPIRED') })
    expect(state.sale).toMatchObject({ spend: 0, notice: { word: 'refusal.HOLD_EXPIRED', said: 'Слова сервера' } })
    expect(effects).toMatchObject([{ do: 'signal' }, { do: 'quote', input: { points: 0 } }])
  })

  it('a told number that a code has proved may spend: the basket and the receipt stay, the price is asked anew', () => {
    const sale = readySale()
    const facts = { ...madeGuest().facts, points: 250 }
    const proven: TillEvent = { kind: 'guestProven', ticket: 'ticket-Анна', guest: { ticket: 'ticket-Анна', facts } }
    const [state, effects] = step(sale, proven)
    expect(state.sale).toMatchObject({ guest: { facts: { points: 250 } }, lines: sale.sale?.lines, receipt: sale.sale?.receipt, quoting: { phase: 'asking' } })
    expect(effects).toMatchObject([{ do: 'quote', input: { ticket: 'ticket-Анна' } }])
  })

  it.each(['nextGuest', 'guestCleared'] as const)('a code that proved a guest who has gone changes nothing after %s', kind => {
    const gone = after([{ kind }], readySale())
    expect(step(gone, { kind: 'guestProven', ticket: 'ticket-Анна', guest: madeGuest() })).toEqual([gone, []])
  })
})
