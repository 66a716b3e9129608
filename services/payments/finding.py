"""What became of a refund whose answer never came: read in the acquirer's own list, never found out by writing again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from integrations.payments import PaymentFate, PaymentGateway, RefundTold
from integrations.ports import Unavailable
from loyalty.payments import KEY_LIVES, SKEW
from models import database
from services.payments import rows
from services.payments.rows import PaymentFacts, RefundFacts

_KNOWN: Final = "SELECT provider_id FROM payment_refund WHERE provider_id = ANY ($1) AND id <> $2"
# Two of one sum cannot be told apart in a list: the younger one is told of by its key.
_RIVAL: Final = """
SELECT EXISTS (
    SELECT 1 FROM payment_refund
    WHERE payment_id = $1 AND amount = $2 AND id <> $3 AND state = 'ASKING' AND first_sent_at > $4
)
"""
_ADOPTING: Final = f"""
SELECT {rows.REFUND_COLUMNS} FROM payment_refund AS r JOIN payment AS p ON p.id = r.payment_id
WHERE p.provider_id = $1 AND r.amount = $2 AND r.asked_at <= $3
    AND (r.state = 'CANCELED' OR (r.state = 'ASKING' AND r.fault IS NOT NULL))
    AND NOT EXISTS (
        SELECT 1 FROM payment_refund AS o
        WHERE o.payment_id = p.id AND o.amount = r.amount AND o.state = 'ASKING' AND o.fault IS NULL
    )
ORDER BY r.asked_at LIMIT 1
"""  # noqa: S608 - constants


async def done(
    gateway: PaymentGateway, held: RefundFacts, payment: PaymentFacts, since: datetime, now: datetime
) -> RefundTold | None:
    """The refund of this sum that was made since then and is nobody else's; one that was carried out before one that was not.

    None: the acquirer has made none. Raises `Unavailable` also while another refund of the same sum has no answer.
    """
    if await database.fetchval(_RIVAL, payment.id, held.amount, held.id, now - KEY_LIVES):
        raise Unavailable("another refund of this sum waits for its answer")
    listed = await gateway.refunds_of(str(payment.provider_id))
    known = {row["provider_id"] for row in await database.fetch(_KNOWN, [one.id for one in listed], held.id)}
    mine = [one for one in listed if one.amount == held.amount and one.id not in known and _is_since(one, since)]
    return _best(mine)


async def waiting_for(told: RefundTold, now: datetime) -> RefundFacts | None:
    """The refund that somebody has carried out by hand in the acquirer's account: one of ours that came to nothing."""
    if told.fate is not PaymentFate.SUCCEEDED:
        return None
    made_at = (told.made_at or now) + SKEW
    return rows.refund_of(await database.fetchrow(_ADOPTING, told.payment, told.amount, made_at))


def _is_since(told: RefundTold, since: datetime) -> bool:
    return told.made_at is None or told.made_at >= since - SKEW


def _best(found: Sequence[RefundTold]) -> RefundTold | None:
    alive = [one for one in found if one.fate is not PaymentFate.CANCELED]
    return next(iter(alive or found), None)
