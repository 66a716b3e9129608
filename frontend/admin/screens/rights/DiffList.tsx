/** Rights that come and rights that go, by name and scope; told by words and signs, not by colour. */
import { MINUS } from '../../../shared/words/numbers.ts'
import type { Held } from '../../data/rights.ts'
import { words } from '../../words/words.ts'
import type { Difference } from './draft.ts'
import type { RightRow } from './HeldRights.tsx'
import css from './rights.module.css'

interface DiffListProps {
  diff: Difference
  table: readonly RightRow[]
  titles?: { added: string; removed: string }
}

export function DiffList({ diff, table, titles }: DiffListProps) {
  const sides = [
    { kind: 'added', sign: '+', title: titles?.added ?? words.rights.added, rows: diff.added },
    { kind: 'removed', sign: MINUS, title: titles?.removed ?? words.rights.removed, rows: diff.removed },
  ] as const
  return (
    <div class={css['diff']}>
      {sides.map(({ kind, sign, title, rows }) => rows.length > 0 && (
        <section key={kind} class={css[kind]}>
          <h3>{title}: {rows.length}</h3>
          <ul>{rows.map((one, at) => <li key={at}><span class={css['sign']} aria-hidden="true">{sign}</span><span>{nameOf(one, table)} <span class={css['scope']}>{one.scope.name}</span></span></li>)}</ul>
        </section>
      ))}
      {diff.added.length + diff.removed.length === 0 && <p>{words.rights.nothing}</p>}
    </div>
  )
}

function nameOf(held: Held, table: readonly RightRow[]): string {
  return table.find(row => row.code === held.code)?.name ?? held.code
}
