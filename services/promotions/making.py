"""Making promo codes: one that is told to everybody, or a batch of which nobody can guess a second from a first."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.refusals import Code, Refusal
from models import database
from models.database import Record
from models.ids import uuid7
from services import programmes
from services.keyring import Keyring
from services.promotions.codes import digest, normal
from services.work import Violation, Work, work

# Without letters and digits that are taken for each other: 59 bits in twelve.
ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LETTERS: Final = 12
AT_ONCE: Final = 1_000
_BATCH: Final = """
INSERT INTO coupon_batch (id, campaign, label, codes, uses, ends_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
_CODES: Final = """
INSERT INTO coupon (id, batch_id, digest, holder_id, uses_left)
SELECT i.id, $1, i.digest, $4, $5 FROM unnest($2::uuid[], $3::bytea[]) AS i (id, digest)
"""
_LIST: Final = """
SELECT b.id, b.campaign, b.label, b.codes, b.uses, b.ends_at, b.created_at, b.cancelled_at,
    (SELECT coalesce(sum(b.uses - c.uses_left), 0) FROM coupon AS c WHERE c.batch_id = b.id)::bigint AS used
FROM coupon_batch AS b WHERE $2::text IS NULL OR b.campaign = $2 ORDER BY b.created_at DESC, b.id DESC LIMIT $1
"""
_CANCEL: Final = "UPDATE coupon_batch SET cancelled_at = $2 WHERE id = $1 AND cancelled_at IS NULL"


@dataclass(frozen=True, slots=True)
class Order:
    """What codes are wanted. With `code` it is this one; with a holder nobody else can use them."""

    campaign: str
    label: str
    count: int = 1
    uses: int = 1
    ends_at: datetime | None = None
    code: str | None = None
    holder: UUID | None = None


async def make(keyring: Keyring, order: Order, now: datetime) -> AsyncIterator[list[str]]:
    """Make codes and give them part by part, each part once it is kept; they are told here and nowhere else.

    Raises NOT_FOUND for a campaign that takes no codes, INVALID_INPUT for a code that is none or is there already.
    """
    await check(order, now)
    left = order.count
    async with work() as tx:
        batch = await begin(tx, order, now)
    while left > 0:
        try:
            async with work() as tx:
                part = await write(tx, keyring, order, batch, min(left, AT_ONCE))
        except Violation:
            if order.code is None:
                continue  # two codes alike: once in a thousand million years of making, and then simply made anew
            await cancel(batch, now)
            raise Refusal(Code.INVALID_INPUT, "promo.taken", field="code") from None
        yield part
        left -= len(part)


async def check(order: Order, now: datetime, *, path: str = "") -> None:
    """Raise NOT_FOUND for a campaign that takes no codes, INVALID_INPUT for a code that is none; `path` is the field's."""
    programme = await programmes.current(now)
    campaign = None if programme.promotions is None else programme.promotions.by_id.get(order.campaign)
    if campaign is None or not campaign.needs_code:
        raise Refusal(Code.NOT_FOUND, "promo.no_campaign", field=f"{path}campaign")
    if order.code is not None and normal(order.code) is None:
        raise Refusal(Code.INVALID_INPUT, "promo.shape", field=f"{path}code")


async def begin(tx: Work, order: Order, now: datetime) -> UUID:
    """A batch that has no codes yet."""
    batch = uuid7()
    await tx.execute(_BATCH, batch, order.campaign, order.label, order.count, order.uses, order.ends_at, now)
    return batch


async def write(tx: Work, keyring: Keyring, order: Order, batch: UUID, count: int) -> list[str]:
    """Make so many codes of a batch. Raises `Violation` for a code that is there already."""
    codes = [order.code] if order.code is not None else [_written() for _ in range(count)]
    digests = [digest(keyring, normal(code) or "") for code in codes]
    await tx.execute(_CODES, batch, [uuid7() for _ in codes], digests, order.holder, order.uses)
    return codes


async def batches(limit: int, campaign: str | None = None) -> list[Record]:
    """The batches made last, of one campaign or of all, with how often their codes were used."""
    return await database.fetch(_LIST, limit, campaign)


async def cancel(batch: UUID, now: datetime) -> bool:
    """Let no code of a batch open anything any more. False where there is no such batch, or it was cancelled."""
    return await database.execute(_CANCEL, batch, now) == "UPDATE 1"


def _written() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"
