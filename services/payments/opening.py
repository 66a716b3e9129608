"""Opening a payment inside the unit of work of what is paid for, and having the acquirer make a page to pay it on."""

import logging
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import orjson

from integrations.payments import PaymentOrder, ReceiptLine
from integrations.ports import Refused
from loyalty.payments import LEAST, OPENED_WITHIN, PaymentState
from models import database
from models.ids import uuid7
from services.payments import rows, settling
from services.payments.rows import PaymentFacts
from services.payments.subjects import Subjects
from services.resources import Resources
from services.work import Work, work

JOB: Final = "payment.open"
LIVES: Final = timedelta(minutes=30)
_INSERT: Final = """
INSERT INTO payment (id, subject_kind, subject_id, member_id, amount, refunded, description, return_path, lines, state,
    tries, opened_at, expires_at, changed_at)
VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8::jsonb, 'OPENING', 0, $9, $10, $9)
"""
_CONTACT: Final = """
SELECT coalesce((SELECT value FROM contact WHERE member_id = m.id AND kind = 'EMAIL'),
    (SELECT value FROM contact WHERE member_id = m.id AND kind = 'PHONE'))
FROM member AS m WHERE m.id = $1 AND m.status = 'ACTIVE'
"""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRequest:
    """What is to be paid: a thing of a kind, by whom, kopecks, what the payer reads, and where the payer returns to.

    `lines` are those of the fiscal receipt and sum to `amount`.
    """

    kind: str
    subject: UUID
    member: UUID
    amount: int
    description: str
    return_path: str
    lines: tuple[ReceiptLine, ...]
    lives: timedelta = LIVES


async def open_payment(tx: Work, request: PaymentRequest, now: datetime) -> PaymentFacts:
    """Open a payment for a thing whose row is locked. The acquirer hears of it after the commit.

    Raises `Violation` where a payment for this thing is open already, ValueError for sums that cannot be.
    """
    if request.amount < LEAST or sum(line.amount for line in request.lines) != request.amount:
        raise ValueError("a payment is of a rouble at least, and its lines sum to it")
    payment = uuid7()
    lines = orjson.dumps([asdict(line) for line in request.lines]).decode()
    await tx.execute(
        _INSERT,
        *(payment, request.kind, request.subject, request.member, request.amount, request.description),
        *(request.return_path, lines, now, now + request.lives),
    )
    await tx.enqueue(JOB, {"payment_id": str(payment)}, run_at=now, dedupe_key=str(payment))
    made = await rows.locked(tx, payment)
    assert made is not None  # noqa: S101 - it was written a moment ago
    return made


async def ask_for_page(payment: UUID, resources: Resources, subjects: Subjects, now: datetime) -> None:
    """Have the acquirer open a payment. Asking again is safe: the payment's id is the key, and the facts stay the same.

    Raises `Unavailable` to come again.
    """
    gateway = rows.gateway_of(resources)
    held = await rows.find(payment)
    if held is None or held.state is not PaymentState.OPENING:
        return
    if now >= min(held.expires_at, held.opened_at + OPENED_WITHIN):
        # Should one be open over there, nobody knows its page.
        await settling.give_up(held, subjects, now, state=PaymentState.FAILED, reason="not_opened")
        return
    if held.tries == 0:
        held = await _begun(held, now, needs_contact=gateway.needs_contact)
    try:
        told = await gateway.open(
            PaymentOrder(
                id=held.id,
                amount=held.amount,
                description=held.description,
                back=f"{resources.base_url}{held.return_path}",
                lines=held.lines,
                contact=held.contact,
            )
        )
    except Refused as refused:
        log.error("a payment was refused", extra={"payment": str(payment), "reason": str(refused)})  # noqa: TRY400
        await settling.give_up(held, subjects, now, state=PaymentState.FAILED, reason="refused")
        return
    await settling.settle(held, told, subjects, now)


async def _begun(held: PaymentFacts, now: datetime, *, needs_contact: bool) -> PaymentFacts:
    """Keep whom the receipt goes to before the first call: a repeat says the same words, whatever changes meanwhile."""
    contact = await database.fetchval(_CONTACT, held.member) if needs_contact else None
    async with work() as tx:
        fresh = await rows.locked(tx, held.id)
        if fresh is not None and fresh.tries == 0:
            await rows.change(tx, held.id, now, tries=1, contact=contact)
    found = await rows.find(held.id)
    assert found is not None  # noqa: S101 - payments are never deleted
    return found
