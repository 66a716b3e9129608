"""Cards and the keys that let a phone draw their rotating code. Root secrets never leave this floor."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from secrets import randbelow, token_bytes
from typing import Final
from uuid import UUID

from loyalty import codes
from loyalty.refusals import Code, Refusal
from models import database
from models.database import Record
from models.ids import uuid7
from services.keyring import Keyring, Unopenable
from services.work import Work, work

KEY_LIFE: Final = timedelta(hours=72)
DAYS_AHEAD: Final = 3
DEVICES_MAX: Final = 5
DEVICE_NAME_MAX: Final = 64

_ISSUE: Final = """
INSERT INTO card (id, member_id, number, kind, status, issued_at) VALUES ($1, $2, $3, 'VIRTUAL', 'ACTIVE', $4)
"""
_KEEP_PLASTIC: Final = """
INSERT INTO card (id, member_id, number, kind, status, issued_at, replaced_by)
VALUES ($1, $2, $3, 'PLASTIC', 'REPLACED', $4, $5) ON CONFLICT (number) DO NOTHING
"""
# No stronger a lock: a scan holds the credential while its ticket points at the card, and would wait here in a ring.
_LOCK_CARD: Final = """
SELECT c.id, c.status = 'ACTIVE' AND m.status = 'ACTIVE' AS is_open FROM card AS c JOIN member AS m ON m.id = c.member_id
WHERE c.member_id = $1 AND c.status IN ('ACTIVE', 'BLOCKED') FOR NO KEY UPDATE OF c
"""
_HOLD_SESSION: Final = "SELECT 1 FROM session WHERE id = $1 AND member_id = $2 AND revoked_at IS NULL FOR SHARE"
_CREDENTIALS: Final = """
SELECT id, device, handle, sealed FROM qr_credential WHERE member_id = $1 AND state = 'ACTIVE'
ORDER BY coalesce(last_used_at, keys_issued_at) DESC, id DESC
"""
_SWEEP: Final = """
DELETE FROM qr_credential WHERE id IN (SELECT id FROM qr_credential WHERE state = 'REVOKED' AND keys_issued_at < $1 LIMIT $2)
"""
_INSERT: Final = """
INSERT INTO qr_credential (id, member_id, card_id, session_id, device, handle, sealed, state, last_step, created_at,
    keys_issued_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'ACTIVE', 0, $8, $8) ON CONFLICT (handle) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class CardKey:
    """What one device needs to draw codes until `valid_until`: a handle and a key for each UTC day."""

    handle: str
    server_time: datetime
    valid_until: datetime
    days: tuple[tuple[date, bytes], ...]


def aad(credential: UUID, member: UUID) -> bytes:
    """What a sealed root is bound to: a blob moved to another row no longer opens."""
    return f"qr|cred={credential}|member={member}".encode()


async def issue_card(tx: Work, member_id: UUID, number: str, plastic: str | None, now: datetime) -> UUID:
    """Issue the virtual card of a member who has just been confirmed; an old card is kept as replaced by it.

    A plastic number that somebody else has brought in meanwhile is left out: it is accepted once.
    """
    card = uuid7()
    await tx.execute(_ISSUE, card, member_id, number, now)
    if plastic is not None:
        await tx.execute(_KEEP_PLASTIC, uuid7(), member_id, plastic, now, card)
    return card


async def issue_card_key(keyring: Keyring, *, member_id: UUID, session_id: UUID, device: str, now: datetime) -> CardKey:
    """Give a device its handle and day keys; the same device keeps its handle, the sixth device ends the longest unused.

    Raises CARD_NOT_ACCEPTED when the card is blocked, UNAUTHENTICATED when the session has ended meanwhile, INVALID_INPUT for a device of no or too many characters.
    """
    if not 1 <= len(device) <= DEVICE_NAME_MAX:
        raise Refusal(Code.INVALID_INPUT, "card.device", field="device")
    async with work() as tx:
        # The session before the card, as signing out does: a key is never left behind by a session that has just ended.
        if await tx.fetchval(_HOLD_SESSION, session_id, member_id) is None:
            raise Refusal(Code.UNAUTHENTICATED, "unauthenticated")
        card = await tx.fetchrow(_LOCK_CARD, member_id)
        if card is None or not card["is_open"]:
            raise Refusal(Code.CARD_NOT_ACCEPTED, "card.blocked")
        held = await tx.fetch(_CREDENTIALS, member_id)
        mine = next((row for row in held if row["device"] == device), None)
        root = None if mine is None else _root(keyring, mine, member_id)
        if mine is not None and root is not None:
            handle = mine["handle"]
            await tx.execute(
                "UPDATE qr_credential SET keys_issued_at = $2, session_id = $3 WHERE id = $1",
                *(mine["id"], now, session_id),
            )
        else:
            others = [row for row in held if row is not mine]
            for row in [*others[DEVICES_MAX - 1 :], *([] if mine is None else [mine])]:
                await tx.execute("UPDATE qr_credential SET state = 'REVOKED' WHERE id = $1", row["id"])
            credential, root = uuid7(), token_bytes(codes.ROOT_BYTES)
            sealed = keyring.seal(root, aad(credential, member_id))
            handle = await _insert(tx, (credential, member_id, card["id"], session_id, device), sealed, now)
    today = codes.day_of(codes.step_at(int(now.timestamp())))
    days = tuple(today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD + 1))
    return CardKey(handle, now, now + KEY_LIFE, tuple((day, codes.day_key(root, day)) for day in days))


def _root(keyring: Keyring, held: Record, member_id: UUID) -> bytes | None:
    """The root of a credential, or None where the key it lies under is lost: its device then gets another one."""
    try:
        return keyring.open(held["sealed"], aad(held["id"], member_id))
    except Unopenable:
        return None


async def _insert(tx: Work, owner: tuple[UUID, UUID, UUID, UUID, str], sealed: bytes, now: datetime) -> str:
    """Write a credential of `owner` (credential, member, card, session, device) under a handle nobody has."""
    while True:
        handle = f"{randbelow(10**codes.HANDLE_DIGITS):0{codes.HANDLE_DIGITS}d}"
        if await tx.execute(_INSERT, *owner, handle, sealed, now) == "INSERT 0 1":
            return handle


async def sweep(now: datetime) -> int:
    """Delete credentials that ended before the last keys of theirs did; gives their number."""
    return await database.sweep(_SWEEP, now - KEY_LIFE)


async def revoke_credentials(
    tx: Work, now: datetime, *, member_id: UUID | None = None, session_id: UUID | None = None
) -> None:
    """End the codes of a member, or those that one session issued. The next scan of them is refused at once."""
    del now  # the state alone decides; nothing is kept of when
    if member_id is not None:
        await tx.execute("UPDATE qr_credential SET state = 'REVOKED' WHERE member_id = $1", member_id)
    if session_id is not None:
        await tx.execute("UPDATE qr_credential SET state = 'REVOKED' WHERE session_id = $1", session_id)
