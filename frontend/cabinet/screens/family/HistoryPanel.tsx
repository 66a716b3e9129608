/** What changed the shared account, newest first: whose doing, how much, and where only if its owner shows it. */
import { useEffect, useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { classes } from '../../../shared/parts/classes.ts'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { post } from '../../../shared/graph/post.ts'
import { dayTime } from '../../../shared/words/numbers.ts'
import { signed, type Unit } from '../../../shared/words/points.ts'
import { FamilyPageDocument } from '../../graph/documents.ts'
import { words } from '../../words/words.ts'
import css from './Family.module.css'
import type { Family } from './FamilyScreen.tsx'
import { familyWords } from './words.ts'

type History = Family['history']

export function HistoryPanel({ first, unit }: { first: History; unit: Unit }) {
  const text = familyWords()
  const [later, setLater] = useState<Pick<History, 'items' | 'next'>>()
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle')
  // A new change on top moves the border between the pages: what was loaded behind it no longer fits.
  useEffect(() => setLater(undefined), [first.next])
  const items = later ? [...first.items, ...later.items] : first.items
  const next = later ? later.next : first.next
  const more = async (): Promise<void> => {
    setState('busy')
    try {
      const { me } = await post(FamilyPageDocument, { after: next })
      const page = me?.family?.history
      if (page) setLater({ items: [...(later?.items ?? []), ...page.items], next: page.next })
      setState('idle')
    } catch {
      setState('failed')
    }
  }
  if (items.length === 0) return null
  return (
    <Panel title={text.history}>
      <p class="unseen" role="status">{text.shown(items.length)}</p>
      <ul>
        {items.map(move => (
          <li key={move.id} class={css['row']}>
            <span class={css['who']}>{move.text}</span>
            <span class={classes(css['count'], move.points > 0 && css['gain'])}>{signed(move.points, unit)}</span>
            <span class={css['sub']}>{[dayTime(move.at, true), move.partner?.name, move.outlet?.city, move.outlet?.name].filter(Boolean).join(' · ')}</span>
          </li>
        ))}
      </ul>
      {state === 'failed' && <Notice kind="danger" role="alert">{text.moreFailed}</Notice>}
      {next !== null && <Button kind="quiet" wide busy={state === 'busy'} onClick={() => void more()}>{state === 'failed' ? words.page.retry : text.more}</Button>}
    </Panel>
  )
}
