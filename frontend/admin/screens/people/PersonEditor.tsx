/** Editing a person's details; when somebody else was quicker, both versions are shown and one is chosen. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { dayTime } from '../../../shared/words/numbers.ts'
import { answers, send } from '../../data/session.ts'
import { UpdateStaffDocument, type PersonFragment } from '../../graph/documents.ts'
import { AreaField } from '../../parts/AreaField.tsx'
import { reasonFault } from '../../parts/reason.ts'
import { words } from '../../words/words.ts'
import { differing, faultOf, formFaults, formOf, inputOf, type FormFaults, type PersonForm } from './form.ts'
import { useHouses } from './houses.ts'
import css from './people.module.css'
import { PersonFields } from './PersonFields.tsx'

interface Conflict {
  staff: PersonFragment
  changedBy?: string | null
  changedAt: string
}

export function PersonEditor({ person, onClose }: { person: PersonFragment; onClose: () => void }) {
  const [form, setForm] = useState(() => formOf(person))
  const [version, setVersion] = useState(person.version)
  const [reason, setReason] = useState('')
  const [faults, setFaults] = useState<FormFaults>({})
  const [conflict, setConflict] = useState<Conflict>()
  const [busy, setBusy] = useState(false)

  const save = async (over: number): Promise<void> => {
    const short = reasonFault(reason)
    const found: FormFaults = { ...formFaults(form), ...(short !== undefined && { reason: short }) }
    setFaults(found)
    if (Object.keys(found).length > 0) return
    setBusy(true)
    const answer = await send(UpdateStaffDocument, { input: { id: person.id, version: over, ...inputOf(form), reason: reason.trim() } })
    setBusy(false)
    if ('problem' in answer) return setFaults(faultOf(answer.problem))
    if (answer.done.__typename === 'StaffVersionConflict') return setConflict(answer.done)
    toast.set(words.person.saved)
    await answers.stir()
    onClose()
  }
  const keepMine = (): void => {
    if (!conflict) return
    setVersion(conflict.staff.version)
    setConflict(undefined)
    void save(conflict.staff.version)
  }
  const takeTheirs = (): void => {
    void answers.stir()
    onClose()
  }

  if (conflict) return <Versions conflict={conflict} mine={form} busy={busy} onMine={keepMine} onTheirs={takeTheirs} />
  return (
    <form class={css['form']} noValidate onSubmit={event => { event.preventDefault(); if (!busy) void save(version) }}>
      <PersonFields form={form} faults={faults} onChange={setForm} />
      <AreaField label={words.panel.reason} name="reason" value={reason} onInput={setReason} hint={words.panel.reasonHint} error={faults.reason} />
      {faults.whole && <Notice kind="danger" role="alert">{faults.whole}</Notice>}
      <div class={css['actions']}>
        <Button type="submit" busy={busy}>{words.panel.save}</Button>
        <Button kind="plain" onClick={onClose}>{words.panel.cancel}</Button>
      </div>
    </form>
  )
}

interface VersionsProps {
  conflict: Conflict
  mine: PersonForm
  busy: boolean
  onMine: () => void
  onTheirs: () => void
}

function Versions({ conflict, mine, busy, onMine, onTheirs }: VersionsProps) {
  const houseName = useHouses()
  const theirs = formOf(conflict.staff)
  const fields = differing(theirs, mine)
  const shown = (form: PersonForm, name: keyof PersonForm): string => (name === 'partner' ? houseName(form.partner) : form[name] || words.journal.nothing)
  const label = { email: words.person.email, name: words.person.name, phone: words.person.phone, partner: words.person.house, comment: words.person.comment }
  return (
    <div>
      <Notice kind="warning" role="alert" title={words.person.conflict}>
        {conflict.changedBy && <p>{words.person.conflictBy(conflict.changedBy, dayTime(conflict.changedAt))}</p>}
        <p>{fields.length > 0 ? words.person.conflictNote : words.person.conflictSame}</p>
      </Notice>
      {fields.length > 0 && (
        <table class={css['versions']}>
          <thead><tr><td /><th scope="col">{words.person.nowThere}</th><th scope="col">{words.person.yours}</th></tr></thead>
          <tbody>{fields.map(name => <tr key={name}><th scope="row">{label[name]}</th><td>{shown(theirs, name)}</td><td>{shown(mine, name)}</td></tr>)}</tbody>
        </table>
      )}
      <div class={css['actions']}>
        <Button kind="quiet" onClick={onTheirs}>{words.person.takeTheirs}</Button>
        <Button busy={busy} onClick={onMine}>{words.person.keepMine}</Button>
      </div>
    </div>
  )
}
