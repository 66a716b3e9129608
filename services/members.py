"""Members as the cabinet reads them, and the end of profiles that nobody ever confirmed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal, cast
from uuid import UUID

from models import database
from services.ledger import Standing
from services.tiers.reading import grant_of
from services.work import work

Status = Literal["PENDING_CONFIRMATION", "ACTIVE", "BLOCKED", "CLOSED", "MERGED", "ERASED"]
PURGE_AT_ONCE: Final = 500

_MEMBERS: Final = """
SELECT m.id, m.number, m.status, m.last_name, m.first_name, m.patronymic, m.birth_date, m.confirmed_at, m.locale,
    e.value AS email, e.verified_at IS NOT NULL AS email_proved, p.value AS phone, p.verified_at IS NOT NULL AS proved
FROM member AS m LEFT JOIN contact AS e ON e.member_id = m.id AND e.kind = 'EMAIL'
LEFT JOIN contact AS p ON p.member_id = m.id AND p.kind = 'PHONE' WHERE m.id = ANY ($1::uuid[])
"""
_STANDINGS: Final = """
SELECT s.member_id, b.amount, s.purchases, s.saved, s.granted_tier, s.granted_until
FROM member_standing AS s JOIN balance AS b ON b.account_id = s.qualifying_account WHERE s.member_id = ANY ($1::uuid[])
"""
_CARDS: Final = """
SELECT id, member_id, number, kind, status, issued_at FROM card WHERE member_id = ANY ($1::uuid[])
ORDER BY status IN ('ACTIVE', 'BLOCKED') DESC, issued_at DESC, id DESC
"""
# Locked, so that a confirmation that comes at this moment wins or finds nothing, and never half a profile.
_OLD_PENDING: Final = """
SELECT id FROM member WHERE status = 'PENDING_CONFIRMATION' AND created_at < $1
ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED
"""
_PARTS: Final = ("consent", "contact", "credential", "mail_token", "mail_code", "message", "one_time_code")


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """A member: names, how they are reached, and whether their card works."""

    id: UUID
    number: str
    status: Status
    last_name: str
    first_name: str
    patronymic: str | None
    birth_date: date | None
    confirmed_at: datetime | None
    email: str | None
    email_verified: bool
    phone: str | None
    phone_verified: bool
    locale: str


@dataclass(frozen=True, slots=True)
class CardFacts:
    """A card as its owner sees it."""

    id: UUID
    number: str
    kind: str
    status: str
    issued_at: datetime


async def members_by_id(ids: list[UUID]) -> list[MemberFacts | None]:
    """The members of these ids, in their order; None where there is none."""
    found: dict[UUID, MemberFacts] = {}
    for row in await database.fetch(_MEMBERS, ids):
        named = (row["last_name"], row["first_name"], row["patronymic"], row["birth_date"], row["confirmed_at"])
        status = cast("Status", row["status"])
        reached = (row["email"], row["email_proved"], row["phone"], row["proved"])
        found[row["id"]] = MemberFacts(row["id"], row["number"], status, *named, *reached, row["locale"])
    return [found.get(member_id) for member_id in ids]


async def standings_by_member(ids: list[UUID]) -> list[Standing | None]:
    """The standings of these members, in their order; None before confirmation."""
    rows = await database.fetch(_STANDINGS, ids)
    found = {row["member_id"]: Standing(row["amount"], row["purchases"], row["saved"], grant_of(row)) for row in rows}
    return [found.get(member_id) for member_id in ids]


async def cards_by_member(ids: list[UUID]) -> list[list[CardFacts]]:
    """The cards of these members, in their order, each beginning with the one that works."""
    found: dict[UUID, list[CardFacts]] = {member_id: [] for member_id in ids}
    for row in await database.fetch(_CARDS, ids):
        found[row["member_id"]].append(
            CardFacts(row["id"], row["number"], row["kind"], row["status"], row["issued_at"])
        )
    return [found[member_id] for member_id in ids]


async def purge_pending(now: datetime, *, days: int) -> int:
    """Delete profiles that waited for their letter longer than this, with everything they held; say how many."""
    purged = 0
    while batch := await _purge_batch(now - timedelta(days=days)):
        purged += batch
    return purged


async def _purge_batch(before: datetime) -> int:
    async with work() as tx:
        ids = [row["id"] for row in await tx.fetch(_OLD_PENDING, before, PURGE_AT_ONCE)]
        for table in _PARTS:
            await tx.execute(f"DELETE FROM {table} WHERE member_id = ANY ($1::uuid[])", ids)  # noqa: S608 - our own names
        await tx.execute("DELETE FROM member WHERE id = ANY ($1::uuid[])", ids)
    return len(ids)
