/** The tick: what was recorded, a minute to take it back, and the next guest. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { Button } from '../../shared/parts/Button.tsx'
import { Notice } from '../../shared/parts/Notice.tsx'
import { Panel } from '../../shared/parts/Panel.tsx'
import { sum } from '../amounts.ts'
import { told } from '../../shared/words/points.ts'
import { MovedPoints } from '../parts/Moved.tsx'
import { Told } from '../parts/Told.tsx'
import { Tick } from '../parts/Tick.tsx'
import { say } from '../words/say.ts'
import { UNDO_MS, type Desk } from './desk.ts'
import type { Posted, Programme, Sale } from './state.ts'

interface PostedProps {
  desk: Desk
  sale: Sale
  posted: Posted
  programme: Programme
  now: () => number
}

export function PostedScreen({ desk, sale, posted, programme, now }: PostedProps) {
  const root = useRef<HTMLDivElement>(null)
  useEffect(() => root.current?.querySelector('button')?.focus(), [])
  const undone = sale.undo.phase === 'done'
  const { purchase } = posted
  const unit = programme.points?.unit ?? null
  const { points } = purchase
  return (
    <div class="stack" ref={root}>
      <Tick
        title={say(undone ? 'posted.undone' : 'posted.title')}
        note={say('posted.receipt', { receipt: purchase.receiptNumber })}
        returned={undone}
      />
      {posted.tierRaised && !undone && <Notice kind="success" title={say('posted.raised', { tier: posted.progress.tier.name })} />}
      {sale.undo.phase === 'done' && <Notice kind="warning" title={say('posted.undoneHint', { sum: sum(sale.undo.net) })} />}
      {sale.undo.phase === 'done' && <MovedPoints points={sale.undo.points} unit={unit} />}
      {sale.undo.phase === 'failed' && <Told notice={sale.undo.notice} />}
      <Button wide onClick={() => desk.send({ kind: 'nextGuest' })}>
        {say('posted.next')}
      </Button>
      {!undone && (
        <Panel>
          <dl class="stack">
            <Sum name={say('posted.paid')} value={purchase.net} />
            {unit === null || purchase.discount !== '0.00' ? <Sum name={say('sale.discount')} value={purchase.discount} /> : null}
            {programme.tiers.length > 1 && <Sum name={say('sale.counted')} value={purchase.accumulated} />}
            {points && unit && (
              <>
                {points.spent > 0 && <Fact name={say('points.spent')} value={told(points.spent, unit)} />}
                <Fact name={say('points.earned')} value={told(points.earned, unit)} />
                {posted.points !== null && sale.guest?.facts.identifiedBy !== 'PHONE' && <Fact name={say('points.balance')} value={told(posted.points, unit)} />}
              </>
            )}
          </dl>
        </Panel>
      )}
      <Button kind="quiet" wide onClick={() => desk.send({ kind: 'anotherReceipt', saleId: crypto.randomUUID() })}>
        {say('posted.another')}
      </Button>
      <UndoOffer desk={desk} sale={sale} now={now} />
    </div>
  )
}

function Sum({ name, value }: { name: string; value: string }) {
  return <Fact name={name} value={sum(value)} />
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div class="spread">
      <dt class="muted">{name}</dt>
      <dd class="big">{value}</dd>
    </div>
  )
}

/** The second half of a double press on the button that recorded must not land on the one that takes it back. */
const UNDO_AFTER_MS = 600

function UndoOffer({ desk, sale, now }: { desk: Desk; sale: Sale; now: () => number }) {
  const [seconds, setSeconds] = useState(UNDO_MS / 1000)
  const [shown, setShown] = useState(false)
  const { phase } = sale.undo
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), UNDO_AFTER_MS)
    return () => clearTimeout(timer)
  }, [])
  useEffect(() => {
    if (phase !== 'offered') return
    const startedAt = performance.now()
    const timer = setInterval(() => setSeconds(Math.max(0, Math.ceil((UNDO_MS - (performance.now() - startedAt)) / 1000))), 1000)
    return () => clearInterval(timer)
  }, [phase, sale.id])
  if (phase === 'done' || !shown) return null
  if (phase === 'over') return <p class="note">{say('posted.undoOver')}</p>
  return (
    <div class="stack">
      <Button kind="danger" wide busy={phase === 'sending'} onClick={() => desk.send({ kind: 'undoAsked', key: crypto.randomUUID(), at: now() })}>
        {say(phase === 'failed' ? 'posted.undoRetry' : 'posted.undo')}
      </Button>
      {phase === 'offered' && (
        <p class="note" aria-hidden="true">
          {say('posted.undoLeft', { seconds })}
        </p>
      )}
    </div>
  )
}
