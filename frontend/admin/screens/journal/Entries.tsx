/** The rows of the log; what changed, why and from where opens under a row. */
import { Link } from 'wouter'
import { dayTime } from '../../../shared/words/numbers.ts'
import type { EntryFragment } from '../../graph/documents.ts'
import { Badge } from '../../parts/Badge.tsx'
import css from '../../parts/table.module.css'
import { words } from '../../words/words.ts'
import own from './journal.module.css'

interface EntriesProps {
  entries: readonly EntryFragment[]
  rightName: (code: string) => string
}

export function Entries({ entries, rightName }: EntriesProps) {
  return (
    <div class={css['box']}>
      <table class={css['table']}>
        <thead><tr><th scope="col">{words.journal.when}</th><th scope="col">{words.journal.who}</th><th scope="col">{words.journal.act}</th><th scope="col">{words.journal.on}</th><th scope="col">{words.journal.outcome}</th></tr></thead>
        <tbody>
          {entries.map(entry => (
            <tr key={entry.id}>
              <td class={css['when']}><time dateTime={entry.at}>{dayTime(entry.at)}</time></td>
              <td>{entry.actorId ? <Link href={`/people/${entry.actorId}`}>{entry.actor}</Link> : entry.actor}</td>
              <td><span class={css['main']}>{entry.actionName}</span><Details entry={entry} rightName={rightName} /></td>
              <td data-name={words.journal.on} class={css['quiet']}>{[entry.objectKind, entry.objectId].filter(Boolean).join(' ')}</td>
              <td><Badge tone={entry.outcome === 'DONE' ? 'plain' : 'danger'}>{words.journal.outcomes[entry.outcome]}</Badge></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Details({ entry, rightName }: { entry: EntryFragment; rightName: (code: string) => string }) {
  const facts = [
    [words.journal.reason, entry.reason],
    [words.journal.right, entry.right && rightName(entry.right)],
    [words.rights.scope, entry.scope?.name],
    [words.journal.address, entry.address],
    [words.journal.request, entry.requestId],
  ].filter((fact): fact is [string, string] => Boolean(fact[1]))
  if (facts.length + entry.changes.length === 0) return null
  return (
    <details class={own['details']}>
      <summary>{words.journal.details}</summary>
      {entry.changes.length > 0 && (
        <ul class={own['changes']}>
          {entry.changes.map(change => (
            <li key={change.field}>
              <strong>{change.field}</strong>
              <span><span class="unseen">{words.journal.before}: </span><del>{change.before ?? words.journal.nothing}</del></span>
              <span aria-hidden="true">→</span>
              <span><span class="unseen">{words.journal.after}: </span><ins>{change.after ?? words.journal.nothing}</ins></span>
            </li>
          ))}
        </ul>
      )}
      <dl class={own['facts']}>{facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
    </details>
  )
}
