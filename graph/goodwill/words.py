"""Sentences about points moved by hand."""

WORDS: dict[str, tuple[str, str]] = {
    "goodwill.none": (
        "Напишите число баллов: больше нуля, чтобы начислить, меньше нуля, чтобы списать.",
        "Write a number of points: above zero to give, below zero to take.",
    ),
    "goodwill.not_here": (
        "По правилам программы баллы вручную не начисляют и не списывают.",
        "The programme's rules let nobody give or take points by hand.",
    ),
    "goodwill.own": (
        "Это ваша собственная карта. Начислит или спишет другой сотрудник.",
        "This card is your own. Somebody else has to do it.",
    ),
    "goodwill.asker_gone": (
        "Тот, кто это попросил, больше не работает в панели. Отклоните и при необходимости попросите заново.",
        "Whoever asked for this works in the panel no more. Refuse it, and ask anew if it is still wanted.",
    ),
    "goodwill.day": (
        "Больше за день вручную нельзя: осталось {left}.",
        "No more may be moved by hand in a day: {left} are left.",
    ),
    "goodwill.balance": (
        "По правилам программы у участника не может быть столько баллов: поместится ещё {left}.",
        "The programme lets no member have so many points: there is room for {left} more.",
    ),
    "goodwill.short": (
        "Списать можно не больше, чем доступно: {points}.",
        "No more can be taken than can be spent: {points}.",
    ),
}
