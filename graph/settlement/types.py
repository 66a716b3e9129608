"""Settlement as the staff read it: who owes whom for points, and what each partner still stands for."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

import strawberry

from graph.scalars import Money, Points
from graph.settlement.parties import party_id
from graph.settlement.statements import SettlementStatement
from graph.settlement.telling import told_fact
from graph.words import Locale, sentence
from loyalty import settlement as rules
from loyalty.money import print_percent
from loyalty.programme import Programme
from loyalty.settlement import PROGRAMME, PartnerTerms, mode_of, price_of
from services.settlement.periods import Period
from services.settlement.reading import Books, Line


@strawberry.enum(description="How a partner pays for its points that others took.")
class SettlementMode(StrEnum):
    """How a partner pays for its points that others took."""

    POSTPAID = "POSTPAID"
    PREPAID = "PREPAID"
    NONE = "NONE"


@strawberry.enum(description="What happened to points of a lot.")
class SettlementFactKind(StrEnum):
    """What happened to points of a lot."""

    ISSUED = "ISSUED"
    REDEEMED = "REDEEMED"
    GIVEN_BACK = "GIVEN_BACK"
    EXPIRED = "EXPIRED"
    RETURNED = "RETURNED"
    REPAID = "REPAID"
    OWED = "OWED"


@strawberry.type(
    description="What a partner has paid ahead, and what is left of it after what others took and it has not paid."
)
class SettlementDeposit:
    """What a partner has paid ahead."""

    amount: Money
    left: Money = strawberry.field(
        description="Below zero where it is used up: then somebody is told, nothing is refused."
    )


@strawberry.type(
    description="A side of settlement: a partner, or with the id `-` the programme for points it gave itself."
)
class SettlementParty:
    """A side of settlement."""

    id: strawberry.ID
    name: str
    mode: SettlementMode
    price: Money = strawberry.field(description="What it pays now for each of its points that another partner took.")
    deposit: SettlementDeposit | None = strawberry.field(description="Of the reader's own partners who pay ahead.")

    @classmethod
    def of(cls, slug: str, programme: Programme, locale: Locale, found: Books | None = None) -> Self:
        """The side as the programme names it now; a partner it no longer has by its slug."""
        partner = programme.partners_by_id.get(slug)
        own = PartnerTerms() if partner is None else partner.settlement or PartnerTerms()
        name = sentence("settlement.programme", locale) if slug == PROGRAMME else slug
        return cls(
            id=party_id(slug),
            name=name if partner is None else partner.name.in_locale(locale),
            mode=SettlementMode(mode_of(programme.settlement, own)),
            price=Money(price_of(programme.settlement, own)),
            deposit=None if found is None else _deposit(slug, own, found),
        )


def _deposit(slug: str, own: PartnerTerms, found: Books) -> SettlementDeposit | None:
    if own.deposit is None or not (found.partners is None or slug in found.partners):
        return None
    return SettlementDeposit(amount=Money(own.deposit), left=Money(own.deposit - found.taken(slug)))


@strawberry.type(
    description="Points of one issuer that one partner took in a month, and what the issuer owes for them."
)
class SettlementCell:
    """Points of one issuer that one partner took in a month."""

    issuer: strawberry.ID
    partner: strawberry.ID
    redeemed: Points
    given_back: Points = strawberry.field(description="By returns of purchases that points had paid.")
    reversed: Points = strawberry.field(
        description="Taken from this issuer's points because the partner's own had been spent when a purchase came back."
    )
    points: Points = strawberry.field(description="redeemed - givenBack + reversed.")
    due: Money = strawberry.field(description="Below zero where more came back than was taken.")
    facts: int
    late: int = strawberry.field(description="Facts of months that were closed already.")
    statement: SettlementStatement | None = strawberry.field(description="Null where nothing is due between the two.")

    @classmethod
    def of(cls, cell: rules.Cell, statement: SettlementStatement | None) -> Self:
        """A cell of the matrix."""
        return cls(
            issuer=party_id(cell.issuer),
            partner=party_id(cell.partner),
            redeemed=Points(cell.redeemed),
            given_back=Points(cell.given_back),
            reversed=Points(cell.reversed),
            points=Points(cell.points),
            due=Money(cell.due),
            facts=cell.facts,
            late=cell.late,
            statement=statement,
        )


@strawberry.type(description="What one side pays another for a month, after what both owe is set off.")
class SettlementPayment:
    """What one side pays another for a month."""

    payer: strawberry.ID
    payee: strawberry.ID
    amount: Money


@strawberry.type(
    description="Points an issuer stands for in a month: opening + issued - redeemed - expired - reversed = closing."
)
class PointsLiability:
    """Points an issuer stands for in a month."""

    issuer: strawberry.ID
    opening: Points
    issued: Points
    redeemed: Points = strawberry.field(description="Net of what returns gave back.")
    expired: Points = strawberry.field(description="Breakage of the month.")
    reversed: Points = strawberry.field(description="Taken by returns from this issuer's points.")
    closing: Points
    worth: Money = strawberry.field(description="What the closing points pay, by the worth of a point now.")
    owed: Points = strawberry.field(description="What members owe this partner after returns.")

    @classmethod
    def of(cls, row: rules.Liability, worth: int) -> Self:
        """A row of the report."""
        return cls(
            issuer=party_id(row.issuer),
            opening=Points(row.opening),
            issued=Points(row.issued),
            redeemed=Points(row.redeemed),
            expired=Points(row.expired),
            reversed=Points(row.reversed),
            closing=Points(row.closing),
            worth=Money(row.closing * worth),
            owed=Points(row.owed),
        )


@strawberry.type(description="A calendar month of the programme's zone.")
class SettlementMonth:
    """A calendar month of the programme's zone."""

    month: date = strawberry.field(description="Its first day.")
    closed_at: datetime | None = strawberry.field(description="Null while it is open; then its sums may still grow.")
    closes_at: datetime = strawberry.field(description="When it is closed by itself.")
    cells: list[SettlementCell]
    payments: list[SettlementPayment]
    liabilities: list[PointsLiability]

    @classmethod
    def of(
        cls, period: Period, found: Books, order: tuple[str, ...], rows: list[rules.Liability], now: Programme
    ) -> Self:
        """A month of the reader's side."""
        pairs = rules.cells(found.flows, period.month)
        place = {slug: number for number, slug in enumerate(order)}
        pairs = tuple(sorted(pairs, key=lambda cell: (place[cell.issuer], place[cell.partner])))
        worth = 0 if now.points is None else now.points.worth
        days = rules.CLOSE_AFTER_DAYS if now.settlement is None else now.settlement.close_after_days
        return cls(
            month=period.month,
            closed_at=period.closed_at,
            closes_at=rules.closes_at(period.month, now.time_zone, days),
            cells=[
                SettlementCell.of(cell, SettlementStatement.maybe(found.statement(period, cell), found.access))
                for cell in pairs
            ],
            payments=[
                SettlementPayment(payer=party_id(payer), payee=party_id(payee), amount=Money(amount))
                for (payer, payee), amount in rules.net(pairs).items()
            ],
            liabilities=[PointsLiability.of(row, worth) for row in rows],
        )


