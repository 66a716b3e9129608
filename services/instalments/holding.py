"""A receipt whose instalment the bank has not confirmed: posted like any other, with what it would bring held back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from loyalty.business_days import business_date
from loyalty.points import life
from loyalty.programme import Programme
from loyalty.purchases import Priced
from loyalty.refusals import Code, Refusal
from services.purchases.paying import ReceiptPoints
from services.resources import Resources

KIND: Final = "INSTALMENT"


class Paid(Protocol):
    """A part of a payment that a bank may have to confirm yet."""

    @property
    def kind(self) -> str:
        """How it was paid."""
        ...

    @property
    def waits(self) -> bool:
        """Whether the bank has still to confirm it."""
        ...


def waits(tenders: Sequence[Paid], *, field: str) -> bool:
    """Whether a receipt waits for a bank. Raises INVALID_INPUT for a kind of payment that no bank confirms later."""
    for place, tender in enumerate(tenders):
        if tender.waits and tender.kind != KIND:
            raise Refusal(Code.INVALID_INPUT, "instalment.kind", field=f"{field}.{place}.awaitsConfirmation")
    return any(tender.waits for tender in tenders)


def nothing_yet(priced: Priced) -> Priced:
    """The price of a receipt of which nothing counts yet."""
    return replace(priced, accumulated=0)


def held_back(
    item: Mapping[str, Any], points: ReceiptPoints, programme: Programme, resources: Resources, now: datetime
) -> dict[str, Any]:
    """The item of a receipt that waits: its lines bring nothing yet, and what they would bring stands beside them."""
    lines = [dict(line) for line in item["lines"]]
    kept = [{"id": line["id"], "counts": line["accumulates"], "earned": line.get("points_earned", 0)} for line in lines]
    for line in lines:
        line["accumulates"] = False
        if "points_earned" in line:
            line["points_earned"] = 0
    lived = None if programme.points is None else life(programme.points, item["closed_at"], programme.time_zone)
    waiting = {
        "until": now + timedelta(days=resources.policy.instalment_days),
        "day": business_date(item["closed_at"], programme.time_zone),
        "activates_at": None if lived is None else lived.activates_at,
        "expires_at": None if lived is None else lived.expires_at,
        "lines": kept,
    }
    made: dict[str, Any] = {**item, "lines": lines, "accumulated": 0, "instalment": waiting}
    if points.item is not None:
        made["points"] = {**points.item, "earned": 0}
    return made
