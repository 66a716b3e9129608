"""A member's command about a family: carried out once under its key, in one short unit of work."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self
from uuid import UUID

import orjson

from loyalty.families import FamilyTerms
from loyalty.programme import Programme
from loyalty.refusals import Code, Refusal
from models import database
from services import once, programmes
from services.crowds import in_line
from services.resources import Resources
from services.work import Work, again, work

Answer = Mapping[str, Any]

_ANSWER: Final = "SELECT body_sha256, answer FROM once_answer WHERE id = $1"
_CLAIM: Final = """
INSERT INTO once_answer (id, operation, body_sha256, answer, created_at) VALUES ($1, $2, $3, NULL, $4)
ON CONFLICT (id) DO NOTHING
"""
_KEEP: Final = "UPDATE once_answer SET answer = $2::jsonb WHERE id = $1"
_TOLD: Final = """
INSERT INTO card_activity (member_id, kind, purchase_id, at)
SELECT unnest($1::uuid[]), 'FAMILY_CHANGED', NULL, $2
"""
_SEATED: Final = "SELECT member_id FROM family_seat WHERE family_id = $1 AND left_at IS NULL"


@dataclass(frozen=True, slots=True)
class Command:
    """What one member asks for under a key. `facts` are what the body's digest is made of."""

    member: UUID
    operation: str
    key: str
    now: datetime
    facts: tuple[object, ...] = ()

    def about(self, *facts: object) -> Self:
        """The same command with what it is about."""
        return type(self)(self.member, self.operation, self.key, self.now, facts)


async def carry_out(command: Command, do: Callable[[Work, float], Awaitable[Answer]]) -> Answer:
    """Run `do(tx, patience)` once for the command's key and keep its answer; a repetition hears it again.

    Only what succeeds is kept: after a refusal the key is free. Raises KEY_REUSED, BUSY and whatever `do` refuses.
    """
    claim = once.claim_of(command.member, command.operation, once.key_text(command.key))
    body = once.body_of(*command.facts)

    async def attempt(patience: float) -> Answer | None:
        async with work() as tx:
            await tx.execute(f"SET LOCAL lock_timeout = '{round(patience * 1000)}ms'")
            if await tx.execute(_CLAIM, claim, command.operation, body, command.now) == "INSERT 0 0":
                return None
            answer = await do(tx, patience)
            await tx.execute(_KEEP, claim, orjson.dumps(answer, default=str).decode())
        return answer

    told = await _told(claim, body)
    if told is not None:
        return told
    async with in_line(command.member) as patience:
        made = await again(lambda: attempt(patience))
    made = made if made is not None else await _told(claim, body)
    if made is None:
        raise Refusal(Code.BUSY, "busy", retryable=True, retry_after_seconds=1)
    return made


async def terms_now(now: datetime, *, pool: bool = False) -> tuple[Programme, FamilyTerms]:
    """The programme and its rules of families. Raises NOT_FOUND where it has none, or no `pool`."""
    programme = await programmes.current(now)
    if programme.family is None:
        raise Refusal(Code.NOT_FOUND, "family.none_here")
    if pool and not programme.family.pool:
        raise Refusal(Code.NOT_FOUND, "family.no_pool")
    return programme, programme.family


async def seated(tx: Work, family: UUID) -> list[UUID]:
    """Whoever sits in a family now."""
    return [row["member_id"] for row in await tx.fetch(_SEATED, family)]


async def tell(tx: Work, resources: Resources, family: UUID, now: datetime, *others: UUID) -> None:
    """Tell the phones of everybody who sits there, and of others, that the family has changed."""
    members = sorted({*await seated(tx, family), *others})
    await tx.execute(_TOLD, members, now)
    for member in members:
        tx.after_commit(lambda member=member: resources.bus.publish(member, "FAMILY_CHANGED", None, now))  # type: ignore[misc]


async def _told(claim: UUID, body: bytes) -> Answer | None:
    found = await database.fetchrow(_ANSWER, claim)
    if found is None or found["answer"] is None:
        return None
    if bytes(found["body_sha256"]) != body:
        raise once.key_reused()
    answer: Answer = orjson.loads(found["answer"])
    return answer
