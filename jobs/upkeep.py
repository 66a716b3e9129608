"""Daily upkeep: what has served its time is deleted, and the books are checked."""

import logging
from datetime import datetime, timedelta
from typing import Final

from jobs.registry import JobKind, Payload, Tools
from services import audit, bus, cards, ledger, letters, limits, members, onetime, outbox, quotes, sessions, tills
from services.messages import planning, reports
from services.pos import returning
from services.staff import letters as staff_letters
from services.staff import sessions as staff_sessions

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
    log.info("old messages swept", extra={"count": await planning.sweep(now)})
    log.info("old delivery reports swept", extra={"count": await reports.sweep(now)})
    log.info("ended codes swept", extra={"count": await onetime.sweep(now)})
    log.info("card activity swept", extra={"count": await bus.sweep(now)})
    log.info("ended card keys swept", extra={"count": await cards.sweep(now)})
    log.info("ended pairings swept", extra={"count": await tills.sweep(now)})
    log.info("unused quotes swept", extra={"count": await quotes.sweep(now)})
    log.info("ended sessions of the staff swept", extra={"count": await staff_sessions.sweep(now)})
    log.info("ended links of the staff swept", extra={"count": await staff_letters.sweep(now)})
    log.info("refunds without a sale swept", extra={"count": await returning.sweep(now)})
    log.info("done jobs swept", extra={"count": await outbox.sweep(now)})


async def check_books(_payload: Payload, _tools: Tools, now: datetime) -> None:
    """Check the invariants of the ledger. A finding is an alarm, not a thing to try again."""
    if waiting := await returning.overdue(now):
        log.error("refunds have waited for their sale for more than a day", extra={"count": waiting})
    findings = await ledger.check_books(now)
    if findings:
        log.error(
            "the books do not balance", extra={"count": len(findings), "checks": sorted({f.check for f in findings})}
        )


async def check_audit(_payload: Payload, _tools: Tools, _now: datetime) -> None:
    """Follow the chain of the staff's log and write its end into ours, which lies elsewhere: a cut end shows by it."""
    checked = await audit.check()
    log.info("audit chain", extra={"count": checked.events, "head": checked.head, "digest": checked.digest})
    if checked.findings:
        log.error(
            "the audit chain is broken", extra={"count": len(checked.findings), "head": checked.findings[0].sequence}
        )


KINDS = [
    JobKind(name="members.purge", handle=purge_members, lease=HOUR),
    JobKind(name="outbox.sweep", handle=sweep, lease=HOUR),
    JobKind(name="books.check", handle=check_books, lease=HOUR),
    JobKind(name="audit.check", handle=check_audit, lease=HOUR),
]
