"""TravelLine's events: their names, and what a body that was posted holds."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

import orjson

from integrations.bookings import HotelEvent, StayEvent

HOOK_PATH: Final = "/hooks/travelline"
"""Where hotels post events."""
BATCH_MAX: Final = 1000
TEXT_MAX: Final = 64
MEANINGS: Final[Mapping[str, StayEvent]] = {
    "webpms:check_in": StayEvent.CHECK_IN,
    "webpms:check_out": StayEvent.CHECK_OUT,
    "webpms:cancel_check_in": StayEvent.NOT_IN,
    "webpms:cancel_check_out": StayEvent.NOT_OUT,
}


def events_of(body: bytes) -> Sequence[HotelEvent]:
    """The events of a body: an array, or a single one."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        found = [None]
    return [_event(item) for item in (found if isinstance(found, list) else [found])[:BATCH_MAX]]


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
        property_id=str(house)[:32] if isinstance(house, str | int) else None,
        happened_at=_moment(event.get("creationTime")),
        fault=None if readable else "not an event",
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= TEXT_MAX and value.isprintable()


def _moment(text: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    if at is None:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
