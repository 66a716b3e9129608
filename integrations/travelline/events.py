"""TravelLine's events: their names, and what a body that was posted holds."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

import orjson

from integrations.bookings import HotelEvent
from loyalty.stays import StayEvent

HOOK_PATH: Final = "/hooks/travelline"
"""Where hotels post events."""
WRONG_MAX: Final = 1000
TEXT_MAX: Final = 64
HOUSE_MAX: Final = 32
YEARS: Final = range(1970, 9000)
MEANINGS: Final[Mapping[str, StayEvent]] = {
    "webpms:check_in": StayEvent.CHECK_IN,
    "webpms:check_out": StayEvent.CHECK_OUT,
    "webpms:cancel_check_in": StayEvent.NOT_IN,
    "webpms:cancel_check_out": StayEvent.NOT_OUT,
}


def events_of(body: bytes) -> Sequence[HotelEvent]:
    """The events of a body: an array, or a single one.

    However many it holds none is passed over, for it never comes again; of what is no event the first thousand say enough.
    """
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        found = [None]
    told = [_event(item) for item in (found if isinstance(found, list) else [found])]
    wrong = [one for one in told if one.fault is not None]
    return [*(one for one in told if one.fault is None), *wrong[:WRONG_MAX]]


def _event(item: Any) -> HotelEvent:
    event: dict[str, Any] = item if isinstance(item, dict) else {}
    sent = event.get("payload")
    payload: dict[str, Any] = sent if isinstance(sent, dict) else {}
    number, house = payload.get("BookingNumber"), payload.get("PropertyId")
    name, kind = event.get("eventId"), event.get("eventType")
    readable = _is_text(name) and _is_text(kind)
    return HotelEvent(
        # Without an id of its own an event is told from another by what it says.
        id=str(name) if readable else sha256(orjson.dumps(item, default=str)).hexdigest()[:TEXT_MAX],
        kind=str(kind) if readable else "unreadable",
        number=number if _is_text(number) else None,
        property_id=str(house)[:HOUSE_MAX] if _is_text(house) or type(house) is int else None,
        happened_at=_moment(event.get("creationTime")),
        fault=None if readable else "not an event",
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= TEXT_MAX and value.isprintable()


def _moment(text: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(text) if isinstance(text, str) else None
        if at is None:
            return None
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    # The ends of the calendar are what a database takes for no moment at all.
    return at if at.year in YEARS else None
