/** The receipt that was found: what of it is left, what goes back now, and under which number. */
import { Button } from '../../shared/parts/Button.tsx'
import { Field } from '../../shared/parts/Field.tsx'
import { Notice } from '../../shared/parts/Notice.tsx'
import { Panel } from '../../shared/parts/Panel.tsx'
import { momentAt, sum } from '../amounts.ts'
import type { PurchaseFactsFragment } from '../graph/documents.ts'
import { Choice } from '../parts/Choice.tsx'
import type { Sending } from '../sale/state.ts'
import { say } from '../words/say.ts'
import type { Counter } from './counter.ts'
import { anythingLeft, leftNet } from './left.ts'
import { LineReturn } from './LineReturn.tsx'
import { toReturn, type Refunding } from './state.ts'

interface FoundProps {
  counter: Counter
  refunding: Refunding
  found: PurchaseFactsFragment
  till: string
  now: () => number
  onAgain: () => void
}

export function FoundReceipt({ counter, refunding, found, till, now, onAgain }: FoundProps) {
  const { choice, sending, notice } = refunding
  const busy = sending.phase !== 'idle'
  const left = anythingLeft(found)
  const record = (event: Event): void => {
    event.preventDefault()
    counter.send({ kind: 'refundAsked', till, key: crypto.randomUUID(), at: now() })
  }
  return (
    <form class="stack" onSubmit={record} noValidate>
      <Receipt found={found} />
      {left && (
        <>
          <Panel>
            <div class="stack wide-gap">
              <Choice
                legend={say('refund.what')}
                name="what"
                value={choice.whole ? 'whole' : 'part'}
                disabled={busy}
                options={[
                  { value: 'whole', text: say('refund.whole') },
                  { value: 'part', text: say('refund.part') },
                ]}
                onChoose={value => counter.send({ kind: 'chosen', choice: { whole: value === 'whole' } })}
              />
              {!choice.whole &&
                found.lines.map(line => (
                  <LineReturn key={line.id} counter={counter} line={line} wish={choice.wishes[line.id] ?? null} disabled={busy} />
                ))}
            </div>
          </Panel>
          <Panel>
            <div class="stack wide-gap">
              <Field
                label={say('refund.refundNumber')}
                name="refundNumber"
                value={choice.refundNumber}
                autoComplete="off"
                large
                maxLength={64}
                disabled={busy}
                hint={say('refund.refundNumberHint')}
                error={notice?.field === 'refundNumber' ? say(notice.word) : undefined}
                onInput={number => counter.send({ kind: 'chosen', choice: { refundNumber: number } })}
              />
              <p class="spread" role="status">
                <span class="headline">{say(found.points?.spent ? 'refund.worth' : 'refund.toReturn')}</span>
                <span class="huge">{sum(toReturn(refunding))}</span>
              </p>
              {!!found.points?.spent && <p class="note">{say('refund.worthHint')}</p>}
            </div>
          </Panel>
          <Deliver counter={counter} sending={sending} number={choice.refundNumber} />
        </>
      )}
      {!busy && (
        <Button kind="plain" wide onClick={onAgain}>
          {say('refund.again')}
        </Button>
      )}
    </form>
  )
}

function Receipt({ found }: { found: PurchaseFactsFragment }) {
  const zone = found.outlet.timeZone
  return (
    <Panel title={say('refund.found', { receipt: found.receiptNumber })}>
      <div class="stack">
        <p class="note">{`${say('refund.bought', { moment: momentAt(found.closedAt, zone) })} · ${found.outlet.name}`}</p>
        <div class="spread">
          <span class="muted">{say('posted.paid')}</span>
          <span class="big">{sum(found.net)}</span>
        </div>
        {found.refunds.length > 0 && (
          <>
            <p class="headline">{say('refund.earlierRefunds')}</p>
            <ul class="stack">
              {found.refunds.map(refund => (
                <li key={refund.id} class="spread">
                  <span class="note">{`${refund.number} · ${momentAt(refund.at, zone)}`}</span>
                  <span class="sum">{sum(refund.net)}</span>
                </li>
              ))}
            </ul>
          </>
        )}
        {anythingLeft(found) && <p class="headline">{say('refund.left', { sum: sum(leftNet(found)) })}</p>}
      </div>
    </Panel>
  )
}

function Deliver({ counter, sending, number }: { counter: Counter; sending: Sending; number: string }) {
  if (sending.phase === 'idle' || (sending.phase === 'sending' && sending.tries === 1)) {
    return (
      <Button type="submit" wide busy={sending.phase === 'sending'}>
        {say('refund.button')}
      </Button>
    )
  }
  return (
    <>
      <Notice kind="warning" role="status" title={say(sending.phase === 'waiting' ? `refund.${sending.delay}` : 'refund.silence', { number })} />
      <Button wide busy={sending.phase === 'sending'} onClick={() => counter.send({ kind: 'retried' })}>
        {say('send.retry')}
      </Button>
    </>
  )
}
