/** A member's data changed at the counter: whose they are, what changes, and the code by which the guest says yes to just that. */
import { useEffect, useState } from 'preact/hooks'
import { post } from '../../shared/graph/post.ts'
import { Button } from '../../shared/parts/Button.tsx'
import { Check } from '../../shared/parts/Check.tsx'
import { Field } from '../../shared/parts/Field.tsx'
import { Notice } from '../../shared/parts/Notice.tsx'
import { Sheet } from '../../shared/parts/Sheet.tsx'
import { Skeleton } from '../../shared/parts/Skeleton.tsx'
import { phoneTyped } from '../../shared/phone.ts'
import type { MemberChangeInput, RequestMemberChangeInput } from '../graph/documents.ts'
import { ConfirmMemberChangeDocument, JoinTextsDocument, RequestMemberChangeDocument } from '../graph/late.ts'
import { Choice } from '../parts/Choice.tsx'
import { useOnline } from '../parts/online.ts'
import { Tick } from '../parts/Tick.tsx'
import type { Guest } from '../sale/state.ts'
import { signal } from '../signals.ts'
import { askedOf, changeOf, chosenTexts, emptyChange, type ChangeForm, type Text } from './change.ts'
import { changeWords } from './changeWords.ts'
import { fieldOf, Keys } from './form.ts'
import { Again, CodeForm, OPTIONS, useTrying } from './steps.tsx'

const AT_FIELDS = ['lastName', 'firstName', 'patronymic', 'phone', 'accepted', 'withdrawn']

interface ChangeProps {
  channel: 'TILL' | 'DESK'
  /** The guest of the receipt that is open, where a code was scanned. */
  guest: Guest | null
  onClose: () => void
}

/** A code was asked for: by what, for what, when it may be sent once more, and whether that brought the same code. */
interface Sent {
  asked: RequestMemberChangeInput
  change: MemberChangeInput
  request: string
  resendAfter: string
  again: 'same' | 'new' | null
}

