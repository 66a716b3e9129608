/** Where a reader of a well-known mail service finds the letter. */

const SERVICES = [
  { name: 'Яндекс Почту', href: 'https://mail.yandex.ru/', domains: ['yandex.ru', 'ya.ru', 'yandex.com'] },
  { name: 'Почту Mail', href: 'https://e.mail.ru/inbox/', domains: ['mail.ru', 'bk.ru', 'list.ru', 'inbox.ru'] },
]

export function webmailOf(email: string): { name: string; href: string } | undefined {
  return SERVICES.find(one => one.domains.includes(email.slice(email.lastIndexOf('@') + 1).toLowerCase()))
}
