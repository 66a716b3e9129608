/** Points moved by hand, one below the other: how many and why, who asked and who decided, and the second person's yes or no. */
import { useState } from 'preact/hooks'
import { Link } from 'wouter'
import { Button } from '../../../shared/parts/Button.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { dayTime } from '../../../shared/words/numbers.ts'
import { signed, type Unit } from '../../../shared/words/points.ts'
import { answers, send } from '../../data/session.ts'
import type { HandGrantFragment } from '../../graph/documents.ts'
import { DecidePointsGrantDocument } from '../../graph/late.ts'
import { Badge } from '../../parts/Badge.tsx'
import { useKey } from '../../parts/key.ts'
import { ReasonDialog } from '../../parts/ReasonDialog.tsx'
import css from './goodwill.module.css'
import { goodwillWords } from './words.ts'

const TONES = { WAITING: 'warning', DONE: 'success', REJECTED: 'danger', EXPIRED: 'plain' } as const

export function Grants({ grants, unit, named }: { grants: readonly HandGrantFragment[]; unit: Unit; named?: boolean }) {
  const [deciding, setDeciding] = useState<{ grant: HandGrantFragment; approve: boolean }>()
  return (
    <>
      <div class={css['list']}>{grants.map(grant => <Grant key={grant.id} grant={grant} unit={unit} named={named} onDecide={approve => setDeciding({ grant, approve })} />)}</div>
      {deciding && <Decision {...deciding} unit={unit} onClose={() => setDeciding(undefined)} />}
    </>
  )
}

function Grant({ grant, unit, named, onDecide }: { grant: HandGrantFragment; unit: Unit; named: boolean | undefined; onDecide: (approve: boolean) => void }) {
  const text = goodwillWords()
  const waiting = grant.state === 'WAITING'
  const facts = [
    text.asked(grant.askedBy, dayTime(grant.askedAt, true)),
    ...(waiting && grant.expiresAt ? [text.until(dayTime(grant.expiresAt))] : []),
    ...(grant.decidedBy && grant.decidedAt ? [`${text.decided(grant.decidedBy, dayTime(grant.decidedAt, true))}${grant.decisionReason ? `, ${text.quoted(grant.decisionReason)}` : ''}`] : []),
  ]
  return (
    <section class={css['row']}>
      <div class={css['top']}>
        <p class={css['sum']}>{signed(grant.points, unit)}</p>
        <Badge tone={TONES[grant.state]}>{text.states[grant.state]}</Badge>
      </div>
      {named && <p><Link href={`/members/${grant.member}`}>{text.card(grant.number)}</Link></p>}
      <p class={css['why']}>{grant.reason || text.erased}</p>
      <p class={css['note']}>{facts.join(' · ')}</p>
      {waiting && grant.mine && <p class={css['note']}>{text.mine}</p>}
      {waiting && (
        <div class={css['actions']}>
          {!grant.mine && <Button onClick={() => onDecide(true)}>{text.approve}</Button>}
          <Button kind="danger" onClick={() => onDecide(false)}>{grant.mine ? text.takeBack : text.reject}</Button>
        </div>
      )}
    </section>
  )
}

function Decision({ grant, approve, unit, onClose }: { grant: HandGrantFragment; approve: boolean; unit: Unit; onClose: () => void }) {
  const text = goodwillWords()
  const key = useKey()
  const points = signed(grant.points, unit)
  const decide = async (reason: string): Promise<string | undefined> => {
    const answer = await send(DecidePointsGrantDocument, { id: grant.id, approve, reason, key: key(reason) })
    if ('problem' in answer) return answer.problem.message
    toast.set(approve ? text.approved : grant.mine ? text.takenBack : text.rejected)
    onClose()
    await answers.stir()
    return undefined
  }
  return (
    <ReasonDialog
      title={(approve ? text.approveTitle : grant.mine ? text.takeBackTitle : text.rejectTitle)(points)} note={grant.reason}
      action={approve ? text.approve : grant.mine ? text.takeBack : text.reject} danger={!approve} onConfirm={decide} onClose={onClose}
    />
  )
}
