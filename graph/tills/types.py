"""Tills and the guest in front of them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

import strawberry

from graph.problems import Problem
from graph.programme.types import Channel, Identification, Outlet, Partner, Rule, Service, Tier
from graph.scalars import Points
from graph.words import Locale
from loyalty.programme import Programme
from services.identify import Identified as Scan
from services.tills import TillFacts, place_of


@strawberry.enum(description="ORDINARY stands at a counter; SYSTEM is a booking engine, a shop or an import.")
class TillKind(StrEnum):
    """What stands behind a till's key."""

    ORDINARY = "ORDINARY"
    SYSTEM = "SYSTEM"


@strawberry.enum(
    description="What a key may do: EARN scans, quotes and posts; SPEND puts points aside; REFUND returns;"
    " MEMBERS registers members and changes their data with them; GUESTS brings lists of guests."
)
class TillScope(StrEnum):
    """What a key may do."""

    EARN = "EARN"
    SPEND = "SPEND"
    REFUND = "REFUND"
    MEMBERS = "MEMBERS"
    GUESTS = "GUESTS"


@strawberry.type(description="A till of a partner.")
class Till:
    """A till of a partner."""

    id: strawberry.ID
    name: str
    kind: TillKind
    partner: Partner
    outlet: Outlet
    channels: list[Channel]
    services: list[Service] = strawberry.field(description="What the partner sells through this till's channels.")
    scopes: list[TillScope] = strawberry.field(description="What its key may do.")

    @classmethod
    def of(cls, till: TillFacts, programme: Programme, locale: Locale) -> Self:
        """The till with its partner and outlet as the programme names them now."""
        home, outlet = place_of(till, programme)
        sold = [service for service in home.services if set(service.channels) & set(till.channels)]
        return cls(
            id=strawberry.ID(str(till.id)),
            name=till.name,
            kind=TillKind(till.kind),
            partner=Partner.of(home, programme, locale),
            outlet=Outlet.of(outlet, locale),
            channels=[Channel(channel) for channel in till.channels],
            services=[Service.of(service, locale) for service in sold],
            scopes=[TillScope(scope) for scope in till.scopes],
        )


@strawberry.type(description="All that a cashier learns of a guest.")
class GuestAtTill:
    """All that a cashier learns of a guest."""

    first_name: str = strawberry.field(description="Of a told phone number as little as the programme says.")
    identified_by: Identification
    tier: Tier
    rules: list[Rule] = strawberry.field(description="For this till's partner and channels and the guest's tier.")
    points: Points | None = strawberry.field(
        default=None, description="What the guest can spend now; null without points and for a told number."
    )


@strawberry.type(description="An accepted scan. The ticket is quoted and posted any number of times until it expires.")
class Identified:
    """An accepted scan."""

    ticket: strawberry.ID
    expires_at: datetime
    guest: GuestAtTill

    @classmethod
    def of(cls, scan: Scan, till: TillFacts, locale: Locale, points: int | None = None) -> Self:
        """The answer to a scan."""
        partner, _ = place_of(till, scan.programme)
        return cls(
            ticket=strawberry.ID(str(scan.ticket)),
            expires_at=scan.expires_at,
            guest=GuestAtTill(
                first_name=scan.first_name,
                identified_by=scan.by,
                tier=Tier.of(scan.tier, locale),
                rules=[Rule.of(rule, partner, scan.programme, locale) for rule in scan.rules],
                points=None if points is None else Points(points),
            ),
        )


@strawberry.type(description="The page is paired; a cookie carries the till from now on.")
class TillPaired:
    """A page that was paired."""

    till: Till


@strawberry.type(description="The page is no longer paired.")
class TillUnpaired:
    """A page that was unpaired."""

    at: datetime


@strawberry.input(
    description="Whose code: the `ticket` of a told number. `request` of an earlier answer sends the same code again."
)
class RequestSpendingCodeInput:
    """Whose code."""

    ticket: strawberry.ID
    request: strawberry.ID | None = None


@strawberry.type(description="A code is on its way to the member's own phone or letter box.")
class SpendingCodeSent:
    """A code is on its way."""

    request: strawberry.ID = strawberry.field(
        description="Give it back with the code, at this till and with this ticket."
    )
    resend_after: datetime
    expires_at: datetime


@strawberry.input(description="The code as the guest said it, with the ticket and the request it was asked for by.")
class ConfirmSpendingCodeInput:
    """The code as the guest said it."""

    ticket: strawberry.ID
    request: strawberry.ID
    code: str


IdentifyResult = Annotated[Identified | Problem, strawberry.union("IdentifyResult")]
PairTillResult = Annotated[TillPaired | Problem, strawberry.union("PairTillResult")]
UnpairTillResult = Annotated[TillUnpaired | Problem, strawberry.union("UnpairTillResult")]
RequestSpendingCodeResult = Annotated[SpendingCodeSent | Problem, strawberry.union("RequestSpendingCodeResult")]
