"""Sentences about the programme, its rules, and the texts and quantities that any part may ask for."""

WORDS: dict[str, tuple[str, str]] = {
    "programme.none": (
        "Программа ещё не запущена. Зайдите позже.",
        "The programme has not started yet. Come back later.",
    ),
    "discount.partner_unknown": (
        "Такого партнёра в программе нет. Выберите партнёра из списка.",
        "The programme has no such partner. Choose one from the list.",
    ),
    "discount.service_unknown": (
        "У партнёра нет такой услуги. Выберите услугу из списка партнёра.",
        "The partner has no such service. Choose one of the partner's services.",
    ),
    "discount.channel_not_of_service": (
        "Эту услугу так не заказывают. Выберите другой способ заказа.",
        "This service is not ordered that way. Choose another channel.",
    ),
    "basket.lines_count": (
        "В чеке должно быть от 1 до {lines_max} строк.",
        "A receipt has 1 to {lines_max} lines.",
    ),
    "basket.service_not_sold_here": (
        "Эту услугу здесь не продают. Выберите услугу из списка кассы.",
        "This service is not sold here. Choose one from the till's list.",
    ),
    "basket.too_much": (
        "Сумма чека больше 999 999 999 999,99. Проверьте суммы строк.",
        "The receipt comes to more than 999,999,999,999.99. Check the amounts of its lines.",
    ),
    "basket.channel_not_of_service": (
        "Эту услугу через выбранный канал не продают. Выберите другой канал или другую услугу.",
        "This service is not sold through the chosen channel. Choose another channel or another service.",
    ),
    "quantity.unreadable": (
        "Количество пишется цифрами с точкой: больше 0, не больше 1000000, до трёх знаков после точки.",
        "Write the quantity in digits with a point: above 0, at most 1000000, up to three digits after the point.",
    ),
    "text.empty": ("Заполните это поле.", "Fill in this field."),
    "text.too_long": (
        "Текст слишком длинный. Сократите его до {length_max} знаков.",
        "The text is too long. Keep it within {length_max} characters.",
    ),
    "text.characters": (
        "В тексте есть невидимые знаки. Наберите его заново, без копирования.",
        "The text has invisible characters. Type it again without copying.",
    ),
    "refund.nothing_left": (
        "По этому чеку уже всё возвращено.",
        "Everything on this receipt has been refunded already.",
    ),
    "refund.too_many_lines": (
        "Строк возврата больше, чем строк в чеке. Уберите лишние.",
        "There are more refund lines than the receipt has. Take some out.",
    ),
    "refund.line_unknown": (
        "Такой строки в чеке нет. Откройте чек заново и выберите строку из него.",
        "The receipt has no such line. Open the receipt again and choose one of its lines.",
    ),
    "refund.line_twice": (
        "Строка указана дважды. Оставьте её один раз.",
        "The line is named twice. Keep it once.",
    ),
    "refund.one_measure": (
        "Укажите для строки что-то одно: количество или сумму.",
        "Give one of the two for the line: a quantity or a sum.",
    ),
    "refund.above_zero": (
        "Для возврата нужно больше нуля. Исправьте количество или сумму.",
        "A refund is above zero. Correct the quantity or the sum.",
    ),
    "refund.measure_is_quantity": (
        "Эту строку уже возвращали по количеству. Укажите количество.",
        "This line was refunded by quantity before. Give a quantity.",
    ),
    "refund.measure_is_net": (
        "Эту строку уже возвращали по сумме. Укажите сумму.",
        "This line was refunded by sum before. Give a sum.",
    ),
    "refund.exceeds_sale": (
        "Возвращается больше, чем осталось по строке. Уменьшите количество или сумму.",
        "This is more than is left of the line. Lower the quantity or the sum.",
    ),
    "reason.discount": (
        "Скидка {percent} по статусу «{tier}».",
        "{percent} off with the tier {tier}.",
    ),
    "reason.no_discount_yet": (
        "Со статусом «{tier}» скидки пока нет. Со статуса «{next}» (от {threshold} покупок) будет {percent}.",
        "No discount yet with the tier {tier}. From {next} ({threshold} of purchases) it will be {percent}.",
    ),
    "reason.not_given": (
        "Скидка не применена: касса закрыла счёт без связи с программой.",
        "No discount was given: the till closed the bill without a connection to the programme.",
    ),
    "reason.no_discount": ("На эту услугу скидки нет.", "There is no discount on this service."),
    "reason.counts": ("Входит в накопление.", "Counts towards the next tier."),
    "reason.does_not_count": ("В накопление не входит.", "Does not count towards a tier."),
    "reason.earns": (
        "На счёт {many} вернётся {percent} от суммы, оплаченной деньгами.",
        "{percent} of the money paid comes back as {many}.",
    ),
    "reason.earns_not_yet": (
        "Со статусом «{tier}» {many} за это пока нет. Со статуса «{next}» (от {threshold} покупок) вернётся {percent}.",
        "No {many} for this with the tier {tier} yet. From {next} ({threshold} of purchases) {percent} will come back.",
    ),
    "reason.earns_nothing": ("За это {many} не начисляют.", "This earns no {many}."),
    "reason.redeems": (
        "За счёт {many} можно оплатить до {percent}.",
        "Up to {percent} of this may be paid with {many}.",
    ),
    "reason.redeems_nothing": ("За счёт {many} это не оплатить.", "This cannot be paid with {many}."),
}
