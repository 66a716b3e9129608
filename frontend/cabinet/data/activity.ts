/** What happens to the card at tills, heard within a second: the code moves on, the screens refresh, the reader is told. */
import { money } from '../../shared/words/numbers.ts'
import { holder } from '../code/holder.ts'
import { toast } from '../../shared/parts/Toast.tsx'
import { ActivityDocument, type ActivitySubscription, type AskedFragment } from '../graph/documents.ts'
import { words } from '../words/words.ts'
import { whenIdle } from './idle.ts'
import { answers, session } from './session.ts'
import { listen, type Listening } from './socket.ts'
import { Value } from '../../shared/data/value.ts'

export interface CardEvent {
  kind: ActivitySubscription['cardActivity']['kind']
  /** What to tell the reader, where there is something to tell. */
  text?: string
}

export const activity = new Value<CardEvent | null>(null)

/** The spending of points that waits for a yes on this phone. */
export const asked = new Value<AskedFragment | null>(null)

function told({ kind, purchase }: ActivitySubscription['cardActivity']): string | undefined {
  if (kind === 'PURCHASE_POSTED' && purchase) return words.card.posted(purchase.partner.name, money(purchase.net))
  if (kind === 'PHONE_TOLD') return words.card.phoneTold
  return kind === 'PURCHASE_REFUNDED' ? words.card.refunded : undefined
}

function heard({ cardActivity }: ActivitySubscription): void {
  if (cardActivity.kind === 'SCANNED') holder.used()
  const text = told(cardActivity)
  if (cardActivity.spending) asked.set(cardActivity.spending)
  activity.set({ kind: cardActivity.kind, ...(text !== undefined && { text }) })
  if (text !== undefined) toast.set(text)
  if (cardActivity.kind !== 'SCANNED') void answers.stir()
}

let listening: Listening | undefined
let callOff: (() => void) | undefined

/** Listens for as long as somebody is signed in. */
export function followActivity(): void {
  session.watch(now => {
    callOff?.()
    if (now === 'in') {
      callOff = whenIdle(() => {
        listening ??= listen(ActivityDocument, heard, () => void answers.stir())
      })
    } else {
      listening?.stop()
      listening = undefined
    }
  })
}
