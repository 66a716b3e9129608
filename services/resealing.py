"""Sealing every secret anew under the newest key, so that an older key can be taken out of the key file."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from models import database
from models.database import Record
from services import cards
from services.keyring import Keyring
from services.shop import codes
from services.staff import second_factor
from services.webhooks import sealing

BATCH: Final = 500
_FIRST: Final = UUID(int=0)

_COUNT: Final = """
SELECT get_byte(sealed, 0) AS kid, count(*) AS secrets FROM (
    SELECT sealed FROM qr_credential UNION ALL SELECT totp_sealed FROM staff WHERE totp_sealed IS NOT NULL
    UNION ALL SELECT sealed FROM webhook_endpoint UNION ALL SELECT sealed FROM shop_voucher
    UNION ALL SELECT former_sealed FROM webhook_endpoint WHERE former_sealed IS NOT NULL
) AS s GROUP BY 1 ORDER BY 1
"""
_NEXT_ROOTS: Final = """
SELECT id, member_id, sealed FROM qr_credential WHERE id > $1 AND get_byte(sealed, 0) <> $2 ORDER BY id LIMIT $3
"""
_NEXT_FACTORS: Final = """
SELECT id, totp_sealed AS sealed FROM staff WHERE id > $1 AND get_byte(totp_sealed, 0) <> $2 ORDER BY id LIMIT $3
"""
_NEXT_WEBHOOKS: Final = """
SELECT id, sealed FROM webhook_endpoint WHERE id > $1 AND get_byte(sealed, 0) <> $2 ORDER BY id LIMIT $3
"""
_NEXT_FORMER: Final = """
SELECT id, former_sealed AS sealed FROM webhook_endpoint WHERE id > $1 AND get_byte(former_sealed, 0) <> $2
ORDER BY id LIMIT $3
"""
_NEXT_VOUCHERS: Final = """
SELECT id, sealed FROM shop_voucher WHERE id > $1 AND get_byte(sealed, 0) <> $2 ORDER BY id LIMIT $3
"""
# A secret never changes in place, so only a sealing that somebody else renewed meanwhile is left alone.
_WRITE_ROOTS: Final = """
UPDATE qr_credential AS q SET sealed = n.fresh
FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS n (id, stale, fresh) WHERE q.id = n.id AND q.sealed = n.stale
"""
_WRITE_FACTORS: Final = """
UPDATE staff AS a SET totp_sealed = n.fresh
FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS n (id, stale, fresh) WHERE a.id = n.id AND a.totp_sealed = n.stale
"""
_WRITE_WEBHOOKS: Final = """
UPDATE webhook_endpoint AS e SET sealed = n.fresh
FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS n (id, stale, fresh) WHERE e.id = n.id AND e.sealed = n.stale
"""
_WRITE_FORMER: Final = """
UPDATE webhook_endpoint AS e SET former_sealed = n.fresh
FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS n (id, stale, fresh) WHERE e.id = n.id AND e.former_sealed = n.stale
"""
_WRITE_VOUCHERS: Final = """
UPDATE shop_voucher AS v SET sealed = n.fresh
FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS n (id, stale, fresh) WHERE v.id = n.id AND v.sealed = n.stale
"""


async def sealed_by_key() -> dict[int, int]:
    """How many secrets (roots of cards, second factors, webhooks, vouchers) lie under each key of the key file, by its number."""
    return {row["kid"]: row["secrets"] for row in await database.fetch(_COUNT)}


async def reseal(keyring: Keyring, *, tell: Callable[[int], None] = lambda _done: None) -> int:
    """Seal every secret anew that lies under another key than the newest, and say how many. May be broken off and repeated.

    Raises `Unopenable` for a secret whose key is gone; those before it are done.
    """
    done = 0
    for following, write, bound_to in (
        (_NEXT_ROOTS, _WRITE_ROOTS, _root),
        (_NEXT_FACTORS, _WRITE_FACTORS, _factor),
        (_NEXT_WEBHOOKS, _WRITE_WEBHOOKS, _webhook),
        (_NEXT_FORMER, _WRITE_FORMER, _webhook),
        (_NEXT_VOUCHERS, _WRITE_VOUCHERS, _voucher),
    ):
        last = _FIRST
        while rows := await database.fetch(following, last, keyring.newest, BATCH):
            fresh = [keyring.seal(keyring.open(row["sealed"], bound_to(row)), bound_to(row)) for row in rows]
            await database.execute(write, [row["id"] for row in rows], [row["sealed"] for row in rows], fresh)
            done, last = done + len(rows), rows[-1]["id"]
            tell(done)
    return done


def _root(row: Record) -> bytes:
    return cards.aad(row["id"], row["member_id"])


def _webhook(row: Record) -> bytes:
    return sealing.aad(row["id"])


def _factor(row: Record) -> bytes:
    return second_factor.aad(row["id"])


def _voucher(row: Record) -> bytes:
    return codes.aad(row["id"])
