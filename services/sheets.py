"""Rows as CSV: RFC 4180, or as the Russian Excel opens it; no cell is ever a formula."""

import csv
from collections.abc import Iterable, Sequence
from enum import StrEnum
from io import StringIO
from typing import Final

from loyalty.money import print_money

Cell = str | int | None
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


class Dialect(StrEnum):
    """Who reads the file: anything by RFC 4180, or Excel with Russian settings (semicolons, decimal comma, byte mark)."""

    RFC4180 = "rfc4180"
    EXCEL = "excel"


def beginning(dialect: Dialect) -> str:
    """What a file starts with."""
    return "\N{ZERO WIDTH NO-BREAK SPACE}" if dialect is Dialect.EXCEL else ""


def money(kopecks: int, dialect: Dialect) -> str:
    """A sum as a number of the reader's: it may begin with a minus and is no formula."""
    printed = print_money(kopecks)
    return printed.replace(".", ",") if dialect is Dialect.EXCEL else printed


def text(value: str | None) -> str:
    """A text that came from outside: whatever a table program would take for a formula is quoted by an apostrophe."""
    return "" if value is None else f"'{value}" if value.startswith(FORMULA) else value


def written(rows: Iterable[Sequence[Cell]], dialect: Dialect) -> bytes:
    """Lines that end with CRLF, quoted where they must be."""
    page = StringIO()
    writer = csv.writer(page, delimiter=";" if dialect is Dialect.EXCEL else ",", lineterminator="\r\n")
    writer.writerows(rows)
    return page.getvalue().encode()
