/** Made-up tills, guests, quotes and purchases for the tests of the sale. */
import type { GuestFactsFragment, PurchaseFactsFragment, QuoteFactsFragment, TillFactsFragment } from '../graph/documents.ts'
import type { Attempt, Hold, Posted, Problem, Programme, State, TillEvent } from './state.ts'
import { START } from './state.ts'
import { step } from './step.ts'

export const CODE = '911234567890128176835041'

export const PROGRAMME: Programme = {
  __typename: 'Programme',
  name: 'Знак Качества',
  identify: ['QR'],
  promoCodes: true,
  points: null,
  tiers: [{ __typename: 'Tier', id: 'dreamer', name: 'Мечтатель' }],
}

const service = (id: string, name: string, channels: TillFactsFragment['channels']): TillFactsFragment['services'][number] => ({
  __typename: 'Service',
  id,
  name,
  channels,
})

export function madeTill(change: Partial<TillFactsFragment> = {}): TillFactsFragment {
  return {
    __typename: 'Till',
    id: 'till-1',
    name: 'Касса 1',
    kind: 'ORDINARY',
    channels: ['TILL', 'DESK', 'PHONE'],
    scopes: ['EARN', 'SPEND', 'REFUND', 'MEMBERS'],
    partner: { __typename: 'Partner', id: 'igora', name: 'Игора' },
    outlet: { __typename: 'Outlet', id: 'igora-ski', name: 'Склон', timeZone: 'Europe/Moscow' },
    services: [service('ski', 'Скипасс', ['TILL']), service('spa', 'СПА', ['TILL', 'DESK']), service('stay', 'Проживание', ['PHONE', 'DESK'])],
    ...change,
  }
}

const rule = (
  id: string,
  channel: 'TILL' | 'DESK' | 'PHONE',
  discountPercent: string,
  accumulates: boolean,
): GuestFactsFragment['rules'][number] => ({
  __typename: 'Rule',
  channel,
  discountPercent,
  accumulates,
  earnsPercent: null,
  service: { __typename: 'Service', id, name: id },
})

export function madeGuest(firstName = 'Анна'): { ticket: string; facts: GuestFactsFragment } {
  const rules = [rule('ski', 'TILL', '5', true), rule('spa', 'TILL', '5', false)]
  return {
    ticket: `ticket-${firstName}`,
    facts: { __typename: 'GuestAtTill', firstName, identifiedBy: 'QR', points: null, tier: { __typename: 'Tier', id: 'dreamer', name: 'Мечтатель' }, rules },
  }
}

export function madeQuote(net = '95.00', id = 'quote-1'): QuoteFactsFragment {
  const line = {
    __typename: 'QuoteLine',
    name: 'Скипасс',
    quantity: '1',
    gross: '100.00',
    discount: '5.00',
    net,
    accumulates: true,
    reasons: [],
  } as const
  return {
    __typename: 'Quote',
    id,
    points: null,
    promotions: [],
    expiresAt: '2026-11-22T12:10:00Z',
    gross: '100.00',
    discount: '5.00',
    net,
    lines: [{ ...line, reasons: [], service: { __typename: 'Service', id: 'ski', name: 'Скипасс' } }],
  }
}

/** A quote with so many points put aside, each worth a rouble. */
export function madeHeld(points: number, confirmation: Hold['confirmation'] = 'NOT_NEEDED', id = 'quote-1'): QuoteFactsFragment {
  const hold: Hold = { __typename: 'PointsHold', id: 'hold-1', points, fromFamily: 0, worth: `${points}.00`, status: 'ACTIVE', confirmation }
  const terms = { available: 40, max: 30, maxWorth: '30.00', earns: 4, toPay: `${95 - points}.00`, hold, reasons: [], family: null }
  return { ...madeQuote('95.00', id), points: { __typename: 'QuotePoints', ...terms } }
}

export function madePurchase(change: Partial<PurchaseFactsFragment> = {}): PurchaseFactsFragment {
  const line = {
    __typename: 'PurchaseLine',
    id: 'line-1',
    name: 'Скипасс',
    quantity: '1',
    gross: '100.00',
    discount: '5.00',
    net: '95.00',
    accumulates: true,
  } as const
  return {
    __typename: 'Purchase',
    points: null,
    id: 'purchase-1',
    receiptNumber: '000127',
    channel: 'TILL',
    closedAt: '2026-11-22T11:05:00Z',
    businessDate: '2026-11-22',
    gross: '100.00',
    discount: '5.00',
    net: '95.00',
    accumulated: '95.00',
    refunded: '0.00',
    status: 'POSTED',
    outlet: { __typename: 'Outlet', id: 'igora-ski', name: 'Склон', timeZone: 'Europe/Moscow' },
    lines: [{ ...line, refundedQuantity: '0', refundedNet: '0.00', service: { __typename: 'Service', id: 'ski', name: 'Скипасс' } }],
    refunds: [],
    ...change,
  }
}

export function madePosted(): Posted {
  const tier = { __typename: 'Tier', id: 'dreamer', name: 'Мечтатель' } as const
  return {
    __typename: 'PurchasePosted',
    points: null,
    purchase: madePurchase(),
    progress: { __typename: 'Progress', accumulated: '95.00', tier },
    tierRaised: false,
  }
}

export function madeProblem(code: Problem['code'], change: Partial<Problem> = {}): Problem {
  return { code, message: 'Слова сервера', field: null, retryable: false, retryAfterSeconds: null, requestId: 'r-1', ...change }
}

export function after(events: readonly TillEvent[], state: State = START): State {
  return events.reduce((now, event) => step(now, event)[0], state)
}

export const OPENED: TillEvent = { kind: 'opened', till: madeTill(), programme: PROGRAMME, unfinished: [] }
export const SCANNED: TillEvent = { kind: 'scanned', code: CODE, scanId: 'scan-1', saleId: 'sale-1', at: Date.UTC(2026, 10, 22, 11, 0) }
export const IDENTIFIED: TillEvent = { kind: 'identified', scanId: 'scan-1', guest: madeGuest(), habits: { tender: 'CARD', channel: null } }
export const POST: TillEvent = { kind: 'postAsked', key: 'key-1', at: Date.UTC(2026, 10, 22, 11, 5) }

/** A basket with its price, ready to be recorded. */
export function readySale(): State {
  const filled = after([
    OPENED,
    SCANNED,
    IDENTIFIED,
    { kind: 'lineEdited', id: 'sale-1/0', change: { service: 'ski', sum: '100' } },
    { kind: 'receiptTyped', receipt: '000127' },
  ])
  return after([{ kind: 'quoted', seq: filled.sale?.seq ?? 0, quote: madeQuote() }], filled)
}

export function attemptOf(state: State): Attempt {
  if (state.sale === null || state.sale.sending.phase === 'idle') throw new Error('nothing is being sent')
  return state.sale.sending.attempt
}
