/** What the status page says, in both languages; loaded with it. */
import { language } from '../../../shared/words/language.ts'
import { plural } from '../../../shared/words/numbers.ts'

const ru = {
  title: 'Состояние',
  note: 'Внешние системы и наши очереди. Страница обновляется сама.',
  states: { FAILING: 'Не работает', ATTENTION: 'Требует внимания', WORKING: 'Работает', UNUSED: 'Ещё не использовалась' },
  well: 'Всё работает',
  troubled: (n: number) => plural(n, { one: 'Требует внимания: # система', few: 'Требуют внимания: # системы', many: 'Требуют внимания: # систем', other: 'Требуют внимания: # системы' }),
  asOf: (at: string) => `на ${at}`,
  stopped: 'Обновление остановлено: вы давно ничего не делали.',
  resume: 'Обновлять дальше',
  kinds: {
    PLUGINS: 'терминалы ресторанов', RESTAURANTS: 'облако ресторанов', HOTELS: 'бронирование', ACQUIRER: 'приём платежей', GATEWAY: 'шлюз сообщений', MAIL: 'письма',
    WEBHOOKS: 'события партнёрам', INBOX: 'наша очередь', JOBS: 'наша очередь', OTHER: 'внешняя система',
  },
  answered: 'Последний ответ',
  lastCall: 'Последний вызов',
  never: 'ещё не было',
  waiting: 'Ждёт',
  nothing: 'ничего',
  since: (at: string) => `с ${at}`,
  calls: 'Запросов за сутки',
  failures: (n: number, share: string) => `без ответа ${n} (${share})`,
  none: 'нет',
  balance: 'На счёте',
  held: (until: string) => `Не обращаемся до ${until}`,
  said: (at: string) => `Ответ ${at}:`,
}

const en: typeof ru = {
  title: 'Status',
  note: 'Outside systems and our own queues. The page refreshes by itself.',
  states: { FAILING: 'Not working', ATTENTION: 'Needs attention', WORKING: 'Working', UNUSED: 'Not used yet' },
  well: 'Everything works',
  troubled: n => plural(n, { one: '# system needs attention', other: '# systems need attention' }),
  asOf: at => `as of ${at}`,
  stopped: 'Refreshing has stopped: you have not done anything for a while.',
  resume: 'Go on refreshing',
  kinds: {
    PLUGINS: 'restaurants’ terminals', RESTAURANTS: 'restaurants’ cloud', HOTELS: 'bookings', ACQUIRER: 'payments', GATEWAY: 'message gateway', MAIL: 'letters',
    WEBHOOKS: 'events to partners', INBOX: 'our own queue', JOBS: 'our own queue', OTHER: 'outside system',
  },
  answered: 'Last answer',
  lastCall: 'Last call',
  never: 'none yet',
  waiting: 'Waiting',
  nothing: 'nothing',
  since: at => `since ${at}`,
  calls: 'Calls of a day',
  failures: (n, share) => `${n} without an answer (${share})`,
  none: 'none',
  balance: 'Balance',
  held: until => `Paused until ${until}`,
  said: at => `It said at ${at}:`,
}

export const statusWords = (): typeof ru => (language() === 'en' ? en : ru)
