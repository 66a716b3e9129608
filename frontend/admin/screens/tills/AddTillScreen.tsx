/** A new till: its place and channels, and then its key, once. */
import { useState } from 'preact/hooks'
import { Link, useLocation } from 'wouter'
import { Button } from '../../../shared/parts/Button.tsx'
import { Check } from '../../../shared/parts/Check.tsx'
import { Field } from '../../../shared/parts/Field.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import { send } from '../../data/session.ts'
import { Screen } from '../../frame/Screen.tsx'
import { AddTillDocument, type Channel, type TillKind, type TillScope } from '../../graph/documents.ts'
import { AreaField } from '../../parts/AreaField.tsx'
import { reasonFault } from '../../parts/reason.ts'
import { SelectField } from '../../parts/SelectField.tsx'
import { words } from '../../words/words.ts'
import people from '../people/people.module.css'
import { KeyPanel } from './KeyPanel.tsx'
import { useManaged } from './managed.ts'
import css from './tills.module.css'

const KINDS: readonly TillKind[] = ['ORDINARY', 'SYSTEM']
const OFFERED: Record<TillKind, readonly Channel[]> = {
  ORDINARY: ['TILL', 'DESK', 'PHONE', 'EMAIL'],
  SYSTEM: ['TILL', 'DESK', 'PHONE', 'EMAIL', 'CABINET', 'SHOP', 'IMPORT'],
}

const SCOPES: readonly TillScope[] = ['EARN', 'SPEND', 'REFUND', 'MEMBERS', 'GUESTS']
/** What a key may do unless its operator says otherwise; lists of guests are for an import. */
const USUAL: readonly TillScope[] = ['EARN', 'SPEND', 'REFUND', 'MEMBERS']
const PER_MINUTE = /^[1-9]\d{0,6}$/

interface Form {
  name: string
  partner: string
  outlet: string
  kind: TillKind
  channels: readonly Channel[]
  scopes: readonly TillScope[]
  perMinute: string
  reason: string
}

type Faults = Partial<Record<keyof Form | 'whole', string>>

const EMPTY: Form = { name: '', partner: '', outlet: '', kind: 'ORDINARY', channels: ['TILL'], scopes: USUAL, perMinute: '', reason: '' }

export function AddTillScreen() {
  const [made, setMade] = useState<{ name: string; key: string }>()
  const [, go] = useLocation()
  return (
    <Screen title={made ? words.tills.keyTitle(made.name) : words.tills.addTitle} right="pos.manage" narrow above={<Link href="/tills">← {words.tills.title}</Link>}>
      {made ? <KeyPanel tillKey={made.key} onDone={() => go('/tills')} /> : <AddForm onMade={(name, key) => setMade({ name, key })} />}
    </Screen>
  )
}

function AddForm({ onMade }: { onMade: (name: string, key: string) => void }) {
  const houses = useManaged()
  const [form, setForm] = useState(EMPTY)
  const [faults, setFaults] = useState<Faults>({})
  const [busy, setBusy] = useState(false)
  const change = (part: Partial<Form>): void => setForm({ ...form, ...part })
  const outlets = houses.find(one => one.id === form.partner)?.outlets ?? []
  const submit = async (): Promise<void> => {
    const found = faultsOf(form)
    setFaults(found)
    if (Object.keys(found).length > 0) return
    setBusy(true)
    const answer = await send(AddTillDocument, { input: { ...form, name: form.name.trim(), channels: [...form.channels], scopes: [...form.scopes], perMinute: form.perMinute.trim() === '' ? null : Number(form.perMinute), reason: form.reason.trim() } })
    setBusy(false)
    if ('done' in answer) return onMade(answer.done.till.name, answer.done.key)
    const field = answer.problem.field?.split('.').pop() ?? ''
    setFaults(field in EMPTY ? { [field]: answer.problem.message } : { whole: answer.problem.message })
  }
  const choices = (listed: readonly { id: string; name: string }[]) => [{ value: '', name: words.tills.choose }, ...listed.map(({ id, name }) => ({ value: id, name }))]
  return (
    <Panel>
      <form class={people['form']} noValidate onSubmit={event => { event.preventDefault(); if (!busy) void submit() }}>
        <SelectField label={words.tills.partner} name="partner" value={form.partner} choices={choices(houses)} error={faults.partner} onChange={partner => change({ partner, outlet: '' })} />
        <SelectField label={words.tills.outlet} name="outlet" value={form.outlet} choices={choices(outlets)} error={faults.outlet} onChange={outlet => change({ outlet })} />
        <Field label={words.tills.name} name="name" value={form.name} maxLength={100} hint={words.tills.nameHint} error={faults.name} onInput={name => change({ name })} />
        <SelectField
          label={words.tills.kind} name="kind" value={form.kind} choices={KINDS.map(value => ({ value, name: words.tills.kinds[value] }))}
          onChange={kind => change({ kind: kind as TillKind, channels: form.channels.filter(one => OFFERED[kind as TillKind].includes(one)) })}
        />
        <fieldset class={css['channels']}>
          <legend>{words.tills.channels}</legend>
          {OFFERED[form.kind].map(channel => (
            <Check key={channel} name={channel} checked={form.channels.includes(channel)} onChange={on => change({ channels: on ? [...form.channels, channel] : form.channels.filter(one => one !== channel) })}>
              {words.tills.channelNames[channel]}
            </Check>
          ))}
          <p class={faults.channels ? css['fault'] : css['hint']} role={faults.channels ? 'alert' : undefined}>{faults.channels ?? words.tills.channelsHint}</p>
        </fieldset>
        <fieldset class={css['channels']}>
          <legend>{words.tills.scopes}</legend>
          {SCOPES.map(scope => (
            <Check key={scope} name={scope} checked={form.scopes.includes(scope)} onChange={on => change({ scopes: SCOPES.filter(one => (one === scope ? on : form.scopes.includes(one))) })}>
              {words.tills.scopeNames[scope]}
            </Check>
          ))}
          <p class={faults.scopes ? css['fault'] : css['hint']} role={faults.scopes ? 'alert' : undefined}>{faults.scopes ?? words.tills.scopesHint}</p>
        </fieldset>
        <Field label={words.tills.perMinute} name="perMinute" inputMode="numeric" value={form.perMinute} maxLength={7} hint={words.tills.perMinuteHint} error={faults.perMinute} onInput={perMinute => change({ perMinute })} optional />
        <AreaField label={words.panel.reason} name="reason" value={form.reason} onInput={reason => change({ reason })} hint={words.panel.reasonHint} error={faults.reason} />
        {faults.whole && <Notice kind="danger" role="alert">{faults.whole}</Notice>}
        <div class={people['actions']}><Button type="submit" busy={busy}>{words.tills.submit}</Button></div>
      </form>
    </Panel>
  )
}

function faultsOf(form: Form): Faults {
  const reason = reasonFault(form.reason)
  return {
    ...(form.partner === '' && { partner: words.panel.required }),
    ...(form.outlet === '' && { outlet: words.panel.required }),
    ...(form.name.trim() === '' && { name: words.panel.required }),
    ...(form.channels.length === 0 && { channels: words.tills.channelsNone }),
    ...(form.scopes.length === 0 && { scopes: words.tills.scopesNone }),
    ...(form.perMinute.trim() !== '' && !PER_MINUTE.test(form.perMinute.trim()) && { perMinute: words.tills.perMinuteWrong }),
    ...(reason !== undefined && { reason }),
  }
}
