/** What waits on this device, what became of it, and what a cashier has to look at. */
import { useState } from 'preact/hooks'
import { Button } from '../../shared/parts/Button.tsx'
import { Field } from '../../shared/parts/Field.tsx'
import { Notice } from '../../shared/parts/Notice.tsx'
import { Sheet } from '../../shared/parts/Sheet.tsx'
import { momentAt, sum } from '../amounts.ts'
import type { TillFactsFragment } from '../graph/documents.ts'
import { fromContract, toContract } from '../money.ts'
import { useWatched } from '../parts/watched.ts'
import { say } from '../words/say.ts'
import type { Kept, Queue } from './queue.ts'
import css from './QueueSheet.module.css'

interface QueueProps {
  queue: Queue
  till: TillFactsFragment
  onClose: () => void
}

export function QueueSheet({ queue, till, onClose }: QueueProps) {
  const { receipts, sending, silent } = useWatched(queue)
  const mine = receipts.filter(one => one.till === till.id)
  const others = receipts.filter(one => one.till !== till.id && one.outcome.kind === 'waits').length
  const waits = mine.filter(one => one.outcome.kind === 'waits').length
  return (
    <Sheet
      title={say('queue.title')}
      onClose={onClose}
      foot={
        waits > 0 && (
          <Button wide busy={sending} onClick={() => void queue.send()}>
            {say('queue.send')}
          </Button>
        )
      }
    >
      <div class="stack wide-gap">
        <p class="muted" role="status">
          {waits > 0 ? say(silent ? 'queue.silent' : 'queue.waits', { count: waits }) : say(mine.length > 0 ? 'queue.nothingWaits' : 'queue.empty')}
        </p>
        {others > 0 && <Notice kind="warning" title={say('queue.others', { count: others })} />}
        <ul class={css['list']}>
          {mine.map(one => (
            <li key={one.receipt.idempotencyKey} class={css['item']}>
              <Receipt queue={queue} kept={one} zone={till.outlet.timeZone} />
            </li>
          ))}
        </ul>
      </div>
    </Sheet>
  )
}

function Receipt({ queue, kept, zone }: { queue: Queue; kept: Kept; zone: string }) {
  const { receipt, outcome } = kept
  const total = toContract(receipt.lines.reduce((all, line) => all + fromContract(line.amount), 0))
  return (
    <div class="stack">
      <div class="spread">
        <p class="headline">{say('posted.receipt', { receipt: receipt.receiptNumber })}</p>
        <p class="big">{sum(total)}</p>
      </div>
      <p class="note">{momentAt(receipt.closedAt, zone)}</p>
      {outcome.kind === 'waits' && <p class={css['waits']}>{say('queue.itWaits')}</p>}
      {outcome.kind === 'posted' && <p class={css['posted']}>{say('queue.posted', { sum: sum(outcome.accumulated) })}</p>}
      {outcome.kind === 'refused' && <Refused queue={queue} kept={kept} message={outcome.message} wrongNumber={isNumber(outcome)} />}
    </div>
  )
}

function isNumber({ code, field }: Extract<Kept['outcome'], { kind: 'refused' }>): boolean {
  return code === 'RECEIPT_EXISTS' || (field?.endsWith('receiptNumber') ?? false)
}

interface RefusedProps {
  queue: Queue
  kept: Kept
  message: string
  wrongNumber: boolean
}

function Refused({ queue, kept, message, wrongNumber }: RefusedProps) {
  const key = kept.receipt.idempotencyKey
  const [number, setNumber] = useState(kept.receipt.receiptNumber)
  const [leaving, setLeaving] = useState(false)
  const changed = number.trim() !== '' && number.trim() !== kept.receipt.receiptNumber
  return (
    <Notice kind="danger" title={say('queue.refused')}>
      <div class="stack">
        <p>{message}</p>
        {wrongNumber && <Field label={say('sale.receipt')} name={`receipt:${key}`} value={number} autoComplete="off" large maxLength={64} onInput={setNumber} />}
        <Button kind="quiet" wide disabled={wrongNumber && !changed} onClick={() => void queue.again(key, number.trim())}>
          {say('queue.again')}
        </Button>
        {leaving ? (
          <Button kind="danger" wide onClick={() => void queue.forget(key)}>
            {say('queue.forgetSurely', { receipt: kept.receipt.receiptNumber })}
          </Button>
        ) : (
          <Button kind="plain" wide onClick={() => setLeaving(true)}>
            {say('queue.forget')}
          </Button>
        )}
      </div>
    </Notice>
  )
}
