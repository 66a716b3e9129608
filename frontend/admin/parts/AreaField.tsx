/** A labelled text of several lines. */
import { useId } from 'preact/hooks'
import css from '../../shared/parts/Field.module.css'
import { partWords } from '../../shared/words/parts.ts'
import own from './fields.module.css'

interface AreaFieldProps {
  label: string
  name: string
  value: string
  onInput: (value: string) => void
  hint?: string
  error?: string | undefined
  optional?: boolean
  maxLength?: number
  rows?: number
}

export function AreaField({ label, name, value, onInput, hint, error, optional, maxLength = 500, rows = 2 }: AreaFieldProps) {
  const id = useId()
  return (
    <div class={css['field']}>
      <label class={css['label']} for={id}>{label}{optional && <span class={css['optional']}> · {partWords().optional}</span>}</label>
      <textarea
        id={id} name={name} class={`${css['input']} ${own['area']} ${error ? css['wrong'] : ''}`} rows={rows} value={value} maxLength={maxLength} required={!optional}
        aria-invalid={error ? true : undefined} aria-describedby={error ? `${id}e` : hint ? `${id}h` : undefined}
        onInput={event => onInput(event.currentTarget.value)}
      />
      {error ? <p class={css['error']} id={`${id}e`}>{error}</p> : hint && <p class={css['hint']} id={`${id}h`}>{hint}</p>}
    </div>
  )
}
