/** Where, when and for whom: native controls, so that every phone brings its own calendar. */
import { useId, useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Field } from '../../../shared/parts/Field.tsx'
import { Panel } from '../../../shared/parts/Panel.tsx'
import type { HotelsQuery } from '../../graph/documents.ts'
import css from './Booking.module.css'
import { ADULTS_MAX, CHILDREN_MAX, CHILD_AGE_MAX, ROOMS_MAX, arriving, faultsOf, later, withRoom, type Party, type Wish } from './wish.ts'
import { bookingWords } from './words.ts'

const YEAR_DAYS = 365

interface SearchFormProps {
  hotels: HotelsQuery['hotels']
  wish: Wish
  today: string
  busy: boolean
  /** What the server said of the code. */
  codeError: string | undefined
  onChange: (wish: Wish) => void
  onFind: () => void
}

export function SearchForm({ hotels, wish, today, busy, codeError, onChange, onFind }: SearchFormProps) {
  const text = bookingWords()
  const [tried, setTried] = useState(false)
  const [coded, setCoded] = useState(wish.code !== '')
  const faults = tried ? faultsOf(wish, today) : {}
  const find = (): void => {
    setTried(true)
    const found = faultsOf(wish, today)
    if (found.arrival || found.departure) document.getElementById(found.arrival ? 'arrival' : 'departure')?.focus()
    else onFind()
  }
  const takesCodes = hotels.find(one => one.id === wish.hotel)?.takesPromoCodes

  return (
    <Panel title={text.search}>
      <form class={css['form']} noValidate onSubmit={event => { event.preventDefault(); if (!busy) find() }}>
        <Select label={text.hotel} value={wish.hotel} onChange={hotel => onChange({ ...wish, hotel })} options={hotels.map(one => [one.id, one.city ? `${one.name}, ${one.city}` : one.name])} />
        <div class={css['days']}>
          <Day id="arrival" label={text.arrival} value={wish.arrival} min={today} max={later(today, YEAR_DAYS)} error={faults.arrival && text[faults.arrival]} onChange={value => onChange(arriving(wish, value))} />
          <Day id="departure" label={text.departure} value={wish.departure} min={wish.arrival ? later(wish.arrival, 1) : today} max={later(today, YEAR_DAYS)} error={faults.departure && text[faults.departure]} onChange={departure => onChange({ ...wish, departure })} />
        </div>
        {wish.rooms.map((room, place) => (
          <Room
            key={place} place={place} room={room} only={wish.rooms.length === 1}
            onChange={next => onChange(withRoom(wish, place, next))}
            onDrop={event => { onChange({ ...wish, rooms: wish.rooms.filter((_, index) => index !== place) }); landOn(event, 'fieldset:last-of-type select') }}
          />
        ))}
        <div class={css['extras']}>
          {wish.rooms.length < ROOMS_MAX && <Button kind="plain" onClick={() => onChange({ ...wish, rooms: [...wish.rooms, { adults: 2, childAges: [] }] })}>{text.addRoom}</Button>}
          {takesCodes && !coded && <Button kind="plain" onClick={event => { setCoded(true); landOn(event, 'input[name=code]') }}>{text.code}</Button>}
        </div>
        {takesCodes && coded && <Field label={text.codeLabel} name="code" value={wish.code} optional maxLength={32} autoComplete="off" error={codeError} onInput={code => onChange({ ...wish, code })} />}
        <Button type="submit" wide busy={busy}>{text.find}</Button>
      </form>
    </Panel>
  )
}

/** What was pressed goes away with the press: the keyboard stands on what is left of the form, not at the top of the page. */
function landOn(event: MouseEvent, place: string): void {
  const form = (event.currentTarget as HTMLElement).closest('form')
  setTimeout(() => form?.querySelector<HTMLElement>(place)?.focus({ preventScroll: true }))
}

function Room({ place, room, only, onChange, onDrop }: { place: number; room: Party; only: boolean; onChange: (room: Party) => void; onDrop: (event: MouseEvent) => void }) {
  const text = bookingWords()
  const ages = Array.from({ length: CHILD_AGE_MAX + 1 }, (_, years) => [String(years), text.age(years)] as const)
  const child = (index: number, age: number | null): void => {
    const kept = room.childAges.filter((_, other) => other !== index)
    onChange({ ...room, childAges: age === null ? kept : room.childAges.map((one, other) => (other === index ? age : one)) })
  }
  return (
    <fieldset class={css['room']}>
      <legend class={css['legend']}>{text.room(place + 1)}</legend>
      <Select label={text.adults} value={String(room.adults)} onChange={value => onChange({ ...room, adults: Number(value) })} options={Array.from({ length: ADULTS_MAX }, (_, index) => [String(index + 1), String(index + 1)] as const)} />
      {room.childAges.map((age, index) => (
        <div key={index} class={css['child']}>
          <Select label={text.child(index + 1)} value={String(age)} options={ages} onChange={value => child(index, Number(value))} />
          <Button kind="plain" label={text.dropChild(index + 1)} onClick={event => { child(index, null); landOn(event, `fieldset:nth-of-type(${place + 1}) select`) }}>×</Button>
        </div>
      ))}
      <div class={css['extras']}>
        {room.childAges.length < CHILDREN_MAX && <Button kind="plain" onClick={() => onChange({ ...room, childAges: [...room.childAges, 7] })}>{text.addChild}</Button>}
        {!only && <Button kind="plain" onClick={onDrop}>{text.dropRoom(place + 1)}</Button>}
      </div>
    </fieldset>
  )
}

interface SelectProps {
  label: string
  value: string
  options: readonly (readonly [string, string])[]
  onChange: (value: string) => void
}

function Select({ label, value, options, onChange }: SelectProps) {
  const id = useId()
  return (
    <div class={css['field']}>
      <label class={css['label']} for={id}>{label}</label>
      <select id={id} class={css['input']} value={value} onChange={event => onChange(event.currentTarget.value)}>
        {options.map(([key, name]) => <option key={key} value={key}>{name}</option>)}
      </select>
    </div>
  )
}

interface DayProps {
  id: string
  label: string
  value: string
  min: string
  max: string
  error: string | undefined
  onChange: (value: string) => void
}

function Day({ id, label, value, min, max, error, onChange }: DayProps) {
  return (
    <div class={css['field']}>
      <label class={css['label']} for={id}>{label}</label>
      <input id={id} class={css['input']} type="date" value={value} min={min} max={max} required aria-invalid={error ? true : undefined} aria-describedby={error ? `${id}-error` : undefined} onInput={event => onChange(event.currentTarget.value)} />
      {error && <p class={css['error']} id={`${id}-error`}>{error}</p>}
    </div>
  )
}
