/** What signing in with a code says, in both languages; loaded with it. */
import { language } from '../../../shared/words/language.ts'

const ru = {
  title: 'Вход по коду',
  note: 'Пришлём шесть цифр на подтверждённый телефон или на почту. Пароль не нужен.',
  send: 'Прислать код',
  sent: (to: string) => `Если карта оформлена на ${to}, код уже в пути. Он действует 5 минут. Проверьте и «Спам».`,
  code: 'Код из сообщения',
  submit: 'Войти',
  again: 'Прислать код ещё раз',
  againIn: (time: string) => `Ещё раз через ${time}`,
  another: 'Другой телефон или e-mail',
  byPassword: 'Войти с паролем',
}

const en: typeof ru = {
  title: 'Sign in with a code',
  note: 'We will send six digits to your confirmed phone or e-mail. No password needed.',
  send: 'Send the code',
  sent: (to: string) => `If there is a card for ${to}, the code is on its way. It works for 5 minutes. Check “Spam” too.`,
  code: 'Code from the message',
  submit: 'Sign in',
  again: 'Send the code again',
  againIn: (time: string) => `Again in ${time}`,
  another: 'Another phone or e-mail',
  byPassword: 'Sign in with a password',
}

export const codeWords = (): typeof ru => (language() === 'en' ? en : ru)
