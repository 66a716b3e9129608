/** The registration form as plain data: its fields, what is wrong with each, and what is sent. */
import type { RegisterInput } from '../graph/documents.ts'
import { words } from '../words/words.ts'
import { birthDate } from '../../shared/birth.ts'
import { isMail } from './mail.ts'
import { isName, tidyName } from './names.ts'
import { e164 } from '../../shared/phone.ts'

export const PASSWORD_LENGTH_MIN = 8

export interface Form {
  firstName: string
  lastName: string
  patronymic: string
  birthDate: string
  phone: string
  email: string
  password: string
  plasticNumber: string
  acceptOffer: boolean
  acceptPersonalData: boolean
  acceptPartnerTransfer: boolean
  acceptMarketing: boolean
}

export const EMPTY: Form = {
  firstName: '', lastName: '', patronymic: '', birthDate: '', phone: '', email: '', password: '', plasticNumber: '',
  acceptOffer: false, acceptPersonalData: false, acceptPartnerTransfer: false, acceptMarketing: false,
}

/** In the order of the page: the summary and the focus follow it. */
export const FIELDS = ['firstName', 'lastName', 'patronymic', 'birthDate', 'phone', 'email', 'password', 'plasticNumber', 'acceptOffer', 'acceptPersonalData'] as const

export type FieldName = (typeof FIELDS)[number]
export type Faults = Partial<Record<FieldName, string>>

export interface Rules {
  minimumAge: number
  namesCyrillicOnly: boolean
  /** An ISO date. */
  today: string
}

function nameFault(text: string, optional: boolean, rules: Rules): string | undefined {
  if (tidyName(text) === '') return optional ? undefined : words.forms.required
  if (isName(text, rules.namesCyrillicOnly)) return undefined
  return rules.namesCyrillicOnly ? words.forms.name : words.forms.nameAny
}

function birthFault(text: string, rules: Rules): string | undefined {
  if (text === '') return words.forms.required
  const read = birthDate(text, rules.today, rules.minimumAge)
  if ('date' in read) return undefined
  return { unfinished: words.forms.dateShort, impossible: words.forms.date, old: words.forms.dateOld, young: words.forms.age(rules.minimumAge) }[read.fault]
}

export function faultOf(name: FieldName, form: Form, rules: Rules): string | undefined {
  switch (name) {
    case 'firstName':
    case 'lastName':
      return nameFault(form[name], false, rules)
    case 'patronymic':
      return nameFault(form.patronymic, true, rules)
    case 'birthDate':
      return birthFault(form.birthDate, rules)
    case 'phone':
      if (form.phone === '') return words.forms.required
      return e164(form.phone) ? undefined : words.forms.phone
    case 'email':
      if (form.email.trim() === '') return words.forms.required
      return isMail(form.email) ? undefined : words.forms.email
    case 'password':
      if (form.password === '') return words.forms.required
      return [...form.password].length < PASSWORD_LENGTH_MIN ? words.forms.passwordShort : undefined
    case 'plasticNumber':
      return /^[\d\s]*$/.test(form.plasticNumber) ? undefined : words.forms.plastic
    case 'acceptOffer':
    case 'acceptPersonalData':
      return form[name] ? undefined : words.forms.consent
  }
}

export function faultsOf(form: Form, rules: Rules): Faults {
  const faults: Faults = {}
  for (const name of FIELDS) {
    const fault = faultOf(name, form, rules)
    if (fault !== undefined) faults[name] = fault
  }
  return faults
}

/** Only a form without faults may be sent. */
export function inputOf(form: Form, rules: Rules, documents: string[]): RegisterInput {
  const born = birthDate(form.birthDate, rules.today, rules.minimumAge)
  const phone = e164(form.phone)
  if (!('date' in born) || phone === null) throw new RangeError('a form with faults is not sent')
  const plastic = form.plasticNumber.replace(/\s/g, '')
  return {
    firstName: tidyName(form.firstName), lastName: tidyName(form.lastName), patronymic: tidyName(form.patronymic) || null,
    birthDate: born.date, phone, email: form.email.trim(), password: form.password,
    acceptOffer: form.acceptOffer, acceptPersonalData: form.acceptPersonalData, acceptPartnerTransfer: form.acceptPartnerTransfer, acceptMarketing: form.acceptMarketing,
    documents, ...(plastic && { plasticNumber: plastic }),
  }
}
