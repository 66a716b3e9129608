/** Filters as chips: native selects, so that every phone shows its own list. */
import { useId } from 'preact/hooks'
import { classes } from '../../../shared/parts/classes.ts'
import { words } from '../../words/words.ts'
import css from './FilterBar.module.css'
import { anyFilter, NO_FILTERS, PERIODS, type Filters, type Period } from './filters.ts'

interface FilterBarProps {
  /** Whether there is anything to filter is not known yet: the place is kept, nothing shows. */
  unsure: boolean
  filters: Filters
  /** Whether there are tiers to count purchases for. */
  counts: boolean
  partners: readonly { id: string; name: string }[]
  onChange: (filters: Filters) => void
}

export function FilterBar({ unsure, filters, counts, partners, onChange }: FilterBarProps) {
  const set = (part: Partial<Filters>): void => onChange({ ...filters, ...part })
  const text = words.purchases
  return (
    <div class={classes(css['bar'], unsure && css['unsure'])} role="group" aria-label={text.filters}>
      <Choice label={text.period} value={filters.period} plain="all" options={PERIODS.map(one => [one, text.periods[one]])} onChange={value => set({ period: value as Period })} />
      {partners.length !== 1 && <Choice label={text.partner} value={filters.partner} plain="" options={[['', text.anyPartner], ...partners.map(one => [one.id, one.name] as const)]} onChange={value => set({ partner: value })} />}
      {counts && <Choice label={text.counting} value={filters.counted} plain="all" options={[['all', text.countings.all], ['yes', text.countings.yes], ['no', text.countings.no]]} onChange={value => set({ counted: value as Filters['counted'] })} />}
      <button type="button" class={classes(css['chip'], filters.refunded && css['on'])} aria-pressed={filters.refunded} onClick={() => set({ refunded: !filters.refunded })}>{text.refunds}</button>
      {anyFilter(filters) && <button type="button" class={css['reset']} onClick={() => onChange(NO_FILTERS)}>{text.reset}</button>}
      {filters.period === 'own' && (
        <div class={css['dates']}>
          <DateChoice label={text.from} value={filters.from} onChange={from => set({ from })} />
          <DateChoice label={text.to} value={filters.to} onChange={to => set({ to })} />
        </div>
      )}
    </div>
  )
}

interface ChoiceProps {
  label: string
  value: string
  /** The value that filters nothing: the chip then shows its label. */
  plain: string
  options: readonly (readonly [string, string])[]
  onChange: (value: string) => void
}

function Choice({ label, value, plain, options, onChange }: ChoiceProps) {
  const chosen = options.find(([key]) => key === value)
  const on = value !== plain
  return (
    <label class={classes(css['chip'], css['choice'], on && css['on'])}>
      <span aria-hidden="true">{on ? chosen?.[1] ?? label : label}</span>
      <select aria-label={label} value={value} onChange={event => onChange(event.currentTarget.value)}>
        {options.map(([key, name]) => <option key={key} value={key}>{name}</option>)}
      </select>
    </label>
  )
}

function DateChoice({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const id = useId()
  return (
    <div class={css['date']}>
      <label for={id}>{label}</label>
      <input id={id} type="date" value={value} onInput={event => onChange(event.currentTarget.value)} />
    </div>
  )
}
