"""Sentences about cards and scans."""

WORDS: dict[str, tuple[str, str]] = {
    "card.device": (
        "Имя устройства — от 1 до 64 знаков.",
        "A device name has 1 to 64 characters.",
    ),
    "card.blocked": (
        "Карта заблокирована. Обратитесь в поддержку программы.",
        "This card is blocked. Please contact the programme's support.",
    ),
    "card.not_accepted": (
        "Код не принят. Попросите гостя открыть код заново.",
        "This code was not accepted. Ask the guest to open the code again.",
    ),
    "scan.wait": (
        "Слишком много неверных кодов. Подождите {seconds} с и сканируйте снова.",
        "Too many wrong codes. Wait {seconds} s and scan again.",
    ),
    "phone.not_taken": (
        "Эта программа не узнаёт гостей по телефону. Попросите показать код в телефоне.",
        "This programme does not know guests by their phone numbers. Ask for the code on the phone.",
    ),
    "phone.not_accepted": (
        "По этому номеру карту не нашли. Проверьте номер или попросите показать код в телефоне.",
        "No card was found by this number. Check it, or ask for the code on the phone.",
    ),
    "phone.wait": (
        "Слишком много номеров подряд. Попросите показать код в телефоне или подождите {minutes} мин.",
        "Too many numbers in a row. Ask for the code on the phone, or wait {minutes} min.",
    ),
    "scan.too_many": (
        "Эту карту сканируют слишком часто. Подождите несколько минут.",
        "This card is being scanned too often. Wait a few minutes.",
    ),
}
