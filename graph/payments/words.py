"""Sentences about payments."""

_LATE = (
    "Время на оплату вышло. Деньги не списаны.",
    "The time to pay is over. No money was taken.",
)
_AWAY = (
    "Страница оплаты не открылась. Деньги не списаны, попробуйте ещё раз чуть позже.",
    "The page to pay on did not open. No money was taken; try again a little later.",
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
