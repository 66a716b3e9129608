"""Why something of the cloud was put aside, in the reader's language: kept in English, or as the key of a refusal."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from graph.words import Locale, catalogue

_REFUSED: Final = "refused: "
IN_RUSSIAN: Final[Mapping[str, str]] = {
    "a dish of parts, which is not read": "составное блюдо, такие не читаются",
    "a quantity that is none": "количество не похоже на количество",
    "a receipt like it is recorded already": "такой же чек уже записан",
    "a sum that is no sum": "сумма не похожа на сумму",
    "a time that cannot be read": "время не читается",
    "a time with a zone": "время с часовым поясом",
    "about a restaurant that is none of ours": "о ресторане, который не наш",
    "an order without an id": "заказ без идентификатора",
    "another sum than was recorded": "сумма другая, чем записана",
    "closed in the future: look at the outlet's time zone": "закрыт в будущем: проверьте часовой пояс точки",
    "closed without a moment": "закрыт, но неизвестно когда",
    "deleted after it was recorded": "удалён после того, как был записан",
    "its dishes do not add up to its sum": "блюда не складываются в сумму заказа",
    "no JSON": "это не JSON",
    "not an event": "это не событие",
    "what our discount took off which dish cannot be told": "не понять, что и с какого блюда сняла наша скидка",
}


def told_fault(fault: str | None, locale: Locale) -> str | None:
    """A reason as its reader reads it; one we have no words for as it was kept."""
    if fault is None:
        return None
    if (known := catalogue().get(fault)) is not None:
        # What the refusal said besides was not kept.
        return (known[0] if locale == "ru" else known[1]).format_map(defaultdict(lambda: "…"))
    if locale != "ru":
        return fault
    if fault.startswith(_REFUSED):
        return f"iikoCloud отказал: {fault.removeprefix(_REFUSED)}"
    return IN_RUSSIAN.get(fault, fault)
