/** A change of a member's data as it is typed, and as it is sent: what stays empty stays as it was. */
import { e164 } from '../../shared/phone.ts'
import type { Channel, JoinTextsQuery, MemberChangeInput, RequestMemberChangeInput } from '../graph/documents.ts'

export type Text = JoinTextsQuery['programme']['documents'][number]
export type Wish = 'KEEP' | 'GIVE' | 'WITHDRAW'

export interface ChangeForm {
  /** Shown by a scan of this till, or told. */
  by: 'TICKET' | 'PHONE'
  phone: string
  lastName: string
  firstName: string
  patronymic: string
  noPatronymic: boolean
  /** By the id of a text. */
  wishes: Readonly<Record<string, Wish>>
}

export function emptyChange(hasTicket: boolean): ChangeForm {
  return { by: hasTicket ? 'TICKET' : 'PHONE', phone: '', lastName: '', firstName: '', patronymic: '', noPatronymic: false, wishes: {} }
}

/** The card stands on the other two: they are given when joining and taken back by closing the account. */
export function chosenTexts(texts: readonly Text[]): readonly Text[] {
  return texts.filter(one => one.kind === 'PARTNER_TRANSFER' || one.kind === 'MARKETING')
}

export function changeOf(form: ChangeForm, texts: readonly Text[]): MemberChangeInput {
  const wished = (wish: Wish): readonly Text[] => chosenTexts(texts).filter(one => form.wishes[one.id] === wish)
  return {
    lastName: form.lastName.trim() || null,
    firstName: form.firstName.trim() || null,
    patronymic: form.noPatronymic ? '' : form.patronymic.trim() || null,
    accepted: wished('GIVE').map(one => one.id),
    withdrawn: wished('WITHDRAW').map(one => one.kind),
  }
}

/** What asks for the code, or the field that cannot be sent. The server knows the rest of the rules. */
export function askedOf(form: ChangeForm, change: MemberChangeInput, channel: Channel, ticket: string | null): RequestMemberChangeInput | { field: 'phone' } {
  if (form.by === 'TICKET' && ticket !== null) return { channel, change, ticket }
  const phone = e164(form.phone)
  return phone === null ? { field: 'phone' } : { channel, change, phone }
}
