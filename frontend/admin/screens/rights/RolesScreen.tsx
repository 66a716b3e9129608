/** Ready sets of rights: what each holds and how many people have it. */
import { Link, useLocation } from 'wouter'
import { Button } from '../../../shared/parts/Button.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { useAnswer } from '../../data/query.ts'
import { useRight } from '../../data/rights.ts'
import { Screen } from '../../frame/Screen.tsx'
import { RolesDocument } from '../../graph/documents.ts'
import { Empty, Rows, Shown } from '../../parts/states.tsx'
import css from '../../parts/table.module.css'
import { words } from '../../words/words.ts'
import own from './rights.module.css'

const NOTHING = {}

export function RolesScreen() {
  const [, go] = useLocation()
  const may = useRight('grant.manage')
  return (
    <Screen title={words.roles.title} right="admin.manage" aside={may && <Button onClick={() => go('/roles/new')}>{words.roles.add}</Button>}>
      <p class={own['note']}>{words.roles.note}</p>
      <Roles />
    </Screen>
  )
}

function Roles() {
  const answer = useAnswer(RolesDocument, NOTHING)
  return (
    <Shown answer={answer} skeleton={<Rows />}>
      {({ roles }) => roles.length === 0
        ? <Panel><Empty title={words.roles.empty} /></Panel>
        : (
          <div class={css['box']}>
            <table class={css['table']}>
              <thead><tr><th scope="col">{words.roles.name}</th><th scope="col">{words.people.rights}</th><th scope="col">{words.people.title}</th></tr></thead>
              <tbody>
                {roles.map(role => (
                  <tr key={role.id}>
                    <th scope="row"><Link class={css['main']} href={`/roles/${role.id}`}>{role.name}</Link><span class={css['sub']}>{role.code}</span></th>
                    <td>{words.roles.rights(role.rights.length)}</td>
                    <td>{words.roles.holders(role.holders)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
    </Shown>
  )
}
