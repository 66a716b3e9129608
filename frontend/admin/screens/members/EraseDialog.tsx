/** Asks once more, with all that goes and all that stays, why, and the end of the card's number: nobody is erased by a slip. */
import { useState } from 'preact/hooks'
import { Field } from '../../../shared/parts/Field.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { answers, send } from '../../data/session.ts'
import { EraseMemberDocument } from '../../graph/late.ts'
import { ReasonDialog } from '../../parts/ReasonDialog.tsx'
import { erasingWords } from './erasingWords.ts'
import css from './members.module.css'
import type { MemberOfPage } from './MemberScreen.tsx'

const DIGITS = 4

export function EraseDialog({ member, onClose }: { member: MemberOfPage; onClose: () => void }) {
  const text = erasingWords()
  const [digits, setDigits] = useState('')
  const [fault, setFault] = useState<string>()
  const erase = async (reason: string): Promise<string | undefined> => {
    const wrong = digits.trim() === member.number.slice(-DIGITS) ? undefined : text.wrongDigits(member.number)
    setFault(wrong)
    if (wrong !== undefined) return undefined
    const answer = await send(EraseMemberDocument, { input: { member: member.id, reason } })
    if ('problem' in answer) return answer.problem.message
    toast.set(text.done)
    onClose()
    await answers.stir()
    return undefined
  }
  return (
    <ReasonDialog title={text.ask(member.number)} action={text.erase} danger onConfirm={erase} onClose={onClose}>
      <section>
        <h3 class={css['head']}>{text.goes}</h3>
        <ul class={css['points']}>{[...text.goesList, text.merged].map(line => <li key={line}>{line}</li>)}</ul>
        <h3 class={css['head']}>{text.stays}</h3>
        <ul class={css['points']}>{[...text.staysList, text.own].map(line => <li key={line}>{line}</li>)}</ul>
      </section>
      <Field label={text.digits} name="digits" inputMode="numeric" maxLength={DIGITS} autoComplete="off" value={digits} onInput={setDigits} hint={text.digitsHint} error={fault} />
    </ReasonDialog>
  )
}
