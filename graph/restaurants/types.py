"""Restaurants of a cloud as the staff sees them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Self
from uuid import UUID

import strawberry

from graph.problems import Problem
from graph.restaurants.faults import told_fault
from graph.scalars import Money

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graph.words import Locale
    from loyalty.programme import Programme
    from services.pos.menu import Group
    from services.restaurants import connections


@strawberry.enum(description="Something that could not be worked off: an event of the cloud, or an order it told of.")
class AsideKind(StrEnum):
    """Something that could not be worked off."""

    EVENT = "EVENT"
    ORDER = "ORDER"


@strawberry.enum(
    description="How an order of the cloud and our books differ. GONE_THERE: deleted after it was recorded."
)
class DifferenceKind(StrEnum):
    """How an order of the cloud and our books differ."""

    MISSING_HERE = "MISSING_HERE"
    MISSING_THERE = "MISSING_THERE"
    SUM_DIFFERS = "SUM_DIFFERS"
    GONE_THERE = "GONE_THERE"


@strawberry.type(description="A group of the menu and the service of ours that it is sold as.")
class MenuGroupService:
    """A group of the menu and the service that it is sold as."""

    name: str
    service: str

    @classmethod
    def of(cls, group: Group, names: Mapping[str, str]) -> Self:
        """The group as it is read."""
        return cls(name=group.name or group.id, service=_service(group.service, names) or "")


@strawberry.type(description="A group of terminals of a restaurant.")
class RestaurantPlace:
    """A group of terminals of a restaurant."""

    id: UUID
    name: str
    outlet: str | None = strawberry.field(description="The outlet it is; null: its orders are none of ours.")
    linked_at: datetime | None
    groups: list[MenuGroupService] = strawberry.field(description="Groups of the menu that somebody spoke of.")
    unmapped_groups: list[str] = strawberry.field(description="Groups that nobody spoke of.")
    usual_service: str | None = strawberry.field(
        description="What those are sold as; null: orders with them are put aside, unless the partner sells one thing."
    )

    @classmethod
    def of(cls, place: connections.Place, programme: Programme, locale: Locale) -> Self:
        """The place as it is read, in the programme's words."""
        outlet = None if place.outlet is None else programme.outlets_by_id.get(place.outlet)
        names = {one.id: one.name.in_locale(locale) for partner in programme.partners for one in partner.services}
        return cls(
            id=place.id,
            name=place.name,
            outlet=place.outlet if outlet is None else outlet.name.in_locale(locale),
            linked_at=place.linked_at,
            groups=[MenuGroupService.of(one, names) for one in place.mapped],
            unmapped_groups=list(place.unmapped),
            usual_service=_service(place.usual, names),
        )


@strawberry.type(description="A restaurant as the cloud tells of it.")
class RestaurantConnection:
    """A restaurant as the cloud tells of it."""

    id: UUID
    name: str
    has_discount: bool = strawberry.field(description="Whether our type of discount was chosen there.")
    revision: str | None = strawberry.field(description="How far its changes were read, by the cloud's own count.")
    looked_at: datetime | None = strawberry.field(description="When its changes were read last.")
    synced_at: datetime = strawberry.field(description="When its places and menu were read last.")
    trouble: str | None = strawberry.field(description="Why its changes could not be read the last time.")
    dishes: int
    differences: int = strawberry.field(description="Orders on which the cloud and our books differ.")
    places: list[RestaurantPlace]

    @classmethod
    def of(cls, one: connections.Connection, programme: Programme, locale: Locale) -> Self:
        """The restaurant as it is read."""
        return cls(
            id=one.id,
            name=one.name,
            has_discount=one.has_discount,
            revision=None if one.mark is None else str(one.mark),
            looked_at=one.looked_at,
            synced_at=one.synced_at,
            trouble=one.trouble,
            dishes=one.dishes,
            differences=one.differences,
            places=[RestaurantPlace.of(place, programme, locale) for place in one.places],
        )


