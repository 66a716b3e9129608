/** What spending by a code says, the button too: neither is loaded before a guest has told a number. */
import { language } from '../../shared/words/language.ts'

const ru = {
  open: 'Списать по коду из SMS',
  title: 'Код для списания',
  intro: 'Отправим гостю шесть цифр: в SMS или письмом. Назвав их, гость разрешает списать с его счёта на этой кассе.',
  send: 'Отправить код',
  codeHint: 'Попросите гостя назвать шесть цифр. Назвав их, он разрешает списать с его счёта на этой кассе.',
  code: 'Код',
  confirm: 'Подтвердить',
  again: 'Не списывать',
  resend: 'Отправить ещё раз',
  resendIn: (left: string) => `Отправить ещё раз через ${left}`,
  sentAgain: { same: 'Отправили ещё раз: код тот же.', new: 'Отправили новый код: прежний больше не подходит.' },
  noCode: 'Код не пришёл? Гость может показать код карты в телефоне. Чек не пропадёт.',
  offline: 'Нет сети. По коду списывают только с сетью',
  unreachable: 'Нет ответа. Проверьте сеть и нажмите ещё раз: ничего не спишется.',
}

const en: typeof ru = {
  open: 'Spend with a code from a text',
  title: 'A code to spend with',
  intro: 'We send the guest six digits, by text or letter. By telling them the guest lets this till spend from their account.',
  send: 'Send the code',
  codeHint: 'Ask the guest for the six digits. By telling them the guest lets this till spend from their account.',
  code: 'Code',
  confirm: 'Confirm',
  again: 'Do not spend',
  resend: 'Send once more',
  resendIn: left => `Send once more in ${left}`,
  sentAgain: { same: 'Sent once more: the code is the same.', new: 'A new code was sent: the one before does not work any more.' },
  noCode: 'No code? The guest may show the code of the card on the phone. The receipt stays.',
  offline: 'No network. Spending with a code needs one',
  unreachable: 'No answer. Check the network and press again: nothing is spent by it.',
}

export function spendWords(): typeof ru {
  return language() === 'ru' ? ru : en
}