@strawberry.type(description="Rights that guests will not use, as IFRS 15 (B44-B47) asks for them.")
class Breakage:
    """Rights that guests will not use."""

    ended: Points = strawberry.field(description="Points that are done with: spent, or expired.")
    expired: Points
    rate_percent: str | None = strawberry.field(description="expired / ended; null while nothing has expired.")
    expected: Points = strawberry.field(description="Of the points outstanding, how many will expire at this rate.")
    expected_worth: Money
    outstanding: Points
    outstanding_worth: Money

    @classmethod
    def of(cls, told: rules.Breakage, outstanding: int, worth: int) -> Self:
        """The estimate."""
        return cls(
            ended=Points(told.ended),
            expired=Points(told.expired),
            rate_percent=None if told.rate is None else print_percent(told.rate),
            expected=Points(told.expected),
            expected_worth=Money(told.expected * worth),
            outstanding=Points(outstanding),
            outstanding_worth=Money(outstanding * worth),
        )


@strawberry.type(description="Settlement of the reader's partners.")
class Settlement:
    """Settlement of the reader's partners."""

    worth: Money = strawberry.field(description="What a point pays.")
    is_whole: bool = strawberry.field(description="Whether all partners are shown, not the reader's side alone.")
    parties: list[SettlementParty] = strawberry.field(description="Everybody who is named, in the programme's order.")
    months: list[SettlementMonth] = strawberry.field(description="The newest first.")
    breakage: Breakage


@strawberry.type(description="One fact of one lot, as a month counts it.")
class SettlementLine:
    """One fact of one lot."""

    id: UUID
    kind: SettlementFactKind
    reason: str = strawberry.field(description="What happened, in words; for a late fact also why it is counted here.")
    lot: UUID | None
    lot_issued_at: datetime | None
    lot_expires_at: datetime | None
    issuer: strawberry.ID
    partner: strawberry.ID | None
    points: Points
    price: Money
    due: Money
    occurred_at: datetime
    recorded_at: datetime
    is_late: bool = strawberry.field(description="It happened in a month that was closed already.")
    receipt_number: str | None = strawberry.field(description="Only of receipts of the reader's own partners.")
    outlet: strawberry.ID | None

    @classmethod
    def of(cls, line: Line, locale: Locale) -> Self:
        """A fact."""
        return cls(
            id=line.id,
            kind=SettlementFactKind(line.kind.value),
            reason=told_fact(line, locale),
            lot=line.lot,
            lot_issued_at=line.lot_issued_at,
            lot_expires_at=line.lot_expires_at,
            issuer=party_id(line.issuer),
            partner=None if line.partner is None else party_id(line.partner),
            points=Points(line.points),
            price=Money(line.price),
            due=Money(line.due),
            occurred_at=line.occurred_at,
            recorded_at=line.recorded_at,
            is_late=line.is_late,
            receipt_number=line.receipt_number,
            outlet=None if line.outlet is None else strawberry.ID(line.outlet),
        )


@strawberry.type(description="A page of facts, newest first. Pass `next` as `after` to go on; null at the end.")
class SettlementLinePage:
    """A page of facts."""

    items: list[SettlementLine]
    next: str | None
