/** The fields of a person of the staff, the same for an invitation and an edit. */
import { Field } from '../../../shared/parts/Field.tsx'
import { AreaField } from '../../parts/AreaField.tsx'
import { SelectField } from '../../parts/SelectField.tsx'
import { words } from '../../words/words.ts'
import type { FormFaults, PersonForm } from './form.ts'
import { useHouseChoices } from './houses.ts'

interface PersonFieldsProps {
  form: PersonForm
  faults: FormFaults
  onChange: (form: PersonForm) => void
}

export function PersonFields({ form, faults, onChange }: PersonFieldsProps) {
  const houses = useHouseChoices()
  const put = (name: keyof PersonForm) => (value: string): void => onChange({ ...form, [name]: value })
  return (
    <>
      <Field label={words.person.email} name="email" kind="email" inputMode="email" autoComplete="off" value={form.email} onInput={put('email')} error={faults.email} maxLength={254} />
      <Field label={words.person.name} name="name" autoComplete="off" value={form.name} onInput={put('name')} error={faults.name} hint={words.person.nameHint} maxLength={100} />
      <Field label={words.person.phone} name="phone" kind="tel" inputMode="tel" autoComplete="off" value={form.phone} onInput={put('phone')} error={faults.phone} optional maxLength={30} />
      <SelectField label={words.person.house} name="partner" value={form.partner} choices={houses} onChange={put('partner')} error={faults.partner} hint={words.person.houseHint} />
      <AreaField label={words.person.comment} name="comment" value={form.comment} onInput={put('comment')} error={faults.comment} optional maxLength={1000} />
    </>
  )
}
