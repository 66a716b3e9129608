"""Sentences about campaigns and promo codes."""

WORDS: dict[str, tuple[str, str]] = {
    "reason.campaign": ("Акция «{campaign}»: −{amount}.", "Offer “{campaign}”: −{amount}."),
    "reason.campaign_times": (
        "Акция «{campaign}»: баллов в {times} раза больше.",
        "Offer “{campaign}”: {times} times the points.",
    ),
    "reason.campaign_gift": ("Акция «{campaign}»: +{points} в подарок.", "Offer “{campaign}”: {points} as a gift."),
    "reason.campaign_lost": (
        "«{campaign}» не складывается с акцией «{other}», применили её.",
        "“{campaign}” does not combine with “{other}”, which applies.",
    ),
    "reason.campaign_capped": (
        "«{campaign}»: к этим строкам добавить больше нечего.",
        "“{campaign}”: there is nothing left to add on these items.",
    ),
    "reason.campaign_tier": (
        "«{campaign}» откроется со статуса «{next}» (от {threshold} покупок).",
        "“{campaign}” opens with the tier {next} (from {threshold} of purchases).",
    ),
    "reason.campaign_not_now": ("«{campaign}» действует {when}.", "“{campaign}” holds {when}."),
    "reason.campaign_lines": (
        "«{campaign}»: подходящего для акции в чеке нет.",
        "“{campaign}”: nothing on the receipt is part of it.",
    ),
    "reason.campaign_basket": ("До акции «{campaign}» ещё {amount}.", "{amount} to go for “{campaign}”."),
    "reason.campaign_quantity": ("«{campaign}»: добавьте ещё {quantity} шт.", "“{campaign}”: add {quantity} more."),
    "reason.campaign_purchases": (
        "До акции «{campaign}» ещё покупок: {count}.",
        "“{campaign}”: purchases to go before it: {count}.",
    ),
    "reason.campaign_birthday": (
        "«{campaign}» действует около дня рождения.",
        "“{campaign}” holds around the birthday.",
    ),
    "reason.campaign_used": (
        "«{campaign}»: акцией уже воспользовались столько раз, сколько можно.",
        "“{campaign}”: used as often as one guest may.",
    ),
    "reason.campaign_not_here": (
        "«{campaign}»: промокод сейчас и здесь не действует.",
        "“{campaign}”: the promo code does not hold here and now.",
    ),
    "reason.campaign_over": ("«{campaign}»: акция закончилась.", "“{campaign}”: the offer has run out."),
    "campaign.hours": ("с {opens} до {closes}", "from {opens} to {closes}"),
    "campaign.always": ("в другое время", "at another time"),
    "promo.too_many": (
        "Промокодов слишком много: не больше {most} в чеке.",
        "Too many promo codes: {most} at most on a receipt.",
    ),
    "promo.unknown": (
        "Такого промокода нет. Проверьте буквы и цифры.",
        "There is no such promo code. Check its letters and digits.",
    ),
    "promo.ended": ("Срок промокода вышел.", "The promo code has ended."),
    "promo.used": ("Промокод уже использован.", "The promo code has been used."),
    "promo.shape": (
        "В промокоде от 4 до 32 букв и цифр.",
        "A promo code has 4 to 32 letters and digits.",
    ),
    "promo.taken": (
        "Такой промокод уже есть. Придумайте другой.",
        "There is such a promo code already. Choose another.",
    ),
    "promo.no_campaign": (
        "Нет действующей акции «{campaign}» с `code: true`.",
        "No campaign {campaign} with `code: true` is in force.",
    ),
    "promo.no_holder": ("Владелец промокода не найден.", "The holder of the promo code was not found."),
    "promo.nothing_to_test": (
        "«{what}» — не действующая акция и не файл.",
        "{what} is neither a campaign in force nor a file.",
    ),
    "promo.wait": (
        "Слишком много неверных промокодов. Повторите через {minutes} мин или продайте без промокода.",
        "Too many wrong promo codes. Try again in {minutes} min, or sell without a code.",
    ),
}
