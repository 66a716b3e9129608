/** A few choices side by side, one of them taken. */
import css from './Choices.module.css'

interface ChoicesProps<Value extends string> {
  name: string
  legend: string
  value: Value
  options: readonly (readonly [Value, string])[]
  onChange: (value: Value) => void
  /** Each choice is the name of a language, said in it. */
  inOwnLanguage?: boolean
}

export function Choices<Value extends string>({ name, legend, value, options, onChange, inOwnLanguage }: ChoicesProps<Value>) {
  return (
    <fieldset class={css['choices']}>
      <legend>{legend}</legend>
      {options.map(([key, text]) => (
        <label key={key} class={css['choice']} lang={inOwnLanguage ? key : undefined}>
          <input type="radio" name={name} value={key} checked={key === value} onChange={() => onChange(key)} /><span>{text}</span>
        </label>
      ))}
    </fieldset>
  )
}
