"""Sentences about points. `{few}` and the like are the programme's own words."""

WORDS: dict[str, tuple[str, str]] = {
    "points.spending_unknown": (
        "Такого списания нет. Обновите страницу.",
        "There is no such spending. Reload the page.",
    ),
    "points.spending_over": (
        "Это списание уже завершено. Попросите на кассе рассчитать покупку ещё раз.",
        "This spending is over. Ask at the till to quote the purchase again.",
    ),
    "points.points_none": (
        "У гостя пока нет {many}, которые можно потратить.",
        "The guest has no {many} to spend yet.",
    ),
    "points.points_short": (
        "На счёте гостя {points} {unit}: больше списать нельзя.",
        "The guest has {points} {unit}, and no more can be spent.",
    ),
    "points.points_cap": (
        "По правилам этой покупки списать можно не больше {points} {unit}.",
        "The rules of this basket let at most {points} {unit} be spent.",
    ),
    "points.points_not_here": (
        "Эту покупку по правилам программы {many} не оплачивают.",
        "The rules let no {many} pay for this basket.",
    ),
    "points.points_pending": (
        "Ещё {points} {unit} станут доступны с {day}.",
        "Another {points} {unit} can be spent from {day}.",
    ),
    "points.points_debt": (
        "После возврата покупки за гостем {points} {unit}: они погасятся следующими начислениями.",
        "After a return the guest owes {points} {unit}; the next earnings repay them.",
    ),
    "points.points_by_phone": (
        "По номеру телефона {many} только начисляются. Чтобы списать, покажите код в телефоне или назовите код из СМС.",
        "By phone number {many} are only earned. To spend them, show the code on the phone or say one from a text.",
    ),
    "points.move.EARNED": ("Начислено за покупку: {place}.", "Earned with a purchase: {place}."),
    "points.move.GRANTED": ("Начислено программой.", "Given by the programme."),
    "points.move.OPENING": ("Перенесено из прежней программы.", "Brought over from the former programme."),
    "points.move.GRANTED.why": ("Начислено программой: {why}", "Given by the programme: {why}"),
    "points.move.WITHDRAWN": ("Списано программой.", "Taken by the programme."),
    "points.move.WITHDRAWN.why": ("Списано программой: {why}", "Taken by the programme: {why}"),
    "points.move.ACTIVATED": ("Стали доступны: {place}.", "Can be spent now: {place}."),
    "points.move.HELD": ("Отложено на кассе: {place}.", "Put aside at a till: {place}."),
    "points.move.RELEASED": ("Отложенное вернулось на счёт: {place}.", "What was put aside is back: {place}."),
    "points.move.SPENT": ("Оплачена часть покупки: {place}.", "Paid a part of a purchase: {place}."),
    "points.move.MERGED": ("Объединены два профиля.", "Two profiles were made one."),
    "points.move.EXPIRED": ("Закончился срок: {place}.", "Their time has ended: {place}."),
    "points.move.TAKEN_BACK": ("Отменено начисление после возврата: {place}.", "Taken back after a return: {place}."),
    "points.move.GIVEN_BACK": ("Вернулись после возврата покупки: {place}.", "Given back after a return: {place}."),
    "points.move.DEBT_REPAID": ("Погашен долг после возврата: {place}.", "A debt after a return is repaid: {place}."),
    "points.place.receipt": ("{partner}, чек {receipt} от {day}", "{partner}, receipt {receipt} of {day}"),
    "points.place.programme": ("от программы", "from the programme"),
}
