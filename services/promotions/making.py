"""Making promo codes: one that is told to everybody, or a batch of which nobody can guess a second from a first."""

import secrets
from collections.abc import AsyncIterator, Sequence
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
_MANY: Final = len(ALPHABET) ** LETTERS
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
FROM coupon_batch AS b WHERE ($2::text IS NULL OR b.campaign = $2) AND ($3::uuid IS NULL OR b.id = $3)
ORDER BY b.created_at DESC, b.id DESC LIMIT $1
"""
_KNOWN: Final = "SELECT count(*) FROM coupon WHERE batch_id = $1 AND digest = ANY ($2::bytea[])"
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
        batch = await begin(tx, order, uuid7(), now)
    while left > 0:
        part = drawn(keyring, order, min(left, AT_ONCE))
        try:
            async with work() as tx:
                await write(tx, keyring, order, batch, part)
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


async def begin(tx: Work, order: Order, batch: UUID, now: datetime) -> UUID:
    """A batch of this id that has no codes yet."""
    await tx.execute(_BATCH, batch, order.campaign, order.label, order.count, order.uses, order.ends_at, now)
    return batch


async def write(tx: Work, keyring: Keyring, order: Order, batch: UUID, codes: Sequence[str]) -> None:
    """Keep codes of a batch as their digests. Raises `Violation` for a code that is there already."""
    digests = [digest(keyring, normal(code) or "") for code in codes]
    await tx.execute(_CODES, batch, [uuid7() for _ in codes], digests, order.holder, order.uses)


def drawn(keyring: Keyring, order: Order, count: int, secret: bytes | None = None) -> list[str]:
    """The codes of an order. A secret draws the same ones again, which nobody else can without the key of the house."""
    if order.code is not None:
        return [order.code]
    if secret is None:
        return [_written(secrets.randbelow(_MANY)) for _ in range(count)]
    parts = (secret + place.to_bytes(4, "big") for place in range(count))
    return [_written(int.from_bytes(keyring.mac("promo-code-drawn", part), "big")) for part in parts]


async def are_of(batch: UUID, keyring: Keyring, codes: Sequence[str]) -> bool:
    """Whether these are codes of a batch: after a change of the key of the house a secret draws others."""
    digests = [digest(keyring, normal(code) or "") for code in codes]
    found: int = await database.fetchval(_KNOWN, batch, digests)
    return found == len(codes)


async def batches(limit: int, campaign: str | None = None, *, batch: UUID | None = None) -> list[Record]:
    """The batches made last, of one campaign or of all, or one of them, with how often their codes were used."""
    return await database.fetch(_LIST, limit, campaign, batch)


async def cancel(batch: UUID, now: datetime) -> bool:
    """Let no code of a batch open anything any more. False where there is no such batch, or it was cancelled."""
    return await database.execute(_CANCEL, batch, now) == "UPDATE 1"


def _written(number: int) -> str:
    letters = ""
    for _ in range(LETTERS):
        number, place = divmod(number, len(ALPHABET))
        letters += ALPHABET[place]
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"
