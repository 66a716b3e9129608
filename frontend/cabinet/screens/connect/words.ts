/** What the page of permission says, in both languages; loaded with it. */
import { language } from '../../../shared/words/language.ts'

const ru = {
  busy: 'Смотрим, кто спрашивает',
  title: (partner: string) => `${partner}: показать вашу скидку?`,
  asks: (site: string) => `Сайт ${site} просит узнать, какая у вас скидка.`,
  learns: 'Сайт узнает на 10 минут',
  tier: (tier: string) => `ваш уровень: ${tier}`,
  discount: 'вашу скидку у этого партнёра',
  hides: 'Имя, телефон, почту, карту и покупки сайт не узнает.',
  as: (name: string) => `Вы вошли как ${name}.`,
  allow: 'Разрешить',
  deny: 'Не разрешать',
  signInTitle: (partner: string) => `Ваша скидка: ${partner}`,
  signInNote: (site: string) => `Войдите, чтобы показать скидку на сайте ${site}. Пароль остаётся в этом окне.`,
  signIn: 'Войти',
  join: 'Стать участником',
  done: 'Готово',
  doneNote: 'Вернитесь на страницу отеля. Это окно можно закрыть.',
  unknown: 'Этот сайт не записан за партнёром',
  unknownNote: 'Мы ничего ему не сказали. Откройте страницу на сайте самого партнёра.',
  lost: 'Окно потеряло страницу отеля',
  lostNote: 'Закройте его и нажмите кнопку на странице отеля ещё раз. Если не поможет, забронируйте в личном кабинете.',
  incomplete: 'Здесь отвечают сайтам отелей',
  incompleteNote: 'Откройте это окно кнопкой «Узнать свою скидку» на сайте отеля.',
}

const en: typeof ru = {
  busy: 'Looking who asks',
  title: partner => `${partner}: show your discount?`,
  asks: site => `The site ${site} would like to know your discount.`,
  learns: 'For 10 minutes the site learns',
  tier: tier => `your tier: ${tier}`,
  discount: 'your discount at this partner',
  hides: 'It does not learn your name, phone, e-mail, card or purchases.',
  as: name => `You are signed in as ${name}.`,
  allow: 'Allow',
  deny: 'Do not allow',
  signInTitle: partner => `Your discount: ${partner}`,
  signInNote: site => `Sign in to show your discount on ${site}. The password stays in this window.`,
  signIn: 'Sign in',
  join: 'Become a member',
  done: 'Done',
  doneNote: 'Go back to the hotel’s page. This window can be closed.',
  unknown: 'This site is not registered for the partner',
  unknownNote: 'We have told it nothing. Open the page on the partner’s own site.',
  lost: 'This window has lost the hotel’s page',
  lostNote: 'Close it and press the button on the hotel’s page again. If that does not help, book in your account.',
  incomplete: 'Hotels’ sites are answered here',
  incompleteNote: 'Open this window by the button “See my discount” on a hotel’s site.',
}

export function connectWords(): typeof ru {
  return language() === 'ru' ? ru : en
}
