/** A labelled calendar day: the browser's own picker, in the reader's order of day and month. */
import { useId } from 'preact/hooks'
import css from '../../shared/parts/Field.module.css'

export function DateField({ label, name, value, onChange }: { label: string; name: string; value: string; onChange: (value: string) => void }) {
  const id = useId()
  return (
    <div class={css['field']}>
      <label class={css['label']} for={id}>{label}</label>
      <input id={id} name={name} type="date" class={css['input']} value={value} onInput={event => onChange(event.currentTarget.value)} />
    </div>
  )
}
