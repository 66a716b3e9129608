"""The facts of a priced receipt as the posting statement takes them, and as the caller reads them without a second look."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from loyalty.programme import Programme, Tier
from loyalty.purchases import Priced
from models.history import LineFacts, PurchaseFacts
from models.ids import uuid7
from services.ledger import QUALIFIED
from services.promotions.writing import outcomes_data
from services.purchases.paying import NOTHING, ReceiptPoints
from services.quotes import stored_lines
from services.tills import TillFacts

_LINE: Final = ("id", "service", "name", "quantity", "gross", "discount", "net", "accumulates", "reasons")


def item_of(
    *,
    till: TillFacts,
    found: Mapping[str, Any],
    claim: UUID,
    body: bytes,
    receipt: str,
    day: date,
    closed_at: datetime,
    programme: Programme,
    tier: Tier,
    priced: Priced,
    tenders: list[tuple[str, int]],
    guard: Mapping[str, Any],
    points: ReceiptPoints = NOTHING,
    cashier: str | None = None,
) -> dict[str, Any]:
    """One element of `post_purchases`' batch. `guard` is what it checks and writes of the member's tier."""
    purchase = uuid7()
    lines = [{"id": uuid7(), "position": place, **line} for place, line in enumerate(stored_lines(priced))]
    if points.item is not None:
        for line, part in zip(lines, points.lines, strict=True):
            line |= {"points_paid": part.paid, "points_spent": part.spent, "points_earned": part.earned}
    return {
        **({} if points.item is None else {"points": points.item}),
        **({} if cashier is None else {"cashier": cashier}),
        **guard,
        "claim": claim,
        "body": body.hex(),
        "quote": found["quote"],
        "purchase": purchase,
        "transaction": uuid7(),
        "period": uuid7(),
        "member": found["member_id"],
        "card": found["card_id"],
        "till": till.id,
        "partner": till.partner,
        "outlet": till.outlet,
        "channel": found["channel"],
        "receipt": receipt,
        "business_date": day,
        "closed_at": closed_at,
        "version": programme.version,
        "priced_by": programme.version,
        "tier": tier.id,
        "gross": priced.gross,
        "discount": priced.discount,
        "net": priced.net,
        "accumulated": priced.accumulated,
        "counter_account": QUALIFIED,
        "lines": lines,
        "tenders": [{"id": uuid7(), "kind": kind, "amount": amount} for kind, amount in tenders],
    }


def facts_of(item: Mapping[str, Any], priced: Priced) -> PurchaseFacts:
    """The receipt of an item as it will be read, so that the caller needs no second look."""
    return PurchaseFacts(
        id=item["purchase"],
        partner=item["partner"],
        outlet=item["outlet"],
        channel=item["channel"],
        receipt_number=item["receipt"],
        closed_at=item["closed_at"],
        business_date=item["business_date"],
        programme_version=item["version"],
        gross=priced.gross,
        discount=priced.discount,
        net=priced.net,
        accumulated=item["accumulated"],
        refunded_net=0,
        refunded_discount=0,
        lines=[LineFacts(**{name: line[name] for name in _LINE}, points=_points(line)) for line in item["lines"]],
        refunds=(),
        outcomes=outcomes_data(priced.outcomes),
    )


def _points(line: Mapping[str, Any]) -> list[int] | None:
    """What of a line was paid with points and what it earned, with nothing of it given back yet."""
    if "points_paid" not in line:
        return None
    return [line["points_paid"], line["points_spent"], line["points_earned"], 0, 0, 0]
