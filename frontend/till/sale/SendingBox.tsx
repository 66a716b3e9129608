/** A receipt on its way: what is being done about a missing answer, and what the cashier may do meanwhile. */
import { Button } from '../../shared/parts/Button.tsx'
import { Notice } from '../../shared/parts/Notice.tsx'
import { say } from '../words/say.ts'
import type { Desk } from './desk.ts'
import type { Sending } from './state.ts'

/** So many silent tries before the next guest is offered instead. */
const TRIES_BEFORE_ASIDE = 3

export function SendingBox({ desk, sending, receipt }: { desk: Desk; sending: Exclude<Sending, { phase: 'idle' }>; receipt: string }) {
  if (sending.phase === 'sending' && sending.tries === 1) {
    return (
      <Button wide busy>
        {say('send.sending', { receipt })}
      </Button>
    )
  }
  const word = sending.phase === 'waiting' ? (`send.${sending.delay}` as const) : 'send.silence'
  return (
    <div class="stack">
      <Notice kind="warning" role="status" title={say(word, { receipt })}>
        {sending.phase === 'waiting' && sending.requestId && <p>{say('app.request', { id: sending.requestId })}</p>}
      </Notice>
      <Button wide busy={sending.phase === 'sending'} onClick={() => desk.send({ kind: 'retried' })}>
        {say('send.retry')}
      </Button>
      {sending.tries > TRIES_BEFORE_ASIDE && (
        <Button kind="plain" wide onClick={() => desk.send({ kind: 'putAside' })}>
          {say('send.aside')}
        </Button>
      )}
    </div>
  )
}
