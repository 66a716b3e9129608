/** What the member agreed to and withdrew: the newest act of each kind. */
import { Panel } from '../../../shared/parts/Panel.tsx'
import { dayTime } from '../../../shared/words/numbers.ts'
import { Badge } from '../../parts/Badge.tsx'
import table from '../../parts/table.module.css'
import css from './members.module.css'
import type { MemberOfPage } from './MemberScreen.tsx'
import { memberWords } from './words.ts'

export function ConsentsPanel({ consents }: { consents: NonNullable<MemberOfPage['consents']> }) {
  const text = memberWords()
  if (consents.length === 0) return <Panel title={text.consents}><p class={css['note']}>{text.noConsents}</p></Panel>
  return (
    <Panel title={text.consents}>
      <table class={`${table['table']} ${css['flat']}`}>
        <thead><tr><th scope="col">{text.consent}</th><th scope="col">{text.state}</th><th scope="col">{text.when}</th></tr></thead>
        <tbody>
          {consents.map(one => (
            <tr key={one.kind}>
              <th scope="row">{text.kinds[one.kind]}<span class={table['sub']}>{text.version(one.version)}</span></th>
              <td><Badge tone={one.given ? 'success' : 'warning'}>{one.given ? text.agreed : text.taken}</Badge></td>
              <td data-name={text.when} class={table['when']}>{dayTime(one.at, true)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}
