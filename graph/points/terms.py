"""The rules of points in the reader's language."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Self

import strawberry

from graph.scalars import Money, Points
from loyalty.money import print_percent

if TYPE_CHECKING:
    from graph.words import Locale
    from loyalty.points import PointsTerms, Unit


@strawberry.enum(description="How a part of a receipt was paid.")
class TenderKind(StrEnum):
    """How a part of a receipt was paid."""

    CASH = "CASH"
    CARD = "CARD"
    MOBILE_TERMINAL = "MOBILE_TERMINAL"
    INSTALMENT = "INSTALMENT"
    GIFT_CARD = "GIFT_CARD"
    POINTS = "POINTS"


@strawberry.type(description="What a point is called: a heading, and the forms after 1, 2 and 5.")
class PointsUnit:
    """What a point is called."""

    name: str
    one: str
    few: str
    many: str

    @classmethod
    def of(cls, unit: Unit, locale: Locale) -> Self:
        """The words in a reader's language."""
        return cls(
            name=unit.name.in_locale(locale),
            one=unit.one.in_locale(locale),
            few=unit.few.in_locale(locale),
            many=unit.many.in_locale(locale),
        )


@strawberry.type(description="A kind of payment that does not earn in full.")
class TenderFactor:
    """A kind of payment that does not earn in full."""

    kind: TenderKind
    percent: str


@strawberry.type(description="What points are worth, how long they live and what limits them. Null: no limit.")
class PointsRules:
    """What points are worth, how long they live and what limits them."""

    unit: PointsUnit
    worth: Money = strawberry.field(description="What one point pays.")
    life_days: int | None = strawberry.field(description="They end with the local day; null: never.")
    activation_days: int = strawberry.field(description="0: usable at once.")
    hold_minutes: int
    return_grace_days: int
    earn_max_receipt: Points | None
    earn_max_day: Points | None
    balance_max: Points | None
    confirm_above: Points | None = strawberry.field(description="Spending more a day needs a yes on the phone.")
    confirm_share_percent: str | None = strawberry.field(description="The same, as a share of the balance.")
    confirm_new_device_hours: int | None = strawberry.field(
        description="So does any spending with a phone that is not the member's first, for so many hours after it was paired."
    )
    tenders: list[TenderFactor]

    @classmethod
    def of(cls, terms: PointsTerms | None, locale: Locale) -> Self | None:
        """The terms in a reader's language; None where the programme has no points."""
        if terms is None:
            return None
        return cls(
            unit=PointsUnit.of(terms.unit, locale),
            worth=Money(terms.worth),
            life_days=terms.life_days,
            activation_days=terms.activation_days,
            hold_minutes=terms.hold_minutes,
            return_grace_days=terms.return_grace_days,
            earn_max_receipt=_points(terms.earn_max_receipt),
            earn_max_day=_points(terms.earn_max_day),
            balance_max=_points(terms.balance_max),
            confirm_above=_points(terms.confirm_above),
            confirm_share_percent=None if terms.confirm_share is None else print_percent(terms.confirm_share),
            confirm_new_device_hours=terms.confirm_new_device_hours,
            tenders=[
                TenderFactor(kind=TenderKind(kind), percent=print_percent(share))
                for kind, share in terms.tender_factors
            ],
        )


def _points(number: int | None) -> Points | None:
    return None if number is None else Points(number)
