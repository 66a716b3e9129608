/** Names by the rules of joining, and a day of birth where none is known. */
import { useState } from 'preact/hooks'
import { Button } from '../../../shared/parts/Button.tsx'
import { Field } from '../../../shared/parts/Field.tsx'
import { Notice } from '../../../shared/parts/Notice.tsx'
import { Sheet } from '../../../shared/parts/Sheet.tsx'
import { toast } from '../../../shared/parts/Toast.tsx'
import { birthDate, birthTyped } from '../../../shared/birth.ts'
import { answers } from '../../data/session.ts'
import { ChangeProfileDocument, type ProfileQuery } from '../../graph/documents.ts'
import { EMPTY, faultOf, type Rules } from '../../joining/form.ts'
import { tidyName } from '../../joining/names.ts'
import { words } from '../../words/words.ts'
import type { Me } from './ProfileScreen.tsx'
import css from './ProfileScreen.module.css'
import { useSending } from '../../joining/sending.ts'
import { dataWords } from './words.ts'

const NAMES = ['lastName', 'firstName', 'patronymic'] as const
const FIELDS = [...NAMES, 'birthDate'] as const

interface NamesSheetProps {
  me: Me
  programme: ProfileQuery['programme']
  onClose: () => void
}

export function NamesSheet({ me, programme, onClose }: NamesSheetProps) {
  const [form, setForm] = useState({ ...EMPTY, lastName: me.lastName, firstName: me.firstName, patronymic: me.patronymic ?? '' })
  const { form: element, faults, busy, fits, send } = useSending(FIELDS)
  const text = words.join
  const say = dataWords()
  const bornUnknown = !me.birthDate
  const rules: Rules = { minimumAge: programme.minimumAge, namesCyrillicOnly: programme.namesCyrillicOnly, today: new Date().toLocaleDateString('sv') }

  const submit = async (): Promise<void> => {
    const found = Object.fromEntries(NAMES.map(name => [name, faultOf(name, form, rules)]))
    if (!fits({ ...found, ...(form.birthDate && { birthDate: faultOf('birthDate', form, rules) }) })) return
    const born = bornUnknown && form.birthDate ? birthDate(form.birthDate, rules.today, rules.minimumAge) : undefined
    const done = await send(ChangeProfileDocument, {
      input: {
        lastName: tidyName(form.lastName), firstName: tidyName(form.firstName), patronymic: tidyName(form.patronymic),
        ...(born && 'date' in born && { birthDate: born.date }),
      },
    })
    if (!done) return
    toast.set(say.saved)
    onClose()
    await answers.stir()
  }
  const name = (field: (typeof NAMES)[number]) => ({
    name: field, value: form[field], error: faults[field], onInput: (value: string) => setForm({ ...form, [field]: value }),
  })
  return (
    <Sheet title={bornUnknown ? say.namesTitleBorn : say.namesTitle} onClose={onClose}>
      <form class={css['form']} ref={element} noValidate onSubmit={event => { event.preventDefault(); if (!busy) void submit() }}>
        <Field {...name('lastName')} label={text.last} autoComplete="family-name" />
        <Field {...name('firstName')} label={text.first} autoComplete="given-name" hint={programme.namesCyrillicOnly && text.nameHint} />
        <Field {...name('patronymic')} label={text.patronymic} autoComplete="additional-name" optional />
        {bornUnknown && (
          <Field
            name="birthDate" label={text.birth} value={form.birthDate} error={faults.birthDate} hint={text.birthHint} autoComplete="bday" inputMode="numeric" optional
            onInput={(value, input) => { const typed = birthTyped(value); input.value = typed; setForm({ ...form, birthDate: typed }) }}
          />
        )}
        {faults.whole && <Notice kind="danger" role="alert">{faults.whole}</Notice>}
        <Button type="submit" wide busy={busy}>{say.save}</Button>
      </form>
    </Sheet>
  )
}
