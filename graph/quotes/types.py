"""Quotes: a priced basket, line by line, with reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Final, Self

import orjson
import strawberry

from graph.problems import Problem
from graph.programme.reasons import tell
from graph.programme.types import Channel, Service
from graph.scalars import Money
from graph.words import Locale
from loyalty.money import print_quantity
from loyalty.programme import Programme
from services.quotes import Quoted

REASONS_MAX: Final = 4096


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


@strawberry.type(description="Why a benefit applied, or what is missing.")
class Reason:
    """Why a benefit applied, or what is missing."""

    code: str
    text: str


def reasons_of(stored: Sequence[Mapping[str, object]], programme: Programme, locale: Locale) -> list[Reason]:
    """The reasons of a line in the reader's language, by the version that gave them."""
    return _told(orjson.dumps(stored), programme, locale)


@lru_cache(maxsize=REASONS_MAX)
def _told(stored: bytes, programme: Programme, locale: Locale) -> list[Reason]:
    # A programme has few cells and few sentences about them; a page of purchases repeats them line after line.
    return [Reason(code=code, text=text) for code, text in tell(orjson.loads(stored), programme, locale)]


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


@strawberry.type(description="A priced basket. Post it before it expires.")
class Quote:
    """A priced basket."""

    id: strawberry.ID
    expires_at: datetime
    gross: Money
    discount: Money
    net: Money
    lines: list[QuoteLine]

    @classmethod
    def of(cls, quoted: Quoted, partner: str, locale: Locale) -> Self:
        """A kept quote as a till reads it."""
        programme = quoted.programme
        sold = programme.partners_by_id[partner].services_by_id
        lines = [
            QuoteLine(
                service=Service.of(sold[line.service], locale),
                name=line.name,
                quantity=print_quantity(line.quantity),
                gross=Money(line.gross),
                discount=Money(line.discount),
                net=Money(line.net),
                accumulates=line.accumulates,
                reasons=reasons_of([reason.stored() for reason in line.reasons], programme, locale),
            )
            for line in quoted.priced.lines
        ]
        return cls(
            id=strawberry.ID(str(quoted.id)),
            expires_at=quoted.expires_at,
            gross=Money(quoted.priced.gross),
            discount=Money(quoted.priced.discount),
            net=Money(quoted.priced.net),
            lines=lines,
        )


QuotePurchaseResult = Annotated[Quote | Problem, strawberry.union("QuotePurchaseResult")]
