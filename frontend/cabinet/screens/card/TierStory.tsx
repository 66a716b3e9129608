/** A member's tier in time: until when it holds, what keeps it, and every one before it with its reason. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Skeleton } from '../../../shared/parts/Skeleton.tsx'
import { post } from '../../../shared/graph/post.ts'
import { day, money } from '../../../shared/words/numbers.ts'
import { useAnswer } from '../../data/session.ts'
import { Shown } from '../../frame/states.tsx'
import { TierStoryDocument, type TierStoryQuery } from '../../graph/documents.ts'
import { words } from '../../words/words.ts'
import css from './TierSheet.module.css'
import { tierWords } from './tierWords.ts'

type Me = NonNullable<TierStoryQuery['me']>
type Period = Me['tierHistory']['items'][number]

const FIRST = { after: null }

export function TierStory({ mine }: { mine: string }) {
  const answer = useAnswer(TierStoryDocument, FIRST)
  const text = tierWords()
  return (
    <Shown answer={answer} skeleton={<Skeleton height={220} />}>
      {({ me, programme }) => (
        <>
          {me && <Term term={me.tierTerm} tier={mine} />}
          <h3 class={css['head']}>{text.how}</h3>
          <p class={css['how']}>{counted(programme.tierWindow)} {text.rises}</p>
          {me && <History first={me.tierHistory} />}
        </>
      )}
    </Shown>
  )
}

function Term({ term, tier }: { term: Me['tierTerm']; tier: string }) {
  const text = tierWords()
  const { until, keep, granted } = term
  return (
    <>
      <h3 class={css['head']}>{text.yours}</h3>
      <p class={css['term']}>{until === null ? text.forever(tier) : (granted ? text.granted : text.until)(tier, day(until, true))}</p>
      {keep && <p class={css['keep']}>{text.keep(tier)}<strong>{money(keep.left)}</strong>{text.by(day(keep.by, true))}</p>}
    </>
  )
}

function History({ first }: { first: Me['tierHistory'] }) {
  const text = tierWords()
  const [earlier, setEarlier] = useState<Pick<Me['tierHistory'], 'items' | 'next'>>()
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle')
  const next = earlier ? earlier.next : first.next
  const more = async (): Promise<void> => {
    setState('busy')
    try {
      const { me } = await post(TierStoryDocument, { after: next })
      if (me) setEarlier({ items: [...(earlier?.items ?? []), ...me.tierHistory.items], next: me.tierHistory.next })
      setState('idle')
    } catch {
      setState('failed')
    }
  }
  return (
    <>
      <h3 class={css['head']}>{text.history}</h3>
      <ul>{[...first.items, ...(earlier?.items ?? [])].map(period => <Row key={period.id} period={period} />)}</ul>
      {state === 'failed' && <Notice kind="danger" role="alert">{text.moreFailed}</Notice>}
      {next !== null && <div class={css['more']}><Button kind="quiet" wide busy={state === 'busy'} onClick={() => void more()}>{state === 'failed' ? words.page.retry : text.more}</Button></div>}
    </>
  )
}

function Row({ period }: { period: Period }) {
  const text = tierWords()
  return (
    <li class={css['period']}>
      <p>{period.tier.name}</p>
      <p>{period.message}</p>
      <p>{text.since(day(dateOf(period.since), true))}{period.until !== null && text.to(day(dateOf(period.until), true))}</p>
    </li>
  )
}

function counted({ kind, days, months, fromMonth }: TierStoryQuery['programme']['tierWindow']): string {
  const text = tierWords()
  if (kind === 'LIFETIME') return text.lifetime
  if (kind === 'CALENDAR') return text.year(day(`2000-${String(fromMonth).padStart(2, '0')}-01`))
  return days === null ? text.months(months ?? 0) : text.days(days)
}

/** The day of a moment where the reader is. */
function dateOf(moment: string): string {
  return new Date(moment).toLocaleDateString('sv')
}
