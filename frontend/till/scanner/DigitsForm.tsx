/** The code by hand: the 24 digits that stand under the guest's QR, in their groups of four. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { Button } from '../../shared/parts/Button.tsx'
import { Field } from '../../shared/parts/Field.tsx'
import { say, type Word } from '../words/say.ts'
import { CODE_LENGTH, inGroups, judge, strip, type CodeVerdict } from './check.ts'
import { BY_HAND_FIELD } from './keys.ts'

const FAULTS: Readonly<Record<Exclude<CodeVerdict, 'good'>, Word>> = {
  short: 'scan.short',
  long: 'scan.long',
  foreign: 'scan.foreignDigits',
  mistyped: 'scan.mistyped',
}

/** The caret stands after as many digits as before the spaces moved. */
function caretAfter(text: string, digits: number): number {
  let seen = 0
  for (let place = 0; place < text.length; place += 1) {
    if (seen === digits) return place
    if (text[place] !== ' ') seen += 1
  }
  return text.length
}

export function DigitsForm({ onCode }: { onCode: (code: string) => void }) {
  const [digits, setDigits] = useState('')
  const [fault, setFault] = useState<Word | null>(null)
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => form.current?.querySelector('input')?.focus(), [])
  const type = (text: string, input: HTMLInputElement): void => {
    const next = strip(text)
      .replace(/\D/g, '')
      .slice(0, CODE_LENGTH + 4)
    const before = (input.value.slice(0, input.selectionStart ?? 0).match(/\d/g) ?? []).length
    const shown = inGroups(next)
    input.value = shown
    const caret = caretAfter(shown, before)
    input.setSelectionRange(caret, caret)
    setDigits(next)
    const verdict = judge(next)
    setFault(verdict === 'foreign' && next.length >= 2 ? FAULTS.foreign : null)
  }
  const check = (event: Event): void => {
    event.preventDefault()
    const verdict = judge(digits)
    if (verdict === 'good') return onCode(digits)
    setFault(FAULTS[verdict])
    form.current?.querySelector('input')?.focus()
  }
  const left = CODE_LENGTH - digits.length
  return (
    <form class="stack" ref={form} onSubmit={check} noValidate>
      <Field
        label={say('scan.byHandTitle')}
        name={BY_HAND_FIELD}
        value={inGroups(digits)}
        inputMode="numeric"
        autoComplete="off"
        large
        error={fault === null ? undefined : say(fault, { count: digits.length })}
        hint={digits === '' || left <= 0 ? say('scan.byHandHint') : say('scan.left', { count: left })}
        onInput={type}
      />
      <Button type="submit" kind="quiet" wide>
        {say('scan.byHandButton')}
      </Button>
    </form>
  )
}
