/** What the till page knows at one moment, and the events and effects that move it. Plain values only. */
import type {
  Channel,
  GuestFactsFragment,
  HoldFactsFragment,
  OfflineReceiptInput,
  PostPurchaseMutation,
  ProblemFactsFragment,
  PurchaseFactsFragment,
  PurchaseInput,
  QuoteFactsFragment,
  QuoteInput,
  RefundInput,
  TenderKind,
  TillFactsFragment,
  TillHomeQuery,
} from '../graph/documents.ts'
import type { Word } from '../words/say.ts'

export type Programme = TillHomeQuery['programme']
export type Hold = HoldFactsFragment
export type Posted = Extract<PostPurchaseMutation['postPurchase'], { __typename: 'PurchasePosted' }>
export type Problem = Omit<ProblemFactsFragment, '__typename'>

/** One thing to tell the cashier: what happened and what to do. `said` is the server's own sentence, already in the reader's language. */
export interface Notice {
  readonly tone: 'refusal' | 'warning' | 'success'
  readonly word: Word
  readonly facts?: Readonly<Record<string, string>>
  readonly said?: string
  readonly requestId?: string
  readonly field?: string
}

export interface Guest {
  readonly ticket: string
  readonly facts: GuestFactsFragment
}

/** A guest's code as it was read, and when by this device's own clock: what a receipt without network is bound by. */
export interface KeptScan {
  readonly scanId: string
  readonly code: string
  readonly at: number
}

export interface Line {
  readonly id: string
  readonly service: string | null
  /** As typed. */
  readonly sum: string
  readonly name: string
  readonly quantity: string
}

export interface Tender {
  readonly kind: TenderKind
  /** As typed. */
  readonly sum: string
}

export type Payment = { readonly split: false; readonly kind: TenderKind } | { readonly split: true; readonly tenders: readonly Tender[] }

/** What this device chose last, offered first next time. */
export interface Habits {
  readonly tender: TenderKind
  readonly channel: Channel | null
}

export type Quoting =
  | { readonly phase: 'none' }
  | { readonly phase: 'asking'; readonly last: QuoteFactsFragment | null }
  | { readonly phase: 'ready'; readonly quote: QuoteFactsFragment }
  | { readonly phase: 'failed' }

/** A write that moves money: its key and exact body are kept before it is sent, and sent again unchanged until a clear answer comes. */
export type Attempt =
  | { readonly id: string; readonly till: string; readonly madeAt: number; readonly operation: 'post'; readonly input: PurchaseInput }
  | { readonly id: string; readonly till: string; readonly madeAt: number; readonly operation: 'refund'; readonly input: RefundInput }

export type Delay = 'silence' | 'busy' | 'fault'

/** An attempt under way. `waiting`: no clear answer yet, the same body goes out again by itself. */
export type Sending =
  | { readonly phase: 'idle' }
  | { readonly phase: 'sending'; readonly attempt: Attempt; readonly tries: number }
  | { readonly phase: 'waiting'; readonly attempt: Attempt; readonly tries: number; readonly delay: Delay; readonly requestId?: string }

/** What a return did with points; null in a programme without. */
export type Moved = { readonly takenBack: number; readonly givenBack: number } | null

export type Undo =
  | { readonly phase: 'offered' }
  | { readonly phase: 'over' }
  | { readonly phase: 'sending' }
  | { readonly phase: 'done'; readonly net: string; readonly points: Moved }
  | { readonly phase: 'failed'; readonly notice: Notice }

export interface Sale {
  readonly id: string
  /** Null while the guest must be scanned again; the basket stays. */
  readonly guest: Guest | null
  /** The scan behind the guest; null where it was a told number, which binds nobody afterwards. */
  readonly scan: KeptScan | null
  /** Taken without network: no guest is known, nothing is taken off, the receipt waits on this device. */
  readonly offline: boolean
  readonly channel: Channel
  readonly lines: readonly Line[]
  readonly receipt: string
  readonly payment: Payment
  /** Points to put aside for this basket; null while nobody has asked, 0 to let go of what was put aside. */
  readonly spend: number | null
  /** The promo code the guest has shown; empty while there is none. */
  readonly promo: string
  /** Whether the family's pool gives what the guest's own points do not. */
  readonly withFamily?: boolean
  /** Counts what was asked, so that the answer to an older question is dropped. */
  readonly seq: number
  readonly quoting: Quoting
  readonly sending: Sending
  readonly notice: Notice | null
  /** The receipt that already stands under this number. */
  readonly earlier: PurchaseFactsFragment | null
  readonly posted: Posted | null
  readonly undo: Undo
}

/** What stands before a told phone number where a code could stand: a scan is the same either way. */
export const TOLD = 'tel:'

/** `code` is the 24 digits, or a told number after `TOLD`. */
export type Scan =
  | { readonly phase: 'idle'; readonly notice: Notice | null }
  | { readonly phase: 'asking'; readonly scanId: string; readonly code: string; readonly at: number; readonly saleId: string; readonly tries: number }
  | {
      readonly phase: 'waiting'
      readonly scanId: string
      readonly code: string
      readonly at: number
      readonly saleId: string
      readonly tries: number
      readonly delay: Delay
    }

export type Pairing =
  | { readonly phase: 'checking' }
  | { readonly phase: 'unreachable' }
  | { readonly phase: 'needed'; readonly busy: boolean; readonly notice: Notice | null }
  | { readonly phase: 'paired' }

export interface State {
  readonly pairing: Pairing
  readonly till: TillFactsFragment | null
  readonly programme: Programme | null
  readonly scan: Scan
  readonly sale: Sale | null
  /** Attempts put aside or found after a reload, still without a clear answer. */
  readonly unfinished: readonly Attempt[]
  /** What became of one of them. */
  readonly settled: Notice | null
}

