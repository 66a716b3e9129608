/** How many receipts wait on this device, in the header of every screen; it opens their list. */
import { classes } from '../../shared/parts/classes.ts'
import { useWatched } from '../parts/watched.ts'
import { say } from '../words/say.ts'
import type { Queue } from './queue.ts'
import css from './QueueButton.module.css'

export function QueueButton({ queue, till, onOpen }: { queue: Queue; till: string; onOpen: () => void }) {
  const mine = useWatched(queue).receipts.filter(one => one.till === till)
  const refused = mine.filter(one => one.outcome.kind === 'refused').length
  const waits = mine.filter(one => one.outcome.kind === 'waits').length
  if (mine.length === 0) return null
  return (
    <button type="button" class={classes(css['queue'], refused > 0 && css['refused'])} aria-haspopup="dialog" onClick={onOpen}>
      {refused > 0 ? say('queue.needsHand', { count: refused }) : waits > 0 ? say('queue.count', { count: waits }) : say('queue.done')}
    </button>
  )
}
