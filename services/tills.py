"""Tills: added by an operator, recognised by their key or by the cookie a till page exchanged it for."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Final, Literal, cast
from uuid import UUID

from loyalty.programme import Outlet, Partner, Programme
from loyalty.refusals import Code, Refusal
from models import database
from models.database import Record
from models.ids import uuid7
from services import callers, programmes
from services.callers import Caller
from services.gathering import Gathering
from services.resources import Resources

TillKind = Literal["ORDINARY", "SYSTEM"]
SYSTEM_ONLY: Final = frozenset({"CABINET", "SHOP", "IMPORT"})
SCOPES: Final = ("EARN", "SPEND", "REFUND", "MEMBERS")
"""What a key may do unless its operator says otherwise."""
EVERY_SCOPE: Final = (*SCOPES, "GUESTS")
SCOPES_OF_BEFORE: Final = ("EARN", "SPEND", "REFUND")
"""What a key may do that was made when there were no scopes: what it could do then, and nothing that came since."""
PER_MINUTE_MAX: Final = 1_000_000
MINUTE_SECONDS: Final = 60

_SWEEP: Final = """
DELETE FROM till_session WHERE id IN (SELECT id FROM till_session WHERE expires_at < $1 OR revoked_at < $1 LIMIT $2)
"""
_TILL: Final = "SELECT id, name, partner, outlet, kind, channels, scopes, per_minute FROM till WHERE id = $1"
_TILLS_OF_KEYS: Final = """
SELECT t.key_sha256 AS shown, t.id, t.name, t.partner, t.outlet, t.kind, t.channels, t.scopes, t.per_minute
FROM till AS t WHERE t.key_sha256 = ANY ($1::bytea[]) AND t.revoked_at IS NULL
"""
_TILLS_OF_SESSIONS: Final = """
SELECT s.token_sha256 AS shown, s.id AS pairing, s.expires_at, t.id, t.name, t.partner, t.outlet, t.kind, t.channels,
    t.scopes, t.per_minute
FROM till_session AS s JOIN till AS t ON t.id = s.till_id
WHERE s.token_sha256 = ANY ($1::bytea[]) AND s.revoked_at IS NULL AND t.revoked_at IS NULL
"""


# When a till was last seen is what its newest pairing and its newest scan say; tickets of scans are kept for a day.
_LISTED: Final = """
SELECT t.id, t.name, t.partner, t.outlet, t.kind, t.channels, t.scopes, t.per_minute, t.revoked_at, greatest(
    (SELECT max(s.created_at) FROM till_session AS s WHERE s.till_id = t.id),
    (SELECT max(k.created_at) FROM scan_ticket AS k WHERE k.till_id = t.id)) AS seen_at
