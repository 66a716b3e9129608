/** One role: its names and the rights it gathers. A change that touches two-person rights becomes a request. */
import { useState } from 'preact/hooks'
import { Link, useLocation } from 'wouter'
import { Button } from '../../../shared/parts/Button.tsx'
import { Check } from '../../../shared/parts/Check.tsx'
import { Field } from '../../../shared/parts/Field.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { Skeleton } from '../../../shared/parts/Skeleton.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { useAnswer } from '../../data/query.ts'
import { holds, useRight, useViewer } from '../../data/rights.ts'
import { answers, send } from '../../data/session.ts'
import { Screen } from '../../frame/Screen.tsx'
import { RightsDocument, RolesDocument, SaveRoleDocument, type RolesQuery } from '../../graph/documents.ts'
import { AreaField } from '../../parts/AreaField.tsx'
import { reasonFault } from '../../parts/reason.ts'
import { Empty, Shown } from '../../parts/states.tsx'
import { words } from '../../words/words.ts'
import { toggled } from './draft.ts'
import { groupsOf, type RightRow } from './HeldRights.tsx'
import css from './rights.module.css'

type Role = RolesQuery['roles'][number]

const NOTHING = {}
const FRESH: Role = { __typename: 'Role', id: '', code: '', name: '', nameRu: '', nameEn: '', rights: [], version: 0, holders: 0 }

export function RoleScreen({ id }: { id: string }) {
  const answer = useAnswer(RolesDocument, NOTHING)
  const table = useAnswer(RightsDocument, NOTHING).data?.rights
  const role = id === 'new' ? FRESH : answer.data?.roles.find(one => one.id === id)
  const title = id === 'new' ? words.roles.add : role ? words.roles.edit(role.name) : words.roles.title
  return (
    <Screen title={title} right={id === 'new' ? 'grant.manage' : 'admin.manage'} above={<Link href="/roles">← {words.roles.back}</Link>}>
      <Shown answer={answer} skeleton={<Skeleton height={480} />}>
        {() => role && table ? <Editor key={role.version} role={role} table={table} /> : <Panel><Empty title={words.state.absent} note={words.state.absentNote} /></Panel>}
      </Shown>
    </Screen>
  )
}

interface Faults {
  code?: string
  nameRu?: string
  nameEn?: string
  rights?: string
  reason?: string
  whole?: string
}

function Editor({ role, table }: { role: Role; table: readonly RightRow[] }) {
  const [form, setForm] = useState({ code: role.code, nameRu: role.nameRu, nameEn: role.nameEn })
  const [chosen, setChosen] = useState<readonly string[]>(role.rights)
  const [version, setVersion] = useState(role.version)
  const [reason, setReason] = useState('')
  const [faults, setFaults] = useState<Faults>({})
  const [busy, setBusy] = useState(false)
  const [, go] = useLocation()
  const editable = useRight('grant.manage')
  const held = useViewer()?.rights ?? []
  const fresh = role.id === ''

  const save = async (): Promise<void> => {
    const short = reasonFault(reason)
    const found: Faults = {
      ...(form.code.trim() === '' && { code: words.panel.required }),
      ...(form.nameRu.trim() === '' && { nameRu: words.panel.required }),
      ...(form.nameEn.trim() === '' && { nameEn: words.panel.required }),
      ...(chosen.length === 0 && { rights: words.roles.pick }),
      ...(short !== undefined && { reason: short }),
    }
    setFaults(found)
    if (Object.keys(found).length > 0) return
    setBusy(true)
    const answer = await send(SaveRoleDocument, { input: { ...(!fresh && { id: role.id, version }), ...form, rights: [...chosen], reason: reason.trim() } })
    setBusy(false)
    if ('problem' in answer) {
      const field = answer.problem.field?.replace(/^input\./, '') ?? ''
      return setFaults({ [['code', 'nameRu', 'nameEn', 'rights', 'reason'].includes(field) ? field : 'whole']: answer.problem.message })
    }
    if (answer.done.__typename === 'RoleVersionConflict') {
      setVersion(answer.done.role.version)
      return setFaults({ whole: words.roles.conflict })
    }
    toast.set(answer.done.request ? words.roles.requested : words.roles.saved)
    void answers.stir()
    go('/roles')
  }

  return (
    <form class={css['stack']} noValidate onSubmit={event => { event.preventDefault(); if (!busy) void save() }}>
      <Panel>
        <div class={css['fields']}>
          <Field label={words.roles.nameRu} name="nameRu" value={form.nameRu} onInput={nameRu => setForm({ ...form, nameRu })} error={faults.nameRu} disabled={!editable} maxLength={80} />
          <Field label={words.roles.nameEn} name="nameEn" value={form.nameEn} onInput={nameEn => setForm({ ...form, nameEn })} error={faults.nameEn} disabled={!editable} maxLength={80} />
          <Field label={words.roles.code} name="code" value={form.code} onInput={code => setForm({ ...form, code })} error={faults.code} hint={words.roles.codeHint} disabled={!fresh || !editable} maxLength={40} />
        </div>
      </Panel>
      <Panel title={words.people.rights}>
        {faults.rights && <Notice kind="danger" role="alert">{faults.rights}</Notice>}
        <div class={css['groups']}>
          {groupsOf(table).map(({ group, groupName }) => (
            <section key={group} class={css['group']} aria-labelledby={`group-${group}`}>
              <h3 id={`group-${group}`}>{groupName}</h3>
              {table.filter(right => right.group === group).map(right => (
                <div key={right.code} class={css['right']}>
                  <Check
                    name={right.code} checked={chosen.includes(right.code)} disabled={!editable || !holds(held, right.code)}
                    onChange={on => setChosen(toggled(chosen, right.code, on, table))} more={right.needsTwo ? words.rights.two : undefined}
                  >
                    {right.name}
                  </Check>
                </div>
              ))}
            </section>
          ))}
        </div>
      </Panel>
      {editable && (
        <Panel>
          <div class={css['stack']}>
            <AreaField label={words.panel.reason} name="reason" value={reason} onInput={setReason} hint={words.panel.reasonHint} error={faults.reason} />
            {faults.whole && <Notice kind="danger" role="alert">{faults.whole}</Notice>}
            <div class={css['actions']}><Button type="submit" busy={busy}>{words.panel.save}</Button></div>
          </div>
        </Panel>
      )}
    </form>
  )
}
