/** What the widget says, in both languages: short, because it stands on somebody else's page. */
const ru = {
  name: 'Скидка участника программы',
  loading: 'Узнаём скидку',
  guest: (programme: string) => `Скидки участникам программы «${programme}»`,
  upTo: (percent: string) => `до ${percent}`,
  signIn: 'Узнать свою скидку',
  newWindow: 'откроется новое окно',
  join: 'Стать участником',
  waiting: 'Продолжите в открывшемся окне',
  again: 'Открыть окно ещё раз',
  blocked: 'Браузер не открыл окно входа.',
  newTab: 'Войти в новой вкладке',
  tier: (programme: string) => `Ваш уровень в программе «${programme}»`,
  none: 'Пока без скидки',
  later: (tier: string) => `Скидка начинается с уровня «${tier}».`,
  book: 'Забронировать',
  bookWith: 'Забронировать со скидкой',
}

const en: typeof ru = {
  name: 'Members’ discount',
  loading: 'Looking up the discount',
  guest: programme => `Discounts for members of ${programme}`,
  upTo: percent => `up to ${percent}`,
  signIn: 'See my discount',
  newWindow: 'opens a new window',
  join: 'Become a member',
  waiting: 'Go on in the window that opened',
  again: 'Open the window again',
  blocked: 'The browser did not open the sign-in window.',
  newTab: 'Sign in in a new tab',
  tier: programme => `Your tier in ${programme}`,
  none: 'No discount yet',
  later: tier => `The discount begins at ${tier}.`,
  book: 'Book',
  bookWith: 'Book with the discount',
}

export type Language = 'ru' | 'en'
export type Words = typeof ru

export const WORDS: Record<Language, Words> = { ru, en }

/** `5`, `7.5` as people write it. */
export function percentOf(written: string, language: Language): string {
  return language === 'ru' ? `${written.replace('.', ',')} %` : `${written}%`
}

/** What the element says, else the part of the page around it, else Russian, the language of the programme. */
export function languageOf(element: Element): Language {
  const written = element.getAttribute('lang') ?? element.parentElement?.closest('[lang]')?.getAttribute('lang') ?? 'ru'
  return written.toLowerCase().startsWith('en') ? 'en' : 'ru'
}
