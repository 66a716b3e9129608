/** A labelled calendar day: the browser's own picker, in the reader's order of day and month. */
import { useId } from 'preact/hooks'
import css from '../../shared/parts/Field.module.css'

interface DateFieldProps {
  label: string
  name: string
  value: string
  onChange: (value: string) => void
  hint?: string
  error?: string | undefined
}

export function DateField({ label, name, value, onChange, hint, error }: DateFieldProps) {
  const id = useId()
  return (
    <div class={css['field']}>
      <label class={css['label']} for={id}>{label}</label>
      <input
        id={id} name={name} type="date" class={`${css['input']} ${error ? css['wrong'] : ''}`} value={value}
        aria-invalid={error ? true : undefined} aria-describedby={error ? `${id}e` : hint ? `${id}h` : undefined}
        onInput={event => onChange(event.currentTarget.value)}
      />
      {error ? <p class={css['error']} id={`${id}e`}>{error}</p> : hint && <p class={css['hint']} id={`${id}h`}>{hint}</p>}
    </div>
  )
}
