import { describe, expect, it } from 'vitest'
import {
  after,
  attemptOf,
  CODE,
  IDENTIFIED,
  madeGuest,
  madePosted,
  madeProblem,
  madePurchase,
  madeQuote,
  madeTill,
  OPENED,
  POST,
  PROGRAMME,
  readySale,
  SCANNED,
} from './made.ts'
import type { State, TillEvent } from './state.ts'
import { step } from './step.ts'

const IDLE = { phase: 'idle' } as const

function edited(state: State, sum: string): readonly [State, readonly unknown[]] {
  return step(state, { kind: 'lineEdited', id: 'sale-1/0', change: { sum } })
}

describe('scan (A-128)', () => {
  it('sends the code once under its own scan id and opens a sale', () => {
    const [asked, effects] = step(after([OPENED]), SCANNED)
    expect(effects).toEqual([{ do: 'identify', scanId: 'scan-1', code: CODE, afterMs: 0 }])
    expect(step(asked, { ...SCANNED, scanId: 'scan-2' } as TillEvent)).toEqual([asked, []])
    const found = after([IDENTIFIED], asked)
    expect(found.sale?.guest?.facts.firstName).toBe('Анна')
    expect(found.sale?.id).toBe('sale-1')
    expect(found.sale?.channel).toBe('TILL')
  })

  it('drops an answer to another scan', () => {
    const asked = after([OPENED, SCANNED])
    expect(step(asked, { ...IDENTIFIED, scanId: 'old' } as TillEvent)[0]).toBe(asked)
  })

  it('repeats a lost scan with the same id, three times by itself, then on a press', () => {
    let state = after([OPENED, SCANNED])
    for (const expected of [1, 1, 0]) {
      const [next, effects] = step(state, { kind: 'scanUnanswered', scanId: 'scan-1', delay: 'silence' })
      expect(effects.length).toBe(expected)
      state = next
    }
    expect(step(state, { kind: 'scanRetried' })[1]).toEqual([{ do: 'identify', scanId: 'scan-1', code: CODE, afterMs: 0 }])
  })

  it('refuses in one neutral sentence', () => {
    const state = after([OPENED, SCANNED, { kind: 'scanRefused', scanId: 'scan-1', problem: madeProblem('CARD_NOT_ACCEPTED') }])
    expect(state.scan).toEqual({ phase: 'idle', notice: { tone: 'refusal', word: 'refusal.CARD_NOT_ACCEPTED', facts: {} } })
    expect(state.sale).toBeNull()
  })

  it('takes a told phone number like a code, and says why it found no card (A-223)', () => {
    const told = { ...SCANNED, code: 'tel:+79210000001' } as TillEvent
    const [asked, effects] = step(after([OPENED]), told)
    expect(effects).toEqual([{ do: 'identify', scanId: 'scan-1', code: 'tel:+79210000001', afterMs: 0 }])
    const problem = madeProblem('CARD_NOT_ACCEPTED')
    const refused = after([{ kind: 'scanRefused', scanId: 'scan-1', problem }], asked)
    expect(refused.scan).toEqual({ phase: 'idle', notice: { tone: 'refusal', word: 'phone.refused', said: problem.message } })
    expect(after([IDENTIFIED], asked).sale?.id).toBe('sale-1')
  })

  it('over a recorded sale starts the next guest, during a sale replaces the guest and keeps the basket', () => {
    const replaced = after(
      [{ ...SCANNED, scanId: 'scan-2' } as TillEvent, { ...IDENTIFIED, scanId: 'scan-2', guest: madeGuest('Борис') } as TillEvent],
      readySale(),
    )
    expect(replaced.sale?.guest?.ticket).toBe('ticket-Борис')
    expect(replaced.sale?.lines[0]?.sum).toBe('100')
    expect(replaced.sale?.quoting.phase).toBe('asking')
    const sending = after([POST], readySale())
    const posted = after([{ kind: 'posted', attempt: attemptOf(sending), posted: madePosted() }], sending)
    const next = after([{ ...SCANNED, saleId: 'sale-2', scanId: 'scan-2' } as TillEvent, { ...IDENTIFIED, scanId: 'scan-2' } as TillEvent], posted)
    expect(next.sale?.id).toBe('sale-2')
    expect(next.sale?.lines[0]?.sum).toBe('')
  })
})

