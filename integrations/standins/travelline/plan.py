"""How the stand-in is to behave: faults by operation, prices that change, answers to a token used twice."""

import re
from dataclasses import dataclass, field
from typing import Final, Literal

from integrations.standins.orders import ByOperation

_OPERATIONS: Final = (
    ("token", re.compile(r"/auth/token")),
    ("content", re.compile(r"/api/content/v1/properties(/\w+)?")),
    ("lowest", re.compile(r"/api/search/v1/properties/room-stays/search")),
    ("search", re.compile(r"/api/search/v1/properties/\w+/room-stays")),
    ("verify", re.compile(r"/api/reservation/v[12]/bookings/verify")),
    ("create", re.compile(r"/api/reservation/v[12]/bookings")),
    ("penalty", re.compile(r"/api/reservation/v[12]/bookings/[\w-]+/calculate-cancellation-penalty")),
    ("cancel", re.compile(r"/api/reservation/v[12]/bookings/[\w-]+/cancel")),
    ("list", re.compile(r"/api/read-reservation/v1/properties/\w+/bookings")),
    ("details", re.compile(r"/api/read-reservation/v1/properties/\w+/bookings/[\w-]+")),
)


@dataclass
class Plan(ByOperation):
    """Orders for the stand-in.

    `dearer` raises a room type's price, in roubles, between a search and the first verify of it. `repeated` says what
    a token answers that was used already. `gone` are pictures, such as `41007-1`, that the content names and nobody has.
    """

    dearer: dict[str, int] = field(default_factory=dict)
    repeated: Literal["same", "refused"] = "refused"
    token_seconds: int = 900
    gone: set[str] = field(default_factory=set)


def operation_of(path: str) -> str:
    """What a path asks for."""
    return next((name for name, shape in _OPERATIONS if shape.fullmatch(path)), "other")
