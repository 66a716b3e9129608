/** Closing, opening and renewing somebody's access; each asks first, by name, and for a reason. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { answers, send } from '../../data/session.ts'
import { BlockStaffDocument, ResetStaffAccessDocument, UnblockStaffDocument, type PersonFragment } from '../../graph/documents.ts'
import { ReasonDialog } from '../../parts/ReasonDialog.tsx'
import { words } from '../../words/words.ts'
import css from './people.module.css'

type Act = 'block' | 'unblock' | 'reset'

interface Why {
  id: string
  reason: string
}

const SEND = {
  block: (act: Why) => send(BlockStaffDocument, act),
  unblock: (act: Why) => send(UnblockStaffDocument, act),
  reset: (act: Why) => send(ResetStaffAccessDocument, act),
}

export function AccessActions({ person }: { person: PersonFragment }) {
  const [act, setAct] = useState<Act>()
  const said = {
    block: { title: words.person.blockTitle, note: words.person.blockNote, action: words.person.block, done: words.person.blocked },
    unblock: { title: words.person.unblockTitle, note: words.person.unblockNote, action: words.person.unblock, done: words.person.unblocked },
    reset: { title: words.person.resetTitle, note: words.person.resetNote, action: words.person.resetAccess, done: words.person.resetDone },
  }
  const confirm = async (reason: string): Promise<string | undefined> => {
    if (!act) return undefined
    const answer = await SEND[act]({ id: person.id, reason })
    if ('problem' in answer) return answer.problem.message
    toast.set(said[act].done)
    setAct(undefined)
    await answers.stir()
    return undefined
  }
  return (
    <div class={css['actions']}>
      {person.status === 'BLOCKED'
        ? <Button kind="quiet" onClick={() => setAct('unblock')}>{words.person.unblock}</Button>
        : <Button kind="danger" onClick={() => setAct('block')}>{words.person.block}</Button>}
      {person.status !== 'BLOCKED' && <Button kind="quiet" onClick={() => setAct('reset')}>{words.person.resetAccess}</Button>}
      {act && <ReasonDialog title={said[act].title(person.name)} note={said[act].note} action={said[act].action} danger={act !== 'unblock'} onConfirm={confirm} onClose={() => setAct(undefined)} />}
    </div>
  )
}
