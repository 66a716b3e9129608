/** Words of the queue of signals, in English. */
import type { signals as russian } from './signals.ru.ts'

export const signals: typeof russian = {
  signals: {
    title: 'Signals',
    state: 'Decision',
    states: { OPEN: 'to be decided', DISMISSED: 'nothing wrong', CARD_BLOCKED: 'card blocked', UNBLOCKED: 'card given back' },
    kind: 'What was seen',
    kinds: {
      LIMIT: 'More than usual', OWN_CARD: 'Own card at the own place', DISTANT_OUTLETS: 'Two cities at once',
      REFUND_AFTER_SPEND: 'Returned after points were spent', CARDS_ON_DEVICE: 'Many cards on one device',
      SPENT_AT_ONCE: 'Points spent right after they were earned', DEPOSIT_USED_UP: 'Deposit used up',
    },
    empty: 'There are no signals',
    emptyNote: 'Limits and odd patterns are looked for every ten minutes.',
    filterEmpty: 'No signals fit these conditions',
    notes: 'Notes and decisions',
    decided: { NOTE: 'Note:', DISMISS: 'Nothing wrong:', BLOCK_CARD: 'Card blocked:' },
    acts: { NOTE: 'Add a note', DISMISS: 'Nothing is wrong', BLOCK_CARD: 'Block the card' },
    ask: { NOTE: 'A note on the signal', DISMISS: 'Close the signal: nothing is wrong', BLOCK_CARD: 'Block the card of this signal' },
    blockNote: 'No till will take the card any more. The points stay with the member. The card can be given back later.',
    done: { NOTE: 'The note is saved', DISMISS: 'The signal is closed', BLOCK_CARD: 'The card is blocked' },
  },
}
