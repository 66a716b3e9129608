"""Reports that gateways post: kept before anybody looks into them, and worked off apart.

A gateway must hear 200 at once and whatever it sent, or it holds back the next ones. The same body again only counts;
reports in any order and number end in one state (`loyalty.messages.later`); what cannot be read or belongs to nobody is
put aside in the open.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from prometheus_client import Counter

from integrations.ports import Gateway, Message, Refused, Report, Told, Unavailable, Unreadable
from loyalty.messages import FAILURES, Channel, State
from models import database
from models.database import Record
from models.ids import uuid7
from services.gateways import Gateways
from services.messages import attempts, stopping
from services.messages.planning import wake
from services.work import work

JOB: Final = "message.report"
CONTENT_TYPE_CHARACTERS_MAX: Final = 100
FAULT_CHARACTERS_MAX: Final = 200
# A report may overtake the answer to the hand-over it is about.
OVERTAKES: Final = timedelta(minutes=10)
KEPT: Final = timedelta(days=30)
REPORTS: Final = Counter("kunak_delivery_reports", "Reports of gateways by how they ended.", ["gateway", "outcome"])
log = logging.getLogger(__name__)

_KEEP: Final = """
INSERT INTO delivery_report AS r (id, gateway, body, body_sha256, content_type, state, times, received_at)
VALUES ($1, $2, $3, $4, $5, 'NEW', 1, $6)
ON CONFLICT (gateway, body_sha256) DO UPDATE SET times = r.times + 1 RETURNING id, times
"""
_REPORT: Final = """
SELECT id, gateway, body, content_type, received_at FROM delivery_report WHERE id = $1 AND state <> 'DONE'
"""
# Numbers and addresses stand in a body, and nobody reads one again that was understood: its digest knows it when it comes again.
_FINISH: Final = """
UPDATE delivery_report SET state = $2::text, fault = $3, handled_at = $4,
    body = CASE WHEN $2::text = 'DONE' THEN ''::bytea ELSE body END
WHERE id = $1 AND state <> 'DONE'
"""
_ATTEMPT: Final = """
SELECT id, message_id, channel, address, provider_id FROM delivery_attempt
WHERE gateway = $1 AND (provider_id = $2 OR id = $3)
"""
_ASIDE: Final = """
SELECT id, gateway, received_at, times, fault FROM delivery_report WHERE state = 'QUARANTINED'
ORDER BY received_at DESC, id DESC LIMIT $1
"""
# Received anew, so that what it is about may still be on its way.
_REPLAY: Final = """
UPDATE delivery_report SET state = 'NEW', fault = NULL, received_at = $2
WHERE id = ANY ($1) AND state = 'QUARANTINED' RETURNING id
"""
_SWEEP: Final = """
DELETE FROM delivery_report WHERE id IN (SELECT id FROM delivery_report WHERE received_at < $1 LIMIT $2)
"""


async def keep(gateway: str, body: bytes, content_type: str, now: datetime) -> None:
    """Keep what a gateway posted, and have it worked off."""
    kind = content_type[:CONTENT_TYPE_CHARACTERS_MAX]
    async with work() as tx:
        row = await tx.fetchrow(_KEEP, uuid7(), gateway, body, sha256(body).digest(), kind, now)
        if row is not None and row["times"] == 1:
            await tx.enqueue(JOB, {"report_id": str(row["id"])}, run_at=now)


async def handle(report_id: UUID, gateways: Gateways, now: datetime) -> None:
    """Work a report off. Raises `Unavailable` while it is about something that is not known yet."""
    row = await database.fetchrow(_REPORT, report_id)
    if row is None:
        return
    gateway = gateways.named(row["gateway"])
    fault = await _fault_of(row, gateway, gateways, now)
    await database.execute(_FINISH, report_id, "QUARANTINED" if fault else "DONE", fault, now)
    REPORTS.labels(row["gateway"], "quarantined" if fault else "done").inc()
    if fault:
        log.error("a delivery report was put aside", extra={"gateway": row["gateway"], "report": str(report_id)})


async def aside(limit: int) -> list[dict[str, Any]]:
    """The reports put aside last: id, gateway, received_at, times, fault."""
    return [dict(row) for row in await database.fetch(_ASIDE, limit)]


async def replay(ids: Sequence[UUID], now: datetime) -> int:
    """Have reports looked into anew that were put aside; say how many."""
    async with work() as tx:
        found = await tx.fetch(_REPLAY, list(ids), now)
        for row in found:
            await tx.enqueue(JOB, {"report_id": str(row["id"])}, run_at=now)
    return len(found)


async def sweep(now: datetime) -> int:
    """Delete reports of a month ago, and say how many."""
    return await database.sweep(_SWEEP, now - KEPT)


async def _fault_of(row: Record, gateway: Gateway | None, gateways: Gateways, now: datetime) -> str | None:
    """Apply what a body reports; say what is wrong with it."""
    if gateway is None:
        return "its gateway is not among the settings"
    try:
        for report in gateway.read(bytes(row["body"]), row["content_type"]):
            await _applied(report, gateway, gateways, row, now)
    except Unreadable as fault:
        return str(fault)[:FAULT_CHARACTERS_MAX]
    return None


async def _applied(report: Report, gateway: Gateway, gateways: Gateways, row: Record, now: datetime) -> None:
    attempt = await database.fetchrow(_ATTEMPT, gateway.name, report.provider_id, report.attempt_id)
    if attempt is None:
        if now - row["received_at"] < OVERTAKES:
            raise Unavailable("a report about a message that is not known yet")
        raise Unreadable("about a message that is not ours")
    if report.is_opt_out:
        # Of this channel alone: a text or a letter is another word, and goes next by itself.
        await stopping.stop(Channel(attempt["channel"]), attempt["address"], "ALL", source="gateway", now=now)
    told = await _told(report, gateway, attempt)
    if told is None:
        return
    async with work() as tx:
        message = await attempts.message_of(tx, attempt["message_id"])
        made = await attempts.attempts_of(tx, attempt["message_id"])
        mine = next((each for each in made if each["id"] == attempt["id"]), None)
        if message is None or mine is None:
            return
        await attempts.keep_told(tx, mine, told, now)
        if message["state"] == State.SUPPRESSED:
            return
        made = await attempts.attempts_of(tx, message["id"])
        await attempts.keep_state(tx, message, attempts.steps_of(message["channels"], made, gateways), now)
        if told.fate in FAILURES:
            await wake(tx, message["id"], now)


async def _told(report: Report, gateway: Gateway, attempt: Record) -> Told | None:
    """What a report says, or what its gateway says where the report is no proof."""
    if report.fate is not None:
        return Told(provider_id=report.provider_id or str(attempt["provider_id"]), fate=report.fate, raw=report.raw)
    question = Message(id=attempt["id"], channel=Channel(attempt["channel"]), to=attempt["address"], text="")
    try:
        return await gateway.ask(str(attempt["provider_id"]), question)
    except Refused:
        return None
