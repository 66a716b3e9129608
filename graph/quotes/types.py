"""Quotes: a priced basket, line by line, with reasons."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

import strawberry

from graph.points.quoting import LinePoints, QuotePoints
from graph.problems import Problem
from graph.programme.types import Channel, Service
from graph.promotions.types import Promotion, promotions_of
from graph.quotes.reasons import Reason, reasons_of
from graph.scalars import Money, Points
from graph.words import Locale
from loyalty.money import print_quantity
from services.quotes import Quoted


@strawberry.input(
    description="One line of a receipt. `amount` is the whole line before discount; quantity serves returns."
)
class LineInput:
    """One line of a receipt."""

    service: strawberry.ID
    name: str
    quantity: str
    amount: Money


@strawberry.input(description="The basket of the guest of a ticket.")
class QuoteInput:
    """The basket of the guest of a ticket."""

    ticket: strawberry.ID
    lines: list[LineInput]
    channel: Channel = Channel.TILL
    points: Points | None = strawberry.field(
        default=None,
        description=(
            "Put up to so many points aside, instead of what this ticket put aside before; 0 frees them. Absent: nothing"
            " is touched."
        ),
    )
    promo_codes: list[str] | None = strawberry.field(
        default=None, description="Promo codes that the guest shows, five at most. One that opens nothing is refused."
    )
    family: bool = strawberry.field(
        default=False,
        description="With `points`: what the guest's own do not give comes from the pool of the family, after a yes.",
    )


@strawberry.type(description="A priced line.")
class QuoteLine:
    """A priced line."""

    service: Service
    name: str
    quantity: str
    gross: Money
    discount: Money
    net: Money
    accumulates: bool
    reasons: list[Reason]
    points: LinePoints | None = strawberry.field(description="Null in a programme without points.")


@strawberry.type(description="A priced basket. Post it before it expires.")
class Quote:
    """A priced basket."""

    id: strawberry.ID
    expires_at: datetime
    gross: Money
    discount: Money
    net: Money
    lines: list[QuoteLine]
    points: QuotePoints | None = strawberry.field(description="Null in a programme without points.")
    quoted: strawberry.Private[Quoted]
    locale: strawberry.Private[Locale]

    @strawberry.field(description="What applied first, then what is missing.")
    def promotions(self) -> list[Promotion]:
        """Told only to who asks: under many campaigns it is most of the answer."""
        return promotions_of(self.quoted.priced.outcomes, self.quoted.programme, self.locale)

    @classmethod
    def of(cls, quoted: Quoted, partner: str, locale: Locale, now: datetime) -> Self:
        """A kept quote as a till reads it."""
        programme = quoted.programme
        sold = programme.partners_by_id[partner].services_by_id
        parts = [None] * len(quoted.priced.lines) if quoted.points is None else quoted.points.lines
        lines = [
            QuoteLine(
                service=Service.of(sold[line.service], locale),
                name=line.name,
                quantity=print_quantity(line.quantity),
                gross=Money(line.gross),
                discount=Money(line.discount),
                net=Money(line.net),
                accumulates=line.accumulates,
                reasons=reasons_of(line.reasons, programme, locale),
                points=None if part is None else LinePoints.of(part),
            )
            for line, part in zip(quoted.priced.lines, parts, strict=True)
        ]
        return cls(
            id=strawberry.ID(str(quoted.id)),
            expires_at=quoted.expires_at,
            gross=Money(quoted.priced.gross),
            discount=Money(quoted.priced.discount),
            net=Money(quoted.priced.net),
            lines=lines,
            points=QuotePoints.of(quoted, locale, now),
            quoted=quoted,
            locale=locale,
        )


QuotePurchaseResult = Annotated[Quote | Problem, strawberry.union("QuotePurchaseResult")]
