"""The code on a Russian fiscal receipt: `t=20260314T1226&s=1250.50&fn=…&i=…&fp=…&n=1`, as order 229 of the tax service says."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import parse_qsl

from loyalty.money import parse_money
from loyalty.refusals import Code, Refusal

LENGTH_MAX: Final = 200
SALE: Final = 1
_MOMENT: Final = re.compile(r"([0-9]{8})T([0-9]{4}|[0-9]{6})")
_DIGITS: Final = {"fn": re.compile(r"[0-9]{16}"), "i": re.compile(r"[0-9]{1,10}"), "fp": re.compile(r"[0-9]{1,10}")}


@dataclass(frozen=True, slots=True)
class FiscalReceipt:
    """What the code says. `at` is the local time of the till, `total` in kopecks; `kind` 1 is a sale, 2 its return."""

    at: datetime
    total: int
    drive: str
    document: int
    sign: int
    kind: int


def read_fiscal(text: str) -> FiscalReceipt | None:
    """The receipt of a scanned code; None for anything else. Members it does not know are left alone."""
    if len(text) > LENGTH_MAX:
        return None
    said = parse_qsl(text.strip(), keep_blank_values=True)
    members = dict(said)
    if len(members) != len(said) or not {"t", "s", "fn", "i", "fp", "n"} <= members.keys():
        return None
    if not all(pattern.fullmatch(members[name]) for name, pattern in _DIGITS.items()):
        return None
    moment = _MOMENT.fullmatch(members["t"])
    if moment is None or members["n"] not in {"1", "2", "3", "4"}:
        return None
    try:
        at = datetime.strptime(moment[1] + moment[2].ljust(6, "0"), "%Y%m%d%H%M%S")  # noqa: DTZ007 - the till's own wall
        total = parse_money(members["s"])
    except ValueError:
        return None
    return FiscalReceipt(at, total, members["fn"], int(members["i"]), int(members["fp"]), int(members["n"]))


def fiscal_of_sale(text: str, *, field: str) -> FiscalReceipt:
    """The receipt of a sale, or INVALID_INPUT: an unreadable code, a return."""
    found = read_fiscal(text)
    if found is None:
        raise Refusal(Code.INVALID_INPUT, "claim.fiscal_unreadable", field=field)
    if found.kind != SALE:
        raise Refusal(Code.INVALID_INPUT, "claim.fiscal_return", field=field)
    return found
