/** The whole of the till in one function: a state and an event give the next state and what to do about it. */
import * as offline from '../offline/steps.ts'
import * as pairing from './pairing.ts'
import * as posting from './posting.ts'
import * as pricing from './pricing.ts'
import * as scanning from './scanning.ts'
import type { State, Step, TillEvent } from './state.ts'

type Steps = { readonly [Kind in TillEvent['kind']]: (state: State, event: Extract<TillEvent, { kind: Kind }>) => Step }

const STEPS: Steps = {
  opened: pairing.opened,
  stranger: pairing.stranger,
  closed: pairing.closed,
  openAsked: pairing.openAsked,
  pairAsked: pairing.pairAsked,
  unpairAsked: pairing.unpairAsked,
  restored: pairing.restored,
  scanned: scanning.scanned,
  damaged: scanning.damaged,
  scanRetried: scanning.scanRetried,
  scanDropped: scanning.scanDropped,
  identified: scanning.identified,
  scanRefused: scanning.scanRefused,
  scanUnanswered: scanning.scanUnanswered,
  wentOffline: offline.wentOffline,
  kept: offline.kept,
  notKept: offline.notKept,
  guestCleared: scanning.guestCleared,
  guestProven: pricing.guestProven,
  channelChosen: pricing.channelChosen,
  lineEdited: pricing.lineEdited,
  lineAdded: pricing.lineAdded,
  lineDropped: pricing.lineDropped,
  receiptTyped: pricing.receiptTyped,
  paymentChosen: pricing.paymentChosen,
  spendChosen: pricing.spendChosen,
  promoGiven: pricing.promoGiven,
  holdTold: pricing.holdTold,
  holdUntold: pricing.holdUntold,
  quoteAsked: pricing.quoteAsked,
  quoted: pricing.quoted,
  quoteRefused: pricing.quoteRefused,
  quoteUnanswered: pricing.quoteUnanswered,
  postAsked: posting.postAsked,
  retried: posting.retried,
  putAside: posting.putAside,
  posted: posting.posted,
  priceChanged: posting.priceChanged,
  refunded: posting.refunded,
  attemptRefused: posting.attemptRefused,
  attemptUnanswered: posting.attemptUnanswered,
  earlierFound: posting.earlierFound,
  undoAsked: posting.undoAsked,
  undoOver: posting.undoOver,
  nextGuest: posting.nextGuest,
  anotherReceipt: posting.anotherReceipt,
  settledRead: posting.settledRead,
}

export function step(state: State, event: TillEvent): Step {
  const take = STEPS[event.kind] as (state: State, event: TillEvent) => Step
  return take(state, event)
}
