"""The outside systems of an installation, and our own queues, each with what somebody should know of it.

One statement a source; nothing is asked of the systems themselves, so that looking costs them nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from loyalty.bookings import StayCounts
from loyalty.messages import Channel
from models import database
from models.database import Record
from services import programmes
from services.payments.waiting import ALL as MONEY
from services.resources import Resources
from services.status.contacts import MAIL, WEBHOOKS
from services.status.judging import Facts, Kind, State, Trouble, judged

VIEW: Final = "settings.manage"
DAY: Final = timedelta(days=1)
SILENT: Final = timedelta(days=1)
# A hotel's list of changes is read every ten minutes.
LIST_LATE: Final = timedelta(minutes=30)
RESTAURANTS: Final = "restaurants"
HOTELS: Final = "hotels"
ACQUIRER: Final = "acquirer"
PLUGINS: Final = "plugins"
INBOX: Final = "inbox"
JOBS: Final = "jobs"
KINDS: Final[Mapping[str, Kind]] = {
    PLUGINS: Kind.PLUGINS,
    RESTAURANTS: Kind.RESTAURANTS,
    HOTELS: Kind.HOTELS,
    ACQUIRER: Kind.ACQUIRER,
    MAIL: Kind.MAIL,
    WEBHOOKS: Kind.WEBHOOKS,
    INBOX: Kind.INBOX,
    JOBS: Kind.JOBS,
}

_CALLS: Final = """
SELECT system, max(answered_at) AS answered_at, max(failed_at) AS failed_at, max(held_until) AS held_until,
    coalesce(sum(answered) FILTER (WHERE hour > $2), 0)::int AS answered,
    coalesce(sum(failed) FILTER (WHERE hour > $2), 0)::int AS failed,
    (array_agg(fault ORDER BY failed_at DESC NULLS LAST))[1] AS fault,
    (array_agg(detail ORDER BY failed_at DESC NULLS LAST))[1] AS detail
FROM system_calls WHERE hour > $1 GROUP BY system
"""
_WAITING: Final = f"""
SELECT 'plugins' AS system, coalesce(sum(p.queue), 0)::int AS waiting, min(p.last_seen_at) FILTER (WHERE p.queue > 0) AS since,
    max(p.last_seen_at) AS seen, count(*) FILTER (WHERE p.last_seen_at < $2)::int AS aside
FROM plugin AS p JOIN till AS t ON t.id = p.till_id WHERE t.revoked_at IS NULL
UNION ALL
SELECT 'restaurants', (e.waiting + o.waiting)::int, least(e.since, o.since), NULL, 0
FROM (SELECT count(*) AS waiting, min(received_at) AS since FROM restaurant_event WHERE state = 'NEW') AS e,
    (SELECT count(*) AS waiting, min(told_at) AS since FROM restaurant_order WHERE state = 'NEW') AS o
UNION ALL
SELECT 'hotels', (e.waiting + l.waiting)::int, least(e.since, l.since), NULL,
    (SELECT count(*) FROM booking WHERE state = 'CHECKED_IN' AND counts_at IS NOT NULL AND partner = ANY ($4))::int
FROM (SELECT count(*) AS waiting, min(received_at) AS since FROM booking_event WHERE state = 'NEW') AS e,
    (SELECT count(*) AS waiting, min(looked_at) AS since FROM hotel WHERE property_id = ANY ($3) AND looked_at < $5) AS l
UNION ALL
SELECT 'acquirer', count(*)::int, min(received_at), NULL, (SELECT count(*) FROM ({MONEY}) AS w)::int
FROM payment_event WHERE state = 'NEW'
UNION ALL
SELECT 'webhooks', count(*)::int, min(created_at), NULL,
    (SELECT count(*) FROM webhook_endpoint WHERE status = 'DISABLED' AND reason <> 'STAFF')::int
