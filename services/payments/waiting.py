"""Money that waits for a person: what the acquirer would not do or never answered, and what was paid and is not carried out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from loyalty.payments import FOLLOWED, SLOW, UNDONE
from loyalty.refusals import Code, Refusal
from loyalty.scopes import Access, Scope
from models import database
from models.database import Record

VIEW: Final = "operation.view"
AT_ONCE: Final = 100


class Matter(StrEnum):
    """What waits. The acquirer's first, then what was paid and is not carried out."""

    REFUND_REFUSED = "REFUND_REFUSED"
    REFUND_UNANSWERED = "REFUND_UNANSWERED"
    REFUND_SLOW = "REFUND_SLOW"
    PAYMENT_UNANSWERED = "PAYMENT_UNANSWERED"
    ORDER_NOT_ISSUED = "ORDER_NOT_ISSUED"
    RETURN_NOT_DONE = "RETURN_NOT_DONE"
    BOOKING_NOT_DONE = "BOOKING_NOT_DONE"


class Decision(StrEnum):
    """What a person can do.

    TRY: have it looked at at once. REFUND: nothing comes of it, all of its money goes back. AGAIN: a new refund.
    BY_HAND: it was given back. CLOSE: nobody paid.
    """

    TRY = "TRY"
    REFUND = "REFUND"
    AGAIN = "AGAIN"
    BY_HAND = "BY_HAND"
    CLOSE = "CLOSE"


DECISIONS: Final[Mapping[Matter, tuple[Decision, ...]]] = {
    Matter.REFUND_REFUSED: (Decision.AGAIN, Decision.BY_HAND),
    # Not anew: perhaps it was carried out, and nobody has told us.
    Matter.REFUND_UNANSWERED: (Decision.TRY, Decision.BY_HAND),
    Matter.REFUND_SLOW: (Decision.TRY,),
    Matter.PAYMENT_UNANSWERED: (Decision.TRY, Decision.CLOSE),
    Matter.ORDER_NOT_ISSUED: (Decision.TRY, Decision.REFUND),
    Matter.RETURN_NOT_DONE: (Decision.TRY, Decision.REFUND),
    Matter.BOOKING_NOT_DONE: (Decision.TRY, Decision.REFUND),
}
# $1: now. A place that is paid for belongs to a partner; whoever sees its operations sees its money.
ALL: Final = f"""
WITH found AS (
    SELECT r.id, p.id AS payment_id, r.amount, r.asked_at AS since, r.fault, CASE r.state WHEN 'CANCELED' THEN 'REFUND_REFUSED'
        WHEN 'PENDING' THEN 'REFUND_SLOW' ELSE 'REFUND_UNANSWERED' END AS matter,
        CASE r.state WHEN 'PENDING' THEN 'payment.refund_look' ELSE 'payment.refund' END AS job, 'refund_id' AS named
    FROM payment_refund AS r JOIN payment AS p ON p.id = r.payment_id
    WHERE r.state = 'CANCELED' OR (r.state = 'ASKING' AND r.fault IS NOT NULL)
        OR (r.state = 'PENDING' AND r.asked_at < $1::timestamptz - interval '{SLOW.total_seconds()} seconds')
    UNION ALL
    SELECT p.id, p.id, p.amount, p.expires_at, p.reason, 'PAYMENT_UNANSWERED', 'payment.look', 'payment_id' FROM payment AS p
    WHERE p.state = 'EXPIRED' AND p.expires_at < $1::timestamptz - interval '{FOLLOWED.total_seconds()} seconds'
    UNION ALL
    SELECT o.id, p.id, p.amount, o.paid_at, NULL, 'ORDER_NOT_ISSUED', 'shop.issue', 'order_id'
    FROM shop_order AS o JOIN payment AS p ON p.subject_kind = 'shop_order' AND p.subject_id = o.id
    WHERE o.state = 'PAID' AND p.state = 'SUCCEEDED' AND o.paid_at < $1::timestamptz - interval '{UNDONE.total_seconds()} seconds'
    UNION ALL
    SELECT b.id, p.id, b.net, b.asked_at, NULL, 'RETURN_NOT_DONE', 'shop.return', 'return_id'
    FROM shop_return AS b JOIN payment AS p ON p.subject_kind = 'shop_order' AND p.subject_id = b.order_id
    WHERE b.state = 'ASKED' AND p.state = 'SUCCEEDED'
        AND b.asked_at < $1::timestamptz - interval '{UNDONE.total_seconds()} seconds'
    UNION ALL
    SELECT b.id, p.id, p.amount, p.paid_at, NULL, 'BOOKING_NOT_DONE',
        CASE b.state WHEN 'CREATING' THEN 'booking.create' ELSE 'booking.cancel' END, 'booking_id'
    FROM booking AS b JOIN payment AS p ON p.id = b.payment_id
    WHERE b.state IN ('CREATING', 'CANCELLING') AND p.state = 'SUCCEEDED'
        AND CASE b.state WHEN 'CREATING' THEN p.paid_at ELSE b.changed_at END
            < $1::timestamptz - interval '{UNDONE.total_seconds()} seconds'
)
SELECT f.*, p.description, p.provider_id, coalesce(o.partner, b.partner) AS partner
FROM found AS f JOIN payment AS p ON p.id = f.payment_id
LEFT JOIN shop_order AS o ON p.subject_kind = 'shop_order' AND o.id = p.subject_id
LEFT JOIN booking AS b ON p.subject_kind = 'booking' AND b.id = p.subject_id
"""  # noqa: S608 - constants
_PAGE: Final = f"""
SELECT * FROM ({ALL}) AS a WHERE ($2::text[] IS NULL OR partner = ANY ($2)) ORDER BY since, id LIMIT {AT_ONCE}
"""  # noqa: S608
_ONE: Final = f"SELECT * FROM ({ALL}) AS a WHERE id = $2"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Waiting:
    """Some money that waits: kopecks, of which payment, since when. `job` and `named` are what tries it again.

    `fault` is the acquirer's reason, `number` its id of the payment.
    """

    id: UUID
    payment: UUID
    matter: Matter
    amount: int
    what: str
    partner: str | None
    since: datetime
    fault: str | None
    number: str | None
    job: str
    named: str

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """What can be done about it."""
        return DECISIONS[self.matter]

    @property
    def scope(self) -> Scope:
        """The place it is about: the partner, or the whole programme where what was paid for is no place's."""
        return Scope() if self.partner is None else Scope((self.partner,))


async def page(access: Access, now: datetime) -> list[Waiting]:
    """What has waited longest at the partners whose operations this access may see; the rest follows once that is done."""
    partners = access.partners(VIEW)
    found = await database.fetch(_PAGE, now, None if partners is None else sorted(partners))
    return [_of(row) for row in found]


async def one(access: Access, matter: UUID, right: str, now: datetime) -> Waiting:
    """One that waits, at a place where the right is held. Raises NOT_FOUND."""
    row = await database.fetchrow(_ONE, now, matter)
    if row is None or not access.within(right, _of(row).scope):
        raise Refusal(Code.NOT_FOUND, "payment.no_matter", field="id")
    return _of(row)


def _of(row: Record) -> Waiting:
    return Waiting(
        id=row["id"],
        payment=row["payment_id"],
        matter=Matter(row["matter"]),
        amount=row["amount"],
        what=row["description"],
        partner=row["partner"],
        since=row["since"],
        fault=row["fault"],
        number=row["provider_id"],
        job=row["job"],
        named=row["named"],
    )
