/** A tick with its sentence. A link or button given as `more` opens without toggling the tick. */
import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import css from './Check.module.css'

interface CheckProps {
  name: string
  checked: boolean
  onChange: (checked: boolean) => void
  children: ComponentChildren
  more?: ComponentChildren
  error?: string | undefined
  required?: boolean
  disabled?: boolean | undefined
}

export function Check({ name, checked, onChange, children, more, error, required, disabled }: CheckProps) {
  const id = useId()
  return (
    <div class={css['check']}>
      <input
        id={id} name={name} type="checkbox" class={css['box']} checked={checked} required={required} disabled={disabled}
        aria-invalid={error ? true : undefined} aria-describedby={error ? `${id}e` : undefined}
        onChange={event => onChange(event.currentTarget.checked)}
      />
      <div>
        <label class={css['label']} for={id}>{children}</label>
        {more && <div class={css['more']}>{more}</div>}
        {error && <p class={css['error']} id={`${id}e`}>{error}</p>}
      </div>
    </div>
  )
}
