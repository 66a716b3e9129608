/** New promo codes: how many and for how long, and then the codes themselves, once. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Check } from '../../../shared/parts/Check.tsx'
import { Field } from '../../../shared/parts/Field.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Sheet } from '../../../shared/parts/Sheet.tsx'
import { saveText } from '../../data/download.ts'
import { answers, send } from '../../data/session.ts'
import { MakePromoCodesDocument } from '../../graph/late.ts'
import { AreaField } from '../../parts/AreaField.tsx'
import { CopyButton } from '../../parts/CopyButton.tsx'
import { DateField } from '../../parts/DateField.tsx'
import { SelectField } from '../../parts/SelectField.tsx'
import { words } from '../../words/words.ts'
import css from './campaigns.module.css'
import { EMPTY, faultsOf, sheetOf, wanted, type CodesFaults, type CodesForm } from './codes.ts'
import { campaignWords } from './words.ts'

const KINDS = ['many', 'one'] as const

export function CodesSheet({ campaign, onClose }: { campaign: string; onClose: () => void }) {
  const text = campaignWords()
  const [form, setForm] = useState(EMPTY)
  const [faults, setFaults] = useState<CodesFaults>({})
  const [busy, setBusy] = useState(false)
  const [made, setMade] = useState<readonly string[]>()
  const [key, setKey] = useState(() => crypto.randomUUID())
  const change = (part: Partial<CodesForm>): void => {
    setForm({ ...form, ...part })
    setKey(crypto.randomUUID())
  }
  const submit = async (): Promise<void> => {
    const found = faultsOf(form)
    setFaults(found)
    if (Object.keys(found).length > 0) return
    setBusy(true)
    const answer = await send(MakePromoCodesDocument, { input: wanted(campaign, form, key) })
    setBusy(false)
    if ('done' in answer) {
      setMade(answer.done.codes)
      await answers.stir()
      return
    }
    const field = answer.problem.field?.split('.').pop() ?? ''
    setFaults({ [field in EMPTY ? field : 'whole']: answer.problem.message })
  }
  if (made) return <Made codes={made} campaign={campaign} uses={Number(form.uses)} onClose={onClose} />
  return (
    <Sheet
      title={text.makeTitle} onClose={onClose}
      foot={(
        <div class={css['actions']}>
          <Button kind="plain" onClick={onClose}>{words.panel.cancel}</Button>
          <Button type="submit" form="codes-form" busy={busy}>{text.make}</Button>
        </div>
      )}
    >
      <form id="codes-form" class={css['form']} noValidate onSubmit={event => { event.preventDefault(); if (!busy) void submit() }}>
        <Field label={text.label} name="label" value={form.label} maxLength={100} hint={text.labelHint} error={faults.label} onInput={label => change({ label })} />
        <SelectField label={text.kind} name="kind" value={form.kind} choices={KINDS.map(value => ({ value, name: text.kinds[value] }))} onChange={kind => change({ kind: kind as CodesForm['kind'] })} />
        {form.kind === 'many'
          ? <Field label={text.count} name="count" inputMode="numeric" value={form.count} maxLength={4} hint={text.countHint} error={faults.count} onInput={count => change({ count })} />
          : <Field label={text.code} name="code" value={form.code} maxLength={40} hint={text.codeHint} error={faults.code} autoComplete="off" onInput={code => change({ code })} />}
        <Field label={text.uses} name="uses" inputMode="numeric" value={form.uses} maxLength={7} error={faults.uses} onInput={uses => change({ uses })} />
        <DateField label={text.until} name="until" value={form.until} hint={text.untilHint} error={faults.until} onChange={until => change({ until })} />
        <AreaField label={words.panel.reason} name="reason" value={form.reason} onInput={reason => change({ reason })} hint={words.panel.reasonHint} error={faults.reason} />
        {faults.whole && <Notice kind="danger" role="alert">{faults.whole}</Notice>}
      </form>
    </Sheet>
  )
}

/** They cannot be shown again: leaving without them has to be meant. */
function Made({ codes, campaign, uses, onClose }: { codes: readonly string[]; campaign: string; uses: number; onClose: () => void }) {
  const text = campaignWords()
  const [saved, setSaved] = useState(false)
  const leave = (): void => {
    if (saved) onClose()
  }
  return (
    <Sheet title={text.madeTitle(codes.length)} onClose={leave} foot={<div class={css['actions']}><Button disabled={!saved} onClick={onClose}>{text.done}</Button></div>}>
      <div class={css['made']}>
        <p>{text.madeNote}</p>
        {codes.length === 1 && <><code>{codes[0]}</code><CopyButton text={codes[0]!} /></>}
        <Button onClick={() => { saveText(sheetOf(codes, campaign, uses), `promo-codes-${campaign}.csv`); setSaved(true) }}>{text.download}</Button>
        <Check name="saved" checked={saved} onChange={setSaved}>{text.saved}</Check>
      </div>
    </Sheet>
  )
}