FROM till AS t ORDER BY t.revoked_at IS NOT NULL, t.partner, t.outlet, t.name, t.id
"""


@dataclass(frozen=True, slots=True)
class TillFacts:
    """Who is calling: the till, the partner and outlet it stands in, and the channels it may sell through."""

    id: UUID
    name: str
    partner: str
    outlet: str
    kind: TillKind
    channels: tuple[str, ...]
    pairing: UUID | None = None  # the paired page that calls; None for a key
    scopes: tuple[str, ...] = SCOPES
    per_minute: int | None = None  # requests of its key; None: as many as its kind

    def require(self, scope: str) -> None:
        """Go on only if the key was given this scope. Raises FORBIDDEN."""
        if scope not in self.scopes:
            raise Refusal(Code.FORBIDDEN, "till.scope", scope=scope)


@dataclass(frozen=True, slots=True)
class ListedTill:
    """A till as its operator looks it up: when it was last paired or scanned, where that is known, and when it ended."""

    till: TillFacts
    seen_at: datetime | None
    ended_at: datetime | None


def _facts(row: Record, pairing: UUID | None = None) -> TillFacts:
    kind, scopes = cast("TillKind", row["kind"]), SCOPES_OF_BEFORE if row["scopes"] is None else tuple(row["scopes"])
    channels = tuple(row["channels"])
    return TillFacts(
        row["id"], row["name"], row["partner"], row["outlet"], kind, channels, pairing, scopes, row["per_minute"]
    )


def place_of(till: TillFacts, programme: Programme) -> tuple[Partner, Outlet]:
    """Where a till stands, as the programme names it now. Raises FORBIDDEN when a version has retired the place."""
    partner, outlet = programme.partners_by_id.get(till.partner), programme.outlets_by_id.get(till.outlet)
    if partner is None or outlet is None:
        raise Refusal(Code.FORBIDDEN, "till.retired")
    return partner, outlet


def digest(secret: str) -> bytes:
    """What is kept of a key or a cookie: they are random enough for a plain hash."""
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()


async def add_till(
    name: str,
    partner: str,
    outlet: str,
    *,
    kind: TillKind,
    channels: list[str],
    now: datetime,
    key: str | None = None,
    scopes: Collection[str] = SCOPES,
    per_minute: int | None = None,
) -> tuple[TillFacts, str]:
    """Register a till and give its key, which is shown this once.

    Raises INVALID_INPUT for slugs the programme does not know, for channels that are not for this kind, and for scopes
    and rates that there are not.
    """
    programme = await programmes.current(now)
    if partner not in programme.partners_by_id:
        raise Refusal(Code.INVALID_INPUT, "till.unknown_partner", field="partner", partner=partner)
    home = programme.partners_by_id[partner]
    if outlet not in {place.id for place in home.outlets}:
        raise Refusal(Code.INVALID_INPUT, "till.unknown_outlet", field="outlet", outlet=outlet)
    barred = SYSTEM_ONLY.intersection(channels) if kind == "ORDINARY" else frozenset()
    if not channels or barred:
        raise Refusal(Code.INVALID_INPUT, "till.channels", field="channels", channels=", ".join(sorted(barred)))
    given = checked_scopes(scopes, per_minute)
    key = key or f"kt_{token_urlsafe(32)}"
    till = TillFacts(uuid7(), name, partner, outlet, kind, tuple(channels), None, given, per_minute)
    await database.execute(
        "INSERT INTO till (id, name, partner, outlet, kind, channels, key_sha256, created_at, scopes, per_minute)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        *(till.id, name, partner, outlet, kind, channels, digest(key), now, list(given), per_minute),
    )
    return till, key


def checked_scopes(scopes: Collection[str], per_minute: int | None, *, path: str = "") -> tuple[str, ...]:
    """What a key may do, in the order of the list. Raises INVALID_INPUT for what there is not."""
    given = tuple(scope for scope in EVERY_SCOPE if scope in scopes)
    if not given or len(given) != len(set(scopes)):
        raise Refusal(Code.INVALID_INPUT, "till.scopes", field=f"{path}scopes", scopes=", ".join(EVERY_SCOPE))
    if per_minute is not None and not 1 <= per_minute <= PER_MINUTE_MAX:
        raise Refusal(Code.INVALID_INPUT, "till.per_minute", field=f"{path}perMinute", most=PER_MINUTE_MAX)
    return given


async def listed() -> list[ListedTill]:
    """Every till there ever was: those in use first, by where they stand."""
    return [ListedTill(_facts(row), row["seen_at"], row["revoked_at"]) for row in await database.fetch(_LISTED)]


async def till_by_key(key: str) -> TillFacts | None:
    """The till of a key, or None for an unknown or revoked one."""
    row = await _BY_KEY.ask(digest(key))
    return _facts(row) if row else None


async def till_by_id(till_id: UUID) -> TillFacts:
    """A till that a row names, whether it is still in use or not."""
    row = await database.fetchrow(_TILL, till_id)
    assert row is not None  # noqa: S101 - tills are never deleted
    return _facts(row)


async def till_by_session(token: str, now: datetime) -> TillFacts | None:
    """The till of a paired page's cookie, or None when the pairing or the till has ended."""
    row = await _BY_SESSION.ask(digest(token))
    return _facts(row, row["pairing"]) if row and row["expires_at"] > now else None


async def _of_keys(shown: list[bytes]) -> list[Record | None]:
    return _in_order(shown, await database.fetch(_TILLS_OF_KEYS, shown))


async def _of_sessions(shown: list[bytes]) -> list[Record | None]:
    return _in_order(shown, await database.fetch(_TILLS_OF_SESSIONS, shown))


def _in_order(shown: list[bytes], rows: list[Record]) -> list[Record | None]:
    found = {row["shown"]: row for row in rows}
    return [found.get(one) for one in shown]


# Every request of a till asks who it is. Nothing is remembered, so that an ended till is out at once in all processes;
# those that ask in the same moment share one statement.
_BY_KEY: Final = Gathering(_of_keys)
_BY_SESSION: Final = Gathering(_of_sessions)


async def pair(key: str, caller: Caller, resources: Resources, now: datetime) -> tuple[TillFacts, str, datetime]:
    """Exchange a till key for the token of a cookie: (till, token, end).

    Raises UNAUTHENTICATED for a wrong key, LIMIT_REACHED after too many tries from one address.
    """
    policy = resources.policy
    await callers.spend_of_address(
        resources, "pair.ip", caller, limit=policy.pair_per_ip_minute, window_seconds=MINUTE_SECONDS, now=now
    )
    till = await till_by_key(key)
    if till is None:
        raise Refusal(Code.UNAUTHENTICATED, "till.key_not_accepted", field="key")
    token = token_urlsafe(32)
    ends = now + timedelta(days=policy.till_session_days)
    await database.execute(
        "INSERT INTO till_session (id, till_id, token_sha256, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        *(uuid7(), till.id, digest(token), now, ends),
    )
    return till, token, ends


async def unpair(till: TillFacts, now: datetime) -> None:
    """End the pairing of the page that calls. A till that came with its key has none to end."""
    await database.execute(
        "UPDATE till_session SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL", till.pairing, now
    )


async def sweep(now: datetime) -> int:
    """Delete pairings that have ended; gives their number."""
    return await database.sweep(_SWEEP, now)


async def revoke(till_id: UUID, now: datetime) -> bool:
    """End a till and everything paired with it. False if there is no such till in use."""
    tag = await database.execute("UPDATE till SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL", till_id, now)
    return tag == "UPDATE 1"
