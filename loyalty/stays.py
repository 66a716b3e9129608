"""How a stay stands by what its hotel told of it: the newest of its events says so, whatever order they came in.

Newest is meant by the hotel's clock, not by ours: an event that was held up undoes nothing that happened after it, and
one that was lost is made up for by whatever follows.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from loyalty.bookings import BOOKED, BookingState, HotelTerms, counts_at

# A clock may be that wrong and still say what came before what.
SKEW: Final = timedelta(hours=1)


class StayEvent(StrEnum):
    """What a hotel's system tells of a stay, as far as it matters here."""

    CHECK_IN = "CHECK_IN"
    CHECK_OUT = "CHECK_OUT"
    NOT_IN = "NOT_IN"  # the check-in was taken back
    NOT_OUT = "NOT_OUT"


STANDS: Final[Mapping[StayEvent, BookingState]] = {
    StayEvent.CHECK_IN: BookingState.CHECKED_IN,
    StayEvent.CHECK_OUT: BookingState.CHECKED_OUT,
    StayEvent.NOT_IN: BookingState.CONFIRMED,
    StayEvent.NOT_OUT: BookingState.CHECKED_IN,
}
TURNED: Final = frozenset({*BOOKED, BookingState.NO_SHOW})
"""The states that a hotel's word changes: in the others nobody stays, or the stay was counted."""


@dataclass(frozen=True, slots=True, order=True)
class StayTold:
    """What one event says of a stay. They sort as they happened, and within one moment by `place`, as they came."""

    at: datetime
    place: int
    means: StayEvent


@dataclass(frozen=True, slots=True)
class StayStands:
    """How a stay stands: `left_at` once its guest has left, `counts_at` where it is counted after that."""

    state: BookingState
    left_at: datetime | None = None
    counts_at: datetime | None = None


def happened(told: datetime | None, received: datetime, booked: datetime) -> datetime:
    """When an event happened. One whose clock cannot be right happened when it came."""
    return told if told is not None and booked - SKEW <= told <= received + SKEW else received


def turned(
    stay: StayStands, told: Collection[StayTold], *, begins: datetime, terms: HotelTerms | None, now: datetime
) -> StayStands | None:
    """How a stay stands after all that was told of it; None where it stands so, and where no word of a hotel turns it.

    `begins` is when its first day does by the hotel's clock. Without `terms` it is not counted.
    """
    if not told or stay.state not in TURNED:
        return None
    newest = max(told)
    stands = STANDS[newest.means]
    if stands is BookingState.CHECKED_OUT:
        # Nobody leaves before the day of arrival, and nothing has happened that is still to come.
        left = max(min(newest.at, now), begins)
        if (stay.state, stay.left_at) == (stands, left):
            return None
        return StayStands(stands, left, None if terms is None else counts_at(terms, left))
    # Whose check-in is taken back did not come: that is what a no-show says already.
    if stay.state is stands or (stay.state, stands) == (BookingState.NO_SHOW, BookingState.CONFIRMED):
        return None
    return StayStands(stands)
