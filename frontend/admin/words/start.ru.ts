/** Words of the start page, in Russian. */
import { plural } from '../../shared/words/numbers.ts'

export const start = {
  start: {
    hello: (name: string) => `Здравствуйте, ${name}`,
    first: 'Первые шаги',
    firstDone: (done: number, all: number) => `Сделано ${done} из ${all}`,
    steps: {
      second: 'Пригласите второго администратора',
      secondNote: 'Иначе некому будет подтвердить права и вернуть вам доступ.',
      codes: 'Держите коды восстановления под рукой',
      codesNote: (n: number) => plural(n, { one: 'Остался # код', few: 'Осталось # кода', many: 'Осталось # кодов', other: 'Осталось # кода' }),
    },
    done: 'сделано',
    nothing: 'Прав пока нет',
    nothingNote: 'Администратор выдаст их, и разделы появятся здесь сами.',
    rights: 'Ваши права',
    rightsNote: 'Страниц для них в панели пока нет.',
    waiting: (n: number) => plural(n, { one: '# заявка ждёт вашего решения', few: '# заявки ждут вашего решения', many: '# заявок ждут вашего решения', other: '# заявки ждут вашего решения' }),
    about: {
      people: 'Кто работает в панели и что ему можно',
      roles: 'Готовые наборы прав',
      claims: 'Чеки, которые гости просят зачислить',
      requests: 'Права, которые выдают двое',
      journal: 'Кто, что и когда изменил',
      signals: 'Что похоже на мошенничество, и решения',
    },
  },
}
