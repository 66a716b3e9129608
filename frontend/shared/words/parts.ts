/** Words of the shared parts themselves. */
import { language } from './language.ts'

const WORDS = {
  ru: { close: 'Закрыть', reveal: 'Показать пароль', conceal: 'Скрыть пароль', busy: 'Подождите', optional: 'необязательно' },
  en: { close: 'Close', reveal: 'Show password', conceal: 'Hide password', busy: 'Please wait', optional: 'optional' },
} as const

export function partWords(): (typeof WORDS)['ru'] | (typeof WORDS)['en'] {
  return WORDS[language()]
}
