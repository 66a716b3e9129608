/** The end of a keyset list: how many rows are shown, and the way to the next ones. */
import { Button } from '../../shared/parts/Button.tsx'
import { Notice } from '../../shared/parts/Notice.tsx'
import type { Pages } from '../data/query.ts'
import { words } from '../words/words.ts'
import css from './More.module.css'

export function More<Item>({ pages }: { pages: Pages<Item> }) {
  const shown = pages.answer.data
  if (!shown) return null
  return (
    <div class={css['more']}>
      <p class={css['count']} role="status">{words.panel.shown(shown.items.length)}</p>
      {pages.state === 'failed' && <Notice kind="danger" role="alert">{words.state.moreFailed}</Notice>}
      {shown.next && <Button kind="quiet" busy={pages.state === 'busy'} onClick={pages.more}>{pages.state === 'failed' ? words.state.retry : words.panel.more}</Button>}
    </div>
  )
}
