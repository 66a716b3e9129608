/** On the page of a member: profiles alike, the way to any other one, and every merge this profile took part in. */
import { Link } from 'wouter'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { useAnswer } from '../../data/query.ts'
import { MemberTwinsDocument } from '../../graph/late.ts'
import { Rows, Shown } from '../../parts/states.tsx'
import { MergesTable } from './MergesTable.tsx'
import css from './twins.module.css'
import { twinWords } from './words.ts'

export function TwinsPanel({ member }: { member: { id: string; number: string; status: string } }) {
  const text = twinWords()
  const answer = useAnswer(MemberTwinsDocument, { id: member.id })
  return (
    <Panel title={text.ofMember}>
      <Shown answer={answer} skeleton={<Rows count={2} />}>
        {({ likelyDuplicates, merges }) => {
          const into = member.status === 'MERGED' ? merges.find(one => one.duplicate === member.id && one.state !== 'UNDONE') : undefined
          return (
            <>
              {into && <Notice kind="info" action={<Link href={`/members/${into.survivor}`}>{text.toSurvivor}</Link>}>{text.partOf(into.survivorNumber)}</Notice>}
              {member.status === 'ACTIVE' && (
                <>
                  {likelyDuplicates.length === 0
                    ? <p class={css['note']}>{text.noneAlike}</p>
                    : (
                      <ul class={css['list']}>
                        {likelyDuplicates.map(one => (
                          <li key={one.member}>
                            <span><strong>{one.number}</strong> <span class={css['quiet']}>{one.signs.map(sign => text.signs[sign]).join(', ')}{one.dismissal && ` · ${text.apart.toLowerCase()}`}</span></span>
                            <Link href={`/twins/${member.id}/${one.member}`} aria-label={text.compareOf(member.number, one.number)}>{text.compare}</Link>
                          </li>
                        ))}
                      </ul>
                    )}
                  <p class={css['links']}><Link href={`/twins?with=${member.id}`}>{text.choose}</Link></p>
                </>
              )}
              {merges.length > 0 && <MergesTable merges={merges} />}
            </>
          )
        }}
      </Shown>
    </Panel>
  )
}
