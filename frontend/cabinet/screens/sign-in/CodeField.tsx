/** Six digits from a message: the phone offers them by itself, and nothing but digits gets in. */
import { Field } from '../../../shared/parts/Field.tsx'
import { words } from '../../words/words.ts'

export function CodeField({ value, error, onInput }: { value: string; error: string | undefined; onInput: (digits: string) => void }) {
  return (
    <Field
      label={words.byCode.code} name="code" value={value} inputMode="numeric" autoComplete="one-time-code" hint={words.confirm.codeHint} error={error} large
      onInput={(text, input) => { const digits = text.replace(/\D/g, '').slice(0, 6); input.value = digits; onInput(digits) }}
    />
  )
}
