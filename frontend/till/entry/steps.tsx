/** What the sheets share in which a guest says a code: a press that may be refused, the code, and the code sent once more. */
import type { ComponentChildren, RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { clockFace, useCountdown } from '../../shared/data/countdown.ts'
import { Refused } from '../../shared/graph/post.ts'
import { Button } from '../../shared/parts/Button.tsx'
import { Field } from '../../shared/parts/Field.tsx'
import { Notice } from '../../shared/parts/Notice.tsx'
import { signal } from '../signals.ts'

export const OPTIONS = { credential: 'till' } as const

/** A refusal: at a field of the form, or of all of it. */
export type Fault = { field: string | null; text: string }

interface Trying {
  /** Of the long form: a field that is refused above its button comes into view. */
  form: RefObject<HTMLFormElement | null>
  busy: boolean
  fault: Fault | null
  setFault: (fault: Fault | null) => void
  /** Asks the server; what it gives back is why it was refused. */
  trying: (what: () => Promise<Fault | null>) => Promise<void>
}

export function useTrying(unreachable: string): Trying {
  const [fault, setFault] = useState<Fault | null>(null)
  const [busy, setBusy] = useState(false)
  const form = useRef<HTMLFormElement | null>(null)
  useEffect(() => {
    if (fault?.field) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
  }, [fault])
  const trying = async (what: () => Promise<Fault | null>): Promise<void> => {
    setBusy(true)
    setFault(null)
    const met = await what().catch((error: unknown) => ({ field: null, text: error instanceof Refused ? error.message : unreachable }))
    setBusy(false)
    setFault(met)
    if (met) signal('refusal')
  }
  return { form, busy, fault, setFault, trying }
}

interface CodeFormProps {
  words: { codeHint: string; code: string; confirm: string; again: string }
  busy: boolean
  fault: Fault | null
  onCode: (code: string) => void
  onBack: () => void
  /** Between the hint and the field. */
  children?: ComponentChildren
  /** Below the button. */
  more?: ComponentChildren
}

export function CodeForm({ words, busy, fault, onCode, onBack, children, more }: CodeFormProps) {
  const [code, setCode] = useState('')
  const place = useRef<HTMLFormElement>(null)
  const atCode = fault?.field === 'code'
  const focus = (): void => place.current?.querySelector<HTMLElement>('input[name=code]')?.focus()
  // In a sheet that is open already, `autoFocus` does nothing, and the button that was pressed is gone.
  useEffect(focus, [])
  useEffect(() => {
    if (atCode) focus()
  }, [fault])
  return (
    <form class="stack wide-gap" ref={place} onSubmit={event => { event.preventDefault(); onCode(code) }} noValidate>
      {fault && !atCode && <Notice kind="danger" role="alert" title={fault.text} />}
      <p>{words.codeHint}</p>
      {children}
      <Field label={words.code} name="code" value={code} inputMode="numeric" autoComplete="off" maxLength={7} large error={atCode ? fault.text : undefined} onInput={value => setCode(value.replace(/\D/g, '').slice(0, 6))} />
      <Button type="submit" wide disabled={busy || code.length < 6}>{words.confirm}</Button>
      {more}
      <Button kind="plain" wide onClick={onBack}>{words.again}</Button>
    </form>
  )
}

interface AgainProps {
  words: { noCode: string; resend: string; resendIn: (left: string) => string; sentAgain: Record<'same' | 'new', string> }
  /** A moment of the server's clock: not before it. */
  resendAfter: string
  /** Whether it was sent once more, and what that brought. */
  again: 'same' | 'new' | null
  busy: boolean
  onAgain: () => void
}

export function Again({ words, resendAfter, again, busy, onAgain }: AgainProps) {
  const left = useCountdown(resendAfter)
  return (
    <div class="stack">
      <p class="note">{words.noCode}</p>
      {again && <p class="note" role="status">{words.sentAgain[again]}</p>}
      <Button kind="quiet" wide disabled={busy || left > 0} onClick={onAgain}>{left > 0 ? words.resendIn(clockFace(left)) : words.resend}</Button>
    </div>
  )
}
