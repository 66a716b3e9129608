"""Sentences for plugins of restaurants' systems and those who connect them."""

WORDS: dict[str, tuple[str, str]] = {
    "pos.type": (
        "Значение не того типа. Тип каждого поля есть в docs/iiko.md.",
        "This value has a wrong type. docs/iiko.md tells the type of every field.",
    ),
    "pos.choice": ("Выберите одно из: {choices}.", "Choose one of: {choices}."),
    "pos.number": ("Число должно быть от 0 до {most}.", "The number must be from 0 to {most}."),
    "pos.list": ("В списке должно быть от 1 до {most} записей.", "The list has 1 to {most} entries."),
    "pos.no_such_call": (
        "Такого метода нет. Методы есть в docs/iiko.md.",
        "There is no such call. docs/iiko.md lists them.",
    ),
    "pos.channel": (
        "Этой кассе не разрешён канал TILL. Попросите оператора программы выдать другой ключ.",
        "This till does not sell through TILL. Ask the programme's operator for another key.",
    ),
    "pos.no_guest": (
        "У этого заказа нет гостя. Сканируйте код гостя.",
        "This order has no guest. Scan the guest's code.",
    ),
    "pos.order_closed": (
        "Этот заказ уже закрыт и записан.",
        "This order is closed and recorded already.",
    ),
    "pos.order_differs": (
        "Этот заказ уже записан с другими строками. Сверьте его с кассой и сообщите оператору программы.",
        "This order was recorded with other lines. Compare it with the till and tell the programme's operator.",
    ),
    "pos.quote_replaced": (
        "Заказ рассчитан заново. Примените новый расчёт.",
        "The order was priced anew. Apply the newest quote.",
    ),
    "pos.group_unmapped": (
        "Для этой группы меню не указана услуга программы. Попросите оператора: kunak plugins map.",
        "No service of the programme is set for this menu group. Ask the operator: kunak plugins map.",
    ),
    "pos.unknown_outlet": (
        "В программе нет точки «{outlet}». Посмотрите её имя в файле программы.",
        "The programme has no outlet “{outlet}”. Look its id up in the programme file.",
    ),
    "pos.unknown_service": (
        "Партнёр не продаёт на кассе услугу «{service}». Есть: {services}.",
        "The partner does not sell “{service}” at tills. It sells: {services}.",
    ),
    "pos.closed_at": (
        "Заказ закрыт не раньше 72 часов назад и не позже чем через 5 минут. Проверьте часы кассы.",
        "An order closes at most 72 hours ago and 5 minutes ahead. Check the till's clock.",
    ),
    "pos.scanned_at": (
        "Код показан не раньше 96 часов назад и не позже чем через 5 минут. Проверьте часы кассы.",
        "A kept code was shown at most 96 hours ago and 5 minutes ahead. Check the till's clock.",
    ),
    "pos.code_or_phone": (
        "Передайте что-то одно: код или номер телефона.",
        "Send one of the two: a code or a phone number.",
    ),
    "pos.item_twice": ("Строка заказа указана дважды.", "An item of the order is named twice."),
    "pos.discount_not_ours": (
        "Скидка не та, что рассчитана: примените расчёт целиком или закройте заказ без скидки.",
        "This is not the quoted discount: apply all of the quote, or close the order without a discount.",
    ),
    "restaurants.none": (
        "Облако ресторанов не подключено. Задайте KUNAK_IIKO_API_KEY.",
        "No cloud of restaurants is connected. Set KUNAK_IIKO_API_KEY.",
    ),
    "restaurants.no_place": (
        "Такого места нет среди прочитанных из облака. Посмотрите: kunak iiko list.",
        "The cloud has told of no such place. Look: kunak iiko list.",
    ),
    "restaurants.discount": (
        "Это не тип скидки со свободной суммой. Посмотрите: kunak iiko discounts.",
        "This is no discount type of a free sum. Look: kunak iiko discounts.",
    ),
    "pos.too_many_deferred": (
        "У этого гостя слишком много чеков без связи за сутки. Повторите позже.",
        "This guest has too many receipts without network in a day. Try again later.",
    ),
}
