"""Sentences about the shop."""

WORDS: dict[str, tuple[str, str]] = {
    "shop.no_partner": (
        "Этот партнёр ничего не продаёт в магазине программы.",
        "This partner sells nothing in the programme’s shop.",
    ),
    "shop.no_item": (
        "Этой услуги больше нет в магазине. Обновите страницу.",
        "This is not sold in the shop any more. Reload the page.",
    ),
    "shop.quantity": ("За раз можно заказать от 1 до {most}.", "Order 1 to {most} at once."),
    "shop.closed": (
        "Сейчас здесь нельзя оплатить. Купите услугу у партнёра: скидка карты действует и там.",
        "Nothing can be paid for here right now. Buy it from the partner: the card’s discount holds there too.",
    ),
    "shop.price_changed": (
        "Цена изменилась. Вот новая: заказ оформим, только если вы согласны.",
        "The price has changed. Here is the new one: nothing is ordered unless you agree.",
    ),
    "shop.no_order": ("Такого заказа нет. Обновите страницу.", "There is no such order. Reload the page."),
    "shop.paid_already": (
        "Заказ уже оплачен. Его можно вернуть.",
        "The order is paid already. You can return it.",
    ),
    "shop.which": ("Выберите, что вернуть.", "Choose what to return."),
    "shop.another_sum": (
        "Сумма возврата изменилась. Посмотрите новую.",
        "Another sum would come back now. Look at the new one.",
    ),
    "shop.not_returnable": (
        "Сертификат уже использован или возвращён. Обновите страницу.",
        "A voucher is used or returned already. Reload the page.",
    ),
    "shop.no_voucher": (
        "Такого сертификата у этого партнёра нет. Проверьте цифры.",
        "This partner has no such voucher. Check the digits.",
    ),
    "shop.voucher_used": ("Сертификат уже погашен: {at}, {place}.", "The voucher was used already: {at}, {place}."),
    "shop.voucher_returned": (
        "Гость вернул этот сертификат. Услугу по нему не оказывают.",
        "The guest has returned this voucher. Nothing is given for it.",
    ),
    "shop.voucher_expired": (
        "Срок сертификата закончился. Деньги за него гость вернёт в личном кабинете.",
        "The voucher has ended. The guest gets the money back in the cabinet.",
    ),
    "shop.fault.DECLINED": (
        "Банк отклонил оплату, деньги не списаны. Попробуйте другую карту.",
        "The bank declined the payment and took nothing. Try another card.",
    ),
    "shop.fault.NOT_PAID": (
        "Оплата не пришла вовремя, заказ закрыт. Оформите его ещё раз.",
        "No payment came in time, and the order is closed. Place it again.",
    ),
    "shop.fault.NO_PAGE": (
        "Страница оплаты не открылась, деньги не списаны. Попробуйте чуть позже.",
        "The page to pay on did not open, and no money was taken. Try a little later.",
    ),
    "shop.fault.GIVEN_BACK": (
        "Заказ не удалось выполнить, поэтому он закрыт. Деньги возвращаются.",
        "The order could not be carried out, so it is closed. The money is on its way back.",
    ),
    "shop.fault.CARD": (
        "Карта программы не действует, поэтому заказ не оформлен. Деньги возвращаются.",
        "Your card of the programme does not work, so nothing was sold. The money is on its way back.",
    ),
}
