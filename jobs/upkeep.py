"""Daily upkeep: what has served its time is deleted, and the books are checked."""

import logging
from datetime import datetime, timedelta
from typing import Final

from jobs.registry import JobKind, Payload, Tools
from services import bus, cards, ledger, letters, limits, members, onetime, outbox, quotes, sessions, tills

HOUR: Final = timedelta(hours=1)
log = logging.getLogger(__name__)


async def purge_members(_payload: Payload, tools: Tools, now: datetime) -> None:
    """Delete profiles that nobody confirmed in time."""
    count = await members.purge_pending(now, days=tools.resources.policy.pending_days)
    log.info("unconfirmed profiles deleted", extra={"count": count})


async def sweep(_payload: Payload, _tools: Tools, now: datetime) -> None:
    """Delete what has served its time: counters that refuse nobody, ended sessions and links, jobs done long ago."""
    log.info("counters swept", extra={"count": await limits.sweep(now)})
    log.info("ended sessions swept", extra={"count": await sessions.sweep(now)})
    log.info("ended links swept", extra={"count": await letters.sweep(now)})
    log.info("ended codes swept", extra={"count": await onetime.sweep(now)})
    log.info("card activity swept", extra={"count": await bus.sweep(now)})
    log.info("ended card keys swept", extra={"count": await cards.sweep(now)})
    log.info("ended pairings swept", extra={"count": await tills.sweep(now)})
    log.info("unused quotes swept", extra={"count": await quotes.sweep(now)})
    log.info("done jobs swept", extra={"count": await outbox.sweep(now)})


async def check_books(_payload: Payload, _tools: Tools, now: datetime) -> None:
    """Check the invariants of the ledger. A finding is an alarm, not a thing to try again."""
    findings = await ledger.check_books(now)
    if findings:
        log.error(
            "the books do not balance", extra={"count": len(findings), "checks": sorted({f.check for f in findings})}
        )


KINDS = [
    JobKind(name="members.purge", handle=purge_members, lease=HOUR),
    JobKind(name="outbox.sweep", handle=sweep, lease=HOUR),
    JobKind(name="books.check", handle=check_books, lease=HOUR),
]
