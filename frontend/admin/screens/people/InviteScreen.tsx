/** Inviting somebody: a letter goes out, rights are the next step. */
import { useState } from 'preact/hooks'
import { Link, useLocation } from 'wouter'
import { Button } from '../../../shared/parts/Button.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { language } from '../../../shared/words/language.ts'
import { send } from '../../data/session.ts'
import { Screen } from '../../frame/Screen.tsx'
import { InviteStaffDocument, type Language } from '../../graph/documents.ts'
import { AreaField } from '../../parts/AreaField.tsx'
import { reasonFault } from '../../parts/reason.ts'
import { SelectField } from '../../parts/SelectField.tsx'
import { words } from '../../words/words.ts'
import { EMPTY_FORM, faultOf, formFaults, inputOf, type FormFaults } from './form.ts'
import css from './people.module.css'
import { PersonFields } from './PersonFields.tsx'

const LANGUAGES: readonly Language[] = ['RU', 'EN']

export function InviteScreen() {
  return (
    <Screen title={words.invite.title} right="admin.manage" narrow above={<Link href="/people">← {words.person.back}</Link>}>
      <Invitation />
    </Screen>
  )
}

function Invitation() {
  const [form, setForm] = useState(EMPTY_FORM)
  const [locale, setLocale] = useState<Language>(language() === 'en' ? 'EN' : 'RU')
  const [reason, setReason] = useState('')
  const [faults, setFaults] = useState<FormFaults>({})
  const [busy, setBusy] = useState(false)
  const [, go] = useLocation()
  const submit = async (): Promise<void> => {
    const short = reasonFault(reason)
    const found: FormFaults = { ...formFaults(form), ...(short !== undefined && { reason: short }) }
    setFaults(found)
    if (Object.keys(found).length > 0) return
    setBusy(true)
    const answer = await send(InviteStaffDocument, { input: { ...inputOf(form), locale, reason: reason.trim() } })
    setBusy(false)
    if ('problem' in answer) return setFaults(faultOf(answer.problem))
    toast.set(words.invite.done(answer.done.staff.email))
    go(`/people/${answer.done.staff.id}`)
  }
  return (
    <Panel>
      <form class={css['form']} noValidate onSubmit={event => { event.preventDefault(); if (!busy) void submit() }}>
        <p class={css['note']}>{words.invite.note}</p>
        <PersonFields form={form} faults={faults} onChange={setForm} />
        <SelectField label={words.invite.language} name="locale" value={locale} onChange={next => setLocale(next as Language)} choices={LANGUAGES.map(value => ({ value, name: words.invite.languages[value] }))} />
        <AreaField label={words.panel.reason} name="reason" value={reason} onInput={setReason} hint={words.panel.reasonHint} error={faults.reason} />
        {faults.whole && <Notice kind="danger" role="alert">{faults.whole}</Notice>}
        <div class={css['actions']}><Button type="submit" busy={busy}>{words.invite.submit}</Button></div>
      </form>
    </Panel>
  )
}
