"""Following payments that wait: asked at growing pauses, because what the acquirer posts may get lost."""

import logging
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from integrations.ports import Drained, Refused, Unavailable
from loyalty.payments import FOLLOWED, GRACE, PaymentState
from models import database
from services.payments import refunding, rows, settling
from services.payments.opening import JOB as OPEN
from services.payments.rows import PaymentFacts
from services.payments.settling import LOOK
from services.payments.subjects import Subjects
from services.resources import Resources
from services.work import work

WATCH: Final = "payments.watch"
FORGOTTEN: Final = timedelta(minutes=15)
SELDOM: Final = timedelta(days=1)
AT_ONCE: Final = 500
# A job that was given up leaves its payment half-way: it is taken up again, and nothing is done twice.
_FORGOTTEN: Final = """
SELECT id, CASE state WHEN 'OPENING' THEN 'payment.open' ELSE 'payment.look' END AS job FROM payment AS p
WHERE (state IN ('OPENING', 'PENDING') OR (state = 'EXPIRED' AND (expires_at > $2 OR changed_at < $4))) AND changed_at < $1
    AND NOT EXISTS (SELECT 1 FROM job AS j WHERE j.status = 'READY' AND j.payload ->> 'payment_id' = p.id::text)
ORDER BY changed_at LIMIT $3
"""
_FORGOTTEN_REFUNDS: Final = """
SELECT id, CASE state WHEN 'ASKING' THEN 'payment.refund' ELSE 'payment.refund_look' END AS job FROM payment_refund AS r
WHERE state IN ('ASKING', 'PENDING') AND changed_at < $1
    AND NOT EXISTS (SELECT 1 FROM job AS j WHERE j.status = 'READY' AND j.payload ->> 'refund_id' = r.id::text)
ORDER BY changed_at LIMIT $2
"""
log = logging.getLogger(__name__)


async def look(payment: UUID, resources: Resources, subjects: Subjects, now: datetime) -> None:
    """Ask how a payment stands that waits, and come again if it still does. Raises `Unavailable`."""
    held = await rows.find(payment)
    if held is None or held.state not in {PaymentState.PENDING, PaymentState.EXPIRED} or held.provider_id is None:
        return
    if held.state is PaymentState.EXPIRED and now - held.expires_at > FOLLOWED:
        await _look_seldom(held, held.provider_id, resources, subjects, now)
        return
    try:
        told = await rows.gateway_of(resources).ask(held.provider_id)
        if told is None:
            raise Refused("the acquirer has no such payment any more")
        await settling.settle(held, told, subjects, now)
    except (Unavailable, Refused) as error:
        if now < held.expires_at + GRACE or held.state is PaymentState.EXPIRED:
            if isinstance(error, Refused | Drained):
                log.error("a payment could not be asked for", extra={"payment": str(payment), "reason": str(error)})  # noqa: TRY400
            if isinstance(error, Unavailable):
                raise
        else:
            await settling.give_up(held, subjects, now, state=PaymentState.EXPIRED, reason="expired")
            return
    async with work() as tx:
        fresh = await rows.locked(tx, payment)
        if fresh is not None and fresh.state is held.state:
            await settling.look_later(tx, fresh, now)


async def _look_seldom(
    held: PaymentFacts, number: str, resources: Resources, subjects: Subjects, now: datetime
) -> None:
    """Ask for one that nobody has paid for days, once a day until the acquirer has its last word: paid, ended, or unknown."""
    try:
        told = await rows.gateway_of(resources).ask(number)
        is_over = told is None
        if told is not None:
            await settling.settle(held, told, subjects, now)
    except (Unavailable, Refused) as error:
        log.error("a payment of long ago could not be asked for", extra={"payment": str(held.id), "reason": str(error)})  # noqa: TRY400
        is_over = False
    async with work() as tx:
        fresh = await rows.locked(tx, held.id)
        if fresh is not None and fresh.state is PaymentState.EXPIRED:
            await rows.change(tx, held.id, now, state="CANCELED" if is_over else "EXPIRED")


async def watch(now: datetime) -> None:
    """Take up payments and refunds that were forgotten half-way."""
    async with work() as tx:
        for row in await tx.fetch(_FORGOTTEN, now - FORGOTTEN, now - FOLLOWED, AT_ONCE, now - SELDOM):
            await tx.enqueue(row["job"], {"payment_id": str(row["id"])}, run_at=now)
        for row in await tx.fetch(_FORGOTTEN_REFUNDS, now - FORGOTTEN, AT_ONCE):
            await tx.enqueue(row["job"], {"refund_id": str(row["id"])}, run_at=now)


async def waiting() -> list[tuple[str, str, int, int]]:
    """For operators: (what for, how it stands, how many, kopecks) of all payments; refunds are told as `refund: …`."""
    return [(row["kind"], row["state"], row["count"], row["amount"]) for row in await database.fetch(_OVERVIEW)]


_OVERVIEW: Final = """
SELECT subject_kind AS kind, state, count(*) AS count, sum(amount)::bigint AS amount FROM payment GROUP BY 1, 2
UNION ALL
SELECT 'refund: ' || p.subject_kind, r.state || coalesce(' ' || r.fault, ''), count(*), sum(r.amount)::bigint
FROM payment_refund AS r JOIN payment AS p ON p.id = r.payment_id GROUP BY 1, 2 ORDER BY 1, 2
"""

__all__ = ["LOOK", "OPEN", "WATCH", "look", "refunding", "waiting", "watch"]
