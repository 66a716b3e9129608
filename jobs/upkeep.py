"""Nightly upkeep: what has served its time is deleted, and the books and the audit log are checked."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from services import (
    audit,
    bus,
    cards,
    email_changing,
    ledger,
    letters,
    limits,
    members,
    nightly,
    onetime,
    outbox,
    quotes,
    sessions,
    tills,
)
from services.bookings import events, starting
from services.claims import crediting
from services.guests import importing as guests
from services.instalments import reading as instalments
from services.messages import planning, reports
from services.nightly import Night, Part, Step
from services.payments import events as payment_events
from services.pos import guestless, returning
from services.promotions import backtests, holding, totals
from services.restaurants import events as restaurant_events
from services.restaurants import orders as restaurant_orders
from services.restaurants import reconciling
from services.sites import granting
from services.staff import letters as staff_letters
from services.staff import sessions as staff_sessions
from services.status import contacts
from services.webhooks import replaying

SWEEPS: Final[tuple[tuple[str, Callable[[datetime], Awaitable[int]]], ...]] = (
    ("counters swept", limits.sweep),
    ("ended sessions swept", sessions.sweep),
    ("ended links swept", letters.sweep),
    ("old changes of address swept", email_changing.sweep),
    ("permissions of sites swept", granting.sweep),
    ("old messages swept", planning.sweep),
    ("old delivery reports swept", reports.sweep),
    ("ended codes swept", onetime.sweep),
    ("card activity swept", bus.sweep),
    ("ended card keys swept", cards.sweep),
    ("ended pairings swept", tills.sweep),
    ("unused quotes swept", quotes.sweep),
    ("promises of orders that nobody closed freed", holding.sweep),
    ("old back-tests of campaigns swept", backtests.sweep),
    ("what campaigns gave added up", totals.add_up),
    ("ended sessions of the staff swept", staff_sessions.sweep),
    ("ended links of the staff swept", staff_letters.sweep),
    ("refunds without a sale swept", returning.sweep),
    ("terms of bookings that nobody took swept", starting.sweep),
    ("old events of hotels swept", events.sweep),
    ("old notifications of the acquirer swept", payment_events.sweep),
    ("old events of restaurants swept", restaurant_events.sweep),
    ("old orders of restaurants swept", restaurant_orders.sweep),
    ("old comparisons of restaurants swept", reconciling.sweep),
    ("receipts without a guest swept", guestless.sweep),
    ("claims nobody looked at ended", crediting.expire),
    ("old events of webhooks swept", replaying.sweep),
    ("guests of lists who never came swept", guests.sweep),
    ("lists of guests that nobody waits of swept", guests.sweep_runs),
    ("nights of long ago swept", nightly.sweep),
    ("instalments that no bank confirmed ended", instalments.expire),
    ("words of banks without a receipt swept", instalments.sweep),
    ("old calls of outside systems swept", contacts.sweep),
    ("done jobs swept", outbox.sweep),
)
log = logging.getLogger(__name__)


async def purge_members(night: Night, _cursor: str) -> Part:
    """Delete profiles that nobody confirmed in time."""
    count = await members.purge_pending(night.now, days=night.resources.policy.pending_days)
    log.info("unconfirmed profiles deleted", extra={"count": count})
    return Part(done=count)


async def sweep(night: Night, cursor: str) -> Part:
    """Delete what has served its time: counters that refuse nobody, ended sessions and links, jobs done long ago.

    A part is one of them; the cursor is the number of the next.
    """
    place = int(cursor or 0)
    what, clean = SWEEPS[place]
    count = await clean(night.now)
    log.info(what, extra={"count": count})
    return Part(done=count, cursor=str(place + 1), is_over=place + 1 == len(SWEEPS))


async def check_books(night: Night, _cursor: str) -> Part:
    """Check the invariants of the ledger. A finding is an alarm, not a thing to try again."""
    if waiting := await returning.overdue(night.now):
        log.error("refunds have waited for their sale for more than a day", extra={"count": waiting})
    findings = await ledger.check_books(night.now)
    if not findings:
        return Part()
    checks = sorted({finding.check for finding in findings})
    log.error("the books do not balance", extra={"count": len(findings), "checks": checks})
    return Part(done=len(findings), trouble=f"{len(findings)} findings: kunak books check")


async def check_audit(_night: Night, _cursor: str) -> Part:
    """Follow the chain of the staff's log and write its end into ours, which lies elsewhere: a cut end shows by it."""
    checked = await audit.check()
    log.info("audit chain", extra={"count": checked.events, "head": checked.head, "digest": checked.digest})
    if not checked.findings:
        return Part(done=checked.events)
    log.error("the audit chain is broken", extra={"count": len(checked.findings), "head": checked.findings[0].sequence})
    return Part(done=checked.events, trouble=f"{len(checked.findings)} findings: kunak audit check")


BOOKS: Final = Step("books.check", check_books)
STEPS: Final = (
    Step("members.purge", purge_members),
    Step("sweep", sweep),
    Step("audit.check", check_audit),
)
