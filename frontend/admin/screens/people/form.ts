/** The form of a person of the staff: what is typed, what is wrong with it, and how two versions of it differ. */
import { words } from '../../words/words.ts'

export interface PersonForm {
  email: string
  name: string
  phone: string
  partner: string
  comment: string
}

export type FormFaults = Partial<Record<keyof PersonForm | 'reason' | 'whole', string>>

interface Told {
  email: string
  name: string
  phone?: string | null
  partner?: string | null
  comment: string
}

export const EMPTY_FORM: PersonForm = { email: '', name: '', phone: '', partner: '', comment: '' }

export function formOf(person: Told): PersonForm {
  return { email: person.email, name: person.name, phone: person.phone ?? '', partner: person.partner ?? '', comment: person.comment }
}

/** The form as the server takes it: an empty field is an absent value. */
export function inputOf(form: PersonForm) {
  const { email, name, phone, partner, comment } = form
  return { email: email.trim(), name: name.trim(), phone: phone.trim() || null, partner: partner || null, comment: comment.trim() }
}

export function formFaults(form: PersonForm): FormFaults {
  return {
    ...(!/^\S+@\S+\.\S+$/.test(form.email.trim()) && { email: form.email.trim() === '' ? words.panel.required : words.invite.badEmail }),
    ...(form.name.trim() === '' && { name: words.panel.required }),
  }
}

/** A refusal beside the field it is about. */
export function faultOf(problem: { field: string | null; message: string }): FormFaults {
  const field = problem.field?.replace(/^input\./, '') ?? ''
  return { [field === 'reason' || field in EMPTY_FORM ? field : 'whole']: problem.message }
}

/** The fields in which two versions differ. */
export function differing(one: PersonForm, other: PersonForm): (keyof PersonForm)[] {
  return (Object.keys(EMPTY_FORM) as (keyof PersonForm)[]).filter(name => one[name].trim() !== other[name].trim())
}
