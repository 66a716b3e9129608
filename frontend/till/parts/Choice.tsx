/** One of a few: native radio buttons that look like keys. Arrow keys, names and states come from the browser. */
import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import css from './Choice.module.css'

export interface Option<Value extends string> {
  readonly value: Value
  readonly text: ComponentChildren
}

interface ChoiceProps<Value extends string> {
  legend: string
  /** The legend is heard, not seen, where the picture tells it. */
  quietLegend?: boolean
  options: readonly Option<Value>[]
  value: Value | null
  onChoose: (value: Value) => void
  name: string
  disabled?: boolean
  /** Rows across the column instead of keys side by side. */
  rows?: boolean
  more?: ComponentChildren
}

export function Choice<Value extends string>({ legend, quietLegend, options, value, onChoose, name, disabled, rows, more }: ChoiceProps<Value>) {
  const id = useId()
  return (
    <fieldset class={css['choice']} disabled={disabled}>
      <legend class={quietLegend ? 'unseen' : css['legend']}>{legend}</legend>
      <div class={rows ? css['rows'] : css['keys']}>
        {options.map(option => (
          <label key={option.value} class={rows ? css['row'] : css['key']}>
            <input
              type="radio"
              class={css['dot']}
              name={`${name}${id}`}
              data-field={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChoose(option.value)}
            />
            <span class={css['text']}>{option.text}</span>
          </label>
        ))}
        {more}
      </div>
    </fieldset>
  )
}
