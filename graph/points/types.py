"""Points as guests and tills read them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

import strawberry

from graph.points.telling import told_move
from graph.problems import Problem
from graph.programme.types import Outlet, Partner
from graph.quotes.reasons import Reason
from graph.scalars import Money, Points
from graph.words import Locale
from loyalty.points import last_day
from loyalty.programme import Programme
from services.points.balances import Balance, Lot
from services.points.confirming import Spending as Asked
from services.points.history import Move


@strawberry.enum(description="Whether the points of a lot can be spent already.")
class PointsLotStatus(StrEnum):
    """Whether the points of a lot can be spent already."""

    PENDING = "PENDING"
    ACTIVE = "ACTIVE"


@strawberry.enum(description="What moved a member's points.")
class PointsMoveKind(StrEnum):
    """What moved a member's points."""

    EARNED = "EARNED"
    GRANTED = "GRANTED"
    OPENING = "OPENING"
    WITHDRAWN = "WITHDRAWN"
    ACTIVATED = "ACTIVATED"
    HELD = "HELD"
    RELEASED = "RELEASED"
    SPENT = "SPENT"
    EXPIRED = "EXPIRED"
    TAKEN_BACK = "TAKEN_BACK"
    GIVEN_BACK = "GIVEN_BACK"
    DEBT_REPAID = "DEBT_REPAID"
    FAMILY_CONTRIBUTED = "FAMILY_CONTRIBUTED"
    FAMILY_RETURNED = "FAMILY_RETURNED"
    MERGED = "MERGED"


@strawberry.type(description="The points that end first.")
class PointsExpiry:
    """The points that end first."""

    at: datetime
    day: date = strawberry.field(description="The last local day on which they can be spent.")
    points: Points


@strawberry.type(description="Points that came together and end together.")
class PointsLot:
    """Points that came together and end together."""

    id: UUID
    points: Points = strawberry.field(description="What is left of them.")
    issued: Points
    status: PointsLotStatus
    issuer: Partner | None = strawberry.field(description="Null where the programme itself gave them.")
    purchase: UUID | None
    issued_at: datetime
    activates_at: datetime | None
    expires_at: datetime | None = strawberry.field(description="Null: never.")
    last_day: date | None

    @classmethod
    def of(cls, lot: Lot, programme: Programme, locale: Locale) -> Self:
        """The lot in a reader's language. A partner that a later version has closed is not named."""
        issuer = programme.partners_by_id.get(lot.issuer or "")
        return cls(
            id=lot.id,
            points=Points(lot.points),
            issued=Points(lot.issued),
            status=PointsLotStatus.ACTIVE if lot.usable else PointsLotStatus.PENDING,
            issuer=None if issuer is None else Partner.of(issuer, programme, locale),
            purchase=lot.purchase,
            issued_at=lot.issued_at,
            activates_at=lot.activates_at,
            expires_at=lot.expires_at,
            last_day=None if lot.expires_at is None else last_day(lot.expires_at, programme.time_zone),
        )


@strawberry.type(description="A spending that waits for the guest's yes.")
class Spending:
    """A spending that waits for the guest's yes."""

    id: UUID
    partner: Partner
    outlet: Outlet
    points: Points
    worth: Money
    asked_at: datetime
    until: datetime
    from_family: Points = strawberry.field(description="How many of them the family's pool gives.")

    @classmethod
    def of(cls, asked: Asked, programme: Programme, locale: Locale) -> Self:
        """The spending with the place that asks for it."""
        return cls(
            id=asked.id,
            partner=Partner.of(programme.partners_by_id[asked.partner], programme, locale),
            outlet=Outlet.of(programme.outlets_by_id[asked.outlet], locale),
            points=Points(asked.points),
            worth=Money(asked.worth),
            asked_at=asked.asked_at,
            until=asked.until,
            from_family=Points(asked.from_family),
        )


@strawberry.type(description="A member's points as of now, with everything that time has done to them.")
class MemberPoints:
    """A member's points as of now."""

    available: Points
    pending: Points
    held: Points
    debt: Points = strawberry.field(description="Owed after a return; the next earnings repay it.")
    worth: Money = strawberry.field(description="What the available ones pay.")
    next_expiry: PointsExpiry | None
    lots: list[PointsLot] = strawberry.field(description="In the order they are spent; those that wait come last.")
    asked: list[Spending] = strawberry.field(description="Spendings that wait for this member's yes.")

    @classmethod
    def of(cls, balance: Balance, asked: list[Asked], programme: Programme, locale: Locale) -> Self | None:
        """The balance in a reader's language; None in a programme without points."""
        terms, ends = programme.points, balance.next_expiry
        if terms is None:
            return None
        zone = programme.time_zone
        return cls(
            available=Points(balance.available),
            pending=Points(balance.pending),
            held=Points(balance.held),
            debt=Points(balance.debt),
            worth=Money(balance.available * terms.worth),
            next_expiry=None
            if ends is None
            else PointsExpiry(at=ends[0], day=last_day(ends[0], zone), points=Points(ends[1])),
            lots=[PointsLot.of(lot, programme, locale) for lot in balance.lots],
            asked=[Spending.of(each, programme, locale) for each in asked],
        )


@strawberry.type(description="One movement of a member's points, with its reason and its place.")
class PointsMove:
    """One movement of a member's points."""

    id: UUID
    kind: PointsMoveKind
    at: datetime
    points: Points = strawberry.field(description="Gained or lost in all; 0 for what only changes its balance.")
    available: Points
    pending: Points
    held: Points
    debt: Points
    partner: Partner | None
    outlet: Outlet | None
    receipt_number: str | None
    purchase: UUID | None
    programme_version: int | None
    reason: Reason

    @classmethod
    def of(cls, move: Move, programme: Programme, locale: Locale) -> Self:
        """The movement, named by the version that priced its receipt."""
        partner = programme.partners_by_id.get(move.partner or "")
        outlet = programme.outlets_by_id.get(move.outlet or "")
        code, text = told_move(move, programme, locale)
        return cls(
            id=move.id,
            kind=PointsMoveKind(move.kind),
            at=move.at,
            points=Points(move.points),
            available=Points(move.available),
            pending=Points(move.pending),
            held=Points(move.held),
            debt=Points(move.debt),
            partner=None if partner is None else Partner.of(partner, programme, locale),
            outlet=None if outlet is None else Outlet.of(outlet, locale),
            receipt_number=move.receipt_number,
            purchase=move.purchase,
            programme_version=move.programme_version,
            reason=Reason(code=code, text=text),
        )


@strawberry.type(description="A page of movements, newest first. Pass `next` as `after` to go on; null at the end.")
class PointsPage:
    """A page of movements."""

    items: list[PointsMove]
    next: str | None


@strawberry.type(description="The guest has said yes: the till may post.")
class SpendingConfirmed:
    """The guest has said yes."""

    spending: Spending


@strawberry.type(description="The guest has said no: the points are free.")
class SpendingDeclined:
    """The guest has said no."""

    spending: Spending
    points: MemberPoints | None


ConfirmSpendingResult = Annotated[SpendingConfirmed | Problem, strawberry.union("ConfirmSpendingResult")]
DeclineSpendingResult = Annotated[SpendingDeclined | Problem, strawberry.union("DeclineSpendingResult")]
