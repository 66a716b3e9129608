"""A partner's list of guests, whatever its columns are called: rows read one at a time, or what is wrong with them."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from loyalty import people
from loyalty.refusals import Refusal
from services.openings.reading import Fault, UnreadableImport
from services.phones import phone_or_none

COLUMNS: Final = ("external_id", "phone", "email")
EXTERNAL_ID_MAX: Final = 64
SYSTEM_MAX: Final = 32
TELLS_APART: Final = 12


@dataclass(frozen=True, slots=True)
class GuestRow:
    """A guest of a partner: the partner's own id, and contacts by which the guest may be found once they are proved."""

    line: int
    external_id: str
    phone: str | None
    email: str | None


def system_of(partner: str) -> str:
    """What the ids of a partner's guests are kept under. No file of balances can name it: its systems have no colon.

    A longer slug than there is room for ends with its digest, so that two partners never share a name.
    """
    system = f"g:{partner}"
    if len(system) <= SYSTEM_MAX:
        return system
    return f"{system[: SYSTEM_MAX - TELLS_APART - 1]}:{sha256(partner.encode()).hexdigest()[:TELLS_APART]}"


def guest(line: int, cells: Mapping[str, str]) -> GuestRow | list[Fault]:
    """A row, or everything that is wrong with it."""
    faults: list[Fault] = []
    texts = {name: cells.get(name, "").strip() for name in COLUMNS}
    external_id = texts["external_id"]
    if not 1 <= len(external_id) <= EXTERNAL_ID_MAX or not external_id.isprintable():
        faults.append(
            Fault(line, "external_id", "no id", f"write your id of the guest, {EXTERNAL_ID_MAX} letters at most")
        )
    number = phone_or_none(texts["phone"]) if texts["phone"] else None
    if texts["phone"] and number is None:
        faults.append(Fault(line, "phone", "no phone number", "write it as +79211234567"))
    address: str | None = None
    try:
        address = people.email(texts["email"], field="email") if texts["email"] else None
    except Refusal:
        faults.append(Fault(line, "email", "no e-mail address", "write it as anna@example.ru"))
    if number is None and address is None and not faults:
        faults.append(Fault(line, "phone", "nobody could ever be found by this", "write a phone or an e-mail"))
    return faults or GuestRow(line, external_id, number, address)


def rows_of(path: Path, mapping: Mapping[str, str]) -> Iterator[GuestRow | list[Fault]]:
    """Every row of a file, a row at a time. `mapping`: our column → the file's; other columns are not read.

    Raises `UnreadableImport` for a file that is no CSV in UTF-8 or lacks a column that was named.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline()
        file.seek(0)
        reader = csv.DictReader(file, delimiter=";" if first.count(";") > first.count(",") else ",", strict=True)
        try:
            _check(list(reader.fieldnames or ()), mapping)
            for cells in reader:
                yield guest(reader.line_num, {ours: cells.get(theirs) or "" for ours, theirs in mapping.items()})
        except (csv.Error, UnicodeDecodeError) as error:
            raise UnreadableImport(
                f"line {reader.line_num + 1} cannot be read: save the file as CSV in UTF-8"
            ) from error


def _check(found: list[str], mapping: Mapping[str, str]) -> None:
    lost = [name for name in mapping.values() if name not in found]
    if lost or "external_id" not in mapping or not {"phone", "email"} & mapping.keys():
        raise UnreadableImport(
            f"the first line has {', '.join(found) or 'nothing'}; name the columns by --column, such as"
            f" --column external_id=ID --column phone=Телефон (not found: {', '.join(lost) or 'none'})"
        )
