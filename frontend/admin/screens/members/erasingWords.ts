/** What is said of erasing a member, in both languages; loaded with the page of one. */
import { language } from '../../../shared/words/language.ts'

const ru = {
  title: 'Удаление данных',
  note: 'По требованию человека (152-ФЗ). Делается сразу и навсегда, вернуть нельзя. Если участник может войти, удалить данные он может и сам, в профиле.',
  erase: 'Удалить данные',
  ask: (number: string) => `Удалить данные участника ${number}?`,
  goes: 'Исчезнет навсегда',
  goesList: [
    'Имя, дата рождения, телефон, e-mail, пароль, входы, устройства и ключи кода.',
    'Тексты сообщений и адреса их доставки; адрес и браузер у согласий; пожелания к бронированиям.',
    'Баллы: остаток спишется. Место в семье; если участник глава, семья распадётся, вклады вернутся тем, кто внёс.',
  ],
  stays: 'Останется как учёт, под псевдонимом',
  staysList: [
    'Покупки, возвраты, движения баллов, заказы, бронирования и взаиморасчёты: их итоги не меняются.',
    'Что и когда было согласовано; долг; сигналы о подозрительном; запись в журнале.',
  ],
  merged: 'Профили, которые были объединены с этим, удалятся вместе с ним.',
  own: 'В причине не пишите личных данных: она останется.',
  digits: 'Последние четыре цифры номера карты',
  digitsHint: 'Чтобы не удалить другого',
  wrongDigits: (number: string) => `Это не последние цифры номера ${number}`,
  done: 'Данные удалены',
  erasedTitle: 'Данные удалены',
  at: 'Когда',
  by: 'По чьему слову',
  askedBy: { MEMBER: 'участник, сам в кабинете', STAFF: 'сотрудник программы', OPERATOR: 'оператор установки' },
  reason: 'Причина',
  forfeited: 'Списано баллов',
  act: 'Акт об уничтожении',
  copy: 'Скопировать акт',
  save: 'Скачать акт',
  file: (number: string) => `akt-${number}.txt`,
}

const en: typeof ru = {
  title: 'Erasing',
  note: 'On demand of the person (152-FZ). Done at once and for ever, there is no way back. Whoever can sign in may do it alone, in the profile.',
  erase: 'Erase the data',
  ask: number => `Erase the data of the member ${number}?`,
  goes: 'Goes for ever',
  goesList: [
    'Names, birth date, phone, e-mail, password, sessions, devices and keys of the code.',
    'Texts of messages and where they went; address and browser of consents; wishes of bookings.',
    'Points: what is left is written off. The seat in a family; where the member is its head the family ends and what was given goes back to the givers.',
  ],
  stays: 'Stays as bookkeeping, under a pseudonym',
  staysList: [
    'Purchases, returns, movements of points, orders, bookings and settlement: no total changes.',
    'What was agreed to and when; a debt; signals of the suspicious; the line in the log.',
  ],
  merged: 'Profiles that were merged into this one go with it.',
  own: 'Write no personal data into the reason: it stays.',
  digits: 'The last four digits of the card number',
  digitsHint: 'So that nobody else is erased',
  wrongDigits: number => `These are not the last digits of ${number}`,
  done: 'The data are erased',
  erasedTitle: 'The data are erased',
  at: 'When',
  by: 'On whose word',
  askedBy: { MEMBER: 'the member, in the cabinet', STAFF: 'one of the staff', OPERATOR: 'the operator of the installation' },
  reason: 'Reason',
  forfeited: 'Points written off',
  act: 'Act of the erasure',
  copy: 'Copy the act',
  save: 'Save the act',
  file: number => `act-${number}.txt`,
}

export const erasingWords = (): typeof ru => (language() === 'en' ? en : ru)
