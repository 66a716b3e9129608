/** The tier of now, until when it holds, and one given by hand: given with an end and a reason, withdrawn with a reason. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { day, dayTime, money } from '../../../shared/words/numbers.ts'
import { useRight } from '../../data/rights.ts'
import { answers, send } from '../../data/session.ts'
import { WithdrawTierDocument } from '../../graph/late.ts'
import { ReasonDialog } from '../../parts/ReasonDialog.tsx'
import { Facts } from '../cards/Facts.tsx'
import { GrantDialog } from './GrantDialog.tsx'
import css from './members.module.css'
import type { MemberOfPage, ProgrammeOfPage } from './MemberScreen.tsx'
import { memberWords } from './words.ts'

export function TierPanel({ member, tiers }: { member: MemberOfPage; tiers: ProgrammeOfPage['tiers'] }) {
  const text = memberWords()
  const mayGive = useRight('user.manage')
  const [open, setOpen] = useState<'grant' | 'withdraw'>()
  const { tier, tierTerm: term, tierGrant: grant } = member
  const withdraw = async (reason: string): Promise<string | undefined> => {
    if (!grant) return undefined
    const answer = await send(WithdrawTierDocument, { grant: grant.id, reason })
    if ('problem' in answer) return answer.problem.message
    toast.set(text.withdrawn(answer.done.tier.name))
    setOpen(undefined)
    await answers.stir()
    return undefined
  }
  if (!tier) return <Panel title={text.tier}><p class={css['note']}>{text.noTier}</p></Panel>
  return (
    <Panel title={text.tier}>
      <Facts facts={[
        [text.now, tier.name],
        [text.until, term && (term.until ? text.untilDay(day(term.until, true)) : text.forEver)],
        [text.keep, term?.keep && text.keepSum(money(term.keep.left), day(term.keep.by, true))],
      ]} />
      {grant && (
        <div class={css['given']}>
          <p><strong>{text.given(grant.tier.name)}</strong>{text.givenUntil(day(grant.until, true), dayTime(grant.grantedAt, true))}<br />{grant.reason}</p>
          {mayGive && <Button kind="quiet" onClick={() => setOpen('withdraw')}>{text.withdraw}</Button>}
        </div>
      )}
      {mayGive && !grant && <Button kind="quiet" onClick={() => setOpen('grant')}>{text.grant}</Button>}
      {open === 'grant' && <GrantDialog member={member} tiers={tiers} onClose={() => setOpen(undefined)} />}
      {open === 'withdraw' && grant && <ReasonDialog title={text.withdrawTitle(grant.tier.name)} note={text.withdrawNote} action={text.withdraw} danger onConfirm={withdraw} onClose={() => setOpen(undefined)} />}
    </Panel>
  )
}
