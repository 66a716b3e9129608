/** Gives a blocked card back: at the signal that blocked it, and where the cards of a member are listed. */
import { toast } from '../../../shared/parts/Toast.tsx'
import { answers, send } from '../../data/session.ts'
import { UnblockCardDocument } from '../../graph/late.ts'
import { ReasonDialog } from '../../parts/ReasonDialog.tsx'
import { words } from '../../words/words.ts'

interface UnblockDialogProps {
  card: string
  /** As much of its number as stands on the page. */
  number: string
  onClose: () => void
}

export function UnblockDialog({ card, number, onClose }: UnblockDialogProps) {
  const confirm = async (reason: string): Promise<string | undefined> => {
    const answer = await send(UnblockCardDocument, { card, reason })
    if ('problem' in answer) return answer.problem.message
    toast.set(words.cards.unblocked)
    onClose()
    await answers.stir()
    return undefined
  }
  return <ReasonDialog title={words.cards.unblockTitle(number)} note={words.cards.unblockNote} action={words.cards.unblock} onConfirm={confirm} onClose={onClose} />
}
