/** The form of a new member as it is typed, and as it is sent: the same body under the same key, however often it is pressed. */
import { birthDate } from '../../shared/birth.ts'
import { e164 } from '../../shared/phone.ts'
import type { Channel, ConfirmBy, RegisterMemberInput, TillFactsFragment } from '../graph/documents.ts'

export interface JoinForm {
  lastName: string
  firstName: string
  patronymic: string
  birth: string
  phone: string
  email: string
  by: ConfirmBy
  accepted: readonly string[]
}

export const EMPTY: JoinForm = { lastName: '', firstName: '', patronymic: '', birth: '', phone: '', email: '', by: 'SMS', accepted: [] }

export type FormFault = { field: 'birth' | 'phone' }

/** What goes to the server, without its key; or the field that cannot be sent. The server knows the rest of the rules. */
export function bodyOf(form: JoinForm, channel: Channel, today: string): Omit<RegisterMemberInput, 'idempotencyKey'> | FormFault {
  const born = birthDate(form.birth, today, 0)
  if ('fault' in born) return { field: 'birth' }
  const phone = e164(form.phone)
  if (phone === null) return { field: 'phone' }
  return {
    channel,
    lastName: form.lastName.trim(),
    firstName: form.firstName.trim(),
    patronymic: form.patronymic.trim() || null,
    birthDate: born.date,
    email: form.email.trim(),
    phone,
    accepted: [...form.accepted],
    confirmBy: form.by,
  }
}

/** Where the server's refusal of a field stands in the form. */
export function fieldOf(path: string | null): string | null {
  const name = path?.replace(/^input\.(change\.)?/, '').split('.')[0] ?? null
  return name === 'birthDate' ? 'birth' : name === 'confirmBy' ? 'by' : name
}

/** Keys for requests: another body has another key, the same one keeps its own. */
export class Keys {
  private body = ''
  private key = ''
  private readonly make: () => string

  constructor(make: () => string) {
    this.make = make
  }

  of(body: unknown): string {
    const text = JSON.stringify(body)
    if (text !== this.body) {
      this.body = text
      this.key = this.make()
    }
    return this.key
  }
}

/**
 * The channel a till registers through, the counter's own; none for a key that may not register anybody.
 * What a device has kept of its till from before keys told their scopes has none: without network nobody joins anyway.
 */
export function joinsAt({ channels, scopes = [] }: TillFactsFragment): 'TILL' | 'DESK' | null {
  if (!scopes.includes('MEMBERS')) return null
  return (['TILL', 'DESK'] as const).find(channel => channels.includes(channel)) ?? null
}
