"""Sealing every root anew under the newest key, so that an older key can be taken out of the key file."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from models import database
from services.cards import aad
from services.keyring import Keyring

BATCH: Final = 500
_FIRST: Final = UUID(int=0)

_COUNT: Final = "SELECT get_byte(sealed, 0) AS kid, count(*) AS roots FROM qr_credential GROUP BY 1 ORDER BY 1"
_NEXT: Final = """
SELECT id, member_id, sealed FROM qr_credential WHERE id > $1 AND get_byte(sealed, 0) <> $2 ORDER BY id LIMIT $3
"""
# A root never changes, so only a sealing that somebody else renewed meanwhile is left alone.
_WRITE: Final = """
UPDATE qr_credential AS q SET sealed = n.fresh
FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS n (id, stale, fresh) WHERE q.id = n.id AND q.sealed = n.stale
"""


async def sealed_by_key() -> dict[int, int]:
    """How many roots lie sealed under each key of the key file, by its number."""
    return {row["kid"]: row["roots"] for row in await database.fetch(_COUNT)}


async def reseal(keyring: Keyring, *, tell: Callable[[int], None] = lambda _done: None) -> int:
    """Seal every root anew that lies under another key than the newest, and say how many. May be broken off and repeated.

    Raises `Unopenable` for a root whose key is gone; those before it are done.
    """
    done, last = 0, _FIRST
    while rows := await database.fetch(_NEXT, last, keyring.newest, BATCH):
        fresh = []
        for row in rows:
            bound_to = aad(row["id"], row["member_id"])
            fresh.append(keyring.seal(keyring.open(row["sealed"], bound_to), bound_to))
        await database.execute(_WRITE, [row["id"] for row in rows], [row["sealed"] for row in rows], fresh)
        done, last = done + len(rows), rows[-1]["id"]
        tell(done)
    return done
