/** What the page of claims says, in both languages; loaded with it. */
import { language } from '../../../shared/words/language.ts'

const ru = {
  title: 'Заявки на покупки',
  note: 'Гости сообщают о чеках, при которых не показали код. Чек, о котором рассказал ресторан, зачисляется сам; здесь те, что нужно сверить с кассой.',
  status: 'Состояние',
  any: 'Все',
  states: { OPEN: 'Ждёт проверки', MATCHED: 'Зачисляется', CREDITED: 'Зачислена', REJECTED: 'Отклонена', EXPIRED: 'Истекла' },
  empty: 'Заявок нет',
  emptyNote: 'Здесь появятся чеки, которые гости попросят зачислить.',
  receipt: (number: string) => `Чек ${number}`,
  card: (number: string) => `Карта ${number}`,
  fiscal: (document: string) => `Фискальный документ ${document}`,
  asked: (when: string) => `Заявлен ${when}`,
  decided: (when: string) => `решение ${when}`,
  approve: 'Зачислить',
  reject: 'Отклонить',
  approveTitle: (number: string) => `Зачислить чек ${number}?`,
  rejectTitle: (number: string) => `Отклонить чек ${number}?`,
  approveNote: 'Найдите чек в кассе: точка, дата, номер и сумма должны совпасть. Покупка запишется без скидки, по правилам её дня.',
  rejectNote: 'Гость прочитает причину.',
  service: 'Что куплено',
  approved: 'Покупка зачислена',
  rejected: 'Заявка отклонена',
}

const en: typeof ru = {
  title: 'Claimed purchases',
  note: 'Guests tell of receipts for which they showed no code. A receipt that the restaurant told us of is recorded by itself; here are those to compare with the till.',
  status: 'State',
  any: 'All',
  states: { OPEN: 'To be checked', MATCHED: 'Being recorded', CREDITED: 'Recorded', REJECTED: 'Refused', EXPIRED: 'Expired' },
  empty: 'No claims',
  emptyNote: 'Receipts that guests ask to be counted will appear here.',
  receipt: number => `Receipt ${number}`,
  card: number => `Card ${number}`,
  fiscal: document => `Fiscal document ${document}`,
  asked: when => `Claimed ${when}`,
  decided: when => `decided ${when}`,
  approve: 'Record it',
  reject: 'Refuse',
  approveTitle: number => `Record receipt ${number}?`,
  rejectTitle: number => `Refuse receipt ${number}?`,
  approveNote: 'Find the receipt at the till: place, day, number and sum must agree. The purchase is recorded without a discount, by the rules of its day.',
  rejectNote: 'The guest reads the reason.',
  service: 'What was bought',
  approved: 'The purchase is recorded',
  rejected: 'The claim is refused',
}

export const claimWords = (): typeof ru => (language() === 'en' ? en : ru)
