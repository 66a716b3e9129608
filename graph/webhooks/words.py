"""Sentences about webhooks."""

WORDS: dict[str, tuple[str, str]] = {
    "webhooks.url": (
        "Укажите адрес вида https://partner.example/hooks, без имени, пароля и решётки.",
        "Give an address such as https://partner.example/hooks, without a name, a password or a fragment.",
    ),
    "webhooks.events": (
        "Выберите хотя бы одно событие из списка.",
        "Choose at least one event of the list.",
    ),
    "webhooks.too_many": (
        "У партнёра может быть {most} адресов. Уберите лишний.",
        "A partner may have {most} addresses. Take one away that is not needed.",
    ),
    "webhooks.unknown": (
        "Такого адреса нет или он не ваш. Обновите список.",
        "There is no such address, or it is not yours. Refresh the list.",
    ),
    "webhooks.span": (
        "Конец промежутка должен быть позже начала.",
        "The span must end after it begins.",
    ),
    "webhooks.wanted": (
        "Назовите доставки или промежуток времени, одно из двух.",
        "Name deliveries or a span of time, one of the two.",
    ),
}
