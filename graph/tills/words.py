"""Sentences for tills and those who add them."""

WORDS: dict[str, tuple[str, str]] = {
    "till.key_not_accepted": (
        "Ключ кассы не подошёл. Проверьте его или попросите новый у оператора программы.",
        "This till key was not accepted. Check it, or ask the programme's operator for a new one.",
    ),
    "till.unknown_partner": (
        "В программе нет партнёра «{partner}». Посмотрите его имя в файле программы.",
        "The programme has no partner “{partner}”. Look its id up in the programme file.",
    ),
    "till.unknown_outlet": (
        "У партнёра нет точки «{outlet}». Посмотрите её имя в файле программы.",
        "The partner has no outlet “{outlet}”. Look its id up in the programme file.",
    ),
    "till.retired": (
        "Этой точки больше нет в программе. Обратитесь к оператору программы.",
        "This place is no longer in the programme. Please ask the programme's operator.",
    ),
    "till.scope": (
        "Этому ключу не дано {scope}. Попросите у оператора программы другой ключ.",
        "This key was not given {scope}. Ask the programme's operator for another one.",
    ),
    "till.cashier": (
        "Кассир обозначается номером или знаком кассы: латинские буквы, цифры, точка, дефис, не больше {most}. Имя не пишите.",
        "A cashier is a number or sign of the till's own: Latin letters, digits, dots and dashes, {most} at most. Send no name.",
    ),
    "spending_code.not_needed": (
        "Этим билетом уже можно списывать: код не нужен.",
        "This ticket may spend already: no code is needed.",
    ),
    "till.scopes": (
        "Назовите, что может ключ: {scopes}. Хотя бы одно, каждое один раз.",
        "Name what the key may do: {scopes}. One at least, each once.",
    ),
    "till.per_minute": (
        "Запросов в минуту — от 1 до {most}.",
        "Requests a minute are 1 to {most}.",
    ),
    "till.too_often": (
        "Ключ спрашивает слишком часто. Повторите через {seconds} с.",
        "This key asks too often. Try again in {seconds} s.",
    ),
    "till.channels": (
        "Укажите каналы кассы. Каналы CABINET, SHOP и IMPORT — только для касс вида SYSTEM.",
        "Name the till's channels. CABINET, SHOP and IMPORT are for tills of kind SYSTEM only.",
    ),
}
