/** What the page of stuck payments says, in both languages; loaded with it. */
import { language } from '../../../shared/words/language.ts'

const ru = {
  title: 'Зависшие платежи',
  note: 'Оплаты и возвраты, которые сами не закончились. Всё остальное доводится до конца без вас.',
  empty: 'Ничего не зависло',
  emptyNote: 'Каждая оплата и каждый возврат дошли до конца или ещё идут в срок.',
  since: (when: string) => `с ${when}`,
  number: (id: string) => `платёж ${id}`,
  fault: (code: string) => `ответ эквайера: ${code}`,
  faults: { key_old: 'ответа нет', not_made: 'возврата не было', expired: 'срок вышел' },
  decisions: { TRY: 'Проверить сейчас', REFUND: 'Вернуть деньги', AGAIN: 'Вернуть ещё раз', BY_HAND: 'Деньги уже вернули', CLOSE: 'Закрыть: не оплачен' },
  titles: {
    TRY: (sum: string) => `Проверить ${sum} сейчас?`,
    REFUND: (sum: string) => `Вернуть ${sum}?`,
    AGAIN: (sum: string) => `Вернуть ${sum} ещё раз?`,
    BY_HAND: (sum: string) => `${sum} уже у гостя?`,
    CLOSE: (sum: string) => `Закрыть платёж на ${sum}?`,
  },
  notes: {
    TRY: 'Спросим ещё раз, ничего не отправляя дважды.',
    REFUND: 'Гость получит эту сумму назад. Заказ без ваучеров или бронирование без ответа закроется, а возврат ваучеров дойдёт до учёта сам. Для брони сначала позвоните в отель: номер мог остаться за гостем.',
    AGAIN: 'Эквайер получит новый возврат. Перед этим мы посмотрим, не вернул ли деньги кто-то в его кабинете.',
    BY_HAND: 'Отметьте, только если гость деньги получил: мы их больше не отправим.',
    CLOSE: 'Больше о нём не спрашиваем. Если его всё же оплатят, деньги вернутся сами.',
  },
  done: { TRY: 'Проверяем', REFUND: 'Деньги возвращаются', AGAIN: 'Возврат отправляется', BY_HAND: 'Отмечено', CLOSE: 'Платёж закрыт' },
}

const en: typeof ru = {
  title: 'Stuck payments',
  note: 'Payments and refunds that did not end by themselves. Everything else is carried through without you.',
  empty: 'Nothing is stuck',
  emptyNote: 'Every payment and every refund has ended, or is on its way in good time.',
  since: when => `since ${when}`,
  number: id => `payment ${id}`,
  fault: code => `the acquirer said: ${code}`,
  faults: { key_old: 'no answer', not_made: 'no refund was made', expired: 'the time was over' },
  decisions: { TRY: 'Look now', REFUND: 'Give the money back', AGAIN: 'Refund once more', BY_HAND: 'Given back already', CLOSE: 'Close: not paid' },
  titles: {
    TRY: sum => `Look at ${sum} now?`,
    REFUND: sum => `Give ${sum} back?`,
    AGAIN: sum => `Refund ${sum} once more?`,
    BY_HAND: sum => `Does the guest have ${sum} already?`,
    CLOSE: sum => `Close the payment of ${sum}?`,
  },
  notes: {
    TRY: 'We ask once more, and send nothing twice.',
    REFUND: 'The guest gets this sum back. An order without vouchers or a booking without an answer is closed; a return of vouchers reaches the books by itself. For a booking call the hotel first: it may keep the room.',
    AGAIN: 'The acquirer gets a new refund. We look first whether somebody gave the money back in its account.',
    BY_HAND: 'Note it only if the guest has the money: we shall not send it any more.',
    CLOSE: 'It is not asked for any more. Should it be paid all the same, the money goes back by itself.',
  },
  done: { TRY: 'Being looked at', REFUND: 'The money is on its way back', AGAIN: 'The refund is on its way', BY_HAND: 'Noted', CLOSE: 'The payment is closed' },
}

export const moneyWords = (): typeof ru => (language() === 'en' ? en : ru)
