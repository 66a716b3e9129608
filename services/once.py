"""Idempotency: what a key stands for, and how an answered command is recognised when it comes again."""

from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

import orjson

from loyalty.refusals import Code, Refusal
from loyalty.texts import clean
from services.work import Work

KEY_MAX: Final = 255
FIELD: Final = "input.idempotencyKey"
_CLAIM: Final = """
INSERT INTO once_answer (id, operation, body_sha256, answer, created_at) VALUES ($1, $2, $3, $4::jsonb, $5)
ON CONFLICT (id) DO NOTHING
"""
_BODY: Final = "SELECT body_sha256 FROM once_answer WHERE id = $1"


def key_text(key: str, *, field: str = FIELD) -> str:
    """An idempotency key of 1 to 255 printable characters, or INVALID_INPUT that names the field."""
    return clean(key, field=field, length_max=KEY_MAX)


def claim_of(caller: UUID, operation: str, key: str) -> UUID:
    """The row that a caller's key of an operation claims: 128 bits of its digest."""
    return UUID(bytes=sha256(f"{caller}|{operation}|{key}".encode()).digest()[:16])


def body_of(*facts: object) -> bytes:
    """The digest of a command's body. Give it values that print alike for alike commands."""
    return sha256(orjson.dumps(facts, default=str, option=orjson.OPT_UTC_Z)).digest()


def key_reused(*, field: str = FIELD) -> Refusal:
    """The refusal of a key that already stands for another command."""
    return Refusal(Code.KEY_REUSED, "once.key_reused", field=field)


async def is_first(
    tx: Work, claim: UUID, operation: str, *, body: bytes, about: UUID | None, now: datetime, field: str = FIELD
) -> bool:
    """Claim a key for a command whose answer is read from the row it is `about`; False where it was answered before.

    Raises KEY_REUSED.
    """
    answer = orjson.dumps({} if about is None else {"id": str(about)}).decode()
    if await tx.execute(_CLAIM, claim, operation, body, answer, now) == "INSERT 0 1":
        return True
    if bytes(await tx.fetchval(_BODY, claim)) != body:
        raise key_reused(field=field)
    return False
