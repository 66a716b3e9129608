"""Sentences about claims."""

WORDS: dict[str, tuple[str, str]] = {
    "claim.fiscal_unreadable": (
        "Это не код кассового чека. Сфотографируйте его ещё раз или впишите данные чека сами.",
        "This is not the code of a fiscal receipt. Take the picture again, or write the receipt down yourself.",
    ),
    "claim.fiscal_return": (
        "Это чек возврата. Нужен чек покупки.",
        "This is the receipt of a return. The one of the purchase is needed.",
    ),
    "claim.fiscal_differs": (
        "Код чека говорит о другой покупке. Проверьте дату и сумму.",
        "The receipt's code tells of another purchase. Check its day and sum.",
    ),
    "claim.unknown_outlet": (
        "Такой точки в программе нет. Выберите её из списка.",
        "There is no such place in the programme. Choose one from the list.",
    ),
    "claim.net": ("Сумма чека больше нуля.", "The sum of a receipt is above zero."),
    "claim.days": (
        "Чек принимаем в течение {days} дней после покупки. Проверьте дату.",
        "A receipt is taken up to {days} days after the purchase. Check its day.",
    ),
    "claim.too_many": (
        "За месяц можно заявить {most} чеков. Показывайте код карты до оплаты, и заявлять ничего не придётся.",
        "You can claim {most} receipts a month. Show the card's code before you pay, and there is nothing to claim.",
    ),
    "claim.posted": (
        "Этот чек уже записан на карту. Если она не ваша, обратитесь к партнёру.",
        "This receipt stands on a card already. If it is not yours, please ask the partner.",
    ),
    "claim.taken": (
        "Этот чек уже заявлен.",
        "This receipt has been claimed already.",
    ),
    "claim.returned": (
        "Эту покупку вернули, зачислять нечего.",
        "This purchase was returned, there is nothing to count.",
    ),
    "claim.card": ("Карта не действует.", "The card is not active."),
    "claim.no_till": (
        "На этой точке нет кассы программы, записать покупку не на что.",
        "This place has no till of the programme to record the purchase at.",
    ),
    "claim.unknown_service": (
        "Выберите услугу, которую партнёр продаёт на кассе.",
        "Choose a service that the partner sells at tills.",
    ),
    "claim.own": (
        "Это ваша заявка. Её рассмотрит другой сотрудник.",
        "This claim is your own. Somebody else has to look at it.",
    ),
    "claim.rang_up": (
        "Вы работаете на кассе этой точки. Заявку рассмотрит тот, кто там не стоит.",
        "You work at a till of this place. Somebody who does not has to look at the claim.",
    ),
    "claim.unknown": ("Такой заявки нет.", "There is no such claim."),
    "claim.decided": (
        "Заявку уже рассмотрели. Обновите список.",
        "The claim has been decided already. Read the list again.",
    ),
}
