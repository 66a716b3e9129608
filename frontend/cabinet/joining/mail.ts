/** An e-mail address: what is surely wrong with it, and which well-known domain was probably meant. */

const SHAPE = /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/
const DOMAINS = ['gmail.com', 'mail.ru', 'yandex.ru', 'ya.ru', 'bk.ru', 'list.ru', 'inbox.ru', 'rambler.ru', 'icloud.com', 'outlook.com', 'hotmail.com']
/** Real domains one key away from those above. */
const REAL = ['mail.com', 'gmx.com', 'yandex.com', 'yandex.by', 'yandex.kz', 'ymail.com', 'email.ru', 'vk.ru']

export function isMail(text: string): boolean {
  return SHAPE.test(text.trim())
}

/** Added, dropped, changed or swapped letters between two short words. */
function distance(one: string, other: string): number {
  const rows = Array.from({ length: one.length + 1 }, (_, i) => Array.from({ length: other.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)))
  for (let i = 1; i <= one.length; i += 1) {
    for (let j = 1; j <= other.length; j += 1) {
      const change = one[i - 1] === other[j - 1] ? 0 : 1
      let least = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, rows[i - 1]![j - 1]! + change)
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) least = Math.min(least, rows[i - 2]![j - 2]! + 1)
      rows[i]![j] = least
    }
  }
  return rows[one.length]![other.length]!
}

/** The whole address with the likelier domain, or null when the domain is fine as far as we know. */
export function meantMail(text: string): string | null {
  const address = text.trim().toLowerCase()
  const at = address.lastIndexOf('@')
  const domain = address.slice(at + 1)
  if (at < 1 || domain.length < 4 || DOMAINS.includes(domain) || REAL.includes(domain)) return null
  if (/^gmail\.(ru|co|con|cm|om)$/.test(domain)) return `${address.slice(0, at)}@gmail.com`
  const near = DOMAINS.find(known => known.length > 5 && distance(domain, known) === 1)
  return near ? `${address.slice(0, at)}@${near}` : null
}
