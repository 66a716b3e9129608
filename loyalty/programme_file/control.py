"""What a programme file watches for: the section `control`."""

from typing import Final

from loyalty.control import NOTHING, Control, Limit, LimitOf, Metric, RefundAfterSpend, Response, SpentAtOnce
from loyalty.programme_file import shapes
from loyalty.programme_file.nodes import Node
from loyalty.programme_file.reading import Fields, fields_of

MINUTES_MAX: Final = 31 * 24 * 60
COUNT_MAX: Final = 999_999_999
LIMITS_MAX: Final = 20
CARDS_MAX: Final = 1000
_METRICS: Final = {metric.lower(): metric for metric in Metric}


def read_control(fields: Fields) -> Control:
    """The section `control`; nothing is watched where there is none."""
    if not fields.has("control"):
        return NOTHING
    entry = fields_of(fields.by_key["control"], "control", shapes.CONTROL, fields.findings)
    if entry is None:
        return NOTHING
    has_points = fields.has("points")
    own = entry.one_of("own_card", Response) if entry.has("own_card") else None
    distant = _part(entry, "distant_outlets", shapes.WINDOW)
    returned = _points_within(entry, "refund_after_spend", has_points=has_points)
    hasty = _points_within(entry, "spent_at_once", has_points=has_points)
    return Control(
        limits=_limits(entry, has_points=has_points),
        own_card=own,
        distant_minutes=None if distant is None else _minutes(distant),
        refund_after_spend=None if returned is None else RefundAfterSpend(*returned),
        cards_on_device=entry.whole("cards_on_device", 1, CARDS_MAX) if entry.has("cards_on_device") else None,
        spent_at_once=None if hasty is None else SpentAtOnce(*hasty),
    )


def _part(entry: Fields, key: str, keys: tuple[str, ...]) -> Fields | None:
    if not entry.has(key):
        return None
    return fields_of(entry.by_key[key], f"control, {key}", keys, entry.findings)


def _minutes(fields: Fields) -> int | None:
    """A span of time, in minutes or in hours."""
    if fields.has("minutes") == fields.has("hours"):
        fields.wrong("minutes", "say how long once.", "write `minutes: 30` or `hours: 24`.")
        return None
    if fields.has("minutes"):
        return fields.whole("minutes", 1, MINUTES_MAX)
    hours = fields.whole("hours", 1, MINUTES_MAX // 60)
    return None if hours is None else hours * 60


def _points_within(entry: Fields, key: str, *, has_points: bool) -> tuple[int, int] | None:
    """So many points within so many minutes; nothing where the pattern is not looked for."""
    fields = _part(entry, key, shapes.POINTS_WITHIN)
    if fields is None:
        return None
    if not has_points:
        entry.wrong(key, "the programme has no points to spend.", "leave it out.")
    points, minutes = fields.whole("points", 1, COUNT_MAX), _minutes(fields)
    return None if points is None or minutes is None else (points, minutes)


def _limits(entry: Fields, *, has_points: bool) -> tuple[Limit, ...]:
    if not entry.has("limits"):
        return ()
    found: list[Limit] = []
    nodes = entry.entries("limits", "[{of: CARD, receipts: 10, hours: 24, then: SIGNAL}]")
    if len(nodes) > LIMITS_MAX:
        entry.wrong("limits", f"there are more than {LIMITS_MAX} limits.", "keep those that somebody looks at.")
    for place, node in enumerate(nodes, start=1):
        limit = _limit(node, f"control, limit {place}", entry, has_points=has_points)
        if limit is None:
            continue
        for other in found:
            _compare(entry, place, limit, other)
        found.append(limit)
    return tuple(found)


def _limit(node: Node, what: str, entry: Fields, *, has_points: bool) -> Limit | None:
    fields = fields_of(node, what, shapes.LIMIT, entry.findings)
    if fields is None:
        return None
    of, then, minutes = fields.one_of("of", LimitOf), fields.one_of("then", Response), _minutes(fields)
    written = [key for key in _METRICS if fields.has(key)]
    if len(written) != 1:
        fields.wrong("of", "a limit counts one thing.", f"write one of: {', '.join(_METRICS)}.")
        return None
    metric = _METRICS[written[0]]
    if metric is Metric.POINTS and not has_points:
        fields.wrong("points", "the programme has no points to spend.", "leave the limit out.")
    most = fields.money("amount") if metric is Metric.AMOUNT else fields.whole(written[0], 0, COUNT_MAX)
    if of is None or then is None or minutes is None or most is None:
        return None
    return Limit(of, metric, most, minutes, then)


def _compare(entry: Fields, place: int, limit: Limit, other: Limit) -> None:
    """Two limits of the same thing: a soft one must be met before the hard one."""
    if limit.name != other.name:
        return
    if limit.then is other.then:
        entry.wrong("limits", f"limit {place} counts what an earlier one counts.", "keep one of the two.")
        return
    soft, hard = (limit, other) if limit.then is Response.SIGNAL else (other, limit)
    if soft.most >= hard.most:
        entry.wrong(
            "limits", f"limit {place}: nobody can pass the soft one.", "write a smaller number than the hard one's."
        )
