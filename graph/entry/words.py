"""Sentences about joining and changing data at a till."""

WORDS: dict[str, tuple[str, str]] = {
    "entry.channel": (
        "По этому каналу участников не регистрируют: человек должен назвать код сам.",
        "Nobody joins through this channel: the person has to tell the code.",
    ),
    "entry.one_proof": (
        "Нужно одно из двух: код карты, который отсканирован на этой кассе, или телефон участника.",
        "Give one of the two: a card scanned at this till, or the member's phone.",
    ),
    "entry.contact_needs_card": (
        "Телефон и почту меняют по коду карты: попросите гостя показать его.",
        "A phone or address is changed with the card's code: ask the guest to show it.",
    ),
    "entry.one_contact": (
        "Телефон и почту меняют по очереди: код идёт на новый номер или адрес.",
        "Change the phone and the address one after the other: the code goes to the new one.",
    ),
    "entry.nothing": (
        "Укажите, что изменить.",
        "Say what is to change.",
    ),
    "entry.email_taken": (
        "Этот адрес подтверждён в другом профиле. Войдите в него или обратитесь в поддержку.",
        "This address is confirmed in another profile. Sign in there or contact support.",
    ),
}
