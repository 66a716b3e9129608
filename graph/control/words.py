"""Sentences about limits and signals."""

WORDS: dict[str, tuple[str, str]] = {
    "control.limit_receipts": (
        "Предел программы для {whom}: чеков за {span} — не больше {most}. Позовите управляющего.",
        "A limit of the programme for {whom}: {most} receipts in {span} at most. Call the manager.",
    ),
    "control.limit_amount": (
        "Предел программы для {whom}: покупок за {span} — не больше чем на {most} ₽. Позовите управляющего.",
        "A limit of the programme for {whom}: purchases of {most} ₽ in {span} at most. Call the manager.",
    ),
    "control.limit_points": (
        "Предел программы для {whom}: списать за {span} — не больше {most}. Предложите оплатить деньгами.",
        "A limit of the programme for {whom}: {most} may be spent in {span} at most. Ask for payment in money.",
    ),
    "control.limit_refunds": (
        "Предел программы для {whom}: возвратов за {span} — не больше {most}. Позовите управляющего.",
        "A limit of the programme for {whom}: {most} returns in {span} at most. Call the manager.",
    ),
    "control.own_card": (
        "Это карта сотрудника этой точки. Проведите чек без карты.",
        "This card belongs to the staff of this place. Close the receipt without the card.",
    ),
    "control.signal_unknown": (
        "Такого сигнала нет. Обновите список.",
        "There is no such signal. Reload the list.",
    ),
    "control.signal_decided": (
        "По этому сигналу решение уже принято. К нему можно добавить заметку.",
        "This signal has been decided. A note may still be added to it.",
    ),
    "control.signal_no_card": (
        "У этого сигнала нет карты, блокировать нечего. Оставьте заметку.",
        "No card belongs to this signal, so there is nothing to block. Leave a note instead.",
    ),
    "control.card_unknown": (
        "Такой заблокированной карты у ваших точек нет. Обновите страницу.",
        "Your places have no such blocked card. Reload the page.",
    ),
    "control.card_ended": (
        "Эту карту вернуть нельзя: её заменили или закрыли вместе с профилем. Обновите страницу участника.",
        "This card cannot be given back: it was replaced, or closed with its profile. Reload the member's page.",
    ),
}
