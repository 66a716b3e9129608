/** Words of the shared parts themselves. */
import { language } from './language.ts'
import { plural } from './numbers.ts'

const ru = {
  close: 'Закрыть',
  reveal: 'Показать пароль',
  conceal: 'Скрыть пароль',
  busy: 'Подождите',
  optional: 'необязательно',
  unreachable: 'Нет связи с сервером. Проверьте сеть и попробуйте ещё раз.',
  wait: (time: string) => `Попробуйте через ${time}.`,
  seconds: (n: number) => plural(n, { one: '# секунду', few: '# секунды', many: '# секунд', other: '# секунды' }),
  minutes: (n: number) => plural(n, { one: '# минуту', few: '# минуты', many: '# минут', other: '# минуты' }),
}

const en: typeof ru = {
  close: 'Close',
  reveal: 'Show password',
  conceal: 'Hide password',
  busy: 'Please wait',
  optional: 'optional',
  unreachable: 'The server cannot be reached. Check your connection and try again.',
  wait: time => `Try again in ${time}.`,
  seconds: n => plural(n, { one: '# second', other: '# seconds' }),
  minutes: n => plural(n, { one: '# minute', other: '# minutes' }),
}

const WORDS = { ru, en }

export function partWords(): typeof ru {
  return WORDS[language()]
}
