"""Sentences about samples of messages, and what each message is called."""

WORDS: dict[str, tuple[str, str]] = {
    "preview.unknown": (
        "Такого сообщения программа не отправляет. Обновите страницу.",
        "This programme sends no such message. Reload the page.",
    ),
    "preview.wait": (
        "За час отправлено много образцов. Подождите {minutes} мин.",
        "Many samples were sent within an hour. Wait {minutes} min.",
    ),
    "preview.LETTER.CONFIRMATION": ("Подтверждение адреса", "Confirming the address"),
    "preview.LETTER.ALREADY_REGISTERED": ("Карта уже есть", "There is a card already"),
    "preview.LETTER.WELCOME": ("Карта готова", "The card is ready"),
    "preview.LETTER.RESET": ("Новый пароль", "A new password"),
    "preview.LETTER.PASSWORD_CHANGED": ("Пароль изменён", "The password was changed"),
    "preview.LETTER.PHONE_CHANGED": ("Телефон изменён", "The phone was changed"),
    "preview.LETTER.PROFILE_CHANGED": ("Данные изменены", "The data were changed"),
    "preview.LETTER.TIER_FELL": ("Уровень снизился", "The tier fell"),
    "preview.LETTER.TIER_GRANTED": ("Уровень присвоен", "A tier was given"),
    "preview.LETTER.CLAIM_CREDITED": ("Покупка зачислена", "The claimed purchase is recorded"),
    "preview.LETTER.CLAIM_REJECTED": ("Покупка не зачислена", "The claimed purchase is refused"),
    "preview.CODE.SIGN_IN": ("Код для входа", "Code to sign in"),
    "preview.CODE.BIND_PHONE": ("Код для номера телефона", "Code for a phone number"),
    "preview.CODE.SPEND": ("Код для списания баллов", "Code to spend points"),
    "preview.CODE.JOIN": ("Код для новой карты", "Code for a new card"),
    "preview.CODE.CHANGE": ("Код для изменения данных", "Code to change data"),
    "preview.NOTICE.POINTS_END": ("Баллы скоро сгорят", "Points end soon"),
    "preview.NOTICE.TIER_ENDS": ("Уровень скоро закончится", "The tier ends soon"),
    "preview.STAFF.INVITATION": ("Приглашение в панель", "Invitation to the panel"),
    "preview.STAFF.ACCESS_RESET": ("Вход в панель сброшен", "Access to the panel was reset"),
    "preview.STAFF.PASSWORD_CHANGED": ("Пароль панели изменён", "The panel's password was changed"),
    "preview.STAFF.WEBHOOK_DISABLED": ("Адрес вебхуков отключён", "A webhook address was turned off"),
}
