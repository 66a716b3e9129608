/** A labelled native list of choices. */
import { useId } from 'preact/hooks'
import css from '../../shared/parts/Field.module.css'
import own from './fields.module.css'

export interface Choice {
  value: string
  name: string
  disabled?: boolean
}

interface SelectFieldProps {
  label: string
  name: string
  value: string
  choices: readonly Choice[]
  onChange: (value: string) => void
  hint?: string | undefined
  error?: string | undefined
}

export function SelectField({ label, name, value, choices, onChange, hint, error }: SelectFieldProps) {
  const id = useId()
  return (
    <div class={css['field']}>
      <label class={css['label']} for={id}>{label}</label>
      <select
        id={id} name={name} class={`${css['input']} ${own['select']} ${error ? css['wrong'] : ''}`} value={value}
        aria-invalid={error ? true : undefined} aria-describedby={error ? `${id}e` : hint ? `${id}h` : undefined}
        onChange={event => onChange(event.currentTarget.value)}
      >
        {choices.map(one => <option key={one.value} value={one.value} disabled={one.disabled}>{one.name}</option>)}
      </select>
      {error ? <p class={css['error']} id={`${id}e`}>{error}</p> : hint && <p class={css['hint']} id={`${id}h`}>{hint}</p>}
    </div>
  )
}
