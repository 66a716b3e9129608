/** What the statements of settlement say, in both languages; loaded with the page. */
import { language } from '../../../shared/words/language.ts'
import type { StatementState } from '../../graph/documents.ts'

const ru = {
  title: 'Акты',
  none: 'В этом месяце никто никому не платит, актов нет.',
  open: 'Суммы открытого месяца меняются. Акты отправляют, когда он закроется.',
  note: 'Отправляет акты программа. Подтверждает тот, кто платит, оспорить могут оба, оплату отмечает тот, кому платят. Закрытые суммы не меняются: исправления попадут в следующий месяц.',
  pays: 'платит',
  programme: 'программа',
  pair: (payer: string, payee: string, amount: string) => `${payer} платит ${payee}, ${amount}`,
  states: { OPEN: 'месяц открыт', CLOSED: 'не отправлен', SENT: 'ждёт подтверждения', CONFIRMED: 'подтверждён', DISPUTED: 'оспорен', PAID: 'оплачен' },
  done: { OPEN: '', CLOSED: '', SENT: 'Отправлен', CONFIRMED: 'Подтверждён', DISPUTED: 'Оспорен', PAID: 'Оплачен' },
  acts: { OPEN: '', CLOSED: '', SENT: 'Отправить', CONFIRMED: 'Подтвердить', DISPUTED: 'Оспорить', PAID: 'Отметить оплату' },
  ask: { OPEN: '', CLOSED: '', SENT: 'Отправить акт сторонам?', CONFIRMED: 'Подтвердить сумму акта?', DISPUTED: 'Оспорить акт', PAID: 'Отметить акт оплаченным?' },
  effect: {
    OPEN: '', CLOSED: '',
    SENT: 'Обе стороны увидят акт в панели и смогут его подтвердить или оспорить.',
    CONFIRMED: 'Сумма будет принята. Останется её оплатить.',
    DISPUTED: 'Напишите, что не сходится: это увидят программа и вторая сторона.',
    PAID: 'Это последний шаг, вернуть его нельзя.',
  },
  noteField: 'Заметка',
  noteHint: 'Её увидят обе стороны',
  why: 'Что не сходится',
  whyHint: 'Увидят программа и вторая сторона, запишется в журнал',
  history: 'История акта',
  again: 'Отправить снова',
  toast: 'Записано',
  deposits: 'Предоплата',
  paidAhead: (amount: string) => `внесено ${amount}`,
  left: 'осталось',
  usedUp: 'исчерпана',
  depositsNote: 'Внесённое вперёд без того, что другие приняли этими баллами и что ещё не оплачено, вместе с открытым месяцем. Исчерпанная предоплата ни одной покупки не останавливает.',
}

const en: typeof ru = {
  title: 'Statements',
  none: 'Nobody pays anybody this month, so there are no statements.',
  open: 'The sums of an open month change. Statements are sent once it is closed.',
  note: 'The programme sends statements. Who pays confirms, both sides may dispute, who is paid notes the payment. Closed sums never change: corrections count in the next month.',
  pays: 'pays',
  programme: 'the programme',
  pair: (payer, payee, amount) => `${payer} pays ${payee}, ${amount}`,
  states: { OPEN: 'month open', CLOSED: 'not sent', SENT: 'to be confirmed', CONFIRMED: 'confirmed', DISPUTED: 'disputed', PAID: 'paid' },
  done: { OPEN: '', CLOSED: '', SENT: 'Sent', CONFIRMED: 'Confirmed', DISPUTED: 'Disputed', PAID: 'Paid' },
  acts: { OPEN: '', CLOSED: '', SENT: 'Send', CONFIRMED: 'Confirm', DISPUTED: 'Dispute', PAID: 'Note the payment' },
  ask: { OPEN: '', CLOSED: '', SENT: 'Send the statement to both sides?', CONFIRMED: 'Confirm the sum of the statement?', DISPUTED: 'Dispute the statement', PAID: 'Note the statement as paid?' },
  effect: {
    OPEN: '', CLOSED: '',
    SENT: 'Both sides see the statement in the panel and may confirm or dispute it.',
    CONFIRMED: 'The sum is agreed to. It is paid next.',
    DISPUTED: 'Say what does not add up: the programme and the other side will read it.',
    PAID: 'This is the last step and cannot be taken back.',
  },
  noteField: 'Note',
  noteHint: 'Both sides will read it',
  why: 'What does not add up',
  whyHint: 'The programme and the other side read it; it stands in the log',
  history: 'History of the statement',
  again: 'Send again',
  toast: 'Written down',
  deposits: 'Paid ahead',
  paidAhead: amount => `${amount} paid`,
  left: 'left',
  usedUp: 'used up',
  depositsNote: 'What was paid ahead less what others took in these points and is not paid yet, the open month included. A deposit that is used up stops no sale.',
}

export const statementWords = (): typeof ru => (language() === 'en' ? en : ru)

/** What a button does: a statement that was disputed is sent once more. */
export const actOf = (to: StatementState, from: StatementState): string => (to === 'SENT' && from === 'DISPUTED' ? statementWords().again : statementWords().acts[to])
