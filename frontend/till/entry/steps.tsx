/** What joining and changing at a counter share: a press that may be refused, and the code that the guest says. */
import type { ComponentChildren, RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
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
  const atCode = fault?.field === 'code'
  const form = useRef<HTMLFormElement>(null)
  // In a sheet that is open already, `autoFocus` does nothing, and the button that was pressed is gone.
  useEffect(() => form.current?.querySelector<HTMLElement>('input[name=code]')?.focus(), [])
  return (
    <form class="stack wide-gap" ref={form} onSubmit={event => { event.preventDefault(); onCode(code) }} noValidate>
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
