"""The file of opening balances: rows read one at a time, each with everything that is wrong about it and its mend."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from loyalty import people
from loyalty.business_days import business_date
from loyalty.money import parse_money, print_money
from loyalty.points import day_begins, day_ends
from loyalty.programme import Programme
from loyalty.refusals import Refusal
from loyalty.tiers import tier_at
from services.phones import phone_or_none

COLUMNS: Final = ("system", "external_id", "phone", "email", "qualifying", "tier", "tier_since", "tier_until", "lots")
NEEDED: Final = ("system", "external_id")
# Exports bring them along. Who joins writes them and agrees to it; a file does neither.
LEFT_OUT: Final = frozenset({"last_name", "first_name", "patronymic", "birth_date"})
SYSTEM: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
EXTERNAL_ID_MAX: Final = 64
LOT: Final = re.compile(r"([1-9][0-9]{0,8})@([0-9]{4}-[0-9]{2}-[0-9]{2}|never)")
LOTS_MAX: Final = 200
BLOCK: Final = 1_048_576


class UnreadableImport(Exception):
    """The file as a whole cannot be read; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something to mend: the line of the file, the column, what is wrong and what to write."""

    line: int
    column: str
    what: str
    mend: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningRow:
    """One customer of a source system. `qualifying` in kopecks; lots are (points, the moment they end or None)."""

    line: int
    system: str
    external_id: str
    phone: str | None
    email: str | None
    qualifying: int
    tier: str | None
    tier_since: datetime | None
    tier_until: datetime | None
    lots: tuple[tuple[int, datetime | None], ...]

    @property
    def points(self) -> int:
        """All its points."""
        return sum(points for points, _ in self.lots)


@dataclass(slots=True)
class _Cells:
    """The cells of a line, and what is wrong with them."""

    line: int
    cells: Mapping[str, str]
    programme: Programme
    now: datetime
    faults: list[Fault] = field(default_factory=list)

    def wrong(self, column: str, what: str, mend: str) -> None:
        self.faults.append(Fault(self.line, column, what, mend))

    def text(self, column: str) -> str:
        return (self.cells.get(column) or "").strip()

    def day(self, column: str) -> date | None:
        text = self.text(column)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self.wrong(column, f'"{text[:20]}" is no day', "write it as 2027-05-01")
            return None


def rows_of(path: Path, programme: Programme, now: datetime) -> Iterator[OpeningRow | list[Fault]]:
    """Every row of a file, or what is wrong with it, a row at a time. Raises `UnreadableImport`."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline()
        file.seek(0)
        reader = csv.DictReader(file, delimiter=";" if first.count(";") > first.count(",") else ",", strict=True)
        try:
            _check_header(list(reader.fieldnames or ()))
            for cells in reader:
                yield _row(_Cells(reader.line_num, _plain(cells), programme, now))
        except (csv.Error, UnicodeDecodeError) as error:
            raise UnreadableImport(
                f"line {reader.line_num + 1} cannot be read: save the file as CSV in UTF-8"
            ) from error


def digest_of(path: Path) -> str:
    """SHA-256 of a file, read in blocks."""
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _plain(cells: Mapping[str | None, str | list[str] | None]) -> dict[str, str]:
    return {name: text for name, text in cells.items() if name is not None and isinstance(text, str)}


def _check_header(found: list[str]) -> None:
    strange = [name for name in found if name not in COLUMNS and name not in LEFT_OUT]
    missing = [name for name in NEEDED if name not in found]
    if strange or missing or len(set(found)) != len(found):
        told = f"unknown: {', '.join(strange) or 'none'}; missing: {', '.join(missing) or 'none'}"
        raise UnreadableImport(f"the first line names the columns {', '.join(COLUMNS)}, each once ({told})")


