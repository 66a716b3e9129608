"""What is wrong with a system, and what to do about it, in sentences."""

from collections.abc import Mapping
from typing import Final

from graph.words import Locale
from loyalty.money import tell_money
from services.status.judging import Facts, Kind, Trouble

Sentences = tuple[str, str]

NAMES: Final[Mapping[str, Sentences]] = {
    "plugins": ("Плагины iikoFront", "iikoFront plugins"),
    "restaurants": ("iikoCloud", "iikoCloud"),
    "hotels": ("TravelLine", "TravelLine"),
    "acquirer": ("ЮKassa", "YooKassa"),
    "smsaero": ("SMS Aero", "SMS Aero"),
    "edna": ("edna Pulse", "edna Pulse"),
    "smsc": ("SMSC.ru", "SMSC.ru"),
    "smtp": ("Почта (SMTP)", "Mail (SMTP)"),
    "webhooks": ("Вебхуки партнёров", "Partners’ webhooks"),
    "inbox": ("Входящие события", "Inbox of events"),
    "jobs": ("Фоновые задания", "Background jobs"),
}
_TEXTS: Final[Mapping[Trouble, Sentences]] = {
    Trouble.NOT_LET_IN: ("Система нас не пускает.", "The system does not let us in."),
    Trouble.UNAVAILABLE: ("Последний запрос остался без ответа.", "The last call had no answer."),
    Trouble.TOO_OFTEN: ("Исчерпан лимит запросов этой системы.", "The system's own limit of calls is reached."),
    Trouble.LATE: ("Очередь стоит дольше обычного.", "The queue has waited longer than usual."),
    Trouble.BALANCE_LOW: ("На счёте осталось {balance}.", "The account has {balance} left."),
    Trouble.BALANCE_UNKNOWN: ("Остаток на счёте не читается.", "The account cannot be read."),
    Trouble.ASIDE: ("Отложено: {aside}.", "Put aside: {aside}."),
    Trouble.UNSTEADY: (
        "За сутки без ответа {failed} из {calls} запросов.",
        "{failed} of {calls} calls of a day had no answer.",
    ),
}
_ASIDE: Final[Mapping[Kind, Sentences]] = {
    Kind.PLUGINS: ("Молчат больше суток: {aside}.", "Silent for more than a day: {aside}."),
    Kind.HOTELS: (
        "Гости заехали, а об их отъезде отель не сообщил: {aside}.",
        "Guests checked in, and their hotel told no check-out: {aside}.",
    ),
    Kind.WEBHOOKS: ("Отключённых адресов: {aside}.", "Addresses turned off: {aside}."),
    Kind.ACQUIRER: ("Деньги ждут решения человека: {aside}.", "Money that waits for a person: {aside}."),
    Kind.JOBS: ("Задания, от которых отказались: {aside}.", "Jobs that were given up: {aside}."),
}
_ADVICE: Final[Mapping[Trouble, Sentences]] = {
    Trouble.NOT_LET_IN: (
        "Проверьте ключ, его права и деньги на счёте в кабинете системы.",
        "Look at the key, its rights and the money in the system's account.",
    ),
    Trouble.UNAVAILABLE: (
        "Мы пробуем сами, всё реже и реже. Если не пройдёт за час, спросите поддержку системы.",
        "We try again by ourselves, less and less often. If it lasts an hour, ask the system's support.",
    ),
    Trouble.TOO_OFTEN: (
        "Мы ждём сами. Если повторяется, попросите у системы больший лимит.",
        "We wait by ourselves. If it comes again, ask the system for a higher limit.",
    ),
    Trouble.LATE: (
        "Проверьте, работает ли kunak worker, и отвечает ли система.",
        "See whether kunak worker runs, and whether the system answers.",
    ),
    Trouble.BALANCE_LOW: (
        "Пополните счёт: ниже {alarm} сообщения скоро остановятся.",
        "Top the account up: below {alarm} messages will stop soon.",
    ),
    Trouble.BALANCE_UNKNOWN: (
        "Проверьте ключ шлюза: kunak messages balance покажет причину.",
        "Look at the gateway's key: kunak messages balance tells the reason.",
    ),
    Trouble.ASIDE: (
        "Причины: kunak iiko aside, messages aside, hotels aside, payments aside. После исправления: replay там же.",
        "See why: kunak iiko aside, messages aside, hotels aside, payments aside. Once mended: replay there.",
    ),
    Trouble.UNSTEADY: (
        "Делать ничего не нужно: запросы повторяются. Если доля растёт, спросите поддержку системы.",
        "There is nothing to do: calls are repeated. If the share grows, ask the system's support.",
    ),
}
_ADVICE_OF: Final[Mapping[tuple[Kind, Trouble], Sentences]] = {
    (Kind.PLUGINS, Trouble.ASIDE): (
        "Проверьте терминалы в разделе «Плагины iiko»: включены ли они и есть ли у них интернет.",
        "Look at the terminals under “iiko plugins”: whether they run and have a network.",
    ),
    (Kind.PLUGINS, Trouble.LATE): (
        "Чеки ждут на диске терминала. Проверьте его интернет; ничего не потеряется.",
        "Receipts wait on the terminal's disk. Look at its network; nothing is lost.",
    ),
    (Kind.HOTELS, Trouble.ASIDE): (
        "Спросите отель, дошли ли его вебхуки; брони назовёт kunak hotels list. После задержки проживание засчитается само.",
        "Ask the hotel whether its webhooks arrive; kunak hotels list names the bookings. After the delay they count by themselves.",
    ),
    (Kind.HOTELS, Trouble.LATE): (
        "События ждут, или список изменений отеля не читается: kunak hotels list покажет, какого и с каких пор.",
        "Events wait, or a hotel's list of changes is not read: kunak hotels list tells which one, and since when.",
    ),
    (Kind.WEBHOOKS, Trouble.ASIDE): (
        "Исправьте адрес и включите его в разделе «Вебхуки»: всё ожидающее уйдёт.",
        "Mend the address and turn it on under “Webhooks”: all that waits will leave.",
    ),
    (Kind.WEBHOOKS, Trouble.UNAVAILABLE): (
        "Сервер партнёра не принимает события. Причина — в доставках раздела «Вебхуки».",
        "A partner's server does not take events. The deliveries under “Webhooks” tell why.",
    ),
    (Kind.ACQUIRER, Trouble.ASIDE): (
        "Что и почему ждёт, и что с этим сделать, сказано в разделе «Зависшие платежи».",
        "What waits, why, and what to do about it stands under “Stuck payments”.",
    ),
    (Kind.JOBS, Trouble.ASIDE): (
        "Посмотрите причины: kunak jobs dead. После исправления: kunak jobs replay.",
        "See why: kunak jobs dead. Once mended: kunak jobs replay.",
    ),
    (Kind.JOBS, Trouble.LATE): (
        "Задания никто не выполняет. Запустите kunak worker.",
        "Nobody works the jobs off. Start kunak worker.",
    ),
    (Kind.MAIL, Trouble.LATE): (
        "Письма не уходят. Проверьте SMTP_URL и почтовый сервер.",
        "Letters do not leave. Look at SMTP_URL and the mail server.",
    ),
}


def name_of(system: str, locale: Locale) -> str:
    """The name of a system; one we have no word for is called as its adapter calls it."""
    return _said(NAMES.get(system, (system, system)), locale)


def told(kind: Kind, trouble: Trouble, facts: Facts, locale: Locale) -> str:
    """What is wrong."""
    aside = _ASIDE.get(kind) if trouble is Trouble.ASIDE else None
    return _said(aside or _TEXTS[trouble], locale).format_map(_places(facts, locale))


def advice(kind: Kind, trouble: Trouble, facts: Facts, locale: Locale) -> str:
    """What to do about it."""
    said = _ADVICE_OF.get((kind, trouble)) or _ADVICE[trouble]
    return _said(said, locale).format_map(_places(facts, locale))


def _places(facts: Facts, locale: Locale) -> Mapping[str, str | int]:
    return {
        "balance": tell_money(facts.balance or 0, locale),
        "alarm": tell_money(facts.alarm or 0, locale),
        "aside": facts.aside,
        "failed": facts.failed,
        "calls": facts.answered + facts.failed,
    }


def _said(sentences: Sentences, locale: Locale) -> str:
    return sentences[0] if locale == "ru" else sentences[1]