describe('basket and quote', () => {
  it('asks for a price when the lines are whole and drops stale answers', () => {
    const open = after([OPENED, SCANNED, IDENTIFIED])
    expect(edited(open, '100')[1]).toEqual([{ do: 'forgetQuote' }])
    const [asked, effects] = step(open, { kind: 'lineEdited', id: 'sale-1/0', change: { service: 'ski', sum: '1 003,5' } })
    const line = { service: 'ski', name: 'Скипасс', quantity: '1', amount: '1003.50' }
    expect(effects).toEqual([{ do: 'quote', seq: 1, input: { ticket: 'ticket-Анна', channel: 'TILL', lines: [line] }, afterMs: 0 }])
    const [again] = edited(asked, '200')
    expect(step(again, { kind: 'quoted', seq: 1, quote: madeQuote() })[0]).toBe(again)
    expect(after([{ kind: 'quoted', seq: 2, quote: madeQuote() }], again).sale?.quoting.phase).toBe('ready')
  })

  it('keeps sums over a change of channel and asks again for a service not sold there', () => {
    const state = after([{ kind: 'channelChosen', channel: 'PHONE' }], readySale())
    expect(state.sale?.lines[0]).toMatchObject({ service: 'stay', sum: '100' })
    const desk = after([{ kind: 'channelChosen', channel: 'DESK' }], readySale())
    expect(desk.sale?.lines[0]).toMatchObject({ service: null, sum: '100' })
  })

  it('asks for the guest again when the ticket is old, keeping the basket', () => {
    const [asked] = edited(readySale(), '200')
    const state = after([{ kind: 'quoteRefused', seq: asked.sale?.seq ?? 0, problem: madeProblem('TICKET_EXPIRED') }], asked)
    expect(state.sale).toMatchObject({
      guest: null,
      receipt: '000127',
      lines: [{ service: 'ski', sum: '200' }],
      notice: { word: 'refusal.TICKET_EXPIRED' },
    })
  })

  it('points at the refused field', () => {
    const [asked] = edited(readySale(), '200')
    const problem = madeProblem('INVALID_INPUT', { field: 'input.lines.0.amount' })
    expect(after([{ kind: 'quoteRefused', seq: asked.sale?.seq ?? 0, problem }], asked).sale?.notice).toMatchObject({
      field: 'sum:sale-1/0',
      said: 'Слова сервера',
    })
  })
})

