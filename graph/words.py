"""The catalogue of sentences a caller may read, in Russian and English, gathered from every subject."""

from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Literal

import graph
from loyalty.refusals import Telling

Locale = Literal["ru", "en"]
Sentence = tuple[str, str]
_LOCALES: Mapping[str, Locale] = {"ru": "ru", "en": "en"}

# The sentences of the house itself; every subject keeps its own in graph/<subject>/words.py.
WORDS: dict[str, Sentence] = {
    "unauthenticated": ("Войдите, чтобы продолжить.", "Sign in to go on."),
    "till_unauthenticated": (
        "Касса не подключена. Подключите её ключом кассы.",
        "This till is not paired. Pair it with its till key.",
    ),
    "staff_unauthenticated": ("Войдите в панель, чтобы продолжить.", "Sign in to the panel to go on."),
    "forbidden": ("С этим входом так сделать нельзя.", "These credentials may not do that."),
    "internal": (
        "У нас что-то сломалось. Повторите позже; если не поможет, назовите номер запроса.",
        "Something broke on our side. Try again later, or tell us the request number.",
    ),
    "busy": (
        "Сейчас слишком много запросов. Повторите через несколько секунд.",
        "There are too many requests right now. Try again in a few seconds.",
    ),
    "value.money": (
        "Сумма пишется цифрами с точкой, например 1250.00.",
        "Write the sum in digits with a point, such as 1250.00.",
    ),
    "value.date": ("Дата пишется так: 2026-01-31.", "Write the date as 2026-01-31."),
    "value.moment": (
        "Время пишется с часовым поясом, например 2026-01-31T18:30:00+03:00.",
        "Write the time with its zone, such as 2026-01-31T18:30:00+03:00.",
    ),
    "value.year": ("Проверьте год: он должен быть от 1900 до 2199.", "Check the year: it must be from 1900 to 2199."),
    "value.uuid": (
        "Это не похоже на идентификатор. Скопируйте его целиком.",
        "This does not look like an identifier. Copy all of it.",
    ),
    "list.too_long": ("Слишком длинный список: не больше {most}.", "The list is too long: {most} at most."),
    "page.size": (
        "За раз можно получить от 1 до {most} записей.",
        "Ask for 1 to {most} entries at a time.",
    ),
    "page.cursor": (
        "Продолжение списка не найдено. Откройте список сначала.",
        "This place of the list is not known. Open the list from its beginning.",
    ),
}


@cache
def catalogue() -> Mapping[str, Sentence]:
    """Every sentence by its key; two subjects that claim one key are a mistake of ours."""
    gathered = dict(WORDS)
    for subject in iter_modules(graph.__path__):
        if not subject.ispkg or find_spec(f"graph.{subject.name}.words") is None:
            continue
        sentences: dict[str, Sentence] = import_module(f"graph.{subject.name}.words").WORDS
        if doubled := gathered.keys() & sentences.keys():
            raise ValueError(f"graph/{subject.name}/words.py repeats {sorted(doubled)}")
        gathered |= sentences
    return gathered


def sentence(key: str, locale: Locale, facts: Mapping[str, str | int | Telling] | None = None) -> str:
    """The sentence of a key in the reader's language with its facts filled in."""
    russian, english = catalogue()[key]
    told = {
        name: fact if isinstance(fact, str | int) else fact.in_locale(locale) for name, fact in (facts or {}).items()
    }
    return (russian if locale == "ru" else english).format_map(told)


@lru_cache(maxsize=256)
def locale_of(accept_language: str | None) -> Locale:
    """The first of our two languages in the reader's order of preference, Russian where nothing fits."""
    best: tuple[float, Locale] = (0.0, "ru")
    for choice in (accept_language or "")[:200].lower().split(","):
        tag, _, weight = choice.strip().partition(";q=")
        language = tag.split("-")[0].split(";")[0]
        try:
            wanted = float(weight) if weight else 1.0
        except ValueError:
            continue
        if wanted > best[0] and language in _LOCALES:
            best = (wanted, _LOCALES[language])
    return best[1]
