/** What the panel of channels says, in both languages; loaded with the profile. */
import { language } from '../../../shared/words/language.ts'

const ru = {
  title: 'Как вам писать',
  note: 'Коды для входа и подтверждений приходят всегда.',
  channels: { VIBER: 'Viber', SMS: 'SMS', EMAIL: 'Почта' },
  service: 'Уведомления о карте',
  letters: 'Письма о карте приходят всегда: по ним возвращают доступ.',
  marketing: 'Новости и предложения',
  noConsent: 'Новости и предложения приходят, только если выше дано согласие на рекламу.',
  unproved: 'Номер ещё не подтверждён: сообщения на него не уходят.',
  none: 'Номер телефона не указан.',
  saved: 'Сохранено',
}

const en: typeof ru = {
  title: 'How to write to you',
  note: 'Codes to sign in and to confirm always come.',
  channels: { VIBER: 'Viber', SMS: 'SMS', EMAIL: 'E-mail' },
  service: 'Notices about the card',
  letters: 'Letters about the card always come: they are the way back in.',
  marketing: 'News and offers',
  noConsent: 'News and offers come only where the consent to them is given above.',
  unproved: 'The number is not confirmed yet: no messages go to it.',
  none: 'There is no phone number.',
  saved: 'Saved',
}

export const channelWords = (): typeof ru => (language() === 'en' ? en : ru)
