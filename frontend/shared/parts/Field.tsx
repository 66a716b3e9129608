/** A labelled text field: its hint and its fault are tied to it, a password can be looked at. */
import type { ComponentChildren } from 'preact'
import { useId, useState } from 'preact/hooks'
import { partWords } from '../words/parts.ts'
import { classes } from './classes.ts'
import css from './Field.module.css'
import { EyeIcon, EyeOffIcon } from './icons.tsx'

export interface FieldProps {
  label: string
  name: string
  value: string
  onInput: (value: string, input: HTMLInputElement) => void
  onBlur?: () => void
  kind?: 'text' | 'password' | 'email' | 'tel' | 'search'
  inputMode?: 'text' | 'numeric' | 'decimal' | 'tel' | 'email'
  autoComplete?: string
  hint?: ComponentChildren
  error?: string | undefined
  /** An offer to mend what was typed, below the field. */
  offer?: ComponentChildren
  placeholder?: string
  optional?: boolean
  maxLength?: number
  autoFocus?: boolean
  /** Large figures, for sums and codes. */
  large?: boolean
  disabled?: boolean
}

export function Field({ label, name, value, onInput, onBlur, kind = 'text', hint, error, offer, optional, large, ...rest }: FieldProps) {
  const id = useId()
  const [seen, setSeen] = useState(false)
  const secret = kind === 'password'
  const words = partWords()
  return (
    <div class={css['field']}>
      <label class={css['label']} for={id}>{label}{optional && kind !== 'search' && <span class={css['optional']}> · {words.optional}</span>}</label>
      <div class={css['box']}>
        <input
          {...rest}
          id={id}
          name={name}
          class={classes(css['input'], error && css['wrong'], large && css['large'], secret && css['secret'])}
          type={(secret && seen ? 'text' : kind) as 'text'}
          value={value}
          required={!optional}
          spellcheck={false}
          autoCapitalize={kind === 'text' ? 'words' : 'none'}
          aria-invalid={error ? true : undefined}
          aria-describedby={classes(error && `${id}e`, hint && !error ? `${id}h` : null) || undefined}
          onInput={event => onInput(event.currentTarget.value, event.currentTarget)}
          onBlur={onBlur}
        />
        {secret && (
          <button type="button" class={css['eye']} aria-label={seen ? words.conceal : words.reveal} aria-pressed={seen} onClick={() => setSeen(!seen)}>
            {seen ? <EyeOffIcon /> : <EyeIcon />}
          </button>
        )}
      </div>
      {error && <p class={css['error']} id={`${id}e`}>{error}</p>}
      {offer}
      {hint && !error && <p class={css['hint']} id={`${id}h`}>{hint}</p>}
    </div>
  )
}
