/** Words of the list of operations, in Russian. */

export const operations = {
  operations: {
    title: 'Операции',
    channel: 'Канал',
    anyChannel: 'Любой',
    receipt: 'Номер чека',
    returns: 'Возвраты',
    anyReturns: 'Любые',
    returned: 'Был возврат',
    notReturned: 'Без возвратов',
    when: 'Когда',
    place: 'Где',
    card: 'Карта',
    gross: 'Сумма',
    discount: 'Скидка',
    net: 'К оплате',
    accumulated: 'В накопление',
    refunded: 'Возвращено',
    points: (earned: number, spent: number) => [earned > 0 && `начислено ${earned}`, spent > 0 && `списано ${spent}`].filter(Boolean).join(', '),
    open: (number: string) => `Открыть чек ${number}`,
    sheet: 'Чек',
    lines: 'Строки',
    empty: 'Операций пока нет',
    filterEmpty: 'По этим условиям операций нет',
    download: 'Скачать CSV',
  },
}
