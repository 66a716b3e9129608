/** One member: cards, tier, purchases; the own data unmasked for a right of its own and a reason. */
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { day, dayTime, money } from '../../../shared/words/numbers.ts'
import { useRight } from '../../data/rights.ts'
import { send } from '../../data/session.ts'
import { RevealContactsDocument, type FoundCardFragment, type RevealContactsMutation } from '../../graph/documents.ts'
import { Badge } from '../../parts/Badge.tsx'
import { ReasonDialog } from '../../parts/ReasonDialog.tsx'
import { words } from '../../words/words.ts'
import css from './cards.module.css'
import { Facts } from './Facts.tsx'
import { UnblockDialog } from './UnblockDialog.tsx'

type Contacts = Extract<RevealContactsMutation['revealContacts'], { __typename: 'ContactsRevealed' }>

interface MemberPanelProps {
  member: FoundCardFragment
  /** The masked name where left out. */
  title?: string
  foot?: ComponentChildren
}

export function MemberPanel({ member, title, foot }: MemberPanelProps) {
  const mayReveal = useRight('pii.reveal')
  const [asking, setAsking] = useState(false)
  const [blocked, setBlocked] = useState<{ id: string; number: string }>()
  const [own, setOwn] = useState<Contacts>()
  const name = `${member.firstName} ${member.lastName}`
  const reveal = async (reason: string): Promise<string | undefined> => {
    const answer = await send(RevealContactsDocument, { member: member.id, reason })
    if ('problem' in answer) return answer.problem.message
    setOwn(answer.done)
    setAsking(false)
    return undefined
  }
  return (
    <Panel title={title ?? name} aside={<Badge tone={member.status === 'ACTIVE' ? 'success' : 'warning'}>{words.cards.statuses[member.status]}</Badge>}>
      <Facts facts={[
        [words.cards.phone, member.phone], [words.cards.email, member.email], [words.cards.tier, member.tier?.name],
        [words.cards.accumulated, member.accumulated && money(member.accumulated)],
      ]} />
      {own
        ? (
          <section class={css['own']} aria-label={words.cards.revealed}>
            <Facts facts={[
              [words.cards.name, [own.lastName, own.firstName, own.patronymic].filter(Boolean).join(' ')], [words.cards.born, own.birthDate && day(own.birthDate, true)],
              [words.cards.phone, own.phone], [words.cards.email, own.email],
            ]} />
            <Button kind="plain" onClick={() => setOwn(undefined)}>{words.cards.hide}</Button>
          </section>
        )
        : mayReveal && <Button kind="quiet" onClick={() => setAsking(true)}>{words.cards.reveal}</Button>}
      <h3 class={css['head']}>{words.cards.cards}</h3>
      <ul class={css['list']}>
        {member.cards.map(card => (
          <li key={card.id}>
            <span><strong>{card.number}</strong> {words.cards.cardKinds[card.kind]}, {words.cards.cardStatuses[card.status]}</span>
            <span class={css['quiet']}>{words.cards.issued(dayTime(card.issuedAt, true))}</span>
            {card.status === 'BLOCKED' && member.canUnblock && <span class={css['act']}><Button kind="quiet" onClick={() => setBlocked(card)}>{words.cards.unblock}</Button></span>}
          </li>
        ))}
      </ul>
      <h3 class={css['head']}>{words.cards.purchases}</h3>
      {member.lastPurchases.length === 0
        ? <p class={css['quiet']}>{words.cards.noPurchases}</p>
        : (
          <ul class={css['list']}>
            {member.lastPurchases.map(one => (
              <li key={one.id}>
                <span>{one.partner.name}, {one.outlet.name}<span class={css['quiet']}> · {words.cards.receipt(one.receiptNumber)}, {dayTime(one.closedAt)}</span></span>
                <strong>{money(one.net)}</strong>
              </li>
            ))}
          </ul>
        )}
      {foot}
      {blocked && <UnblockDialog card={blocked.id} number={blocked.number} onClose={() => setBlocked(undefined)} />}
      {asking && <ReasonDialog title={words.cards.revealTitle(name)} note={words.cards.revealNote} action={words.cards.reveal} onConfirm={reveal} onClose={() => setAsking(false)} />}
    </Panel>
  )
}
