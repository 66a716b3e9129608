"""Sentences about payments."""

_LATE = (
    "Время на оплату вышло. Деньги не списаны.",
    "The time to pay is over. No money was taken.",
)
_AWAY = (
    "Страница оплаты не открылась. Деньги не списаны, попробуйте ещё раз чуть позже.",
    "The page to pay on did not open. No money was taken; try again a little later.",
)
_REFUSED = (
    (
        "Устраните причину (insufficient_funds: пополните баланс магазина) и отправьте возврат ещё раз. "
        "Либо верните деньги в кабинете эквайера: это найдётся само. Вернули иначе: отметьте."
    ),
    (
        "Remove the cause (insufficient_funds: top up the shop's balance) and send the refund once more. "
        "Or give the money back in the acquirer's account: that is found by itself. Given otherwise: note it."
    ),
)
_UNANSWERED = (
    (
        "Список возвратов эквайера спрашивается сам, пока он не ответит. Если возврата не было, его можно отправить снова. "
        "Деньги уже у гостя: отметьте."
    ),
    (
        "The acquirer's list of refunds is asked by itself until it answers; if it has made none, it can be sent once more. "
        "The guest has the money already: note it."
    ),
)
_TRIED = (
    (
        "Пробуется каждые десять минут. Посмотрите, работает ли kunak worker и что говорит kunak jobs dead. "
        "Если ничего не выйдет, верните деньги."
    ),
    (
        "It is tried every ten minutes. See whether kunak worker runs, and what kunak jobs dead says. "
        "If nothing comes of it, give the money back."
    ),
)

WORDS: dict[str, tuple[str, str]] = {
    "payment.not_paid": (
        "Этот платёж не оплачен, возвращать нечего.",
        "This payment was not paid, so there is nothing to give back.",
    ),
    "payment.refund_too_large": (
        "Вернуть можно не больше, чем осталось от платежа.",
        "No more can be given back than is left of the payment.",
    ),
    "payment.no_matter": (
        "Этот платёж решения не ждёт: его могли уже решить.",
        "This payment waits for no decision: it may have been decided already.",
    ),
    "payment.decision": (
        "Здесь так решить нельзя. Выберите одно из предложенных действий.",
        "That cannot be done here. Choose one of what is offered.",
    ),
    "payment.decided": (
        "Его уже решили. Обновите страницу.",
        "It was decided meanwhile. Load the page anew.",
    ),
    "payment.matter.REFUND_REFUSED": (
        "Возврат не прошёл, деньги у гостя не появились.",
        "The refund was not carried out; the guest has no money back.",
    ),
    "payment.matter.REFUND_UNANSWERED": (
        "Эквайер сутки не отвечает, прошёл ли возврат.",
        "The acquirer has not said for a day whether the refund was carried out.",
    ),
    "payment.matter.REFUND_SLOW": (
        "Эквайер проводит возврат дольше суток.",
        "The acquirer has worked on the refund for more than a day.",
    ),
    "payment.matter.PAYMENT_UNANSWERED": (
        "Срок оплаты давно вышел, а эквайер не говорит, чем она кончилась.",
        "The time to pay is long over, and the acquirer does not say how it ended.",
    ),
    "payment.matter.ORDER_NOT_ISSUED": (
        "Заказ оплачен, а ваучеры больше часа не выпускаются.",
        "The order is paid, and its vouchers have not been issued for more than an hour.",
    ),
    "payment.matter.RETURN_NOT_DONE": (
        "Ваучеры возвращены, а деньги больше часа не отправлены.",
        "Vouchers were returned, and the money has not been sent for more than an hour.",
    ),
    "payment.matter.BOOKING_NOT_DONE": (
        "Номер оплачен, а отель больше часа не подтверждает бронирование или его отмену.",
        "The room is paid, and for more than an hour the hotel has not confirmed the booking or its cancelling.",
    ),
    "payment.advice.REFUND_REFUSED": _REFUSED,
    "payment.advice.REFUND_UNANSWERED": _UNANSWERED,
    "payment.advice.REFUND_SLOW": (
        "Спрашивается само. Назовите поддержке эквайера номер платежа.",
        "It is asked for by itself. Tell the acquirer's support the number of the payment.",
    ),
    "payment.advice.PAYMENT_UNANSWERED": (
        "Спрашивается раз в сутки. В кабинете эквайера не оплачен: закройте. Оплатят позже: деньги вернутся сами.",
        "It is asked for once a day. Not paid in the acquirer's account: close it. Paid later: the money goes back by itself.",
    ),
    "payment.advice.ORDER_NOT_ISSUED": _TRIED,
    "payment.advice.RETURN_NOT_DONE": _TRIED,
    "payment.advice.BOOKING_NOT_DONE": (
        (
            "Пробуется каждые десять минут; откажет отель, деньги вернутся сами. Если гость уже едет, позвоните в отель. "
            "Если отель скажет, что номера нет, верните деньги."
        ),
        (
            "It is tried every ten minutes; if the hotel refuses, the money goes back. Call the hotel if the guest is on the "
            "way. If the hotel says that there is no room, give the money back."
        ),
    ),
    "payment.reason.expired": _LATE,
    "payment.reason.expired_on_confirmation": _LATE,
    "payment.reason.not_opened": _AWAY,
    "payment.reason.refused": _AWAY,
    "payment.reason.insufficient_funds": (
        "На карте или счёте не хватило денег. Попробуйте другой картой.",
        "There was not enough money on the card or account. Try another card.",
    ),
    "payment.reason.card_expired": (
        "Срок карты истёк. Попробуйте другой картой.",
        "The card has expired. Try another one.",
    ),
    "payment.reason.3d_secure_failed": (
        "Банк не подтвердил, что платите вы. Попробуйте ещё раз.",
        "The bank could not confirm that it is you. Try again.",
    ),
    "payment.reason.other": (
        "Банк не провёл платёж. Попробуйте другой картой или спросите свой банк.",
        "The bank did not carry out the payment. Try another card, or ask your bank.",
    ),
}
