"""Addresses of partners as the staff keep them: those of the partners whose points of sale they manage (INV-22)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.refusals import Code, Refusal
from loyalty.scopes import Access, Scope
from loyalty.webhooks import checked_events, checked_url
from models import database
from models.database import Record
from models.ids import uuid7
from services import programmes
from services.audit import Actor
from services.resources import Resources
from services.staff import grants
from services.staff.acting import Act, acting, reason_of
from services.webhooks.sealing import FORMER_SIGNS, new_secret, sealed, shown
from services.webhooks.spreading import wake
from services.work import Work

MANAGE: Final = "pos.manage"
PER_PARTNER_MAX: Final = 10

_SELECT: Final = """
SELECT e.id, e.partner, e.url, e.events, e.status, e.reason, e.failing_since, e.former_until, e.created_at,
    (SELECT count(*) FROM webhook_delivery AS d WHERE d.endpoint_id = e.id AND d.status = 'PENDING') AS waiting,
    (SELECT max(d.delivered_at) FROM webhook_delivery AS d WHERE d.endpoint_id = e.id) AS delivered_at
FROM webhook_endpoint AS e
"""
_PAGE: Final = f"""{_SELECT}
WHERE e.status <> 'ENDED' AND ($2::timestamptz IS NULL OR (e.created_at, e.id) < ($2, $3))
    AND ($4::text[] IS NULL OR e.partner = ANY ($4)) AND ($5::text IS NULL OR e.partner = $5)
ORDER BY e.created_at DESC, e.id DESC LIMIT $1
"""
_ONE: Final = f"{_SELECT} WHERE e.id = $1 AND e.status <> 'ENDED'"
_COUNT: Final = "SELECT count(*) FROM webhook_endpoint WHERE partner = $1 AND status <> 'ENDED'"
_ADD: Final = """
INSERT INTO webhook_endpoint (id, partner, url, events, sealed, status, failures, created_at, created_by, changed_at)
VALUES ($1, $2, $3, $4, $5, 'ACTIVE', 0, $6, $7, $6)
"""
_CHANGE: Final = "UPDATE webhook_endpoint SET url = $2, events = $3, changed_at = $4, paused_until = NULL WHERE id = $1"
# Another address has failed at nothing yet: neither five days nor a schedule of tries count against it.
_CLEAN: Final = "UPDATE webhook_endpoint SET failures = 0, failing_since = NULL WHERE id = $1"
_SEND_REST: Final = """
UPDATE webhook_delivery SET tries = 0, next_at = $2 WHERE endpoint_id = $1 AND status = 'PENDING'
"""
_STOP: Final = """
UPDATE webhook_endpoint SET status = 'DISABLED', reason = 'STAFF', changed_at = $2 WHERE id = $1 AND status = 'ACTIVE'
"""
_START: Final = """
UPDATE webhook_endpoint SET status = 'ACTIVE', reason = NULL, changed_at = $2, failures = 0, failing_since = NULL,
    paused_until = NULL WHERE id = $1 AND status = 'DISABLED'
"""
_END: Final = """
UPDATE webhook_endpoint SET status = 'ENDED', reason = NULL, changed_at = $2, former_sealed = NULL, former_until = NULL
WHERE id = $1 AND status <> 'ENDED'
"""
_FAIL_REST: Final = """
UPDATE webhook_delivery SET status = 'FAILED', next_at = NULL WHERE endpoint_id = $1 AND status = 'PENDING'
"""
_ROTATE: Final = """
UPDATE webhook_endpoint SET former_sealed = sealed, former_until = $3, sealed = $2, changed_at = $4 WHERE id = $1
"""
_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended('webhooks ' || $1, 0))"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address as it is kept; its secret is nowhere. `waiting` deliveries are due or will be."""

    id: UUID
    partner: str
    url: str
    events: tuple[str, ...]
    status: str
    reason: str | None
    failing_since: datetime | None
    former_until: datetime | None
    created_at: datetime
    waiting: int
    delivered_at: datetime | None

    @property
    def scope(self) -> Scope:
        """The partner it is of."""
        return Scope((self.partner,))


async def page(
    access: Access, *, rows: int, after: tuple[datetime, UUID] | None = None, partner: str | None = None
) -> list[Endpoint]:
    """At most `rows` addresses of the partners this access manages whole, the newest first."""
    at, last = after or (None, None)
    mine = access.partners(MANAGE)
    narrowed = None if mine is None else sorted(mine)
    return [_endpoint(row) for row in await database.fetch(_PAGE, rows, at, last, narrowed, partner)]


async def one(access: Access, endpoint: UUID) -> Endpoint:
    """One of them. Raises NOT_FOUND for another's, there or not."""
    row = await database.fetchrow(_ONE, endpoint)
    if row is None or not access.within(MANAGE, Scope((row["partner"],))):
        raise Refusal(Code.NOT_FOUND, "webhooks.unknown", field="id")
    return _endpoint(row)