export type TillEvent =
  | { readonly kind: 'opened'; readonly till: TillFactsFragment; readonly programme: Programme; readonly unfinished: readonly Attempt[] }
  | { readonly kind: 'stranger'; readonly notice: Notice | null }
  | { readonly kind: 'closed' }
  | { readonly kind: 'openAsked' }
  | { readonly kind: 'pairAsked'; readonly key: string }
  | { readonly kind: 'unpairAsked' }
  | { readonly kind: 'scanned'; readonly code: string; readonly scanId: string; readonly saleId: string; readonly at: number }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'scanRetried' }
  | { readonly kind: 'scanDropped' }
  | { readonly kind: 'identified'; readonly scanId: string; readonly guest: Guest; readonly habits: Habits }
  | { readonly kind: 'scanRefused'; readonly scanId: string; readonly problem: Problem }
  | { readonly kind: 'scanUnanswered'; readonly scanId: string; readonly delay: Delay }
  /** There is no network to ask: the scan under way, or the sale without a price, goes on without it. */
  | { readonly kind: 'wentOffline'; readonly habits: Habits }
  | { readonly kind: 'kept'; readonly saleId: string; readonly receipt: string }
  | { readonly kind: 'notKept'; readonly saleId: string }
  | { readonly kind: 'guestCleared' }
  /** Whoever told a number has shown whose it is; `ticket` is the one it was asked for by. */
  | { readonly kind: 'guestProven'; readonly ticket: string; readonly guest: Guest }
  | { readonly kind: 'channelChosen'; readonly channel: Channel }
  | { readonly kind: 'lineEdited'; readonly id: string; readonly change: Partial<Omit<Line, 'id'>> }
  | { readonly kind: 'lineAdded'; readonly id: string }
  | { readonly kind: 'lineDropped'; readonly id: string }
  | { readonly kind: 'receiptTyped'; readonly receipt: string }
  | { readonly kind: 'paymentChosen'; readonly payment: Payment }
  | { readonly kind: 'spendChosen'; readonly points: number; readonly withFamily?: boolean }
  | { readonly kind: 'promoGiven'; readonly code: string }
  | { readonly kind: 'holdTold'; readonly quote: string; readonly hold: Hold | null }
  | { readonly kind: 'holdUntold'; readonly quote: string }
  | { readonly kind: 'quoteAsked' }
  | { readonly kind: 'quoted'; readonly seq: number; readonly quote: QuoteFactsFragment }
  | { readonly kind: 'quoteRefused'; readonly seq: number; readonly problem: Problem }
  | { readonly kind: 'quoteUnanswered'; readonly seq: number; readonly delay: Delay }
  | { readonly kind: 'postAsked'; readonly key: string; readonly at: number }
  | { readonly kind: 'retried' }
  | { readonly kind: 'putAside' }
  | { readonly kind: 'posted'; readonly attempt: Attempt; readonly posted: Posted }
  | { readonly kind: 'priceChanged'; readonly attempt: Attempt; readonly quote: QuoteFactsFragment; readonly message: string }
  | { readonly kind: 'refunded'; readonly attempt: Attempt; readonly purchase: PurchaseFactsFragment; readonly net: string; readonly points: Moved }
  | { readonly kind: 'attemptRefused'; readonly attempt: Attempt; readonly problem: Problem }
  | {
      readonly kind: 'attemptUnanswered'
      readonly attempt: Attempt
      readonly delay: Delay
      readonly afterSeconds: number | null
      readonly requestId?: string
    }
  | { readonly kind: 'earlierFound'; readonly purchase: PurchaseFactsFragment }
  | { readonly kind: 'undoAsked'; readonly key: string; readonly at: number }
  | { readonly kind: 'undoOver' }
  | { readonly kind: 'nextGuest' }
  | { readonly kind: 'anotherReceipt'; readonly saleId: string }
  | { readonly kind: 'settledRead' }
  | { readonly kind: 'restored'; readonly sale: Sale | null; readonly scan: Scan }

export type Effect =
  | { readonly do: 'open'; readonly afterMs: number }
  | { readonly do: 'pair'; readonly key: string }
  | { readonly do: 'unpair' }
  | { readonly do: 'identify'; readonly scanId: string; readonly code: string; readonly afterMs: number }
  | { readonly do: 'quote'; readonly seq: number; readonly input: QuoteInput; readonly afterMs: number }
  | { readonly do: 'forgetQuote' }
  /** Whether the guest has answered on the phone. */
  | { readonly do: 'askHold'; readonly quote: string; readonly afterMs: number }
  /** The guest's points are let go at once, not when their time is over. */
  | { readonly do: 'free'; readonly input: QuoteInput }
  | { readonly do: 'send'; readonly attempt: Attempt; readonly afterMs: number }
  /** Keeps a receipt on this device; the device's clock says when it was closed. */
  | { readonly do: 'keep'; readonly saleId: string; readonly till: string; readonly receipt: Omit<OfflineReceiptInput, 'closedAt'> }
  | { readonly do: 'lookUp'; readonly receipt: string; readonly closedAt: string }
  | { readonly do: 'signal'; readonly tone: 'success' | 'refusal' }
  | { readonly do: 'offerUndo' }
  | { readonly do: 'remember'; readonly habits: Partial<Habits> }

export type Step = readonly [State, readonly Effect[]]

export const START: State = {
  pairing: { phase: 'checking' },
  till: null,
  programme: null,
  scan: { phase: 'idle', notice: null },
  sale: null,
  unfinished: [],
  settled: null,
}