export function ChangeSheet({ channel, guest, onClose }: ChangeProps) {
  const words = changeWords()
  const [texts, setTexts] = useState<readonly Text[] | null>(null)
  const [loading, setLoading] = useState(true)
  const [form, setForm] = useState<ChangeForm>(() => emptyChange(guest !== null))
  const [sent, setSent] = useState<Sent | null>(null)
  const [changed, setChanged] = useState<MemberChangeInput | null>(null)
  const [keys] = useState(() => new Keys(() => crypto.randomUUID()))
  const { form: place, busy, fault, setFault, trying } = useTrying(words.unreachable)
  const load = (): void => {
    if (texts !== null) return
    setLoading(true)
    setFault(null)
    post(JoinTextsDocument, {}, OPTIONS).then(answer => setTexts(answer.programme.documents), () => setFault({ field: null, text: words.unreachable })).finally(() => setLoading(false))
  }
  const online = useOnline(load)
  useEffect(load, [])

  const ask = (asked: RequestMemberChangeInput, change: MemberChangeInput): Promise<void> =>
    trying(async () => {
      const { requestMemberChange: answer } = await post(RequestMemberChangeDocument, { input: asked }, OPTIONS)
      if (answer.__typename === 'Problem') return { field: fieldOf(answer.field), text: answer.message }
      setSent({ asked, change, request: answer.request, resendAfter: answer.resendAfter, again: asked.request == null ? null : asked.request === answer.request ? 'same' : 'new' })
      return null
    })
  const send = (event: Event): void => {
    event.preventDefault()
    if (texts === null) return load()
    const change = changeOf(form, texts)
    const asked = askedOf(form, change, channel, guest?.ticket ?? null)
    if ('field' in asked) return setFault({ field: 'phone', text: words.phoneWrong })
    void ask(asked, change)
  }
  const confirm = (code: string): void => {
    if (sent === null) return
    const body = { channel, change: sent.change, request: sent.request, code }
    void trying(async () => {
      const { confirmMemberChange: answer } = await post(ConfirmMemberChangeDocument, { input: { ...body, idempotencyKey: keys.of(body) } }, OPTIONS)
      if (answer.__typename === 'Problem') return { field: fieldOf(answer.field), text: answer.message }
      setChanged(sent.change)
      signal('success')
      return null
    })
  }
  const edit = (part: Partial<ChangeForm>): void => {
    setForm({ ...form, ...part })
    setFault(null)
  }
  const of = (name: string): string | undefined => (fault?.field === name ? fault.text : undefined)
  const name = (which: 'lastName' | 'firstName' | 'patronymic', disabled = false) => (
    <Field label={words[which]} name={which} value={form[which]} optional disabled={disabled} autoComplete="off" error={of(which)} onInput={value => edit({ [which]: value })} />
  )

  if (changed) {
    const renamed = changed.lastName !== null || changed.firstName !== null || changed.patronymic !== null
    return (
      <Sheet title={words.title} onClose={onClose}>
        <div class="stack wide-gap">
          <Tick title={words.done} note={renamed ? words.doneHint : words.consentHint} />
          <Button wide onClick={onClose}>{words.close}</Button>
        </div>
      </Sheet>
    )
  }
  if (sent) {
    return (
      <Sheet title={words.codeTitle} onClose={onClose}>
        <CodeForm
          words={words} busy={busy} fault={fault} onCode={confirm} onBack={() => { setSent(null); setFault(null) }}
          more={<Again words={words} resendAfter={sent.resendAfter} again={sent.again} busy={busy} onAgain={() => void ask({ ...sent.asked, request: sent.request }, sent.change)} />}
        >
          <Changes change={sent.change} texts={texts ?? []} />
        </CodeForm>
      </Sheet>
    )
  }
  return (
    <Sheet title={words.title} onClose={onClose}>
      <form class="stack wide-gap" ref={place} onSubmit={send} noValidate>
        {!online && <Notice kind="warning" role="status" title={words.offline} />}
        {guest && (
          <Choice
            rows legend={words.who} name="by" value={form.by} onChoose={by => edit({ by })}
            options={[{ value: 'TICKET', text: words.ticket(guest.facts.firstName) }, { value: 'PHONE', text: words.byPhone }]}
          />
        )}
        {form.by === 'PHONE' && (
          <Field label={words.phone} name="phone" kind="tel" value={form.phone} inputMode="tel" autoComplete="off" hint={words.phoneHint} error={of('phone')} onInput={(value, input) => edit({ phone: phoneTyped(value, input.selectionStart ?? value.length).text })} />
        )}
        <div class="stack" role="group" aria-labelledby="change-what">
          <h3 class="headline" id="change-what">{words.what}</h3>
          <p class="note">{words.whatHint}</p>
          {name('lastName')}
          {name('firstName')}
          {name('patronymic', form.noPatronymic)}
          <Check name="noPatronymic" checked={form.noPatronymic} onChange={noPatronymic => edit({ noPatronymic })}>{words.noPatronymic}</Check>
        </div>
        <div class="stack" role="group" aria-labelledby="change-consents">
          <h3 class="headline" id="change-consents">{words.consents}</h3>
          <p class="note">{words.consentsHint}</p>
          {texts === null ? <Skeleton height={160} /> : chosenTexts(texts).map(one => (
            <div key={one.id} class="stack">
              <Choice
                legend={one.title} name={one.id} value={form.wishes[one.id] ?? 'KEEP'} onChoose={wish => edit({ wishes: { ...form.wishes, [one.id]: wish } })}
                options={(['KEEP', 'GIVE', 'WITHDRAW'] as const).map(value => ({ value, text: words.wishes[value] }))}
              />
              <details><summary>{words.read}</summary><p class="note" style={{ whiteSpace: 'pre-line' }}>{one.text}</p></details>
            </div>
          ))}
          {[of('accepted'), of('withdrawn')].map(text => text && <Notice key={text} kind="danger" role="alert" title={text} />)}
        </div>
        <p class="note">{words.contacts}</p>
        {fault && !AT_FIELDS.includes(fault.field ?? '') && <Notice kind="danger" role="alert" title={fault.text} />}
        <Button type="submit" wide disabled={busy || loading}>{busy ? words.sending : words.send}</Button>
      </form>
    </Sheet>
  )
}

/** What the guest says yes to, in the cashier's words: read out before the code is told. */
function Changes({ change, texts }: { change: MemberChangeInput; texts: readonly Text[] }) {
  const words = changeWords()
  const title = (text: Text | undefined): string => text?.title ?? ''
  const facts = [
    change.lastName && [words.lastName, change.lastName],
    change.firstName && [words.firstName, change.firstName],
    change.patronymic !== null && [words.patronymic, change.patronymic || words.none],
    ...(change.accepted ?? []).map(id => [title(texts.find(one => one.id === id)), words.wishes.GIVE]),
    ...(change.withdrawn ?? []).map(kind => [title(texts.find(one => one.kind === kind)), words.wishes.WITHDRAW]),
  ].filter(Array.isArray)
  return (
    <dl class="stack">
      {facts.map(([what, how]) => <div class="spread" key={what}><dt class="muted" style={{ flex: '1 1 0' }}>{what}</dt><dd style={{ textAlign: 'end', overflowWrap: 'anywhere' }}>{how}</dd></div>)}
    </dl>
  )
}
