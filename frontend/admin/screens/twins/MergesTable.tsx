/** Merges: which profile stayed, which became part of it, why, and whether it can still be undone. */
import { Link } from 'wouter'
import { dayTime } from '../../../shared/words/numbers.ts'
import type { MergeRowFragment } from '../../graph/documents.ts'
import { Badge, type Tone } from '../../parts/Badge.tsx'
import table from '../../parts/table.module.css'
import css from './twins.module.css'
import { UndoButton } from './UndoButton.tsx'
import { twinWords } from './words.ts'

const TONES: Record<MergeRowFragment['state'], Tone> = { MERGED: 'success', UNDONE: 'plain', SEALED: 'info' }

export function MergesTable({ merges }: { merges: readonly MergeRowFragment[] }) {
  const text = twinWords()
  return (
    <table class={`${table['table']} ${css['flat']}`}>
      <thead>
        <tr>
          <th scope="col">{text.when}</th><th scope="col">{text.survivor}</th><th scope="col">{text.duplicate}</th>
          <th scope="col">{text.why}</th><th scope="col">{text.state}</th>
        </tr>
      </thead>
      <tbody>
        {merges.map(one => (
          <tr key={one.id}>
            <th scope="row" class={table['when']}>{dayTime(one.mergedAt, true)}</th>
            <td data-name={text.survivor}><Link href={`/members/${one.survivor}`} aria-label={text.pageOf(one.survivorNumber)}>{one.survivorNumber}</Link></td>
            <td data-name={text.duplicate}><Link href={`/members/${one.duplicate}`} aria-label={text.pageOf(one.duplicateNumber)}>{one.duplicateNumber}</Link></td>
            <td data-name={text.why}>{one.reason}{one.undoReason && <span class={table['sub']}>{one.undoReason}</span>}</td>
            <td>
              <Badge tone={TONES[one.state]}>{text.states[one.state]}</Badge>
              <span class={table['sub']}>{one.undoneAt ? text.undoneAt(dayTime(one.undoneAt, true)) : one.state === 'MERGED' && text.undoableUntil(dayTime(one.undoableUntil, true))}</span>
              {one.state === 'MERGED' && <div class={css['undo']}><UndoButton merge={one} /></div>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