async def add(
    actor: Actor, partner: str, url: str, events: Sequence[str], *, reason: str, resources: Resources, now: datetime
) -> tuple[Endpoint, str]:
    """Enter an address of a partner and give its secret, which is shown this once.

    Raises FORBIDDEN outside the actor's partners, INVALID_INPUT for a faulty form, LIMIT_REACHED for the eleventh.
    """
    why = reason_of(reason, field="input.reason")
    address, wanted = _checked(resources, url, events)
    programme = await programmes.current(now)
    scope = await grants.place(programme, partner=partner, outlet=None, till=None, field="input")
    async with acting(actor, MANAGE, "webhook.add", resources=resources, now=now, reason=why) as act:
        act.require(scope)
        await act.tx.execute(_LOCK, partner)
        if await act.tx.fetchval(_COUNT, partner) >= PER_PARTNER_MAX:
            raise Refusal(Code.LIMIT_REACHED, "webhooks.too_many", most=PER_PARTNER_MAX)
        endpoint, secret = uuid7(), new_secret()
        kept = sealed(resources.keyring, secret, endpoint)
        await act.tx.execute(_ADD, endpoint, partner, address, wanted, kept, now, actor.id)
        act.record("webhook", endpoint, scope=scope, after={"url": address, "events": wanted})
        return await _one(act.tx, endpoint), shown(secret)


async def change(
    actor: Actor,
    endpoint: UUID,
    url: str,
    events: Sequence[str],
    *,
    reason: str,
    resources: Resources,
    now: datetime,
) -> Endpoint:
    """Change where an address leads and what it asks for; the secret stays. What waits goes to the new one at once."""
    why = reason_of(reason, field="input.reason")
    address, wanted = _checked(resources, url, events)
    async with acting(actor, MANAGE, "webhook.change", resources=resources, now=now, reason=why) as act:
        before = await held(act, endpoint, field="input.id")
        await act.tx.execute(_CHANGE, endpoint, address, wanted, now)
        if address != before.url:
            await act.tx.execute(_CLEAN, endpoint)
            await act.tx.execute(_SEND_REST, endpoint, now)
        await wake(act.tx, endpoint, now)
        was = {"url": before.url, "events": list(before.events)}
        act.record("webhook", endpoint, scope=before.scope, before=was, after={"url": address, "events": wanted})
        return await _one(act.tx, endpoint)


async def switch(
    actor: Actor, endpoint: UUID, *, on: bool, reason: str, resources: Resources, now: datetime
) -> Endpoint:
    """Turn an address off, or on again: then all that waited leaves. Doing it twice is no mistake."""
    why = reason_of(reason)
    async with acting(actor, MANAGE, "webhook.switch", resources=resources, now=now, reason=why) as act:
        before = await held(act, endpoint)
        if await act.tx.execute(_START if on else _STOP, endpoint, now) == "UPDATE 1":
            act.record("webhook", endpoint, scope=before.scope, before={"on": not on}, after={"on": on})
            if on:
                await wake(act.tx, endpoint, now)
        return await _one(act.tx, endpoint)


async def end(actor: Actor, endpoint: UUID, *, reason: str, resources: Resources, now: datetime) -> Endpoint:
    """Take an address away for good. What waited for it is given up. Raises NOT_FOUND for one that has ended."""
    why = reason_of(reason)
    async with acting(actor, MANAGE, "webhook.end", resources=resources, now=now, reason=why) as act:
        before = await held(act, endpoint)
        await act.tx.execute(_END, endpoint, now)
        await act.tx.execute(_FAIL_REST, endpoint)
        act.record(
            "webhook", endpoint, scope=before.scope, before={"url": before.url, "ended": False}, after={"ended": True}
        )
        return before


async def rotate(
    actor: Actor, endpoint: UUID, *, reason: str, resources: Resources, now: datetime
) -> tuple[Endpoint, str]:
    """Make a new secret, shown this once. The former one signs along for a day, so that nothing is lost in between."""
    why = reason_of(reason)
    async with acting(actor, MANAGE, "webhook.rotate", resources=resources, now=now, reason=why) as act:
        before = await held(act, endpoint)
        secret = new_secret()
        kept, until = sealed(resources.keyring, secret, endpoint), now + FORMER_SIGNS
        await act.tx.execute(_ROTATE, endpoint, kept, until, now)
        act.record("webhook", endpoint, scope=before.scope, after={"secret": "new"})
        return await _one(act.tx, endpoint), shown(secret)


async def held(act: Act, endpoint: UUID, *, field: str = "id") -> Endpoint:
    """An address that the actor may change, locked. Raises NOT_FOUND."""
    await act.tx.execute("SELECT 1 FROM webhook_endpoint WHERE id = $1 FOR UPDATE", endpoint)
    row = await act.tx.fetchrow(_ONE, endpoint)
    if row is None or not act.actor.access.within(act.right, Scope((row["partner"],))):
        raise Refusal(Code.NOT_FOUND, "webhooks.unknown", field=field)
    return _endpoint(row)


def _checked(resources: Resources, url: str, events: Sequence[str]) -> tuple[str, list[str]]:
    address = checked_url(url, field="input.url", is_plain_allowed=bool(resources.webhook_networks))
    return address, checked_events(events, field="input.events")


async def _one(tx: Work, endpoint: UUID) -> Endpoint:
    row = await tx.fetchrow(f"{_SELECT} WHERE e.id = $1", endpoint)
    assert row is not None  # noqa: S101 - addresses are never deleted
    return _endpoint(row)


def _endpoint(row: Record) -> Endpoint:
    facts = dict(row)
    return Endpoint(**(facts | {"events": tuple(facts["events"])}))