describe('recording (K3)', () => {
  it('makes one attempt out of two presses', () => {
    const [sending, effects] = step(readySale(), POST)
    expect(effects).toHaveLength(1)
    expect(attemptOf(sending)).toEqual({
      id: 'sale-1',
      till: 'till-1',
      madeAt: Date.UTC(2026, 10, 22, 11, 5),
      operation: 'post',
      input: {
        idempotencyKey: 'key-1',
        quote: 'quote-1',
        receiptNumber: '000127',
        closedAt: '2026-11-22T11:05:00.000Z',
        tenders: [{ kind: 'CARD', amount: '95.00' }],
      },
    })
    expect(step(sending, { ...POST, key: 'key-2' } as TillEvent)).toEqual([sending, []])
    expect(edited(sending, '5')[0]).toBe(sending)
  })

  it('repeats a lost answer with the same body, ever more slowly', () => {
    let state = after([POST], readySale())
    const attempt = attemptOf(state)
    const pauses: number[] = []
    for (let round = 0; round < 7; round += 1) {
      const [next, effects] = step(state, { kind: 'attemptUnanswered', attempt, delay: 'silence', afterSeconds: null })
      expect(effects).toMatchObject([{ do: 'send', attempt }])
      pauses.push((effects[0] as { afterMs: number }).afterMs)
      state = next
    }
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 15000, 30000, 30000])
    const [busy, effects] = step(state, { kind: 'attemptUnanswered', attempt, delay: 'busy', afterSeconds: 2 })
    expect(effects).toEqual([{ do: 'send', attempt, afterMs: 2000 }])
    expect(step(busy, { kind: 'retried' })[1]).toEqual([{ do: 'send', attempt, afterMs: 0 }])
  })

  it('after a reload sends the same attempt again', () => {
    const attempt = attemptOf(after([POST], readySale()))
    const sale = readySale().sale
    const [state, effects] = step(after([{ kind: 'restored', sale, scan: { phase: 'idle', notice: null } }]), {
      ...OPENED,
      unfinished: [attempt],
    } as TillEvent)
    expect(effects).toEqual([{ do: 'send', attempt, afterMs: 0 }])
    expect(attemptOf(state)).toBe(attempt)
    const [fresh, alone] = step(after([]), { ...OPENED, unfinished: [attempt, { ...attempt, id: 'other', till: 'till-9' }] } as TillEvent)
    expect(alone).toEqual([{ do: 'send', attempt, afterMs: 0 }])
    const [settled] = step(fresh, { kind: 'posted', attempt, posted: madePosted() })
    expect(settled).toMatchObject({ unfinished: [], settled: { tone: 'success', word: 'aside.posted', facts: { receipt: '000127' } } })
  })

  it('put aside, goes on behind the next guest', () => {
    const sending = after([POST], readySale())
    const attempt = attemptOf(sending)
    const waiting = after([{ kind: 'attemptUnanswered', attempt, delay: 'silence', afterSeconds: null }], sending)
    const [aside, effects] = step(waiting, { kind: 'putAside' })
    expect(aside).toMatchObject({ sale: null, unfinished: [attempt] })
    expect(effects).toEqual([{ do: 'send', attempt, afterMs: 30000 }])
    expect(after([{ kind: 'attemptRefused', attempt, problem: madeProblem('RECEIPT_EXISTS') }], aside)).toMatchObject({
      unfinished: [],
      settled: { word: 'aside.exists' },
    })
  })

  it('shows a changed price and records only on another press, with another key', () => {
    const sending = after([POST], readySale())
    const changed = after(
      [{ kind: 'priceChanged', attempt: attemptOf(sending), quote: madeQuote('90.00', 'quote-2'), message: 'Правила изменились' }],
      sending,
    )
    expect(changed.sale).toMatchObject({
      sending: IDLE,
      notice: { word: 'sale.priceChanged', said: 'Правила изменились' },
      quoting: { phase: 'ready', quote: { net: '90.00' } },
    })
    expect(attemptOf(after([{ ...POST, key: 'key-2' } as TillEvent], changed)).input).toMatchObject({
      idempotencyKey: 'key-2',
      quote: 'quote-2',
      tenders: [{ amount: '90.00' }],
    })
  })

  it('names what is missing before anything is sent', () => {
    const state = after([{ kind: 'receiptTyped', receipt: '  ' }], readySale())
    const [next, effects] = step(state, POST)
    expect(effects).toEqual([])
    expect(next.sale).toMatchObject({ sending: IDLE, notice: { word: 'missing.receipt', field: 'receipt' } })
    const split: TillEvent = {
      kind: 'paymentChosen',
      payment: {
        split: true,
        tenders: [
          { kind: 'CASH', sum: '50' },
          { kind: 'CARD', sum: '44,99' },
        ],
      },
    }
    expect(after([split, POST], readySale()).sale?.notice).toMatchObject({ word: 'missing.tenders' })
    const whole: TillEvent = {
      kind: 'paymentChosen',
      payment: {
        split: true,
        tenders: [
          { kind: 'CASH', sum: '50' },
          { kind: 'CARD', sum: '45' },
        ],
      },
    }
    expect(attemptOf(after([whole, POST], readySale())).input).toMatchObject({
      tenders: [
        { kind: 'CASH', amount: '50.00' },
        { kind: 'CARD', amount: '45.00' },
      ],
    })
  })
})

