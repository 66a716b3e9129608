"""What the acquirer posts: kept at once, worked off apart. It carries no signature, so nothing in it is believed.

A notification says at which object to look. What happened to it is asked of the acquirer, and only that is written.
"""

import logging
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from prometheus_client import Counter

from integrations.payments import PaymentGateway, RefundTold
from integrations.ports import Refused, Unavailable, Unreadable
from loyalty.payments import EVENTS_KEPT
from loyalty.refusals import Code, Refusal
from models import database
from models.database import Record
from models.ids import uuid7
from services.keyring import Keyring
from services.payments import finding, mending, refunding, rows, settling
from services.payments.rows import RefundFacts
from services.payments.subjects import Subjects
from services.resources import Resources
from services.work import work

PATH: Final = "/hooks/payments"
JOB: Final = "payment.events"
HOOK: Final = "payment-hook"
TOKEN_CHARACTERS: Final = 32
AT_ONCE: Final = 200
ASKED_FOR: Final = timedelta(hours=8)
EVENTS: Final = Counter("kunak_payment_events", "Notifications of the acquirer by how they ended.", ["outcome"])
# What was told before waits again: a lie that came first must not stand in the way of the truth.
_KEEP: Final = """
INSERT INTO payment_event (id, event, object_id, received_at, state, fault) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (event, object_id) DO UPDATE SET received_at = $4, state = $5, fault = $6
"""
_NEW: Final = "SELECT id, event, object_id, received_at FROM payment_event WHERE state = 'NEW' ORDER BY id LIMIT $1"
# Told once more while it was worked off, it stays as it is: new.
_DONE: Final = "UPDATE payment_event SET state = $3, fault = $4 WHERE id = $1 AND received_at = $2"
_SWEEP: Final = """
DELETE FROM payment_event WHERE id IN (SELECT id FROM payment_event WHERE state <> 'NEW' AND received_at < $1 LIMIT $2)
"""
_ASIDE: Final = """
SELECT id, event, object_id, received_at, fault FROM payment_event WHERE state = 'ASIDE' ORDER BY received_at DESC LIMIT $1
"""
# Of what could not be read nothing but a digest was kept: who has seen it is done with it.
_REPLAY: Final = """
UPDATE payment_event SET received_at = $1, state = CASE event WHEN 'unreadable' THEN 'DONE' ELSE 'NEW' END,
    fault = CASE event WHEN 'unreadable' THEN fault END
WHERE state = 'ASIDE' RETURNING state
"""
log = logging.getLogger(__name__)


def token_of(keyring: Keyring) -> str:
    """The unguessable part of the address: 128 bits that only the holder of the key can name."""
    return keyring.mac(HOOK, b"events").hex()[:TOKEN_CHARACTERS]


def is_token(token: str, keyring: Keyring) -> bool:
    """Whether a notification came by the right address, or by one of a key that is being changed."""
    return keyring.vouches(HOOK, b"events", token, TOKEN_CHARACTERS)


def callback_url(origin: str, keyring: Keyring) -> str:
    """Where the acquirer posts; an operator writes it into the shop's account."""
    return f"{origin}{PATH}/{token_of(keyring)}"


async def keep(gateway: PaymentGateway, body: bytes, now: datetime) -> None:
    """Keep a notification and have it worked off."""
    try:
        hint = gateway.read(body)
        found, fault = (hint.event, hint.object), None
    except Unreadable as unreadable:
        log.error("a notification of the acquirer could not be read", extra={"reason": str(unreadable)})  # noqa: TRY400
        EVENTS.labels("aside").inc()
        found, fault = ("unreadable", sha256(body).hexdigest()), str(unreadable)
    async with work() as tx:
        await tx.execute(_KEEP, uuid7(), *found, now, "ASIDE" if fault else "NEW", fault)
        if fault is None:
            await tx.enqueue(JOB, {}, run_at=now)


async def work_off(resources: Resources, subjects: Subjects, now: datetime) -> None:
    """Ask for what was told of, oldest first; one that fails stands in nobody's way."""
    gateway = rows.gateway_of(resources)
    trouble: Exception | None = None
    for row in await database.fetch(_NEW, AT_ONCE):
        state, fault = "DONE", None
        try:
            about_refund = row["event"].startswith("refund.")
            ours = await (_refund if about_refund else _payment)(gateway, row["object_id"], subjects, now)
            if not ours:
                state, fault = "ASIDE", "nothing of ours"
        except Unavailable as error:
            if now - row["received_at"] < ASKED_FOR:
                trouble = error
                continue
            state, fault = "ASIDE", "the acquirer could not be asked"
        except Refused as refused:
            log.error("a notification leads to what is not ours", extra={"reason": str(refused)})  # noqa: TRY400
            state, fault = "ASIDE", str(refused)[:200]
        except Exception as error:
            # A lock of somebody else's or an error of our own: it comes again, and the others are not kept waiting.
            log.exception("a notification of the acquirer could not be worked off")
            if now - row["received_at"] < ASKED_FOR:
                trouble = error
                continue
            state, fault = "ASIDE", type(error).__name__
        await database.execute(_DONE, row["id"], row["received_at"], state, fault)
        EVENTS.labels(state.lower()).inc()
    if trouble is not None:
        raise trouble


async def _payment(gateway: PaymentGateway, number: str, subjects: Subjects, now: datetime) -> bool:
    told = await gateway.ask(number)
    if told is None:
        return False
    held = await rows.by_provider(number)
    if held is None and told.order is not None:
        # The answer to its opening got lost: the acquirer knows our id of it.
        held = await rows.find(told.order)
    if held is None:
        return False
    await settling.settle(held, told, subjects, now)
    return True


async def _refund(gateway: PaymentGateway, number: str, subjects: Subjects, now: datetime) -> bool:
    told = await gateway.ask_refund(number)
    if told is None:
        return False
    held = await rows.refund_by_provider(number)
    if held is not None:
        await refunding.settle(held, told, subjects, now)
        return True
    # One whose answer got lost is asked for by its own key; one that was made by hand ends what waited for it.
    held = await finding.waiting_for(told, now)
    return held is not None and await _given_by_hand(held, told, subjects, now)


async def _given_by_hand(held: RefundFacts, told: RefundTold, subjects: Subjects, now: datetime) -> bool:
    async with work() as tx:
        paid, fresh = await mending.locked(tx, held.id, subjects)
        if (fresh.state, fresh.key) != (held.state, held.key):
            return False
        try:
            await mending.note_given(tx, paid, fresh, subjects, now, provider_id=told.id)
        except Refusal as refusal:
            if refusal.code is not Code.REFUND_EXCEEDS_SALE:
                raise
            return False
    return True


async def aside(limit: int) -> list[Record]:
    """What was put aside, the newest first: id, event, object_id, received_at, fault."""
    return await database.fetch(_ASIDE, limit)


async def replay(now: datetime) -> int:
    """Have what was put aside looked into anew, and tick off what could not be read; says how many are looked into."""
    async with work() as tx:
        found = await tx.fetch(_REPLAY, now)
        await tx.enqueue(JOB, {}, run_at=now)
    return sum(row["state"] == "NEW" for row in found)


async def sweep(now: datetime) -> int:
    """Delete notifications of long ago, and say how many."""
    return await database.sweep(_SWEEP, now - EVENTS_KEPT)
