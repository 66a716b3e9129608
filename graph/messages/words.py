"""Sentences about codes, phones and channels."""

WORDS: dict[str, tuple[str, str]] = {
    "code.shape": (
        "Код — это шесть цифр из сообщения.",
        "The code is the six digits of the message.",
    ),
    "code.not_accepted": (
        "Код не подошёл или устарел. Проверьте цифры или запросите новый код.",
        "The code is not right or has expired. Check the digits or ask for another code.",
    ),
    "phone.no_sms": (
        "Подтвердить номер сейчас нельзя: SMS у программы не подключены. Входите по почте.",
        "The number cannot be confirmed: this programme sends no SMS yet. Sign in by e-mail.",
    ),
    "phone.not_served": (
        "На номера этой страны мы SMS не отправляем. Входите по почте.",
        "We send no SMS to numbers of this country. Sign in by e-mail.",
    ),
    "phone.proved_already": (
        "Этот номер уже подтверждён.",
        "This number is confirmed already.",
    ),
    "phone.budget": (
        "Сейчас SMS отправить не получится. Попробуйте через час.",
        "We cannot send an SMS now. Try again in an hour.",
    ),
    "phone.taken": (
        "Этот номер подтверждён в другом профиле. Войдите в него по коду или обратитесь в поддержку.",
        "This number is confirmed in another profile. Sign in there by code or contact support.",
    ),
    "preferences.twice": (
        "Каждый канал можно назвать один раз.",
        "Name each channel once.",
    ),
    "preferences.letters_stay": (
        "Письма о карте отключить нельзя: по ним возвращают доступ.",
        "Letters about the card cannot be switched off: they are the way back in.",
    ),
}
