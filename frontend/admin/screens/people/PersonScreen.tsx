/** One person of the staff: details, rights, and what can be done about their access. */
import { useState } from 'preact/hooks'
import { Link } from 'wouter'
import { Button } from '../../../shared/parts/Button.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { Skeleton } from '../../../shared/parts/Skeleton.tsx'
import { dayTime } from '../../../shared/words/numbers.ts'
import { useAnswer } from '../../data/query.ts'
import { useViewer } from '../../data/rights.ts'
import { Screen } from '../../frame/Screen.tsx'
import { PersonDocument, RightsDocument, type PersonFragment } from '../../graph/documents.ts'
import { Empty, Shown } from '../../parts/states.tsx'
import { words } from '../../words/words.ts'
import { HeldRights } from '../rights/HeldRights.tsx'
import { AccessActions } from './AccessActions.tsx'
import { useHouses } from './houses.ts'
import css from './people.module.css'
import { PersonEditor } from './PersonEditor.tsx'
import { StatusBadge } from './StatusBadge.tsx'

const NOTHING = {}

export function PersonScreen({ id }: { id: string }) {
  const answer = useAnswer(PersonDocument, { id })
  const person = answer.data?.staffMember
  return (
    <Screen
      title={person?.name ?? words.people.title} right="admin.manage" narrow
      above={<Link href="/people">← {words.person.back}</Link>}
      aside={person && <StatusBadge status={person.status} />}
    >
      <Shown answer={answer} skeleton={<Skeleton height={320} />}>
        {data => data.staffMember ? <Person person={data.staffMember} /> : <Panel><Empty title={words.state.absent} note={words.state.absentNote} /></Panel>}
      </Shown>
    </Screen>
  )
}

function Person({ person }: { person: PersonFragment }) {
  const [editing, setEditing] = useState(false)
  const own = useViewer()?.id === person.id
  return (
    <div class={css['stack']}>
      {!person.editable && <Notice kind="info">{own ? words.person.own : words.person.fixed}</Notice>}
      <Panel title={words.person.data} aside={person.editable && !editing && <Button kind="plain" onClick={() => setEditing(true)}>{words.person.edit}</Button>}>
        {editing ? <PersonEditor person={person} onClose={() => setEditing(false)} /> : <Facts person={person} />}
      </Panel>
      <RightsPanel person={person} />
      {person.editable && <AccessActions person={person} />}
    </div>
  )
}

function Facts({ person }: { person: PersonFragment }) {
  const houseName = useHouses()
  return (
    <>
      <dl class={css['facts']}>
        <div><dt>{words.person.email}</dt><dd>{person.email}</dd></div>
        {person.phone && <div><dt>{words.person.phone}</dt><dd>{person.phone}</dd></div>}
        <div><dt>{words.person.house}</dt><dd>{houseName(person.partner)}</dd></div>
        <div><dt>{words.person.since}</dt><dd>{dayTime(person.createdAt, true)}</dd></div>
        <div><dt>{words.person.seen}</dt><dd>{person.lastSeenAt ? dayTime(person.lastSeenAt, true) : words.people.never}</dd></div>
        {person.comment && <div><dt>{words.person.comment}</dt><dd>{person.comment}</dd></div>}
      </dl>
      <p class={css['links']}><Link href={`/journal?actor=${person.id}`}>{words.person.acts}</Link></p>
    </>
  )
}

function RightsPanel({ person }: { person: PersonFragment }) {
  const table = useAnswer(RightsDocument, NOTHING)
  return (
    <Panel title={words.person.rights}>
      <Shown answer={table} skeleton={<Skeleton height={80} />}>
        {data => person.rights.length > 0 ? <HeldRights table={data.rights} held={person.rights} /> : <p class={css['note']}>{words.people.noGrants}</p>}
      </Shown>
      <p class={css['links']}><Link href={`/people/${person.id}/rights`}>{person.editable ? words.person.editRights : words.person.viewRights}</Link></p>
    </Panel>
  )
}
