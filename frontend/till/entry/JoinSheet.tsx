/** A new member at the counter: the form of the cabinet, the guest's own consents, and the code that the guest says. */
import { useEffect, useState } from 'preact/hooks'
import { birthTyped } from '../../shared/birth.ts'
import { post } from '../../shared/graph/post.ts'
import { Button } from '../../shared/parts/Button.tsx'
import { Check } from '../../shared/parts/Check.tsx'
import { Field } from '../../shared/parts/Field.tsx'
import { Notice } from '../../shared/parts/Notice.tsx'
import { Sheet } from '../../shared/parts/Sheet.tsx'
import { Skeleton } from '../../shared/parts/Skeleton.tsx'
import { phoneTyped } from '../../shared/phone.ts'
import type { JoinTextsQuery } from '../graph/documents.ts'
import { ConfirmMemberDocument, JoinTextsDocument, RegisterMemberDocument } from '../graph/late.ts'
import { Choice } from '../parts/Choice.tsx'
import { Tick } from '../parts/Tick.tsx'
import { signal } from '../signals.ts'
import { bodyOf, EMPTY, fieldOf, Keys, type JoinForm } from './form.ts'
import { CodeForm, OPTIONS, useTrying } from './steps.tsx'
import { joinWords } from './words.ts'

type Texts = JoinTextsQuery['programme']['documents']

const REQUIRED = new Set(['OFFER', 'PERSONAL_DATA'])

export function JoinSheet({ channel, onClose }: { channel: 'TILL' | 'DESK'; onClose: () => void }) {
  const words = joinWords()
  const [texts, setTexts] = useState<Texts | null>(null)
  const [loading, setLoading] = useState(true)
  const [form, setForm] = useState<JoinForm>(EMPTY)
  const [request, setRequest] = useState<string | null>(null)
  const [joined, setJoined] = useState<{ isNew: boolean; firstName: string } | null>(null)
  const [keys] = useState(() => new Keys(() => crypto.randomUUID()))
  const { form: place, busy, fault, setFault, trying } = useTrying(words.unreachable)
  const load = (): void => {
    setLoading(true)
    setFault(null)
    post(JoinTextsDocument, {}, OPTIONS).then(answer => setTexts(answer.programme.documents), () => setFault({ field: null, text: words.unreachable })).finally(() => setLoading(false))
  }
  useEffect(load, [])

  const send = (event: Event): void => {
    event.preventDefault()
    if (texts === null) return load()
    const body = bodyOf(form, channel, new Date().toLocaleDateString('sv'))
    if ('field' in body) return setFault({ field: body.field, text: body.field === 'birth' ? words.birthWrong : words.phoneWrong })
    void trying(async () => {
      const { registerMember: answer } = await post(RegisterMemberDocument, { input: { ...body, idempotencyKey: keys.of(body) } }, OPTIONS)
      if (answer.__typename === 'Problem') return { field: fieldOf(answer.field), text: answer.message }
      setRequest(answer.request)
      return null
    })
  }
  const confirm = (code: string): void => {
    const body = { channel, request: request ?? '', code }
    void trying(async () => {
      const { confirmMember: answer } = await post(ConfirmMemberDocument, { input: { ...body, idempotencyKey: keys.of(body) } }, OPTIONS)
      if (answer.__typename === 'Problem') return { field: 'code', text: answer.message }
      setJoined(answer)
      signal('success')
      return null
    })
  }
  const text = (name: 'lastName' | 'firstName' | 'patronymic' | 'email', kind: 'text' | 'email' = 'text') => (
    <Field label={words[name]} name={name} kind={kind} value={form[name]} optional={name === 'patronymic'} autoComplete="off" error={of(name)} onInput={value => setForm({ ...form, [name]: value })} />
  )
  const of = (name: string): string | undefined => (fault?.field === name ? fault.text : undefined)
  const loose = fault !== null && !['lastName', 'firstName', 'patronymic', 'email', 'birth', 'phone', 'accepted'].includes(fault.field ?? '')

  if (joined) {
    return (
      <Sheet title={words.title} onClose={onClose}>
        <div class="stack wide-gap">
          <Tick title={joined.isNew ? words.joined : words.known} note={joined.isNew ? words.joinedHint : words.knownHint} />
          <Button wide onClick={onClose}>{words.close}</Button>
        </div>
      </Sheet>
    )
  }
  if (request !== null) {
    return (
      <Sheet title={words.codeTitle} onClose={onClose}>
        <CodeForm words={words} busy={busy} fault={fault} onCode={confirm} onBack={() => { setRequest(null); setFault(null) }} />
      </Sheet>
    )
  }
  return (
    <Sheet title={words.title} onClose={onClose}>
      <form class="stack wide-gap" ref={place} onSubmit={send} noValidate>
        {text('lastName')}
        {text('firstName')}
        {text('patronymic')}
        <Field label={words.birth} name="birth" value={form.birth} inputMode="numeric" autoComplete="off" hint={words.birthHint} error={of('birth')} onInput={value => setForm({ ...form, birth: birthTyped(value) })} />
        <Field label={words.phone} name="phone" kind="tel" value={form.phone} inputMode="tel" autoComplete="off" error={of('phone')} onInput={(value, input) => setForm({ ...form, phone: phoneTyped(value, input.selectionStart ?? value.length).text })} />
        {text('email', 'email')}
        <Choice legend={words.by} name="by" value={form.by} options={[{ value: 'SMS', text: words.sms }, { value: 'EMAIL', text: words.letter }]} onChoose={by => setForm({ ...form, by })} />
        <div class="stack" role="group" aria-labelledby="join-texts">
          <h3 class="headline" id="join-texts">{words.texts}</h3>
          <p class="note">{words.textsHint}</p>
          {texts === null ? <Skeleton height={160} /> : texts.map(one => (
            <Check
              key={one.id} name={one.id} required={REQUIRED.has(one.kind)} checked={form.accepted.includes(one.id)}
              onChange={on => setForm({ ...form, accepted: on ? [...form.accepted, one.id] : form.accepted.filter(id => id !== one.id) })}
              more={<details><summary>{words.read}</summary><p class="note" style={{ whiteSpace: 'pre-line' }}>{one.text}</p></details>}
            >
              {one.title}
            </Check>
          ))}
          {of('accepted') && <Notice kind="danger" role="alert" title={of('accepted')!} />}
        </div>
        {loose && <Notice kind="danger" role="alert" title={fault.text} />}
        <Button type="submit" wide disabled={busy || loading}>{busy ? words.sending : words.send}</Button>
      </form>
    </Sheet>
  )
}
