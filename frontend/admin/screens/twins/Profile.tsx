/** One of two profiles, masked as everywhere in the panel: cards, tier, sums, points, family, last purchases. */
import { Link } from 'wouter'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { day, dayTime, money } from '../../../shared/words/numbers.ts'
import { told, type Unit } from '../../../shared/words/points.ts'
import type { TwinProfileFragment } from '../../graph/documents.ts'
import { Badge } from '../../parts/Badge.tsx'
import { words } from '../../words/words.ts'
import { Facts } from '../cards/Facts.tsx'
import { memberWords } from '../members/words.ts'
import css from './twins.module.css'
import { twinWords } from './words.ts'

export function Profile({ member, unit, role }: { member: TwinProfileFragment; unit: Unit | undefined; role: 'stays' | 'goes' }) {
  const text = twinWords()
  const more = memberWords()
  const points = (count: number | undefined): string | false => count !== undefined && unit !== undefined && told(count, unit)
  const family = member.family
  return (
    <Panel title={member.number} aside={<Badge tone={role === 'stays' ? 'success' : 'warning'}>{text[role]}</Badge>}>
      <Facts facts={[
        [text.name, `${member.firstName} ${member.lastName}`], [more.state, words.cards.statuses[member.status]],
        [words.cards.phone, member.phone], [words.cards.email, member.email],
        [text.tier, member.tier?.name], [text.given, member.tierGrant && text.givenUntil(member.tierGrant.tier.name, day(member.tierGrant.until, true))],
        [text.accumulated, member.accumulated && money(member.accumulated)],
        [text.bought, member.totals && money(member.totals.purchases)], [text.saved, member.totals && money(member.totals.saved)],
        [text.available, points(member.points?.available)], [text.pending, points(member.points?.pending || undefined)],
        [text.held, points(member.points?.held || undefined)], [more.debt, points(member.points?.debt || undefined)],
        [text.family, member.seesAll && (family ? text.inFamily(more.roles[family.role], more.people(family.seats)) : text.noFamily)],
      ]} />
      <h3 class={css['head']}>{words.cards.cards}</h3>
      <ul class={css['list']}>
        {member.cards.map(card => (
          <li key={card.number + card.kind}>
            <span>{card.number} <span class={css['quiet']}>{words.cards.cardKinds[card.kind]}, {words.cards.cardStatuses[card.status]}</span></span>
            <span class={css['quiet']}>{words.cards.issued(dayTime(card.issuedAt, true))}</span>
          </li>
        ))}
      </ul>
      <h3 class={css['head']}>{words.cards.purchases}</h3>
      {member.lastPurchases.length === 0
        ? <p class={css['note']}>{words.cards.noPurchases}</p>
        : (
          <ul class={css['list']}>
            {member.lastPurchases.map(one => <li key={one.id}><span>{one.partner.name} <span class={css['quiet']}>{dayTime(one.closedAt)}</span></span><strong>{money(one.net)}</strong></li>)}
          </ul>
        )}
      <p class={css['links']}><Link href={`/members/${member.id}`} aria-label={text.pageOf(member.number)}>{text.page}</Link></p>
    </Panel>
  )
}