describe('refusals of a purchase', () => {
  const sending = after([POST], readySale())
  const refused = (code: Parameters<typeof madeProblem>[0]): readonly [State, readonly unknown[]] =>
    step(sending, { kind: 'attemptRefused', attempt: attemptOf(sending), problem: madeProblem(code) })

  it('RECEIPT_EXISTS looks the earlier record up and shows it', () => {
    const [state, effects] = refused('RECEIPT_EXISTS')
    expect(effects).toContainEqual({ do: 'lookUp', receipt: '000127', closedAt: '2026-11-22T11:05:00.000Z' })
    expect(state.sale?.notice).toMatchObject({ word: 'refusal.RECEIPT_EXISTS', facts: { receipt: '000127' }, field: 'receipt' })
    const shown = after([{ kind: 'earlierFound', purchase: madePurchase() }], state)
    expect(shown.sale?.earlier?.id).toBe('purchase-1')
    expect(after([{ kind: 'receiptTyped', receipt: '000128' }], shown).sale).toMatchObject({ earlier: null, notice: null })
  })

  it('TICKET_EXPIRED and CARD_NOT_ACCEPTED ask for the guest, keeping the basket', () => {
    for (const code of ['TICKET_EXPIRED', 'CARD_NOT_ACCEPTED'] as const) {
      expect(refused(code)[0].sale).toMatchObject({ guest: null, sending: IDLE, receipt: '000127', lines: [{ sum: '100' }] })
    }
  })

  it('QUOTE_EXPIRED counts again by itself, QUOTE_USED only when asked', () => {
    expect(refused('QUOTE_EXPIRED')[1]).toContainEqual(expect.objectContaining({ do: 'quote' }))
    const [used, effects] = refused('QUOTE_USED')
    expect(effects).toEqual([{ do: 'signal', tone: 'refusal' }])
    expect(step(used, { kind: 'quoteAsked' })[1]).toEqual([expect.objectContaining({ do: 'quote' })])
  })

  it('UNAUTHENTICATED pairs again keeping basket and attempt', () => {
    const [state] = refused('UNAUTHENTICATED')
    expect(state.pairing).toMatchObject({ phase: 'needed', notice: { word: 'pair.againKeeping' } })
    expect(state.sale?.lines[0]?.sum).toBe('100')
    const [back, effects] = step(state, { ...OPENED, unfinished: [attemptOf(sending)] } as TillEvent)
    expect(effects).toEqual([{ do: 'send', attempt: attemptOf(sending), afterMs: 0 }])
    expect(back.pairing.phase).toBe('paired')
  })

  it('another till keeps what was typed but not the ticket', () => {
    const [state] = refused('UNAUTHENTICATED')
    const other = madeTill({ id: 'till-2', channels: ['TILL'] })
    expect(after([{ kind: 'opened', till: other, programme: PROGRAMME, unfinished: [] }], state).sale).toMatchObject({
      guest: null,
      sending: IDLE,
      lines: [{ sum: '100' }],
      notice: { word: 'sale.otherTill' },
    })
  })
})

describe('a server that does not answer', () => {
  it('is looked for again by itself, and nothing typed is lost', () => {
    const [state, effects] = step(readySale(), { kind: 'closed' })
    expect(state.pairing.phase).toBe('unreachable')
    expect(effects).toEqual([{ do: 'open', afterMs: 5000 }])
    expect(after([OPENED], state).sale?.receipt).toBe('000127')
  })
})

describe('after the tick', () => {
  const sending = after([POST], readySale())
  const posted = after([{ kind: 'posted', attempt: attemptOf(sending), posted: madePosted() }], sending)

  it('cancels within a minute as a full refund with its own key', () => {
    const [state, effects] = step(posted, { kind: 'undoAsked', key: 'key-u', at: 0 })
    expect(effects).toMatchObject([
      {
        do: 'send',
        attempt: { id: 'sale-1/undo', operation: 'refund', input: { idempotencyKey: 'key-u', purchase: 'purchase-1', refundNumber: '000127-R1' } },
      },
    ])
    expect((effects[0] as { attempt: { input: object } }).attempt.input).not.toHaveProperty('lines')
    const attempt = (effects[0] as Extract<(typeof effects)[number], { do: 'send' }>).attempt
    const done = { kind: 'refunded', attempt, purchase: madePurchase(), net: '95.00', points: null } as const
    expect(after([done], state).sale?.undo).toEqual({ phase: 'done', net: '95.00', points: null })
    expect(step(after([{ kind: 'undoOver' }], posted), { kind: 'undoAsked', key: 'k', at: 0 })[1]).toEqual([])
  })

  it('takes the next guest, or another receipt of this one on the same ticket', () => {
    expect(after([{ kind: 'nextGuest' }], posted).sale).toBeNull()
    const again = after([{ kind: 'anotherReceipt', saleId: 'sale-2' }], posted)
    expect(again.sale).toMatchObject({
      id: 'sale-2',
      guest: { ticket: 'ticket-Анна' },
      receipt: '',
      posted: null,
      lines: [{ id: 'sale-2/0', sum: '' }],
    })
  })
})
