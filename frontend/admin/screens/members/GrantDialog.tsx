/** Which tier, until when and why; what is done here is undone by withdrawing it. */
import { useState } from 'preact/hooks'
import { toast } from '../../../shared/parts/Toast.tsx'
import { day } from '../../../shared/words/numbers.ts'
import { answers, send } from '../../data/session.ts'
import { GrantTierDocument } from '../../graph/late.ts'
import { DateField } from '../../parts/DateField.tsx'
import { ReasonDialog } from '../../parts/ReasonDialog.tsx'
import { SelectField } from '../../parts/SelectField.tsx'
import type { MemberOfPage, ProgrammeOfPage } from './MemberScreen.tsx'
import { memberWords } from './words.ts'

export function GrantDialog({ member, tiers, onClose }: { member: MemberOfPage; tiers: ProgrammeOfPage['tiers']; onClose: () => void }) {
  const text = memberWords()
  const [tier, setTier] = useState('')
  const [until, setUntil] = useState('')
  const grant = async (reason: string): Promise<string | undefined> => {
    if (tier === '' || until === '') return text.grantMissing
    const answer = await send(GrantTierDocument, { input: { member: member.id, tier, until, reason } })
    if ('problem' in answer) return answer.problem.message
    toast.set(text.granted(answer.done.grant.tier.name, day(answer.done.grant.until, true)))
    onClose()
    await answers.stir()
    return undefined
  }
  return (
    <ReasonDialog title={text.grantTitle(`${member.firstName} ${member.lastName}`)} note={text.grantNote} action={text.grant} onConfirm={grant} onClose={onClose}>
      <SelectField label={text.tier} name="tier" value={tier} onChange={setTier} choices={[{ value: '', name: text.choose }, ...tiers.map(({ id, name }) => ({ value: id, name }))]} />
      <DateField label={text.lastDay} name="until" value={until} onChange={setUntil} />
    </ReasonDialog>
  )
}
