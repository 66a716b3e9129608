/** A guest who told a number says a code from a text: the same guest, by the same ticket, who may spend from now on. */
import { useEffect, useState } from 'preact/hooks'
import { post } from '../../shared/graph/post.ts'
import { Button } from '../../shared/parts/Button.tsx'
import { Notice } from '../../shared/parts/Notice.tsx'
import { Sheet } from '../../shared/parts/Sheet.tsx'
import type { ProblemFactsFragment } from '../graph/documents.ts'
import { ConfirmSpendingCodeDocument, RequestSpendingCodeDocument } from '../graph/late.ts'
import { useOnline } from '../parts/online.ts'
import { useWatched } from '../parts/watched.ts'
import type { Desk } from '../sale/desk.ts'
import type { Guest } from '../sale/state.ts'
import { signal } from '../signals.ts'
import { fieldOf } from './form.ts'
import { spendWords } from './spendWords.ts'
import { Again, CodeForm, OPTIONS, useTrying, type Fault } from './steps.tsx'

interface SpendProps {
  desk: Desk
  guest: Guest
  onClose: () => void
}

/** A code is out: under which request, when it may be sent once more, and whether that brought the same code. */
interface Sent {
  request: string
  resendAfter: string
  again: 'same' | 'new' | null
}

export function SpendSheet({ desk, guest, onClose }: SpendProps) {
  const words = spendWords()
  const { ticket } = guest
  const [sent, setSent] = useState<Sent | null>(null)
  const { busy, fault, setFault, trying } = useTrying(words.unreachable)
  const online = useOnline(() => setFault(null))
  const now = useWatched(desk).sale?.guest?.ticket
  useEffect(() => {
    // Another code was scanned meanwhile, or the ticket is over and the guest is looked for anew.
    if (now !== ticket) onClose()
  }, [now])

  const refused = (problem: ProblemFactsFragment): Fault => {
    // The price would be refused for the same reason: the page finds out at once and asks for the guest, with the receipt kept.
    if (problem.code === 'TICKET_EXPIRED') desk.send({ kind: 'quoteAsked' })
    return { field: fieldOf(problem.field), text: problem.message }
  }
  const ask = (request: string | null): void => {
    void trying(async () => {
      const { requestSpendingCode: answer } = await post(RequestSpendingCodeDocument, { input: { ticket, request } }, OPTIONS)
      if (answer.__typename === 'Problem') return refused(answer)
      setSent({ request: answer.request, resendAfter: answer.resendAfter, again: request === null ? null : request === answer.request ? 'same' : 'new' })
      return null
    })
  }
  const confirm = (code: string): void => {
    if (sent === null) return
    void trying(async () => {
      const { confirmSpendingCode: answer } = await post(ConfirmSpendingCodeDocument, { input: { ticket, request: sent.request, code } }, OPTIONS)
      if (answer.__typename === 'Problem') return refused(answer)
      desk.send({ kind: 'guestProven', ticket, guest: { ticket: answer.ticket, facts: answer.guest } })
      signal('success')
      onClose()
      return null
    })
  }
  return (
    <Sheet title={words.title} onClose={onClose}>
      <div class="stack wide-gap">
        {!online && <Notice kind="warning" role="status" title={words.offline} />}
        {sent === null ? (
          <>
            {fault && <Notice kind="danger" role="alert" title={fault.text} />}
            <p>{words.intro}</p>
            <Button wide busy={busy} onClick={() => ask(null)}>{words.send}</Button>
            <Button kind="plain" wide onClick={onClose}>{words.again}</Button>
          </>
        ) : (
          <CodeForm
            words={words} busy={busy} fault={fault} onCode={confirm} onBack={onClose}
            more={<Again words={words} resendAfter={sent.resendAfter} again={sent.again} busy={busy} onAgain={() => ask(sent.request)} />}
          />
        )}
      </div>
    </Sheet>
  )
}
