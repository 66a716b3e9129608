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
    "entry.nothing": (
        "Укажите, что изменить.",
        "Say what is to change.",
    ),
}
