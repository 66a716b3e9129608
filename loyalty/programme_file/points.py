"""The points of a programme file: what they are worth, how long they live, what limits them."""

from typing import Final

from loyalty.goodwill import GoodwillTerms
from loyalty.points import PointsTerms, Rounding, Unit
from loyalty.programme_file import shapes
from loyalty.programme_file.announced import announced_days
from loyalty.programme_file.reading import Fields, fields_of, one_word, percent_of

DAYS_MAX: Final = 3650
HOLD_MINUTES_MAX: Final = 60
NEW_DEVICE_HOURS_MAX: Final = 720
POINTS_MAX: Final = 999_999_999


def read_points(fields: Fields) -> PointsTerms | None:
    """The section `points`; None where the programme has none, or where it must be mended."""
    if not fields.has("points"):
        return None
    entry = fields_of(fields.by_key["points"], "points", shapes.POINTS, fields.findings)
    if entry is None:
        return None
    unit, worth, rounding = _unit(entry), _worth(entry), entry.one_of("rounding", Rounding)
    hold = entry.whole("hold_minutes", 1, HOLD_MINUTES_MAX)
    earn_max, confirm = _part(entry, "earn_max", shapes.EARN_MAX), _part(entry, "confirm", shapes.CONFIRM)
    terms = {
        "life_days": _optional(entry, "life_days", 1, DAYS_MAX),
        "balance_max": _optional(entry, "balance_max", 1, POINTS_MAX),
        "earn_max_receipt": _optional(earn_max, "receipt", 0, POINTS_MAX),
        "earn_max_day": _optional(earn_max, "day", 0, POINTS_MAX),
        "confirm_above": _optional(confirm, "above", 0, POINTS_MAX),
        "confirm_share": None if confirm is None or not confirm.has("share") else _share(confirm),
        "confirm_new_device_hours": _optional(confirm, "new_device_hours", 1, NEW_DEVICE_HOURS_MAX),
    }
    activation = _optional(entry, "activation_days", 0, DAYS_MAX) or 0
    grace = _optional(entry, "return_grace_days", 0, DAYS_MAX) or 0
    factors = _tenders(entry)
    if confirm is None or not any(confirm.has(key) for key in shapes.CONFIRM):
        _notice_unconfirmed(entry)
    if unit is None or worth is None or rounding is None or hold is None:
        return None
    return PointsTerms(
        unit=unit,
        worth=worth,
        rounding=rounding,
        hold_minutes=hold,
        activation_days=activation,
        return_grace_days=grace,
        tender_factors=factors,
        announce_days=announced_days(entry),
        goodwill=_goodwill(entry),
        **terms,
    )


def _goodwill(entry: Fields) -> GoodwillTerms | None:
    part = _part(entry, "goodwill", shapes.GOODWILL)
    if part is None:
        return None
    day, above = part.whole("day", 1, POINTS_MAX), part.whole("approve_above", 0, POINTS_MAX)
    operator = _optional(part, "operator_day", 0, POINTS_MAX)
    if day is None or above is None:
        return None
    if above >= day:
        part.wrong(
            "approve_above",
            f"nobody is ever asked: no more than {day} a day are moved anyway.",
            "write fewer than `day`; 0 asks for a second person every time.",
        )
    return GoodwillTerms(day, above, operator)


def _notice_unconfirmed(entry: Fields) -> None:
    entry.findings.notice(
        entry.line_of("confirm"),
        "points: nothing is said of `confirm`: whoever shows a guest's code spends all the points there are, unasked.",
        "To ask for a yes on the phone write `confirm: {above: 1000, share: 30, new_device_hours: 72}`.",
    )


def _unit(entry: Fields) -> Unit | None:
    node = entry.needed("unit", "{name: Баллы, one: балл, few: балла, many: баллов}")
    forms = None if node is None else fields_of(node, "points, unit", shapes.UNIT, entry.findings)
    if forms is None:
        return None
    name, one, few, many = (forms.text(key) for key in shapes.UNIT)
    return None if name is None or one is None or few is None or many is None else Unit(name, one, few, many)


def _worth(entry: Fields) -> int | None:
    worth = entry.money("worth")
    if worth == 0:
        entry.wrong("worth", "a point that pays nothing is no point.", "write what one pays, such as `worth: 1`.")
    return worth or None


def _part(entry: Fields, key: str, keys: tuple[str, ...]) -> Fields | None:
    if not entry.has(key):
        return None
    return fields_of(entry.by_key[key], f"points, {key}", keys, entry.findings)


def _optional(entry: Fields | None, key: str, low: int, high: int) -> int | None:
    return None if entry is None or not entry.has(key) else entry.whole(key, low, high)


def _share(entry: Fields) -> int | None:
    return percent_of(entry, "share", entry.by_key["share"])


def _tenders(entry: Fields) -> tuple[tuple[str, int], ...]:
    kinds = tuple(kind.value for kind in shapes.PaidWith)
    part = _part(entry, "tenders", kinds)
    if part is None:
        return ()
    found: list[tuple[str, int]] = []
    for key, node in part.by_key.items():
        kind, factor = one_word(part, key, key, shapes.PaidWith), percent_of(part, key, node)
        if kind is not None and factor is not None:
            found.append((kind.value, factor))
    return tuple(sorted(found))
