/** The five states of a page: on its way, here, empty (the page's own), failed or forbidden, and old because there is no network. */
import type { ComponentChildren } from 'preact'
import type { Answer } from '../../shared/data/answers.ts'
import { Button } from '../../shared/parts/Button.tsx'
import { Notice } from '../../shared/parts/Notice.tsx'
import { Skeleton } from '../../shared/parts/Skeleton.tsx'
import { dayTime, time } from '../../shared/words/numbers.ts'
import { answers } from '../data/session.ts'
import { words } from '../words/words.ts'
import css from './states.module.css'

interface ShownProps<Data> {
  answer: Answer<Data>
  skeleton: ComponentChildren
  children: (data: Data) => ComponentChildren
}

export function Shown<Data>({ answer, skeleton, children }: ShownProps<Data>) {
  if (answer.failure === 'forbidden') return <Notice kind="warning" role="alert">{words.noAccess.plain}</Notice>
  if (answer.failure === 'absent') return <Empty title={words.state.absent} note={words.state.absentNote} />
  if (answer.data !== undefined) return <><Age answer={answer} />{children(answer.data)}</>
  if (answer.failure) return <Failed />
  return <div aria-busy="true"><span class="unseen" role="status">{words.state.loading}</span>{skeleton}</div>
}

/** A line, not a wall: what is shown is older than the reader may think. */
function Age({ answer }: { answer: Answer<unknown> }) {
  if (!answer.failure || answer.at === undefined) return null
  const today = new Date(answer.at).toDateString() === new Date().toDateString()
  const at = today ? time(answer.at) : dayTime(answer.at)
  return <p class={css['age']} role="status">{answer.failure === 'offline' ? words.state.offline(at) : words.state.stale(at)}</p>
}

export function Failed() {
  return (
    <Notice kind="danger" role="alert" title={words.state.failed} action={<Button kind="quiet" onClick={() => void answers.stir()}>{words.state.retry}</Button>}>
      {words.state.failedNote}
    </Notice>
  )
}

/** Nothing here: one line, one note, at most one way on. */
export function Empty({ title, note, action, heading }: { title: string; note?: string; action?: ComponentChildren; heading?: boolean }) {
  return (
    <div class={css['empty']}>
      {heading ? <h1 class={css['title']}>{title}</h1> : <p class={css['title']}>{title}</p>}
      {note && <p class={css['note']}>{note}</p>}
      {action}
    </div>
  )
}

/** Rows that are on their way. */
export function Rows({ count = 6, height = 44 }: { count?: number; height?: number }) {
  return <div class={css['rows']}>{Array.from({ length: count }, (_, row) => <Skeleton key={row} height={height} radius={8} />)}</div>
}
