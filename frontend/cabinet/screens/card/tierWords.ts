/** What the sheet of tiers says of time, in both languages; loaded with it. */
import { language } from '../../../shared/words/language.ts'
import { plural } from '../../../shared/words/numbers.ts'

const ru = {
  yours: 'Ваш уровень',
  forever: (tier: string) => `«${tier}» остаётся с вами без срока.`,
  until: (tier: string, day: string) => `«${tier}» действует до ${day} включительно.`,
  granted: (tier: string, day: string) => `«${tier}» присвоен программой и действует до ${day} включительно.`,
  keep: (tier: string) => `Чтобы сохранить «${tier}», ещё `,
  by: (day: string) => ` до ${day}`,
  history: 'История уровня',
  since: (day: string) => `с ${day}`,
  to: (day: string) => ` по ${day}`,
  more: 'Показать раньше',
  moreFailed: 'Не получилось загрузить историю дальше.',
  how: 'Как растёт уровень',
  lifetime: 'Складываем суммы покупок с отметкой «В\u00A0накопление» у всех партнёров за всё время.',
  days: (n: number) => `Складываем суммы покупок с отметкой «В\u00A0накопление» у всех партнёров за последние ${plural(n, { one: '# день', few: '# дня', many: '# дней', other: '# дня' })}.`,
  months: (n: number) => `Складываем суммы покупок с отметкой «В\u00A0накопление» у всех партнёров за последние ${plural(n, { one: '# месяц', few: '# месяца', many: '# месяцев', other: '# месяца' })}.`,
  year: (day: string) => `Складываем суммы покупок с отметкой «В\u00A0накопление» у всех партнёров за год, который начинается ${day}. Достигнутый уровень действует до конца следующего года.`,
  rises: 'Как только сумма доходит до порога, уровень повышается сам, новая скидка действует со следующей покупки.',
}

const en: typeof ru = {
  yours: 'Your tier',
  forever: tier => `${tier} stays yours without an end.`,
  until: (tier, day) => `${tier} holds until ${day}, that day included.`,
  granted: (tier, day) => `${tier} is given by the programme and holds until ${day}, that day included.`,
  keep: tier => `To keep ${tier}, `,
  by: day => ` more by ${day}`,
  history: 'History of the tier',
  since: day => `from ${day}`,
  to: day => ` to ${day}`,
  more: 'Show earlier ones',
  moreFailed: 'The earlier history did not load.',
  how: 'How a tier rises',
  lifetime: 'We add up all purchases marked “Counts” at all partners, however long ago.',
  days: n => `We add up the purchases marked “Counts” at all partners of the last ${plural(n, { one: '# day', other: '# days' })}.`,
  months: n => `We add up the purchases marked “Counts” at all partners of the last ${plural(n, { one: '# month', other: '# months' })}.`,
  year: day => `We add up the purchases marked “Counts” at all partners of a year that begins on ${day}. A tier holds until the end of the year after the one that reached it.`,
  rises: 'Once the sum reaches a threshold the tier rises by itself, and the new discount starts with the next purchase.',
}

export function tierWords(): typeof ru {
  return language() === 'ru' ? ru : en
}
