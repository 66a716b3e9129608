/** What the sheet of a voucher says. It comes with the sheet, so that a sale never loads it. */
import { language } from '../../shared/words/language.ts'

const ru = {
  title: 'Сертификат',
  looking: 'Проверяем сертификат',
  give: 'Что получает гость',
  order: 'Заказ',
  until: 'Действует до',
  redeem: 'Погасить',
  redeemHint: 'Погасить можно один раз. Делайте это, когда отдаёте услугу.',
  done: 'Сертификат погашен',
  doneHint: 'Окажите гостю услугу.',
  used: 'Сертификат уже погашен',
  usedAt: (at: string, place: string) => `${at}${place && `, ${place}`}`,
  expired: 'Срок сертификата закончился',
  expiredHint: 'Деньги за него гость вернёт сам, в личном кабинете.',
  returned: 'Гость вернул этот сертификат',
  returnedHint: 'Услугу по нему не оказывают.',
  offline: 'Нет сети: сертификат проверить нельзя',
  offlineHint: 'Без сети сертификаты не принимают: его могли погасить на другой кассе. Дождитесь сети.',
  unreachable: 'Ответа нет',
  unreachableHint: 'Нажмите ещё раз: второй раз сертификат не спишется.',
  again: 'Повторить',
  close: 'Готово',
  later: 'Не сейчас',
}

const en: typeof ru = {
  title: 'Voucher',
  looking: 'Checking the voucher',
  give: 'What the guest gets',
  order: 'Order',
  until: 'Good until',
  redeem: 'Redeem',
  redeemHint: 'It can be redeemed once. Do so when you give the service out.',
  done: 'The voucher is redeemed',
  doneHint: 'Give the guest the service.',
  used: 'The voucher was redeemed already',
  usedAt: (at, place) => `${at}${place && `, ${place}`}`,
  expired: 'The voucher has ended',
  expiredHint: 'The guest gets the money back in the cabinet.',
  returned: 'The guest has returned this voucher',
  returnedHint: 'Nothing is given for it.',
  offline: 'No network: the voucher cannot be checked',
  offlineHint: 'Vouchers are not taken without a network: another till may have redeemed it. Wait for the network.',
  unreachable: 'No answer',
  unreachableHint: 'Press again: the voucher will not be taken twice.',
  again: 'Try again',
  close: 'Done',
  later: 'Not now',
}

export function voucherWords(): typeof ru {
  return language() === 'ru' ? ru : en
}

/** With formatters of its own: what the sale shares with this sheet would weigh on the sale. */
function told(at: Date, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(language() === 'ru' ? 'ru-RU' : 'en-GB', options).format(at)
}

/** A calendar date, wherever the till stands. */
export function dayOf(date: string): string {
  return told(new Date(`${date}T00:00:00Z`), { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
}

export function momentOf(at: string): string {
  return told(new Date(at), { day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' })
}
