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
}
