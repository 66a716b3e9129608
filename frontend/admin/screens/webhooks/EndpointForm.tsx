/** The form of an address: for a new one with its partner, for one that changes without. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Check } from '../../../shared/parts/Check.tsx'
import { Field } from '../../../shared/parts/Field.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { useAnswer } from '../../data/query.ts'
import { holds, useViewer } from '../../data/rights.ts'
import { PlacesDocument, type WebhookEventType } from '../../graph/documents.ts'
import { AreaField } from '../../parts/AreaField.tsx'
import { reasonFault } from '../../parts/reason.ts'
import { SelectField } from '../../parts/SelectField.tsx'
import { words } from '../../words/words.ts'
import people from '../people/people.module.css'
import tills from '../tills/tills.module.css'
import { RIGHT } from './WebhooksScreen.tsx'
import { webhookWords } from './words.ts'

const NOTHING = {}
const OFFERED: readonly WebhookEventType[] = ['PURCHASE_POSTED', 'PURCHASE_REFUNDED', 'TIER_CHANGED']

export interface Form {
  partner: string
  url: string
  events: WebhookEventType[]
  reason: string
}

export type Faults = Partial<Record<keyof Form | 'whole', string>>

interface EndpointFormProps {
  start: Form
  /** Whether the partner is chosen here. */
  fresh: boolean
  action: string
  onSubmit: (form: Form) => Promise<Faults>
}

export function EndpointForm({ start, fresh, action, onSubmit }: EndpointFormProps) {
  const text = webhookWords()
  const houses = useHouses()
  const [form, setForm] = useState(start)
  const [faults, setFaults] = useState<Faults>({})
  const [busy, setBusy] = useState(false)
  const change = (part: Partial<Form>): void => setForm({ ...form, ...part })
  const submit = async (): Promise<void> => {
    const found = faultsOf(form, fresh)
    setFaults(found)
    if (Object.keys(found).length > 0) return
    setBusy(true)
    setFaults(await onSubmit({ ...form, url: form.url.trim(), reason: form.reason.trim() }))
    setBusy(false)
  }
  return (
    <form class={people['form']} noValidate onSubmit={event => { event.preventDefault(); if (!busy) void submit() }}>
      {fresh && (
        <SelectField
          label={text.partner} name="partner" value={form.partner} error={faults.partner} onChange={partner => change({ partner })}
          choices={[{ value: '', name: text.choose }, ...houses.map(({ id, name }) => ({ value: id, name }))]}
        />
      )}
      <Field label={text.url} name="url" value={form.url} maxLength={500} hint={text.urlHint} error={faults.url} onInput={url => change({ url })} />
      <fieldset class={tills['channels']}>
        <legend>{text.events}</legend>
        {OFFERED.map(event => (
          <Check key={event} name={event} checked={form.events.includes(event)} onChange={on => change({ events: on ? [...form.events, event] : form.events.filter(one => one !== event) })}>
            {text.eventNames[event]}
          </Check>
        ))}
        {faults.events && <p class={tills['fault']} role="alert">{faults.events}</p>}
      </fieldset>
      <AreaField label={words.panel.reason} name="reason" value={form.reason} onInput={reason => change({ reason })} hint={words.panel.reasonHint} error={faults.reason} />
      {faults.whole && <Notice kind="danger" role="alert">{faults.whole}</Notice>}
      <div class={people['actions']}><Button type="submit" busy={busy}>{action}</Button></div>
    </form>
  )
}

/** A refusal of the server beside the field it names. */
export function faultOf(problem: { field: string | null; message: string }): Faults {
  const field = problem.field?.split('.').pop() ?? ''
  return ['partner', 'url', 'events', 'reason'].includes(field) ? { [field]: problem.message } : { whole: problem.message }
}

function faultsOf(form: Form, fresh: boolean): Faults {
  const reason = reasonFault(form.reason)
  return {
    ...(fresh && form.partner === '' && { partner: words.panel.required }),
    ...(form.url.trim() === '' && { url: words.panel.required }),
    ...(form.events.length === 0 && { events: webhookWords().eventsNone }),
    ...(reason !== undefined && { reason }),
  }
}

/** The partners that are managed whole: an address is told of all of a partner's tills. */
function useHouses(): readonly { id: string; name: string }[] {
  const viewer = useViewer()
  const partners = useAnswer(PlacesDocument, NOTHING).data?.programme.partners ?? []
  return viewer ? partners.filter(house => holds(viewer.rights, RIGHT, { kind: 'PARTNER', partner: house.id, outlet: null, till: null })) : []
}
