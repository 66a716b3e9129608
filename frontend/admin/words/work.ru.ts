/** Words of the log, in Russian. */

export const work = {
  journal: {
    title: 'Журнал',
    who: 'Кто',
    anyone: 'Все',
    right: 'Право',
    anyRight: 'Любое',
    object: 'Объект',
    objectHint: 'Номер, e-mail или код',
    from: 'С',
    to: 'По',
    when: 'Когда',
    act: 'Действие',
    on: 'Над чем',
    outcome: 'Итог',
    outcomes: { DONE: 'выполнено', REFUSED: 'отказано' },
    before: 'Было',
    after: 'Стало',
    nothing: 'пусто',
    reason: 'Причина',
    address: 'Откуда',
    request: 'Запрос',
    empty: 'Записей нет',
    filterEmpty: 'По этим условиям записей нет',
    details: 'Подробно',
  },
}
