/** The rights of one person: roles and single rights with their scopes, edited as a whole and checked before they are saved. */
import { useState } from 'preact/hooks'
import { Link, useLocation } from 'wouter'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Skeleton } from '../../../shared/parts/Skeleton.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { useAnswer } from '../../data/query.ts'
import { useRight, useViewer, type Scope } from '../../data/rights.ts'
import { answers, type Viewer } from '../../data/session.ts'
import { Screen } from '../../frame/Screen.tsx'
import { PersonDocument, RightsDocument, RolesDocument, type PersonFragment, type RolesQuery } from '../../graph/documents.ts'
import { Empty, Shown } from '../../parts/states.tsx'
import { words } from '../../words/words.ts'
import { ConflictPanel } from './ConflictPanel.tsx'
import { addRight, clearRight, difference, effective, grantKey, placeRight, removeGrant, sameGrants, type DraftGrant, type Step } from './draft.ts'
import { EditBar } from './EditBar.tsx'
import type { RightRow } from './HeldRights.tsx'
import { ReviewDialog } from './ReviewDialog.tsx'
import { useScopes } from './places.ts'
import { RolesPanel } from './RolesPanel.tsx'
import { SinglePanel } from './SinglePanel.tsx'
import css from './rights.module.css'

const NOTHING = {}

export function RightsScreen({ id }: { id: string }) {
  const answer = useAnswer(PersonDocument, { id })
  const table = useAnswer(RightsDocument, NOTHING).data?.rights
  const roles = useAnswer(RolesDocument, NOTHING).data?.roles
  const person = answer.data?.staffMember
  const viewer = useViewer()
  const both = answer.data && (!table || !roles) && !answer.failure ? { ...answer, data: undefined } : answer
  return (
    <Screen title={person ? words.rights.title(person.name) : words.person.rights} right="admin.manage" above={<Link href={`/people/${id}`}>← {person?.name ?? words.person.back}</Link>}>
      <Shown answer={both as typeof answer} skeleton={<Skeleton height={480} />}>
        {() => person && table && roles && viewer ? <Editor person={person} table={table} roles={roles} viewer={viewer} /> : <Empty title={words.state.absent} note={words.state.absentNote} />}
      </Shown>
    </Screen>
  )
}

export function grantsOf(person: PersonFragment): DraftGrant[] {
  return person.grants.map(grant => ({ role: grant.role?.id ?? null, right: grant.right ?? null, scope: grant.scope }))
}

interface EditorProps {
  person: PersonFragment
  table: readonly RightRow[]
  roles: RolesQuery['roles']
  viewer: Viewer
}

function Editor({ person, table, roles, viewer }: EditorProps) {
  const [base, setBase] = useState({ grants: grantsOf(person), version: person.version })
  const [grants, setGrants] = useState(base.grants)
  const [told, setTold] = useState('')
  const [reviewing, setReviewing] = useState(false)
  const [conflict, setConflict] = useState<PersonFragment>()
  const [, go] = useLocation()
  const scopes = useScopes()
  const editable = useRight('grant.manage') && person.editable
  const name = (code: string): string => table.find(row => row.code === code)?.name ?? code
  const take = (step: Step, say: (names: string) => string): void => {
    setGrants(step.grants)
    setTold(step.along.length > 0 ? say(step.along.map(code => `«${name(code)}»`).join(', ')) : '')
  }
  const change = difference(effective(base.grants, roles), effective(grants, roles))
  const saved = (requested: boolean): void => {
    toast.set(requested ? words.rights.requested : words.rights.saved)
    void answers.stir()
    go(`/people/${person.id}`)
  }
  const remove = (grant: DraftGrant): void => take(removeGrant(grants, grant, table, roles), words.rights.alongGone)
  const add = (code: string, scope: Scope): void => {
    if (grants.some(grant => grant.right === code)) take(placeRight(grants, code, scope, table, roles), words.rights.alongGone)
    else take(addRight(grants, code, scope, table, roles), words.rights.along)
  }
  return (
    <div class={css['stack']}>
      {!editable && <Notice kind="info" title={words.rights.readOnly}>{viewer.id === person.id ? words.person.own : words.person.fixed}</Notice>}
      {conflict && (
        <ConflictPanel
          table={table} theirs={effective(grantsOf(conflict), roles)} mine={effective(grants, roles)}
          onTheirs={() => { setGrants(grantsOf(conflict)); setConflict(undefined) }} onMine={() => { setConflict(undefined); setReviewing(true) }}
        />
      )}
      <RolesPanel
        grants={grants} roles={roles} scopes={scopes} held={viewer.rights} editable={editable}
        onAdd={grant => setGrants([...grants.filter(one => grantKey(one) !== grantKey(grant)), grant])} onRemove={remove}
      />
      <SinglePanel
        table={table} grants={grants} roles={roles} scopes={scopes} held={viewer.rights} editable={editable}
        onAdd={add} onRemove={remove} onClear={code => take(clearRight(grants, code, table, roles), words.rights.alongGone)}
      />
      {editable && <EditBar change={change} dirty={!sameGrants(base.grants, grants)} told={told} onReset={() => { setGrants(base.grants); setTold('') }} onReview={() => setReviewing(true)} />}
      {reviewing && (
        <ReviewDialog
          person={person} version={base.version} grants={grants} table={table} onClose={() => setReviewing(false)} onSaved={saved}
          onConflict={theirs => {
            setReviewing(false)
            setBase({ grants: grantsOf(theirs), version: theirs.version })
            setConflict(theirs)
          }}
        />
      )}
    </div>
  )
}
