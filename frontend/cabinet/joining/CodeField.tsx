/** The field for six digits of a message or a letter. */
import { Field } from '../../shared/parts/Field.tsx'
import { words } from '../words/words.ts'

interface CodeFieldProps {
  label: string
  value: string
  onInput: (code: string) => void
  error: string | undefined
}

export function CodeField({ label, value, onInput, error }: CodeFieldProps) {
  return (
    <Field
      label={label} name="code" value={value} inputMode="numeric" autoComplete="one-time-code" hint={words.confirm.codeHint} error={error} large autoFocus
      onInput={(typed, input) => { const digits = typed.replace(/\D/g, '').slice(0, 6); input.value = digits; onInput(digits) }}
    />
  )
}

export function codeFault(code: string): { code?: string } {
  return /^\d{6}$/.test(code) ? {} : { code: words.confirm.codeShort }
}
