/** The five states of a screen: on its way, here, empty (the screen's own), failed, and old because there is no network. */
import type { ComponentChildren } from 'preact'
import { Button } from '../../shared/parts/Button.tsx'
import { Notice } from '../../shared/parts/Notice.tsx'
import { dayTime, time } from '../../shared/words/numbers.ts'
import type { Answer } from '../../shared/data/answers.ts'
import { answers } from '../data/session.ts'
import { words } from '../words/words.ts'
import css from './states.module.css'

interface ShownProps<Data> {
  answer: Answer<Data>
  skeleton: ComponentChildren
  children: (data: Data) => ComponentChildren
}

export function Shown<Data>({ answer, skeleton, children }: ShownProps<Data>) {
  if (answer.data !== undefined) return <><Age answer={answer} />{children(answer.data)}</>
  if (answer.failure) return <Failed />
  return <div aria-busy="true"><span class="unseen" role="status">{words.page.loading}</span>{skeleton}</div>
}

/** A line, not a wall: what is shown is older than the reader may think. */
export function Age({ answer }: { answer: Answer<unknown> }) {
  if (!answer.failure || answer.at === undefined) return null
  const today = new Date(answer.at).toDateString() === new Date().toDateString()
  const at = today ? time(answer.at) : dayTime(answer.at)
  return <p class={css['age']} role="status">{answer.failure === 'offline' ? words.page.offline(at) : words.page.stale(at)}</p>
}

export function Failed() {
  return (
    <Notice kind="danger" role="alert" title={words.page.failed} action={<Button kind="quiet" onClick={() => void answers.stir()}>{words.page.retry}</Button>}>
      {words.page.failedNote}
    </Notice>
  )
}

/** Nothing here yet: one line, one note, at most one way on. */
export function Empty({ title, note, action }: { title: string; note?: string; action?: ComponentChildren }) {
  return (
    <div class={css['empty']}>
      <p class={css['title']}>{title}</p>
      {note && <p class={css['note']}>{note}</p>}
      {action && <div class={css['action']}>{action}</div>}
    </div>
  )
}
