/** Always in sight under a sale: what went wrong with the last press, and the one press that records. */
import { Button } from '../../shared/parts/Button.tsx'
import { sum } from '../amounts.ts'
import { Told } from '../parts/Told.tsx'
import { say } from '../words/say.ts'
import { moneyOf } from './basket.ts'
import { GoOffline } from '../offline/GoOffline.tsx'
import type { Desk } from './desk.ts'
import css from './SaleFoot.module.css'
import { SendingBox } from './SendingBox.tsx'
import type { Sale } from './state.ts'

/** The form that the press submits; it scrolls above. */
export const SALE_FORM = 'sale'

export function SaleFoot({ desk, sale }: { desk: Desk; sale: Sale }) {
  const { sending, quoting, notice } = sale
  // What a field lacks is said at the field, an earlier record has its own panel.
  const told = notice !== null && !notice.word.startsWith('missing.') && sale.earlier === null ? notice : null
  return (
    <div class={css['foot']}>
      <div class={css['inside']}>
        {told && <Told notice={told} action={<Requote desk={desk} sale={sale} />} />}
        {sending.phase === 'idle' ? (
          <Button type="submit" form={SALE_FORM} wide disabled={sale.guest === null && !sale.offline} busy={quoting.phase === 'asking'}>
            {quoting.phase === 'ready' ? say(sale.offline ? 'offline.keepSum' : 'sale.recordSum', { sum: sum(moneyOf(quoting.quote)) }) : say(sale.offline ? 'offline.keep' : 'sale.record')}
          </Button>
        ) : (
          <SendingBox desk={desk} sending={sending} receipt={sale.receipt} />
        )}
      </div>
    </div>
  )
}

/** Where the price did not come, the way to ask for it again stands beside the reason. */
function Requote({ desk, sale }: { desk: Desk; sale: Sale }) {
  if (sale.quoting.phase !== 'failed' || sale.guest === null) return null
  return (
    <>
      <Button kind="plain" onClick={() => desk.send({ kind: 'quoteAsked' })}>
        {say('sale.requote')}
      </Button>
      <GoOffline desk={desk} />
    </>
  )
}
