"""Tills and members as the staff see them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

import strawberry

from graph.cards.types import Card, CardKind, CardStatus
from graph.context import Context, Info
from graph.members.types import MemberStatus
from graph.problems import Problem
from graph.programme.types import Channel, Tier
from graph.purchases.types import Purchase
from graph.scalars import Money
from graph.staff.types import Scope
from graph.tiers.queries import grant_of, history_of
from graph.tiers.types import TierGrant, TierHistory
from graph.tills.types import TillKind, TillScope
from graph.words import Locale
from loyalty.programme import Programme
from services import programmes
from services.staff.counters import Counter
from services.staff.lookups import Lookup
from services.tiers.reading import stands


@strawberry.type(description="A till as it is run. Its key is shown when it is added and never again.")
class TillEntry:
    """A till as it is run."""

    id: UUID
    name: str
    kind: TillKind
    scope: Scope
    channels: list[Channel]
    scopes: list[TillScope]
    per_minute: int | None = strawberry.field(description="Requests of its key; null: as many as its kind.")
    created_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, found: Counter, programme: Programme, locale: Locale) -> Self:
        """A till."""
        return cls(
            id=found.id,
            name=found.name,
            kind=TillKind(found.kind),
            scope=Scope.of(found.scope, programme, locale),
            channels=[Channel(channel) for channel in found.channels],
            scopes=[TillScope(scope) for scope in found.scopes],
            per_minute=found.per_minute,
            created_at=found.created_at,
            ended_at=found.ended_at,
        )


@strawberry.type(description="A page of tills, the newest first.")
class TillPage:
    """A page of tills."""

    items: list[TillEntry]
    next: str | None


@strawberry.input(description="A till to be added.")
class AddTillInput:
    """A till to be added."""

    name: str
    partner: strawberry.ID
    outlet: strawberry.ID
    kind: TillKind = TillKind.ORDINARY
    channels: list[Channel]
    scopes: list[TillScope] | None = strawberry.field(default=None, description="Without it: every one but GUESTS.")
    per_minute: int | None = None
    reason: str


@strawberry.type(description="The till is there. Its key is shown this once.")
class TillAdded:
    """The till is there."""

    till: TillEntry
    key: str


@strawberry.type(description="The till has ended, with its key and every page paired with it.")
class TillEnded:
    """The till has ended."""

    till: TillEntry


@strawberry.type(description="A member as the staff look one up: masked, with the purchases of the reader's partners.")
class MemberCard:
    """A member as the staff look one up."""

    id: UUID
    number: str
    status: MemberStatus
    first_name: str
    last_name: str = strawberry.field(description="The initial.")
    email: str | None = strawberry.field(description="Masked.")
    phone: str | None = strawberry.field(description="The last two digits.")
    cards: list[Card]
    tier: Tier | None
    accumulated: Money | None = strawberry.field(description="For whoever sees cards of the whole programme.")
    last_purchases: list[Purchase] = strawberry.field(description="Five at most.")
    tier_grant: TierGrant | None = strawberry.field(description="In force now; for whoever may give one.")

    @strawberry.field(description="Every tier there was and why, newest first.")
    async def tier_history(self, info: Info, first: int = 20, after: str | None = None) -> TierHistory:
        """Every tier there was and why."""
        return await history_of(self.id, first=first, after=after, context=info.context)

    @classmethod
    async def of(cls, found: Lookup, context: Context) -> Self:
        """A member."""
        programme, locale = await programmes.current(context.now), context.locale
        stand, known = None, found.standing
        if known is not None:
            stand = await stands(programme, found.id, known.accumulated, known.grant, context.now)
        return cls(
            id=found.id,
            number=found.number,
            status=MemberStatus(found.status),
            first_name=found.first_name,
            last_name=found.last_name,
            email=found.email,
            phone=found.phone,
            cards=[
                Card(
                    number=card.number,
                    kind=CardKind(card.kind),
                    status=CardStatus(card.status),
                    issued_at=card.issued_at,
                )
                for card in found.cards
            ],
            tier=None if stand is None else Tier.of(stand.tier, locale),
            accumulated=None if found.accumulated is None or stand is None else Money(stand.accumulated),
            tier_grant=await grant_of(found.id, context),
            last_purchases=[
                Purchase.of(one, await programmes.version(one.programme_version), locale) for one in found.purchases
            ],
        )


@strawberry.type(description="A member's own data. That it was shown, to whom and why, stands in the log.")
class ContactsRevealed:
    """A member's own data."""

    last_name: str
    first_name: str
    patronymic: str | None
    birth_date: date | None
    email: str | None
    phone: str | None


AddTillResult = Annotated[TillAdded | Problem, strawberry.union("AddTillResult")]
EndTillResult = Annotated[TillEnded | Problem, strawberry.union("EndTillResult")]
RevealContactsResult = Annotated[ContactsRevealed | Problem, strawberry.union("RevealContactsResult")]
