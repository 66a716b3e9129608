/** Makes two profiles of one again, for a reason, while the time for it is not over. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { answers, send } from '../../data/session.ts'
import type { MergeRowFragment } from '../../graph/documents.ts'
import { UndoMergeDocument } from '../../graph/late.ts'
import { ReasonDialog } from '../../parts/ReasonDialog.tsx'
import { useKey } from '../../parts/key.ts'
import { twinWords } from './words.ts'

export function UndoButton({ merge }: { merge: MergeRowFragment }) {
  const text = twinWords()
  const key = useKey()
  const [asked, setAsked] = useState(false)
  if (merge.state !== 'MERGED') return null
  const undo = async (reason: string): Promise<string | undefined> => {
    const answer = await send(UndoMergeDocument, { merge: merge.id, reason, key: key(reason) })
    if ('problem' in answer) return answer.problem.message
    toast.set(text.undone)
    setAsked(false)
    await answers.stir()
    return undefined
  }
  return (
    <>
      <Button kind="quiet" label={text.undoOf(merge.duplicateNumber)} onClick={() => setAsked(true)}>{text.undo}</Button>
      {asked && <ReasonDialog title={text.undoTitle(merge.duplicateNumber)} note={text.undoEffect} action={text.undo} danger onConfirm={undo} onClose={() => setAsked(false)} />}
    </>
  )
}
