"""The columns of settlement's files."""

from collections.abc import Mapping
from typing import Final
from zoneinfo import ZoneInfo

from graph.settlement.telling import told_fact
from graph.settlement.types import SettlementParty
from graph.words import Locale, sentence
from loyalty.programme import Programme
from loyalty.settlement import Cell, Liability
from loyalty.statements import StatementState
from services import sheets
from services.settlement.exporting import Sheet
from services.settlement.periods import Period
from services.settlement.reading import Line
from services.sheets import Dialect

HEADS: Final[Mapping[Sheet, tuple[str, ...]]] = {
    sheet: tuple(f"settlement.head.{name}" for name in names)
    for sheet, names in {
        Sheet.STATEMENT: ("month", "state", "issuer", "partner", "redeemed", "given_back", "reversed", "points", "due"),
        Sheet.LIABILITY: (
            *("month", "issuer", "opening", "issued", "redeemed", "expired", "reversed"),
            *("closing", "worth", "owed"),
        ),
        Sheet.LINES: (
            *("at", "recorded", "what", "issuer", "partner", "points", "price", "due", "receipt", "outlet"),
            *("lot", "lot_from", "late"),
        ),
    }.items()
}
"""The sentences over the columns."""


def cell_row(
    told: tuple[Period, Cell, StatementState], programme: Programme, locale: Locale, dialect: Dialect
) -> list[sheets.Cell]:
    """A pair of partners in a month, and how far its statement has come."""
    period, cell, state = told
    return [
        f"{period.month:%Y-%m}",
        sentence(f"settlement.state.{state}", locale),
        _name(cell.issuer, programme, locale),
        _name(cell.partner, programme, locale),
        cell.redeemed,
        cell.given_back,
        cell.reversed,
        cell.points,
        sheets.money(cell.due, dialect),
    ]


def liability_row(row: Liability, programme: Programme, locale: Locale, dialect: Dialect) -> list[sheets.Cell]:
    """What an issuer stands for in a month."""
    worth = 0 if programme.points is None else programme.points.worth
    return [
        f"{row.month:%Y-%m}",
        _name(row.issuer, programme, locale),
        row.opening,
        row.issued,
        row.redeemed,
        row.expired,
        row.reversed,
        row.closing,
        sheets.money(row.closing * worth, dialect),
        row.owed,
    ]


def line_row(line: Line, programme: Programme, locale: Locale, dialect: Dialect) -> list[sheets.Cell]:
    """One fact; moments in the programme's zone."""
    zone = ZoneInfo(programme.time_zone)
    issued = line.lot_issued_at
    return [
        f"{line.occurred_at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
        f"{line.recorded_at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
        told_fact(line, locale),
        _name(line.issuer, programme, locale),
        "" if line.partner is None else _name(line.partner, programme, locale),
        line.points,
        sheets.money(line.price, dialect),
        sheets.money(line.due, dialect),
        sheets.text(line.receipt_number),
        sheets.text(line.outlet),
        "" if line.lot is None else str(line.lot),
        "" if issued is None else f"{issued.astimezone(zone):%Y-%m-%d}",
        sentence("settlement.yes", locale) if line.is_late else "",
    ]


def _name(slug: str, programme: Programme, locale: Locale) -> str:
    return sheets.text(SettlementParty.of(slug, programme, locale).name)
