/** The consents: none is ticked for anybody, each opens its own document with version. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Check } from '../../../shared/parts/Check.tsx'
import { Sheet } from '../../../shared/parts/Sheet.tsx'
import type { JoinFactsQuery } from '../../graph/documents.ts'
import type { Faults, Form } from '../../joining/form.ts'
import { words } from '../../words/words.ts'
import css from './Consents.module.css'

type Programme = JoinFactsQuery['programme']
type Document = Programme['documents'][number]

interface ConsentsProps {
  form: Form
  faults: Faults
  programme: Programme
  onChange: (part: Partial<Form>) => void
}

export function Consents({ form, faults, programme, onChange }: ConsentsProps) {
  const [open, setOpen] = useState<Document>()
  const read = (kind: Document['kind']) => {
    const document = programme.documents.find(one => one.kind === kind)
    return document && <button type="button" class={css['read']} onClick={() => setOpen(document)}>{document.title}</button>
  }
  const tick = (name: 'acceptOffer' | 'acceptPersonalData' | 'acceptPartnerTransfer' | 'acceptMarketing', kind: Document['kind'], text: string, required: boolean) => (
    <Check name={name} checked={form[name]} onChange={checked => onChange({ [name]: checked })} required={required} more={read(kind)} error={required ? faults[name as 'acceptOffer'] : undefined}>
      {text}
    </Check>
  )
  return (
    <fieldset class={css['consents']}>
      <legend class="unseen">{words.join.consents}</legend>
      {tick('acceptOffer', 'OFFER', words.join.offer, true)}
      {tick('acceptPersonalData', 'PERSONAL_DATA', words.join.personal, true)}
      {tick('acceptPartnerTransfer', 'PARTNER_TRANSFER', `${words.join.transfer} · ${words.join.transferNote}`, false)}
      {tick('acceptMarketing', 'MARKETING', `${words.join.marketing} · ${words.join.transferNote}`, false)}
      {open && (
        <DocumentSheet document={open} onClose={() => setOpen(undefined)} foot={open.kind === 'PARTNER_TRANSFER' ? words.join.to(programme.partners.map(one => one.name).join(', ')) : undefined} />
      )}
    </fieldset>
  )
}

interface DocumentSheetProps {
  document: { title: string; version: string; text: string }
  foot?: string | undefined
  onClose: () => void
}

export function DocumentSheet({ document, foot, onClose }: DocumentSheetProps) {
  return (
    <Sheet title={document.title} onClose={onClose} foot={<Button wide kind="quiet" onClick={onClose}>{words.join.close}</Button>}>
      <p class={css['version']}>{words.profile.version(document.version)}</p>
      {document.text.split(/\n{2,}/).map((paragraph, index) => <p key={index} class={css['paragraph']}>{paragraph}</p>)}
      {foot && <p class={css['paragraph']}>{foot}</p>}
    </Sheet>
  )
}
