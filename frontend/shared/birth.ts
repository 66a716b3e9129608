/** A date of birth typed as ДД.ММ.ГГГГ: dots come by themselves, separators of any kind are understood. */

const ISO = /^(\d{4})-(\d{2})-(\d{2})$/
const OLDEST_YEARS = 120

/** Browsers fill the field with an ISO date. */
export function birthTyped(text: string): string {
  const iso = ISO.exec(text.trim())
  if (iso) return `${iso[3]}.${iso[2]}.${iso[1]}`
  const pieces = text.split(/\D+/)
  const [first = '', second = ''] = pieces
  // «1.5.» — a separator after one digit says that the digit was the whole day.
  const spelled = [pieces.length > 1 && first.length === 1 ? `0${first}` : first, pieces.length > 2 && second.length === 1 ? `0${second}` : second, ...pieces.slice(2)]
  const digits = spelled.join('').slice(0, 8)
  const shown = [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4)].filter(Boolean).join('.')
  return /\D$/.test(text) && (digits.length === 2 || digits.length === 4) ? `${shown}.` : shown
}

export type BirthFault = 'unfinished' | 'impossible' | 'young' | 'old'

/** The ISO date, or what is wrong with it. `today` is an ISO date too. */
export function birthDate(text: string, today: string, minimumAge: number): { date: string } | { fault: BirthFault } {
  const match = /^(\d{2})\.(\d{2})\.(\d{4})$/.exec(text)
  if (!match) return { fault: 'unfinished' }
  const date = `${match[3]}-${match[2]}-${match[1]}`
  const real = new Date(`${date}T00:00:00Z`)
  if (Number.isNaN(real.getTime()) || real.toISOString().slice(0, 10) !== date || date > today) return { fault: 'impossible' }
  const age = Number(today.slice(0, 4)) - Number(date.slice(0, 4)) - (today.slice(5) < date.slice(5) ? 1 : 0)
  if (age > OLDEST_YEARS) return { fault: 'old' }
  return age < minimumAge ? { fault: 'young' } : { date }
}
