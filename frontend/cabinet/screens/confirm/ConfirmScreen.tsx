/** Confirming the address: the link from the letter and its six digits, on one page. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { useLocation, useSearchParams } from 'wouter'
import { Button, ButtonLink } from '../../../shared/parts/Button.tsx'
import { Field } from '../../../shared/parts/Field.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { attempt } from '../../../shared/data/attempt.ts'
import { clockFace, useCountdown } from '../../../shared/data/countdown.ts'
import { enter } from '../../data/enter.ts'
import { Door } from '../../frame/Frame.tsx'
import { ConfirmEmailByCodeDocument, ConfirmEmailDocument, ResendConfirmationDocument } from '../../graph/documents.ts'
import { draftOf, lastDraft, onNote, tell } from '../../joining/draft.ts'
import { isMail } from '../../joining/mail.ts'
import { words } from '../../words/words.ts'
import css from './ConfirmScreen.module.css'
import { webmailOf } from './webmail.ts'

interface Arrived {
  email?: string
  resendAfter?: string
}

export function ConfirmScreen() {
  const [query] = useSearchParams()
  const token = query.get('token')
  return token ? <ByLink token={token} /> : <ByCode />
}

/** Opening the link changes nothing; this page does, once. */
function ByLink({ token }: { token: string }) {
  const [state, setState] = useState<{ kind: 'busy' } | { kind: 'done'; email: string } | { kind: 'refused'; expired: boolean; message: string }>({ kind: 'busy' })
  const [, go] = useLocation()
  const sent = useRef(false)

  const confirm = async (): Promise<void> => {
    setState({ kind: 'busy' })
    const answer = await attempt(ConfirmEmailDocument, { token })
    if ('problem' in answer) return setState({ kind: 'refused', expired: answer.problem.code === 'TOKEN_NOT_ACCEPTED' && answer.problem.field === 'token', message: answer.problem.message })
    const { email } = answer.done
    tell({ kind: 'confirmed', email })
    const draft = draftOf(email)
    if (draft && 'done' in (await enter(draft.email, draft.password))) return go('/card', { replace: true })
    setState({ kind: 'done', email })
  }
  useEffect(() => {
    if (sent.current) return
    sent.current = true
    void confirm()
  }, [])
  // The tab that registered signs this browser in; then this tab goes to the card as well.
  useEffect(() => onNote(note => { if (note.kind === 'signed-in') go('/card', { replace: true }) }), [])

  if (state.kind === 'busy') return <Door title={words.confirm.busy}><Button busy wide>{words.confirm.submit}</Button></Door>
  if (state.kind === 'done') {
    return (
      <Door title={words.confirm.done} note={words.confirm.doneNote}>
        <Button wide onClick={() => go('/sign-in', { state: { moved: true, login: state.email } })}>{words.confirm.enter}</Button>
      </Door>
    )
  }
  if (!state.expired) {
    return (
      <Door title={words.confirm.title}>
        <Notice kind="danger" role="alert">{state.message}</Notice>
        <Button wide onClick={() => void confirm()}>{words.page.retry}</Button>
      </Door>
    )
  }
  return <ByCode title={words.confirm.expired} note={words.confirm.expiredNote} />
}

function ByCode({ title = words.confirm.title, note }: { title?: string; note?: string }) {
  const arrived = (history.state ?? {}) as Arrived
  const known = arrived.email ?? lastDraft()?.email
  const [email, setEmail] = useState(known ?? '')
  const [code, setCode] = useState('')
  const [fault, setFault] = useState<string>()
  const [message, setMessage] = useState<{ kind: 'success' | 'danger'; text: string }>()
  const [busy, setBusy] = useState<'confirm' | 'resend' | 'opened'>()
  const [resendAfter, setResendAfter] = useState(arrived.resendAfter)
  const left = useCountdown(resendAfter)
  const [, go] = useLocation()
  const draft = draftOf(email)

  const proceed = async (): Promise<void> => {
    if (draft && 'done' in (await enter(draft.email, draft.password))) return go('/card', { replace: true })
    go('/sign-in', { replace: true, state: { login: email } })
  }
  const submit = async (): Promise<void> => {
    setMessage(undefined)
    if (!isMail(email)) return setMessage({ kind: 'danger', text: words.forms.email })
    if (!/^\d{6}$/.test(code)) return setFault(words.confirm.codeShort)
    setBusy('confirm')
    const answer = await attempt(ConfirmEmailByCodeDocument, { email: email.trim(), code })
    if ('done' in answer) await proceed()
    else setFault(answer.problem.message)
    setBusy(undefined)
  }
  const resend = async (): Promise<void> => {
    if (!isMail(email)) return setMessage({ kind: 'danger', text: words.forms.email })
    setBusy('resend')
    const answer = await attempt(ResendConfirmationDocument, { email: email.trim() })
    setBusy(undefined)
    if ('problem' in answer) return setMessage({ kind: 'danger', text: answer.problem.message })
    setResendAfter(answer.done.resendAfter)
    setMessage({ kind: 'success', text: words.confirm.resent(email.trim()) })
  }
  /** The link was opened on another device: one try to sign in shows it. */
  const opened = async (): Promise<void> => {
    if (!draft) return
    setBusy('opened')
    const answer = await enter(draft.email, draft.password)
    setBusy(undefined)
    if ('done' in answer) return go('/card', { replace: true })
    setMessage({ kind: 'danger', text: answer.problem.code === 'NOT_CONFIRMED' ? words.confirm.notYet : answer.problem.message })
  }
  useEffect(() => onNote(note => { if (note.kind === 'confirmed' && note.email === email) void proceed() }), [email])

  const webmail = known && webmailOf(known)
  return (
    <Door title={title} note={note ?? (known ? words.confirm.sent(known) : words.confirm.ask)}>
      <form class={css['form']} noValidate onSubmit={event => { event.preventDefault(); if (!busy) void submit() }}>
        {!known && <Field label={words.join.email} name="email" kind="email" inputMode="email" autoComplete="email" value={email} onInput={setEmail} />}
        <Field
          label={words.confirm.code} name="code" value={code} inputMode="numeric" autoComplete="one-time-code" hint={words.confirm.codeHint} error={fault} large
          onInput={(value, input) => { const digits = value.replace(/\D/g, '').slice(0, 6); input.value = digits; setCode(digits); setFault(undefined) }}
        />
        {message && <Notice kind={message.kind} role="alert">{message.text}</Notice>}
        <Button type="submit" wide busy={busy === 'confirm'}>{words.confirm.submit}</Button>
      </form>
      {draft && <Button kind="quiet" wide busy={busy === 'opened'} onClick={() => void opened()}>{words.confirm.opened}</Button>}
      {webmail && <ButtonLink kind="quiet" wide outside href={webmail.href}>{words.confirm.webmail(webmail.name)}</ButtonLink>}
      <div class={css['other']}>
        <p class={css['note']}>{words.confirm.spam}</p>
        {left > 0
          ? <p class={css['note']} aria-hidden="true">{words.confirm.resendIn(clockFace(left))}</p>
          : <Button kind="plain" busy={busy === 'resend'} onClick={() => void resend()}>{words.confirm.resend}</Button>}
        <ButtonLink kind="plain" href="/join">{words.confirm.change}</ButtonLink>
      </div>
    </Door>
  )
}
