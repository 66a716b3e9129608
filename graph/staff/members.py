"""Members as the staff see them: masked, and beyond the own partners' purchases only for who sees the whole programme."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

import strawberry

from graph.cards.types import Card, CardStatus
from graph.context import Context, Info
from graph.goodwill.types import PointsByHand
from graph.members.consents import Consent
from graph.members.types import MemberStatus, Totals
from graph.points.queries import points_of
from graph.points.types import MemberPoints
from graph.problems import Problem
from graph.programme.types import Tier
from graph.purchases.types import Progress, Purchase
from graph.scalars import Money, Points
from graph.tiers.queries import grant_of, history_of, term_of
from graph.tiers.types import TierGrant, TierHistory, TierTerm
from loyalty.families import Role
from loyalty.tiers import Stand
from services import consents, programmes
from services.control import unblocking
from services.families import reading as families
from services.families.reading import FamilyFacts
from services.ledger import Standing
from services.staff.lookups import Lookup
from services.tiers.reading import stands


@strawberry.type(description="The family somebody sits in, without the names of the others.")
class FamilyInShort:
    """The family somebody sits in, without the names of the others."""

    role: Role
    joined_at: datetime
    seats: int = strawberry.field(description="How many sit there, this member included.")
    pool: Points | None = strawberry.field(description="What is in the pool to spend; null where families have none.")
    given: Points = strawberry.field(description="Put into the pool by this member since joining.")
    spent: Points = strawberry.field(description="Paid by this member with points of the pool since joining.")

    @classmethod
    def of(cls, facts: FamilyFacts) -> Self:
        """The family of these facts."""
        return cls(
            role=facts.mine.role,
            joined_at=facts.mine.joined_at,
            seats=len(facts.seats),
            pool=None if facts.pool is None else Points(facts.pool.available),
            given=Points(facts.mine.given),
            spent=Points(facts.mine.spent),
        )


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
    sees_all: bool = strawberry.field(
        description="Whether the reader sees cards of the whole programme. Where not, sums over all partners are null."
    )
    standing: strawberry.Private[Standing | None]
    stand: strawberry.Private[Stand | None]

    @strawberry.field(description="Every tier there was and why, newest first.")
    async def tier_history(self, info: Info, first: int = 20, after: str | None = None) -> TierHistory:
        """Every tier there was and why."""
        return await history_of(self.id, first=first, after=after, context=info.context)

    @strawberry.field(description="Whether the reader may give the blocked card back; false where none is blocked.")
    async def can_unblock(self, info: Info) -> bool:
        """Whether the reader may give the blocked card back."""
        blocked = [card.id for card in self.cards if card.status is CardStatus.BLOCKED]
        return bool(blocked) and await unblocking.may_unblock_card(info.context.staff.access, blocked[0])

    @strawberry.field(description="How far it is to the next tier; for whoever sees cards of the whole programme.")
    async def progress(self, info: Info) -> Progress | None:
        """How far it is to the next tier."""
        if self.stand is None or not self.sees_all:
            return None
        context = info.context
        programme = await programmes.current(context.now)
        return Progress.of(programme, self.stand.accumulated, context.locale, tier=self.stand.tier.id)

    @strawberry.field(
        description="Until when the tier holds, and what keeps it; for whoever sees cards of the whole programme."
    )
    async def tier_term(self, info: Info) -> TierTerm | None:
        """Until when the tier holds."""
        if self.standing is None or not self.sees_all:
            return None
        return await term_of(self.id, self.standing, info.context)

    @strawberry.field(description="What was bought and saved; for whoever sees cards of the whole programme.")
    def totals(self) -> Totals | None:
        """What was bought and saved."""
        if self.standing is None or not self.sees_all:
            return None
        return Totals(purchases=Money(self.standing.purchases), saved=Money(self.standing.saved))

    @strawberry.field(
        description="Points lot by lot; for whoever sees cards of the whole programme, null in a programme without."
    )
    async def points(self, info: Info) -> MemberPoints | None:
        """Points lot by lot."""
        return await points_of(self.id, info.context) if self.sees_all else None

    @strawberry.field(
        description="Points moved by hand; for whoever may (`operation.manage` of the whole programme) where it has them."
    )
    async def points_by_hand(self, info: Info) -> PointsByHand | None:
        """Points moved by hand."""
        return await PointsByHand.of(self.id, info.context)

    @strawberry.field(description="The family in short; for whoever sees cards of the whole programme, null for none.")
    async def family(self, info: Info) -> FamilyInShort | None:
        """The family in short."""
        if not self.sees_all:
            return None
        context = info.context
        programme = await programmes.current(context.now)
        found = await families.family_of(context.resources, self.id, programme, context.now)
        return None if found is None else FamilyInShort.of(found)

    @strawberry.field(
        description="The newest act of each kind of consent; for whoever sees cards of the whole programme, else null."
    )
    async def consents(self) -> list[Consent] | None:
        """What was agreed to and withdrawn."""
        if not self.sees_all:
            return None
        return [Consent.of(consent) for consent in await consents.consents_of(self.id)]

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
            cards=[Card.of(card) for card in found.cards],
            tier=None if stand is None else Tier.of(stand.tier, locale),
            accumulated=None if found.accumulated is None or stand is None else Money(stand.accumulated),
            tier_grant=await grant_of(found.id, context),
            last_purchases=[
                Purchase.of(one, await programmes.version(one.programme_version), locale) for one in found.purchases
            ],
            sees_all=found.sees_all,
            standing=known,
            stand=stand,
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


RevealContactsResult = Annotated[ContactsRevealed | Problem, strawberry.union("RevealContactsResult")]
