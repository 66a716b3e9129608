/** Somebody saved first: how the two sets differ, and the choice between them. */
import { Button } from '../../../shared/parts/Button.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import type { Held } from '../../data/rights.ts'
import { words } from '../../words/words.ts'
import { DiffList } from './DiffList.tsx'
import { difference } from './draft.ts'
import type { RightRow } from './HeldRights.tsx'
import css from './rights.module.css'

interface ConflictPanelProps {
  table: readonly RightRow[]
  theirs: readonly Held[]
  mine: readonly Held[]
  onTheirs: () => void
  onMine: () => void
}

export function ConflictPanel({ table, theirs, mine, onTheirs, onMine }: ConflictPanelProps) {
  return (
    <div role="alert">
      <Panel title={words.rights.conflict}>
        <p class={css['note']}>{words.rights.conflictNote}</p>
        <DiffList diff={difference(theirs, mine)} table={table} titles={{ added: words.rights.onlyHere, removed: words.rights.onlyThere }} />
        <div class={css['actions']}>
          <Button kind="quiet" onClick={onTheirs}>{words.person.takeTheirs}</Button>
          <Button onClick={onMine}>{words.person.keepMine}</Button>
        </div>
      </Panel>
    </div>
  )
}
