/** A voucher at the till: what it is for, then one press that uses it up. The key is made once, so a lost answer costs nothing. */
import { useEffect, useState } from 'preact/hooks'
import { post, Refused } from '../../shared/graph/post.ts'
import { Button } from '../../shared/parts/Button.tsx'
import { Notice } from '../../shared/parts/Notice.tsx'
import { Sheet } from '../../shared/parts/Sheet.tsx'
import { Skeleton } from '../../shared/parts/Skeleton.tsx'
import type { VoucherSeenFragment } from '../graph/documents.ts'
import { LookAtVoucherDocument, RedeemVoucherDocument } from '../graph/late.ts'
import { Tick } from '../parts/Tick.tsx'
import { signal } from '../signals.ts'
import { dayOf, momentOf, voucherWords } from './words.ts'

const OPTIONS = { credential: 'till' } as const

type Seen = VoucherSeenFragment
type State =
  | { kind: 'looking' }
  | { kind: 'unseen'; title: string; note: string | null }
  | { kind: 'seen'; voucher: Seen; busy: boolean; fault: { title: string; note: string | null } | null }
  | { kind: 'done'; voucher: Seen }

export function VoucherSheet({ code, onDone, onClose }: { code: string; onDone: () => void; onClose: () => void }) {
  const words = voucherWords()
  const [state, setState] = useState<State>({ kind: 'looking' })
  const [key] = useState(() => crypto.randomUUID())
  const faultOf = (error: unknown, answered: string, note: string): { title: string; note: string | null } => {
    if (error instanceof Refused) return { title: error.message, note: null }
    return navigator.onLine ? { title: answered, note } : { title: words.offline, note: words.offlineHint }
  }
  const look = async (): Promise<void> => {
    setState({ kind: 'looking' })
    try {
      const { voucher } = await post(LookAtVoucherDocument, { code }, OPTIONS)
      if (voucher.state !== 'ISSUED') signal('refusal')
      setState({ kind: 'seen', voucher, busy: false, fault: null })
    } catch (error) {
      signal('refusal')
      setState({ kind: 'unseen', ...faultOf(error, words.offline, words.offlineHint) })
    }
  }
  useEffect(() => void look(), [])
  const redeem = async (voucher: Seen): Promise<void> => {
    setState({ kind: 'seen', voucher, busy: true, fault: null })
    try {
      const { redeemVoucher: answer } = await post(RedeemVoucherDocument, { input: { idempotencyKey: key, code } }, OPTIONS)
      if (answer.__typename === 'Problem') {
        signal('refusal')
        return setState({ kind: 'seen', voucher, busy: false, fault: { title: answer.message, note: null } })
      }
      signal('success')
      setState({ kind: 'done', voucher: answer.voucher })
      onDone()
    } catch (error) {
      signal('refusal')
      setState({ kind: 'seen', voucher, busy: false, fault: faultOf(error, words.unreachable, words.unreachableHint) })
    }
  }
  return (
    <Sheet title={words.title} onClose={onClose}>
      <div class="stack wide-gap">
        {state.kind === 'looking' && <div aria-busy="true"><p class="headline" role="status">{words.looking}</p><Skeleton height={120} /></div>}
        {state.kind === 'unseen' && (
          <>
            <Notice kind="danger" role="alert" title={state.title}>{state.note && <p>{state.note}</p>}</Notice>
            <Button wide onClick={() => void look()}>{words.again}</Button>
          </>
        )}
        {state.kind === 'done' && (
          <>
            <Tick title={words.done} note={words.doneHint} />
            <Facts voucher={state.voucher} />
            <Button wide onClick={onClose}>{words.close}</Button>
          </>
        )}
        {state.kind === 'seen' && (
          <>
            <Standing voucher={state.voucher} />
            <Facts voucher={state.voucher} />
            {state.fault && <Notice kind="danger" role="alert" title={state.fault.title}>{state.fault.note && <p>{state.fault.note}</p>}</Notice>}
            {state.voucher.state === 'ISSUED' && (
              <>
                <p class="note">{words.redeemHint}</p>
                <Button wide busy={state.busy} onClick={() => void redeem(state.voucher)}>{words.redeem}</Button>
              </>
            )}
            <Button kind="plain" wide onClick={onClose}>{state.voucher.state === 'ISSUED' ? words.later : words.close}</Button>
          </>
        )}
      </div>
    </Sheet>
  )
}

/** Why it is not taken, where it is not. */
function Standing({ voucher }: { voucher: Seen }) {
  const words = voucherWords()
  if (voucher.state === 'ISSUED') return null
  const [title, note] = {
    USED: [words.used, voucher.usedAt ? words.usedAt(momentOf(voucher.usedAt), voucher.usedOutlet?.name ?? '') : ''],
    EXPIRED: [words.expired, words.expiredHint],
    RETURNED: [words.returned, words.returnedHint],
  }[voucher.state]
  return <Notice kind="danger" role="alert" title={title!}><p>{note}</p></Notice>
}

function Facts({ voucher }: { voucher: Seen }) {
  const words = voucherWords()
  return (
    <div class="stack">
      <p class="note">{words.give}</p>
      <p class="headline">{voucher.name}</p>
      {voucher.about && <p>{voucher.about}</p>}
      <p class="note">{words.until} {dayOf(voucher.validUntil)}. {words.order} {voucher.order}</p>
    </div>
  )
}
