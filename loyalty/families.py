"""The rules of families: who may do what, and from when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Role(StrEnum):
    """What somebody is in a family."""

    HEAD = "HEAD"
    ADULT = "ADULT"
    CHILD = "CHILD"


@dataclass(frozen=True, slots=True)
class FamilyTerms:
    """Families of a programme. `seats` counts the head in; a pool needs a programme with points.

    With `progress` what counts for one towards the tiers counts for all who sit there.
    """

    seats: int
    pool: bool
    invite_hours: int
    spend_after_days: int
    progress: bool = False


class NotYet(StrEnum):
    """Why somebody who sits in a family may not pay from its pool."""

    CHILD = "CHILD"
    NEW = "NEW"


def spends_from(terms: FamilyTerms, *, joined_at: datetime, is_founder: bool) -> datetime:
    """From when a seat may pay from the pool: whoever founded it at once, others after the programme's wait."""
    return joined_at if is_founder else joined_at + timedelta(days=terms.spend_after_days)


def why_not_spend(
    terms: FamilyTerms, role: Role, *, joined_at: datetime, is_founder: bool, now: datetime
) -> NotYet | None:
    """What keeps a seat from paying from the pool now; None where nothing does. Children see and give."""
    if role is Role.CHILD:
        return NotYet.CHILD
    return NotYet.NEW if now < spends_from(terms, joined_at=joined_at, is_founder=is_founder) else None
