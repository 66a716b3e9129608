/** A receipt that was not counted: its code from a picture, or four fields by hand. */
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Field } from '../../../shared/parts/Field.tsx'
import fieldCss from '../../../shared/parts/Field.module.css'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { attempt } from '../../../shared/data/attempt.ts'
import { money } from '../../../shared/words/numbers.ts'
import { answers } from '../../data/session.ts'
import { ClaimPurchaseDocument, type ClaimsQuery } from '../../graph/documents.ts'
import css from './Claims.module.css'
import { readFiscal, textIn } from './fiscal.ts'
import { claimWords } from './words.ts'

type Partners = ClaimsQuery['programme']['partners']
const FIELDS = ['outlet', 'receiptNumber', 'businessDate', 'net'] as const
type Name = (typeof FIELDS)[number]
type Faults = Partial<Record<Name | 'whole', string>>
type Told = { kind: 'success' | 'warning'; text: string }

const EMPTY: Record<Name, string> = { outlet: '', receiptNumber: '', businessDate: '', net: '' }

/** Roubles as typed in the form the contract takes, or null. */
function contractSum(typed: string): string | null {
  const text = typed.replace(/[\s\u00A0₽]/gu, '').replace(',', '.')
  return /^\d{1,12}(\.\d{1,2})?$/.test(text) && Number(text) > 0 ? text : null
}

export function ClaimForm({ partners }: { partners: Partners }) {
  const text = claimWords()
  const [values, setValues] = useState(EMPTY)
  const [fiscal, setFiscal] = useState<string | null>(null)
  const [faults, setFaults] = useState<Faults>({})
  const [told, setTold] = useState<Told>()
  const [busy, setBusy] = useState<'picture' | 'sending'>()
  // The same press again, after an answer that was lost, is the same claim.
  const key = useRef(crypto.randomUUID())
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus(), [faults])
  const set = (name: Name) => (value: string) => {
    setValues(now => ({ ...now, [name]: value }))
    setFaults({})
    key.current = crypto.randomUUID()
  }

  const photographed = async (picture: File | undefined): Promise<void> => {
    if (!picture) return
    setBusy('picture')
    const found = readFiscal((await textIn(picture).catch(() => null)) ?? '')
    setBusy(undefined)
    if (found === null) return setTold({ kind: 'warning', text: text.unread })
    setFiscal(found.text)
    setFaults({})
    key.current = crypto.randomUUID()
    setValues(now => ({ ...now, businessDate: found.date, net: found.sum, receiptNumber: now.receiptNumber || found.number }))
    setTold({ kind: 'success', text: text.read })
  }

  const submit = async (): Promise<void> => {
    const net = contractSum(values.net)
    const missing = FIELDS.filter(name => (name === 'net' ? net === null : values[name].trim() === ''))
    if (missing.length > 0) return setFaults(Object.fromEntries(missing.map(name => [name, text.missing[name]])))
    setBusy('sending')
    const { outlet, receiptNumber, businessDate } = values
    const input = { idempotencyKey: key.current, outlet, receiptNumber: receiptNumber.trim(), businessDate, net: net ?? '', fiscal }
    const answer = await attempt(ClaimPurchaseDocument, { input })
    setBusy(undefined)
    if ('problem' in answer) {
      const name = FIELDS.find(one => answer.problem.field === `input.${one}`)
      setTold(undefined)
      return setFaults({ [name ?? 'whole']: answer.problem.message })
    }
    const { claim } = answer.done
    setTold({ kind: 'success', text: claim.status === 'CREDITED' ? text.credited(money(claim.net)) : text.taken })
    setValues(EMPTY)
    setFiscal(null)
    key.current = crypto.randomUUID()
    await answers.stir()
  }

  return (
    <form class={css['form']} ref={form} noValidate onSubmit={event => { event.preventDefault(); if (!busy) void submit() }}>
      <label class={css['picture']}>
        <input class="unseen" type="file" accept="image/*" capture="environment" name="picture" onChange={event => void photographed(event.currentTarget.files?.[0])} />
        <span class={css['face']}>{busy === 'picture' ? text.reading : text.picture}</span>
      </label>
      <p class={css['note']}>{text.pictureNote}</p>
      {told && <Notice kind={told.kind} role={told.kind === 'success' ? 'status' : 'alert'}>{told.text}</Notice>}
      <Places partners={partners} value={values.outlet} error={faults.outlet} onChange={set('outlet')} />
      <Field label={text.number} name="receiptNumber" value={values.receiptNumber} hint={text.numberNote} autoComplete="off" maxLength={64} error={faults.receiptNumber} onInput={set('receiptNumber')} />
      <Day value={values.businessDate} error={faults.businessDate} onChange={set('businessDate')} />
      <Field label={text.sum} name="net" value={values.net} inputMode="decimal" autoComplete="off" maxLength={20} error={faults.net} onInput={set('net')} />
      {faults.whole && <Notice kind="danger" role="alert">{faults.whole}</Notice>}
      <Button type="submit" wide busy={busy === 'sending'}>{text.send}</Button>
    </form>
  )
}

interface ChoiceProps {
  value: string
  error: string | undefined
  onChange: (value: string) => void
}

function Places({ partners, value, error, onChange }: ChoiceProps & { partners: Partners }) {
  const text = claimWords()
  const id = useId()
  return (
    <div class={fieldCss['field']}>
      <label class={fieldCss['label']} for={id}>{text.outlet}</label>
      <select id={id} name="outlet" class={`${fieldCss['input']} ${error ? fieldCss['wrong'] : ''}`} value={value} aria-invalid={error ? true : undefined} aria-describedby={error ? `${id}e` : undefined} onChange={event => onChange(event.currentTarget.value)}>
        <option value="">{text.choose}</option>
        {partners.map(partner => (
          <optgroup key={partner.id} label={partner.name}>
            {partner.outlets.map(one => <option key={one.id} value={one.id}>{one.name}</option>)}
          </optgroup>
        ))}
      </select>
      {error && <p class={fieldCss['error']} id={`${id}e`}>{error}</p>}
    </div>
  )
}

function Day({ value, error, onChange }: ChoiceProps) {
  const text = claimWords()
  const id = useId()
  return (
    <div class={fieldCss['field']}>
      <label class={fieldCss['label']} for={id}>{text.date}</label>
      <input id={id} name="businessDate" type="date" class={`${fieldCss['input']} ${error ? fieldCss['wrong'] : ''}`} value={value} max={new Date().toLocaleDateString('sv')} aria-invalid={error ? true : undefined} aria-describedby={error ? `${id}e` : undefined} onInput={event => onChange(event.currentTarget.value)} />
      {error && <p class={fieldCss['error']} id={`${id}e`}>{error}</p>}
    </div>
  )
}
