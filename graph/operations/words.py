"""Sentences of the list of operations."""

WORDS: dict[str, tuple[str, str]] = {
    "operations.filter": ("Такого условия нет.", "There is no such filter."),
    "operations.head.at": ("Когда", "When"),
    "operations.head.day": ("День", "Business date"),
    "operations.head.receipt": ("Чек", "Receipt"),
    "operations.head.place": ("Где", "Where"),
    "operations.head.till": ("Касса", "Till"),
    "operations.head.channel": ("Канал", "Channel"),
    "operations.head.card": ("Карта, 4 цифры", "Card, 4 digits"),
    "operations.head.gross": ("Сумма, ₽", "Sum, RUB"),
    "operations.head.discount": ("Скидка, ₽", "Discount, RUB"),
    "operations.head.net": ("К оплате, ₽", "Due, RUB"),
    "operations.head.refunded": ("Возвращено, ₽", "Returned, RUB"),
    "operations.head.counted": ("В накопление, ₽", "Counted, RUB"),
    "operations.head.earned": ("Начислено баллов", "Points earned"),
    "operations.head.spent": ("Списано баллов", "Points spent"),
}
