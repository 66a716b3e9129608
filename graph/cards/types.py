"""Cards and card keys as a member sees them."""

from base64 import b64encode
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

import strawberry

from graph.problems import Problem
from loyalty.codes import STEP_SECONDS
from services import cards
from services.members import CardFacts


@strawberry.enum(description="What a card is made of.")
class CardKind(StrEnum):
    """What a card is made of."""

    VIRTUAL = "VIRTUAL"
    PLASTIC = "PLASTIC"
    ARCHIVE = "ARCHIVE"


@strawberry.enum(description="Whether a card can be used.")
class CardStatus(StrEnum):
    """Whether a card can be used."""

    ACTIVE = "ACTIVE"
    BLOCKED = "BLOCKED"
    REPLACED = "REPLACED"
    ARCHIVED = "ARCHIVED"


@strawberry.type(description="A card of a member. Its number is shown and printed, and never identifies anybody.")
class Card:
    """A card of a member."""

    id: UUID
    number: str
    kind: CardKind
    status: CardStatus
    issued_at: datetime

    @classmethod
    def of(cls, facts: CardFacts) -> Self:
        """A card of these facts."""
        kind, status = CardKind(facts.kind), CardStatus(facts.status)
        return cls(id=facts.id, number=facts.number, kind=kind, status=status, issued_at=facts.issued_at)


@strawberry.type(description="The key of one UTC day.")
class DayKey:
    """The key of one UTC day."""

    day: date
    key: str = strawberry.field(description="Base64 of 32 bytes: HMAC-SHA-256 key of this day's codes.")


@strawberry.type(description="What one device needs to draw the rotating code without network until `validUntil`.")
class CardKey:
    """What one device needs to draw the rotating code."""

    handle: str = strawberry.field(description="Twelve digits in the middle of the code; not a card number.")
    step_seconds: int
    server_time: datetime = strawberry.field(description="Count steps by this clock, not by the phone's own.")
    valid_until: datetime
    days: list[DayKey]

    @classmethod
    def of(cls, key: cards.CardKey) -> Self:
        """The key as a device reads it."""
        return cls(
            handle=key.handle,
            step_seconds=STEP_SECONDS,
            server_time=key.server_time,
            valid_until=key.valid_until,
            days=[DayKey(day=day, key=b64encode(secret).decode()) for day, secret in key.days],
        )


IssueCardKeyResult = Annotated[CardKey | Problem, strawberry.union("IssueCardKeyResult")]
