/** How many rights come and go, at hand while the list is long. */
import { Button } from '../../../shared/parts/Button.tsx'
import { words } from '../../words/words.ts'
import type { Difference } from './draft.ts'
import css from './rights.module.css'

interface EditBarProps {
  change: Difference
  /** Something is written down otherwise, even where nothing changes for the person. */
  dirty: boolean
  /** What the last step moved along with it. */
  told: string
  onReset: () => void
  onReview: () => void
}

export function EditBar({ change, dirty, told, onReset, onReview }: EditBarProps) {
  return (
    <div class={css['bar']}>
      <p role="status">
        <strong>{dirty ? words.rights.diff(change.added.length, change.removed.length) : words.rights.noDiff}</strong>
        {told && <small>{told}</small>}
      </p>
      <div class={css['actions']}>
        {dirty && <Button kind="plain" onClick={onReset}>{words.panel.reset}</Button>}
        <Button disabled={!dirty} onClick={onReview}>{words.rights.review}</Button>
      </div>
    </div>
  )
}
