"""What the bodies of webhooks say: facts of the partner's own receipts, never who the guest is."""

from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import orjson

from loyalty.money import print_money, print_quantity
from loyalty.webhooks import EventType
from models import history
from models.database import Record
from services.work import Work

_REFUND: Final = """
SELECT r.id, r.number, r.at, r.net, r.discount, p.id AS purchase, p.outlet, p.receipt_number, p.business_date,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('line', l.line_id, 'net', l.net, 'discount', l.discount)
        ORDER BY s.position), '[]') FROM refund_line AS l JOIN purchase_line AS s ON s.id = l.line_id
        WHERE l.refund_id = r.id) AS lines,
    (SELECT sum(o.net) FROM refund AS o WHERE o.purchase_id = p.id AND (o.recorded_at, o.id) <= (r.recorded_at, r.id))::bigint
        AS refunded, p.net AS sold
FROM refund AS r JOIN purchase AS p ON p.id = r.purchase_id WHERE r.id = $1
"""
# A tier that changed by a receipt or a refund of this partner: what it was, what it is, and by which receipt.
_TIER: Final = """
SELECT n.tier, n.since, (SELECT o.tier FROM tier_period AS o WHERE o.member_id = n.member_id AND o.until = n.since
        AND o.id <> n.id ORDER BY o.since DESC LIMIT 1) AS former,
    p.id AS purchase, p.outlet, p.receipt_number, p.business_date
FROM tier_period AS n JOIN purchase AS p ON p.member_id = n.member_id
    AND p.id = coalesce((SELECT purchase_id FROM refund WHERE id = $1), $1)
WHERE n.evidence = $1
"""


async def body_of(tx: Work, kind: str, subject: UUID, at: datetime) -> str | None:
    """The body of an event as it will be sent and signed; None where there is nothing to tell."""
    facts = await _FACTS[EventType(kind)](tx, subject)
    if facts is None:
        return None
    return orjson.dumps({"type": kind, "timestamp": _moment(at), "data": facts}).decode()


async def _posted(_tx: Work, purchase: UUID) -> dict[str, Any]:
    found = (await history.any_purchase(purchase)).as_posted()
    return {
        "purchase": str(found.id),
        "outlet": found.outlet,
        "channel": found.channel,
        "receiptNumber": found.receipt_number,
        "businessDate": found.business_date.isoformat(),
        "closedAt": _moment(found.closed_at),
        "gross": print_money(found.gross),
        "discount": print_money(found.discount),
        "net": print_money(found.net),
        "accumulated": print_money(found.accumulated),
        "lines": [
            {
                "id": str(line.id),
                "service": line.service,
                "name": line.name,
                "quantity": print_quantity(line.quantity),
                "gross": print_money(line.gross),
                "discount": print_money(line.discount),
                "net": print_money(line.net),
                "accumulates": line.accumulates,
            }
            for line in found.lines
        ],
    }


async def _refunded(tx: Work, refund: UUID) -> dict[str, Any] | None:
    row = await tx.fetchrow(_REFUND, refund)
    if row is None:
        return None
    lines = orjson.loads(row["lines"])
    return _receipt(row) | {
        "refund": str(row["id"]),
        "refundNumber": row["number"],
        "refundedAt": _moment(row["at"]),
        "net": print_money(row["net"]),
        "discount": print_money(row["discount"]),
        "refunded": print_money(row["refunded"]),
        "left": print_money(row["sold"] - row["refunded"]),
        "lines": [
            {"line": one["line"], "net": print_money(one["net"]), "discount": print_money(one["discount"])}
            for one in lines
        ],
    }


async def _tier_changed(tx: Work, cause: UUID) -> dict[str, Any] | None:
    row = await tx.fetchrow(_TIER, cause)
    if row is None:
        return None
    return _receipt(row) | {"tier": row["tier"], "formerTier": row["former"], "since": _moment(row["since"])}


async def _test(_tx: Work, endpoint: UUID) -> dict[str, Any]:
    return {"endpoint": str(endpoint)}


def _receipt(row: Record) -> dict[str, Any]:
    return {
        "purchase": str(row["purchase"]),
        "outlet": row["outlet"],
        "receiptNumber": row["receipt_number"],
        "businessDate": row["business_date"].isoformat(),
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


_FACTS: Final = {
    EventType.PURCHASE_POSTED: _posted,
    EventType.PURCHASE_REFUNDED: _refunded,
    EventType.TIER_CHANGED: _tier_changed,
    EventType.TEST: _test,
}
