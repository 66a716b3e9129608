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
    "scan.too_many": (
        "Эту карту сканируют слишком часто. Подождите несколько минут.",
        "This card is being scanned too often. Wait a few minutes.",
    ),
}
