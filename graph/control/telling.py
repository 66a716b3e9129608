"""What a signal says, in a sentence: the facts that were found, in the reader's language."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from graph.words import Locale
from loyalty.control import LimitOf, Metric
from loyalty.money import tell_money
from loyalty.texts import Text
from services.control.limits import WHOM
from services.control.signals import Signal

Facts = Mapping[str, Any]
_METRICS: Final[Mapping[Metric, tuple[str, str]]] = {
    Metric.RECEIPTS: ("чеков", "receipts"),
    Metric.AMOUNT: ("покупок на сумму, ₽", "purchases, in ₽"),
    Metric.POINTS: ("потраченных баллов", "points spent"),
    Metric.REFUNDS: ("возвратов", "returns"),
}


def _limit(facts: Facts, locale: Locale) -> str:
    metric, whom = Metric(facts["metric"]), _whom(facts).in_locale(locale)
    unit = 100 if metric is Metric.AMOUNT else 1
    found, most, minutes = facts["found"] // unit, facts["most"] // unit, facts["minutes"]
    if locale == "ru":
        return f"У {whom} за {minutes} мин — {_METRICS[metric][0]}: {found}, предел {most}."
    return f"{_METRICS[metric][1].capitalize()} of {whom} within {minutes} min: {found}, the limit is {most}."


def _whom(facts: Facts) -> Text:
    cashier = facts.get("cashier")
    if cashier is None:
        return WHOM[LimitOf(facts["of"])]
    return Text(f"кассира {cashier}", f"cashier {cashier}")


def _own_card(facts: Facts, locale: Locale) -> str:
    receipts, net = facts["receipts"], tell_money(facts["net"], locale)
    if locale == "ru":
        return f"Карта сотрудника этой точки: чеков за день — {receipts}, на {net}."
    return f"A card of this place's own staff: {receipts} receipts in a day, {net}."


def _distant(facts: Facts, locale: Locale) -> str:
    city, other, minutes = facts["city"], facts["other_city"], facts["minutes"]
    if locale == "ru":
        return f"Одна карта в двух городах за {minutes} мин: {city} и {other}."
    return f"One card in two cities within {minutes} min: {city} and {other}."


def _refund(facts: Facts, locale: Locale) -> str:
    points, spent = facts["points"], facts["spent"]
    if locale == "ru":
        return f"Возврат покупки, баллы за которую уже потрачены: начислено {points}, потрачено с тех пор {spent}."
    return f"A return of a purchase whose points are spent: {points} were earned, {spent} spent since."


def _device(facts: Facts, locale: Locale) -> str:
    members = facts["members"]
    if locale == "ru":
        return f"На одном устройстве открыты карты разных участников: {members}."
    return f"One device shows the cards of {members} members."


def _at_once(facts: Facts, locale: Locale) -> str:
    points, minutes = facts["points"], facts["minutes"]
    if locale == "ru":
        return f"Начисленное за покупку сразу потрачено: баллов — {points}, не позже чем через {minutes} мин."
    return f"What a purchase earned was spent at once: {points} points, {minutes} min later at most."


def _deposit(facts: Facts, locale: Locale) -> str:
    deposit, over = tell_money(facts["deposit"], locale), tell_money(facts["over"], locale)
    if locale == "ru":
        return f"Предоплата партнёра исчерпана: внесено {deposit}, баллов у других принято на {over} больше."
    return f"A partner's deposit is used up: {deposit} were paid, others took points for {over} more."


_TOLD: Final[Mapping[str, Callable[[Facts, Locale], str]]] = {
    "LIMIT": _limit,
    "OWN_CARD": _own_card,
    "DISTANT_OUTLETS": _distant,
    "REFUND_AFTER_SPEND": _refund,
    "CARDS_ON_DEVICE": _device,
    "SPENT_AT_ONCE": _at_once,
    "DEPOSIT_USED_UP": _deposit,
}


def told(signal: Signal, locale: Locale) -> str:
    """The sentence of a signal."""
    return _TOLD[signal.kind](signal.facts, locale)
