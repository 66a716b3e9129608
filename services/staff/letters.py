"""Letters to the staff: asked for in the transaction that causes them, their links derived when the worker writes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Final
from uuid import UUID

from integrations.ports import Letter, Mailer
from models import database
from models.ids import uuid7
from services import programmes
from services.letter_words import filled_in
from services.letters import token_digest
from services.resources import Resources
from services.staff.letter_words import WITH_LINK, WORDS, Kind
from services.work import Work, work

JOB: Final = "letter.staff"
PAGE: Final = "/admin/join"
KEPT: Final = timedelta(days=30)
TOKEN_BYTES: Final = 32

_READER: Final = "SELECT status, name, email, locale FROM staff WHERE id = $1 FOR NO KEY UPDATE"
_KEEP_LINK: Final = """
INSERT INTO staff_link (id, staff_id, token_sha256, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (token_sha256) DO NOTHING
"""
_END_LINKS: Final = "UPDATE staff_link SET used_at = $2 WHERE staff_id = $1 AND used_at IS NULL"
_SWEEP: Final = "DELETE FROM staff_link WHERE id IN (SELECT id FROM staff_link WHERE expires_at < $1 LIMIT $2)"
_SWEEP_STEPS: Final = "DELETE FROM staff_step WHERE id IN (SELECT id FROM staff_step WHERE expires_at < $1 LIMIT $2)"


@dataclass(frozen=True, slots=True)
class Asked:
    """A letter somebody asked for: its own id, its reader, and when."""

    kind: Kind
    letter_id: UUID
    staff_id: UUID
    at: datetime

    @classmethod
    def of(cls, payload: Mapping[str, object]) -> "Asked":
        """The letter that a job's payload names."""
        ids = UUID(str(payload["letter_id"])), UUID(str(payload["staff_id"]))
        return cls(Kind(str(payload["letter"])), *ids, datetime.fromisoformat(str(payload["asked_at"])))


async def ask(tx: Work, kind: Kind, staff_id: UUID, now: datetime) -> None:
    """Have a letter written once the caller's transaction has committed."""
    payload: dict[str, object] = {
        "letter": kind.value,
        "letter_id": str(uuid7()),
        "staff_id": str(staff_id),
        "asked_at": now.isoformat(),
    }
    await tx.enqueue(JOB, payload, run_at=now)


async def send(payload: Mapping[str, object], resources: Resources, mailer: Mailer, now: datetime) -> None:
    """Write and send the letter of a job. May run twice: it then repeats itself."""
    letter = await written(Asked.of(payload), resources, now)
    if letter is not None:
        await mailer.send(letter)


async def written(asked: Asked, resources: Resources, now: datetime) -> Letter | None:
    """The letter, with the digest of its link kept. None where it has lost its sense meanwhile."""
    hours = resources.policy.staff_link_hours
    async with work() as tx:
        reader = await tx.fetchrow(_READER, asked.staff_id)
        if reader is None or reader["status"] != ("INVITED" if asked.kind in WITH_LINK else "ACTIVE"):
            return None
        programme = await programmes.current(now)
        facts: dict[str, str | None] = {
            "name": reader["name"],
            "programme": programme.name.in_locale(reader["locale"]),
            "base": resources.base_url,
        }
        if asked.kind in WITH_LINK:
            token = secret_of(asked, resources)
            ends = asked.at + timedelta(hours=hours)
            await tx.execute(_KEEP_LINK, uuid7(), asked.staff_id, token_digest(token), now, ends)
            facts |= {"link": f"{resources.base_url}{PAGE}?token={token}", "link_hours": str(hours)}
    return filled_in(WORDS[asked.kind][reader["locale"]], reader["locale"], reader["email"], facts)


def secret_of(asked: Asked, resources: Resources) -> str:
    """The token of a letter's link: 256 bits that only the holder of the key can name again."""
    message = f"{asked.kind}|{asked.letter_id}|{asked.staff_id}".encode()
    return resources.keyring.mac("staff-letter-token", message).hex()


async def hand_over(tx: Work, staff_id: UUID, resources: Resources, now: datetime) -> str:
    """A link that is handed over without a letter, shown this once."""
    token = token_urlsafe(TOKEN_BYTES)
    ends = now + timedelta(hours=resources.policy.staff_link_hours)
    await tx.execute(_KEEP_LINK, uuid7(), staff_id, token_digest(token), now, ends)
    return f"{resources.base_url}{PAGE}?token={token}"


async def end_links(tx: Work, staff_id: UUID, now: datetime) -> None:
    """Let no earlier link of somebody open anything."""
    await tx.execute(_END_LINKS, staff_id, now)


async def sweep(now: datetime) -> int:
    """Delete steps that ended yesterday and links that ended a month ago, and say how many."""
    steps = await database.sweep(_SWEEP_STEPS, now - timedelta(days=1))
    return steps + await database.sweep(_SWEEP, now - KEPT)
