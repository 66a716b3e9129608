"""Sentences about tiers: why one began, and why one cannot be given."""

WORDS: dict[str, tuple[str, str]] = {
    "tiers.unknown": (
        "Такого уровня в программе нет. Выберите из списка.",
        "The programme has no such tier. Choose one from the list.",
    ),
    "tiers.until": (
        "Выберите день не раньше сегодняшнего и не дальше {years_max} лет.",
        "Choose a day that is not over, within {years_max} years.",
    ),
    "tiers.granted_already": (
        "Участнику уже выдан уровень. Сначала отзовите его.",
        "The member has been given a tier already. Withdraw it first.",
    ),
    "tiers.grant_unknown": (
        "Такого выданного уровня нет. Обновите страницу.",
        "There is no such given tier. Open the page anew.",
    ),
    "tiers.grant_over": (
        "Этот выданный уровень уже закончился или отозван.",
        "This given tier has ended or has been withdrawn already.",
    ),
    "tiers.whose": (
        "Под это подходит не один участник. Назовите номер карты.",
        "That names not exactly one member. Name the number of a card.",
    ),
    "tiers.reason.JOINED": ("При вступлении в программу", "On joining"),
    "tiers.reason.PURCHASE": ("За покупки", "Reached by purchases"),
    "tiers.reason.REFUND": ("После возврата покупки", "After a return"),
    "tiers.reason.PROGRAMME": ("Изменились условия программы", "The programme's terms changed"),
    "tiers.reason.GRANT": ("Присвоен программой", "Given by the programme"),
    "tiers.reason.CAMPAIGN": ("По акции «{campaign}»", "By the offer “{campaign}”"),
    "tiers.reason.FAMILY": ("Изменился счёт семьи", "What counts for the family has changed"),
    "tiers.reason.GRANT_ENDED": ("Закончился срок присвоенного уровня", "The time of a given tier ended"),
    "tiers.reason.WINDOW": ("Закончился срок прежнего уровня", "The time of the earlier tier ended"),
    "tiers.reason.MERGED": ("Объединены два профиля", "Two profiles were made one"),
    "tiers.reason.IMPORT": ("Перенесён из прежней системы", "Brought along from the earlier system"),
}
