/** The last minute of a session, told once and counted down quietly. */
import { Button } from '../../shared/parts/Button.tsx'
import { clockFace } from '../../shared/data/countdown.ts'
import { useValue } from '../../shared/data/value.ts'
import { clock } from '../data/clock.ts'
import { readViewer } from '../data/session.ts'
import { words } from '../words/words.ts'
import css from './EndingLine.module.css'

export function EndingLine() {
  const left = useValue(clock.ending)
  if (!left) return null
  const say = left.extends ? words.ending.soon : words.ending.day
  return (
    <div class={css['line']}>
      <p aria-hidden="true">{say(clockFace(left.seconds))}</p>
      <p class="unseen" role="alert">{say('1:00')}</p>
      {left.extends && <Button kind="filled" onClick={() => void readViewer()}>{words.ending.stay}</Button>}
    </div>
  )
}
