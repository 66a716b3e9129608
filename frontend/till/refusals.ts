/** Every refusal of the contract: the sentence the cashier reads and what the page does about it. */
import type { ProblemCode } from './graph/documents.ts'
import type { Notice, Problem } from './sale/state.ts'

export type Remedy =
  /** The same request again, unchanged and by itself. */
  | 'again'
  /** The till must be paired; what is typed stays. */
  | 'pair'
  /** The guest must be scanned; what is typed stays. */
  | 'scan'
  /** The page asks for a fresh quote by itself. */
  | 'quote'
  /** A fresh quote, but only when the cashier says so. */
  | 'askQuote'
  /** Show the receipt that stands already. */
  | 'lookUp'
  /** The cashier corrects what is typed. */
  | 'mend'
  /** Nothing to mend here: the sentence says whom to ask. */
  | 'stop'

/** What no sale and no return can hear: refusals of a member's own commands, and of vouchers, whose sheet tells the server's sentence. */
type Elsewhere = 'ALREADY_IN_FAMILY' | 'NOT_IN_FAMILY' | 'FAMILY_FULL' | 'HEAD_CANNOT_LEAVE' | 'NOT_ENOUGH_POINTS' | 'UNFINISHED' | 'VOUCHER_NOT_ACCEPTED'
type TillCode = Exclude<ProblemCode, Elsewhere>

const REMEDIES: Readonly<Record<TillCode, Remedy>> = {
  INVALID_INPUT: 'mend',
  UNAUTHENTICATED: 'pair',
  FORBIDDEN: 'stop',
  NOT_FOUND: 'mend',
  LIMIT_REACHED: 'stop',
  BUSY: 'again',
  INTERNAL: 'again',
  SIGN_IN_FAILED: 'stop',
  NOT_CONFIRMED: 'stop',
  TOKEN_NOT_ACCEPTED: 'stop',
  CARD_NOT_ACCEPTED: 'scan',
  TICKET_EXPIRED: 'scan',
  CHANNEL_NOT_ALLOWED: 'mend',
  SERVICE_NOT_SOLD_HERE: 'mend',
  QUOTE_EXPIRED: 'quote',
  QUOTE_USED: 'askQuote',
  RECEIPT_EXISTS: 'lookUp',
  AMBIGUOUS_RECEIPT: 'mend',
  TENDERS_DO_NOT_ADD_UP: 'quote',
  KEY_REUSED: 'lookUp',
  REFUND_EXCEEDS_SALE: 'mend',
  HOLD_EXPIRED: 'quote',
  SPENDING_NOT_CONFIRMED: 'stop',
  ROOM_GONE: 'stop',
  ENGINE_AWAY: 'again',
}

export const CODES = Object.keys(REMEDIES) as readonly TillCode[]

export function remedy(code: ProblemCode): Remedy {
  return REMEDIES[knownCode(code)]
}

/** A code of a later contract is still an answer: it is told by the server's own sentence. */
export function knownCode(code: string): TillCode {
  return code in REMEDIES ? (code as TillCode) : 'INTERNAL'
}

/** The sentence for a refusal; where only the server knows what is wrong, its own sentence stands beside ours. */
export function noticeOf(problem: Problem, facts: Readonly<Record<string, string>> = {}): Notice {
  const seconds = problem.retryAfterSeconds === null ? {} : { seconds: String(problem.retryAfterSeconds) }
  return {
    tone: 'refusal',
    word: `refusal.${knownCode(problem.code)}`,
    facts: { ...seconds, ...facts },
    ...(TOLD_BY_SERVER.has(problem.code) && { said: problem.message }),
    ...(problem.code === 'INTERNAL' && { requestId: problem.requestId }),
    ...(problem.field !== null && { field: problem.field }),
  }
}

/** Refusals whose cause only the server can name. */
const TOLD_BY_SERVER: ReadonlySet<ProblemCode> = new Set([
  'INVALID_INPUT',
  'FORBIDDEN',
  'LIMIT_REACHED',
  'SIGN_IN_FAILED',
  'NOT_CONFIRMED',
  'TOKEN_NOT_ACCEPTED',
  'CHANNEL_NOT_ALLOWED',
  'SERVICE_NOT_SOLD_HERE',
  'HOLD_EXPIRED',
  'SPENDING_NOT_CONFIRMED',
])