def _row(row: _Cells) -> OpeningRow | list[Fault]:
    system, external_id = row.text("system"), row.text("external_id")
    if not SYSTEM.fullmatch(system):
        row.wrong("system", "no name of a system", "write a short name such as `erp`: small letters, digits, hyphens")
    if not 1 <= len(external_id) <= EXTERNAL_ID_MAX or not external_id.isprintable():
        row.wrong(
            "external_id", "no id", f"write the customer's id in that system, {EXTERNAL_ID_MAX} characters at most"
        )
    number, address = _phone(row), _email(row)
    if number is None and address is None and not row.faults:
        row.wrong("phone", "nobody could ever take this over", "write a phone or an e-mail")
    qualifying, lots = _qualifying(row), _lots(row)
    tier, since, until = _tier(row, qualifying)
    if row.faults:
        return row.faults
    return OpeningRow(
        line=row.line,
        system=system,
        external_id=external_id,
        phone=number,
        email=address,
        qualifying=qualifying,
        tier=tier,
        tier_since=since,
        tier_until=until,
        lots=lots,
    )


def _phone(row: _Cells) -> str | None:
    text = row.text("phone")
    found = phone_or_none(text) if text else None
    if text and found is None:
        row.wrong("phone", "no phone number", "write it as +79211234567")
    return found


def _email(row: _Cells) -> str | None:
    text = row.text("email")
    try:
        return people.email(text, field="email") if text else None
    except Refusal:
        row.wrong("email", "no e-mail address", "write it as anna@example.ru")
        return None


def _qualifying(row: _Cells) -> int:
    text = row.text("qualifying")
    if not text:
        return 0
    try:
        kopecks = parse_money(text)
    except ValueError:
        row.wrong("qualifying", "no sum of money", "write roubles such as `10726` or `10726.50`")
        return 0
    if kopecks and row.programme.tier_window.has_end:
        row.wrong("qualifying", "the programme counts by days", "leave it empty; write `tier` and `tier_until`")
    return kopecks


def _tier(row: _Cells, qualifying: int) -> tuple[str | None, datetime | None, datetime | None]:
    name, since, until = row.text("tier"), row.day("tier_since"), row.day("tier_until")
    zone, today = row.programme.time_zone, business_date(row.now, row.programme.time_zone)
    if not name:
        return None, None, None
    tier = row.programme.tiers_by_id.get(name)
    if tier is None:
        row.wrong("tier", f'no tier "{name[:40]}"', f"use one of: {', '.join(row.programme.tiers_by_id)}")
        return None, None, None
    if since is not None and since > today:
        row.wrong("tier_since", "is still to come", "write the day on which the tier began")
    if until is not None and until < today:
        row.wrong("tier_until", "is over", "write the last day on which the tier is kept, or leave it empty")
    if tier.threshold > tier_at(row.programme, qualifying).threshold and until is None:
        what = f"the tier needs {print_money(tier.threshold)} counted"
        row.wrong("tier", what, "write `tier_until`, the last day on which it is kept all the same")
    begins = None if since is None else day_begins(since, zone)
    return name, begins, None if until is None else day_ends(until, zone)


def _lots(row: _Cells) -> tuple[tuple[int, datetime | None], ...]:
    text, zone = row.text("lots"), row.programme.time_zone
    words = text.split()
    if words and row.programme.points is None:
        row.wrong("lots", "the programme has no points", "leave it empty, or apply a programme with points first")
        return ()
    if len(words) > LOTS_MAX:
        row.wrong("lots", f"more than {LOTS_MAX} lots", "join those that end in one month")
        return ()
    found: list[tuple[int, datetime | None]] = []
    for word in words:
        match = LOT.fullmatch(word)
        try:
            last = None if match is None or match[2] == "never" else date.fromisoformat(match[2])
        except ValueError:
            match = last = None
        if match is None:
            row.wrong("lots", f'"{word[:30]}" is no lot', "write `120@2027-05-01 40@never`: points, their last day")
        elif last is not None and day_ends(last, zone) <= row.now:
            row.wrong("lots", f"{word} has ended", "leave out what has ended")
        else:
            found.append((int(match[1]), None if last is None else day_ends(last, zone)))
    return tuple(found)