@strawberry.type(description="Something of the cloud that was put aside, with the reason.")
class RestaurantAside:
    """Something of the cloud that was put aside."""

    id: UUID
    kind: AsideKind
    title: str = strawberry.field(description="The kind of an event, the number of an order.")
    restaurant: str | None
    at: datetime
    fault: str | None

    @classmethod
    def of(cls, row: Mapping[str, Any], locale: Locale) -> Self:
        """The thing as it is read."""
        facts = {"id": row["id"], "title": row["title"], "at": row["at"], "fault": told_fault(row["fault"], locale)}
        return cls(kind=AsideKind(row["what"]), restaurant=row["name"], **facts)


@strawberry.type(description="What the cloud told and nobody has worked off yet, and what was put aside.")
class RestaurantInbox:
    """What the cloud told."""

    is_connected: bool = strawberry.field(description="Whether this installation has a key of the cloud.")
    waiting: int
    waiting_since: datetime | None
    aside: int
    newest: list[RestaurantAside] = strawberry.field(description="Of what was put aside; fifty at most.")

    @classmethod
    def of(cls, one: connections.Inbox, locale: Locale, *, is_connected: bool) -> Self:
        """The inbox as it is read."""
        newest = [RestaurantAside.of(row, locale) for row in one.newest]
        return cls(
            is_connected=is_connected, waiting=one.waiting, waiting_since=one.since, aside=one.aside, newest=newest
        )


@strawberry.type(
    description="A day of a restaurant as it was compared: orders of members and their sums, theirs and ours."
)
class RestaurantDay:
    """A day of a restaurant as it was compared."""

    id: UUID
    day: date
    restaurant: str
    theirs: int
    their_sum: Money
    ours: int
    our_sum: Money
    mended: int = strawberry.field(description="Orders that were missing here and were recorded by the comparison.")
    checked_at: datetime

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """The day as it is read."""
        return cls(
            id=row["id"],
            day=row["day"],
            restaurant=row["name"],
            theirs=row["theirs"],
            their_sum=Money(row["theirs_net"]),
            ours=row["ours"],
            our_sum=Money(row["ours_net"]),
            mended=row["mended"],
            checked_at=row["checked_at"],
        )


@strawberry.type(description="An order on which the cloud and our books differ.")
class RestaurantDifference:
    """An order on which the cloud and our books differ."""

    id: UUID
    day: date
    restaurant: str
    order: UUID
    kind: DifferenceKind
    their_sum: Money | None
    our_sum: Money | None
    reason: str | None
    found_at: datetime

    @classmethod
    def of(cls, row: Mapping[str, Any], locale: Locale) -> Self:
        """The order as it is read."""
        return cls(
            id=row["id"],
            day=row["day"],
            restaurant=row["name"],
            order=row["order_id"],
            kind=DifferenceKind(row["what"]),
            their_sum=None if row["theirs"] is None else Money(row["theirs"]),
            our_sum=None if row["ours"] is None else Money(row["ours"]),
            reason=told_fault(row["reason"], locale),
            found_at=row["found_at"],
        )


@strawberry.type(description="The nightly comparison with the cloud.")
class RestaurantComparison:
    """The nightly comparison with the cloud."""

    days: list[RestaurantDay] = strawberry.field(description="The newest first.")
    differences: list[RestaurantDifference] = strawberry.field(
        description="Of whatever day, until a later comparison finds them alike; the longest first, 200 at most."
    )

    @classmethod
    def of(cls, one: connections.Comparison, locale: Locale) -> Self:
        """The comparison as it is read."""
        return cls(
            days=[RestaurantDay.of(row) for row in one.days],
            differences=[RestaurantDifference.of(row, locale) for row in one.differences],
        )


@strawberry.type(description="What was put aside is looked at anew.")
class RestaurantInboxReplayed:
    """What was put aside is looked at anew."""

    count: int


ReplayRestaurantInboxResult = Annotated[
    RestaurantInboxReplayed | Problem, strawberry.union("ReplayRestaurantInboxResult")
]


def _service(slug: str | None, names: Mapping[str, str]) -> str | None:
    return None if slug is None else names.get(slug, slug)