FROM webhook_delivery WHERE status = 'PENDING'
UNION ALL
SELECT 'smtp', count(*)::int, min(run_at), NULL, 0 FROM job
WHERE status = 'READY' AND name IN ('letter.send', 'letter.staff') AND run_at <= $1
UNION ALL
SELECT 'jobs', count(*)::int, min(run_at), NULL, (SELECT count(*) FROM job WHERE status = 'DEAD')::int FROM job
WHERE status = 'READY' AND run_at <= $1 AND (leased_until IS NULL OR leased_until <= $1)
UNION ALL
SELECT 'inbox', (SELECT count(*) FROM delivery_report WHERE state = 'NEW')::int,
    (SELECT min(received_at) FROM delivery_report WHERE state = 'NEW'), NULL,
    ((SELECT count(*) FROM restaurant_event WHERE state = 'ASIDE')
        + (SELECT count(*) FROM restaurant_order WHERE state = 'ASIDE')
        + (SELECT count(*) FROM booking_event WHERE state = 'ASIDE')
        + (SELECT count(*) FROM payment_event WHERE state = 'ASIDE' AND fault <> 'nothing of ours')
        + (SELECT count(*) FROM delivery_report WHERE state = 'QUARANTINED'))::int
UNION ALL
SELECT gateway, count(*)::int, min(handed_at), NULL, 0 FROM delivery_attempt
WHERE channel <> 'EMAIL' AND fate = 'HANDING' AND handed_at > $2 AND held_until <= $1 GROUP BY gateway
"""  # noqa: S608 - constants
_ACCOUNTS: Final = "SELECT gateway, balance, alarm FROM gateway_account"
_ARE_PLUGINS: Final = "SELECT EXISTS (SELECT 1 FROM plugin)"
_ARE_WEBHOOKS: Final = "SELECT EXISTS (SELECT 1 FROM webhook_endpoint WHERE status <> 'ENDED')"


@dataclass(frozen=True, slots=True)
class System:
    """A system with its facts, its state and the troubles it comes from, the gravest first."""

    id: str
    kind: Kind
    facts: Facts
    state: State
    troubles: tuple[Trouble, ...]


async def systems(resources: Resources, now: datetime) -> list[System]:
    """Every system that is connected or was called within a month, those of the settings first."""
    calls = {row["system"]: row for row in await database.fetch(_CALLS, now - 30 * DAY, now - DAY)}
    houses, telling = await _hotels(now)
    asked = (now, now - SILENT, houses, telling, now - LIST_LATE)
    waiting = {row["system"]: row for row in await database.fetch(_WAITING, *asked)}
    accounts = {row["gateway"]: row for row in await database.fetch(_ACCOUNTS)}
    known = await _connected(resources)
    found = []
    for name in [*known, *sorted(calls.keys() - set(known))]:
        kind = KINDS.get(name) or (Kind.GATEWAY if name in _gateways(resources) else Kind.OTHER)
        facts = _facts(calls.get(name), waiting.get(name), accounts.get(name))
        state, troubles = judged(kind, facts, now)
        found.append(System(name, kind, facts, state, troubles))
    return found


async def _connected(resources: Resources) -> list[str]:
    """The systems of the settings, and those that stand in tables, in the order of the page."""
    known = [PLUGINS] if await database.fetchval(_ARE_PLUGINS) else []
    known += [RESTAURANTS] if resources.restaurants is not None else []
    known += [HOTELS] if resources.hotels is not None else []
    known += [ACQUIRER] if resources.payments is not None else []
    known += _gateways(resources)
    known += [WEBHOOKS] if await database.fetchval(_ARE_WEBHOOKS) else []
    return [*known, MAIL, INBOX, JOBS]


async def _hotels(now: datetime) -> tuple[list[str], list[str]]:
    """(the hotels of the programme at their engine, the partners of those that tell of check-outs)."""
    programme = await programmes.newest(now)
    booked = [] if programme is None else [one for one in programme.hotels.values() if one.booking is not None]
    houses = [one.booking.property_id for one in booked if one.booking is not None]
    return houses, [one.id for one in booked if one.booking and one.booking.counts is StayCounts.CHECK_OUT]


def _gateways(resources: Resources) -> list[str]:
    names = [name for channel, names in resources.routes.items() if channel is not Channel.EMAIL for name in names]
    return list(dict.fromkeys(names))


def _facts(calls: Record | None, waiting: Record | None, account: Record | None) -> Facts:
    told: dict[str, Any] = {}
    if calls is not None:
        told = {name: calls[name] for name in ("answered", "failed", "answered_at", "failed_at", "fault", "detail")}
        told["held_until"] = calls["held_until"]
    if waiting is not None:
        told |= {"waiting": waiting["waiting"], "waiting_since": waiting["since"], "aside": waiting["aside"]}
        seen = [at for at in (told.get("answered_at"), waiting["seen"]) if at is not None]
        told["answered_at"] = max(seen, default=None)
    if account is not None:
        told |= {"balance": account["balance"], "alarm": account["alarm"]}
    return Facts(**told)
