/** Rights as they come out: by group, each with its scopes; what is everywhere needs no scope beside it. */
import type { RightsQuery } from '../../graph/documents.ts'
import type { Held } from '../../data/rights.ts'
import css from './HeldRights.module.css'

export type RightRow = RightsQuery['rights'][number]

export function HeldRights({ table, held }: { table: readonly RightRow[]; held: readonly Held[] }) {
  return (
    <div class={css['groups']}>
      {groupsOf(table).map(({ group, groupName }) => {
        const rows = table.filter(one => one.group === group && held.some(mine => mine.code === one.code))
        return rows.length > 0 && (
          <section key={group}>
            <h3 class={css['group']}>{groupName}</h3>
            <ul>{rows.map(row => <li key={row.code} class={css['right']}>{row.name}{scopeText(held.filter(mine => mine.code === row.code))}</li>)}</ul>
          </section>
        )
      })}
    </div>
  )
}

/** The groups of some rights, each once, in the order of the table. */
export function groupsOf(table: readonly RightRow[]): Pick<RightRow, 'group' | 'groupName'>[] {
  return table.filter((one, at) => table.findIndex(other => other.group === one.group) === at)
}

function scopeText(held: readonly Held[]) {
  if (held.some(one => one.scope.kind === 'PROGRAMME')) return null
  return <span class={css['scope']}>{held.map(one => one.scope.name).join(', ')}</span>
}
