"""A member as he sees himself, with his devices and consents."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

import strawberry

from graph.bookings.queries import bookings_of
from graph.bookings.types import BookingPage
from graph.cards.types import Card
from graph.claims.types import PurchaseClaim, claims_of
from graph.context import Context, Info, MemberViewer
from graph.families.queries import family_of
from graph.families.types import Family
from graph.members.consents import Consent
from graph.messages.types import MessagePreferences, message_preferences_of
from graph.points.queries import history_of, points_of
from graph.points.types import MemberPoints, PointsPage
from graph.purchases.queries import purchase_of, purchases_of
from graph.purchases.types import Progress, Purchase, PurchasePage
from graph.scalars import Money
from graph.shop.queries import orders_of
from graph.shop.types import ShopOrderPage
from graph.staff.changes import Language
from graph.tiers.queries import history_of as tiers_of
from graph.tiers.queries import term_of
from graph.tiers.types import TierHistory, TierTerm
from models.history import Filters
from services import consents, email_changing, programmes, sessions
from services.ledger import Standing
from services.members import MemberFacts
from services.recovery import has_password
from services.tiers.reading import stands


@strawberry.enum(description="Whether a member's card works.")
class MemberStatus(StrEnum):
    """Whether a member's card works."""

    PENDING_CONFIRMATION = "PENDING_CONFIRMATION"
    ACTIVE = "ACTIVE"
    BLOCKED = "BLOCKED"
    CLOSED = "CLOSED"
    MERGED = "MERGED"
    ERASED = "ERASED"


@strawberry.enum(description="By which way the token of a session travels.")
class SessionTransport(StrEnum):
    """By which way the token of a session travels."""

    COOKIE = "COOKIE"
    BEARER = "BEARER"


@strawberry.type(description="What a member bought and saved, in all partners, less what was returned.")
class Totals:
    """What a member bought and saved."""

    purchases: Money = strawberry.field(description="Net of all lines, counted towards a tier or not.")
    saved: Money = strawberry.field(description="The discounts of all lines, never a rate times a sum.")


@strawberry.type(description="A browser or app that is signed in and, if it holds one, its card key.")
class Device:
    """A browser or app that is signed in."""

    id: UUID
    agent: str
    transport: SessionTransport
    created_at: datetime
    last_seen_at: datetime
    current: bool = strawberry.field(description="Whether this is the device that asks.")
    card_key_until: datetime | None = strawberry.field(description="Until when it draws the card's code offline.")

    @classmethod
    def of(cls, device: sessions.Device, viewer: MemberViewer) -> Self:
        """The device as its owner sees it."""
        return cls(
            id=device.id,
            agent=device.agent,
            transport=SessionTransport(device.transport),
            created_at=device.created_at,
            last_seen_at=device.last_seen_at,
            current=device.id == viewer.session_id,
            card_key_until=device.card_key_until,
        )


@strawberry.type(
    description="A new address on its way: letters and signing in stay with the one of before until it is confirmed."
)
class EmailChange:
    """A new address on its way."""

    email: str
    asked_at: datetime
    expires_at: datetime = strawberry.field(description="Until when the link of the letter works.")

    @classmethod
    def of(cls, pending: email_changing.Pending) -> Self:
        """The change that waits."""
        return cls(email=pending.address, asked_at=pending.asked_at, expires_at=pending.expires_at)


