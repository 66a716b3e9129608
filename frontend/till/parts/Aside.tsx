/** What stands aside on the ready screen: a newer version, receipts that still wait for an answer, and what became of the last of them. */
import { Button } from '../../shared/parts/Button.tsx'
import { Notice } from '../../shared/parts/Notice.tsx'
import type { Desk } from '../sale/desk.ts'
import type { State } from '../sale/state.ts'
import { say } from '../words/say.ts'
import { Told } from './Told.tsx'

export function Aside({ desk, state, newer }: { desk: Desk; state: State; newer: boolean }) {
  const { unfinished, settled } = state
  const receipts = unfinished.map(one => (one.operation === 'post' ? one.input.receiptNumber : one.input.refundNumber)).join(', ')
  return (
    <>
      {newer && (
        <Notice
          role="status"
          title={say('app.version')}
          action={
            <Button kind="plain" onClick={() => location.reload()}>
              {say('app.update')}
            </Button>
          }
        />
      )}
      {unfinished.length > 0 && (
        <Notice
          kind="warning"
          role="status"
          title={say('aside.title', { count: unfinished.length })}
          action={
            <Button kind="plain" onClick={() => desk.send({ kind: 'retried' })}>
              {say('send.retry')}
            </Button>
          }
        >
          <p>{say('aside.receipts', { receipts })}</p>
        </Notice>
      )}
      {settled && (
        <Told
          notice={settled}
          action={
            <Button kind="plain" onClick={() => desk.send({ kind: 'settledRead' })}>
              {say('aside.read')}
            </Button>
          }
        />
      )}
    </>
  )
}