@strawberry.type(description="A member, seen by himself alone.")
class Member:
    """A member, seen by himself alone."""

    id: UUID
    number: str
    status: MemberStatus
    first_name: str
    last_name: str
    patronymic: str | None
    birth_date: date | None
    email: str | None
    email_verified: bool = strawberry.field(description="Whether the member has proved the address by its letter.")
    phone: str | None
    phone_verified: bool = strawberry.field(description="Whether the member has proved the phone by a code to it.")
    language: Language = strawberry.field(description="The language of letters and messages.")

    @classmethod
    def of(cls, facts: MemberFacts) -> Self:
        """The member of these facts."""
        return cls(
            id=facts.id,
            number=facts.number,
            status=MemberStatus(facts.status),
            first_name=facts.first_name,
            last_name=facts.last_name,
            patronymic=facts.patronymic,
            birth_date=facts.birth_date,
            email=facts.email,
            email_verified=facts.email_verified,
            phone=facts.phone,
            phone_verified=facts.phone_verified,
            language=Language(facts.locale),
        )

    @strawberry.field(description="Whether there is a password; who joined at a till may have none yet.")
    async def has_password(self) -> bool:
        """Whether there is a password."""
        return await has_password(self.id)

    @strawberry.field(description="The new address that waits for its letter to be answered; null for none.")
    async def email_change(self, info: Info) -> EmailChange | None:
        """The new address that waits."""
        pending = await email_changing.pending_of(self.id, info.context.now)
        return None if pending is None else EmailChange.of(pending)

    @strawberry.field(description="The virtual card, issued at confirmation.")
    async def card(self, info: Info) -> Card:
        """The card that works."""
        return Card.of((await info.context.loaders.cards.load(self.id))[0])

    @strawberry.field(description="Every card there was, the one that works first.")
    async def cards(self, info: Info) -> list[Card]:
        """Every card there was."""
        return [Card.of(card) for card in await info.context.loaders.cards.load(self.id)]

    @strawberry.field(description="The tier, and how far it is to the next.")
    async def progress(self, info: Info) -> Progress:
        """The tier, and how far it is to the next."""
        standing = await self._standing(info.context)
        context, programme = info.context, await programmes.current(info.context.now)
        stand = await stands(programme, self.id, standing.accumulated, standing.grant, context.now)
        return Progress.of(programme, stand.accumulated, context.locale, tier=stand.tier.id)

    @strawberry.field(description="Until when the tier holds, and what keeps it.")
    async def tier_term(self, info: Info) -> TierTerm:
        """Until when the tier holds, and what keeps it."""
        return await term_of(self.id, await self._standing(info.context), info.context)

    @strawberry.field(description="Every tier there was and why, newest first.")
    async def tier_history(self, info: Info, first: int = 20, after: str | None = None) -> TierHistory:
        """Every tier there was and why."""
        return await tiers_of(self.id, first=first, after=after, context=info.context)

    @strawberry.field(description="What was bought and saved.")
    async def totals(self, info: Info) -> Totals:
        """What was bought and saved."""
        standing = await self._standing(info.context)
        return Totals(purchases=Money(standing.purchases), saved=Money(standing.saved))

    @strawberry.field(description="Newest first. `from` and `to` are business dates, both inclusive.")
    async def purchases(  # noqa: PLR0917 - the arguments of the contract
        self,
        info: Info,
        first: int = 20,
        after: str | None = None,
        partner: strawberry.ID | None = None,
        since: Annotated[date | None, strawberry.argument(name="from")] = None,
        to: date | None = None,
        counted: bool | None = None,  # noqa: FBT001 - a GraphQL argument has a name
        refunded: bool | None = None,  # noqa: FBT001
    ) -> PurchasePage:
        """A page of purchases."""
        filters = Filters(partner=partner, since=since, until=to, counted=counted, refunded=refunded)
        return await purchases_of(self.id, first=first, after=after, filters=filters, context=info.context)

    @strawberry.field(description="One purchase of this member; null for any other id.")
    async def purchase(self, info: Info, id: UUID) -> Purchase | None:  # noqa: A002 - the contract
        """One purchase of this member."""
        return await purchase_of(self.id, id, info.context)

    @strawberry.field(description="Receipts the member claimed, the newest first; fifty at most.")
    async def claims(self, info: Info) -> list[PurchaseClaim]:
        """Receipts the member claimed."""
        return await claims_of(self.id, info.context)

    @strawberry.field(description="Points as of now; null in a programme without.")
    async def points(self, info: Info) -> MemberPoints | None:
        """Points as of now."""
        return await points_of(self.id, info.context)

    @strawberry.field(description="Everything that moved the points, newest first, with its reason and its place.")
    async def points_history(self, info: Info, first: int = 20, after: str | None = None) -> PointsPage:
        """A page of what moved the points."""
        return await history_of(self.id, first=first, after=after, context=info.context)

    @strawberry.field(description="Bookings of hotels, newest first.")
    async def bookings(self, info: Info, first: int = 20, after: str | None = None) -> BookingPage:
        """A page of bookings."""
        return await bookings_of(self.id, first=first, after=after, context=info.context)

    @strawberry.field(description="Orders of the programme's shop with their vouchers, newest first.")
    async def shop_orders(self, info: Info, first: int = 20, after: str | None = None) -> ShopOrderPage:
        """A page of orders."""
        return await orders_of(self.id, first=first, after=after, context=info.context)

    @strawberry.field(description="The family I sit in; null for none, and in a programme without families.")
    async def family(self, info: Info) -> Family | None:
        """The family a member sits in."""
        return await family_of(self.id, info.context)

    @strawberry.field(description="The devices that are signed in, the one used last first.")
    async def devices(self, info: Info) -> list[Device]:
        """The devices that are signed in."""
        found = await sessions.devices_of(self.id, info.context.now)
        return [Device.of(device, info.context.member) for device in found]

    @strawberry.field(description="What was agreed to and withdrawn: the newest act of each kind.")
    async def consents(self) -> list[Consent]:
        """What was agreed to and withdrawn."""
        return [Consent.of(consent) for consent in await consents.consents_of(self.id)]

    @strawberry.field(description="What the member wants by which channel.")
    async def message_preferences(self, info: Info) -> MessagePreferences:
        """What the member wants by which channel."""
        return await message_preferences_of(self.id, info.context.resources)

    async def _standing(self, context: Context) -> Standing:
        return await context.loaders.standing.load(self.id) or Standing(0, 0, 0)
