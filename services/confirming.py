"""Confirming an address: a letter answered in time makes a profile a member with a card."""

from datetime import datetime
from hmac import compare_digest
from typing import Final, Literal
from uuid import UUID

from loyalty import people
from loyalty.refusals import Code, Refusal
from models import database
from models.database import Violation
from services import callers, cards, ledger, letters
from services.callers import Caller
from services.joining import DAY_SECONDS, HOUR_SECONDS
from services.letter_words import Kind
from services.openings.claiming import claim
from services.resources import Resources
from services.work import Work, work

Contact = Literal["EMAIL", "PHONE"]
CODE_TYPED_LENGTH_MAX: Final = 16

_BY_LINK: Final = "SELECT member_id FROM mail_token WHERE token_sha256 = $1 AND purpose = 'CONFIRM' AND expires_at > $2"
# Rivals wait here for each other, in one order, and each sees what the one before has left.
_TRY_CODE: Final = """
WITH live AS (
    SELECT c.member_id FROM contact AS k
    JOIN member AS m ON m.id = k.member_id AND m.status IN ('PENDING_CONFIRMATION', 'ACTIVE', 'BLOCKED')
    JOIN mail_code AS c ON c.member_id = m.id
    WHERE k.kind = 'EMAIL' AND k.value = $1 AND k.verified_at IS NULL AND c.tries_left > 0 AND c.expires_at > $2
    ORDER BY c.member_id FOR UPDATE OF c
)
UPDATE mail_code AS c SET tries_left = c.tries_left - 1 FROM live WHERE c.member_id = live.member_id
RETURNING c.member_id, c.code_sha256
"""
_LOCK: Final = "SELECT status FROM member WHERE id = $1 FOR UPDATE"
_VERIFY: Final = """
UPDATE contact SET verified_at = $2 WHERE member_id = $1 AND kind = $3 AND verified_at IS NULL RETURNING value
"""
_ACTIVATE: Final = """
UPDATE member SET status = 'ACTIVE', confirmed_at = $2 WHERE id = $1 AND status = 'PENDING_CONFIRMATION'
RETURNING number, plastic_number
"""
_ADDRESS: Final = "SELECT value FROM contact WHERE member_id = $1 AND kind = 'EMAIL'"


async def confirm_by_link(token: str, now: datetime, *, signed_in: UUID | None = None) -> str:
    """Activate the profile of a link and give its address. Doing so twice gives the address again and no second card.

    Raises TOKEN_NOT_ACCEPTED for a link that is unknown, too old, or whose address another profile has confirmed, and for
    the address of somebody who is a member by phone already and is not `signed_in`.
    """
    member_id = await database.fetchval(_BY_LINK, letters.token_digest(token), now)
    if member_id is None:
        raise Refusal(Code.TOKEN_NOT_ACCEPTED, "join.link_not_accepted", field="token")
    return await _activated(member_id, None, now, signed_in)


async def confirm_by_code(
    email: str, code: str, caller: Caller, resources: Resources, now: datetime, *, signed_in: UUID | None = None
) -> str:
    """Activate the profile of an address by the six digits of its newest letter. Every try counts, the right one too."""
    address = people.email(email, field="email")
    digits = "".join(code.split()) if len(code) <= CODE_TYPED_LENGTH_MAX else code
    if len(digits) != letters.CODE_DIGITS or not (digits.isascii() and digits.isdigit()):
        raise Refusal(Code.INVALID_INPUT, "join.code_shape", field="code")
    policy = resources.policy
    await callers.spend_of_address(
        resources, "code.ip", caller, limit=policy.code_tries_per_ip_hour, window_seconds=HOUR_SECONDS, now=now
    )
    await callers.spend(
        resources, "code.address", address, limit=policy.code_tries_per_address_day, window_seconds=DAY_SECONDS, now=now
    )
    for row in await database.fetch(_TRY_CODE, address, now):
        digest = letters.code_digest(row["member_id"], digits, resources)
        if compare_digest(row["code_sha256"], digest):
            return await _activated(row["member_id"], digest, now, signed_in)
    raise Refusal(Code.TOKEN_NOT_ACCEPTED, "join.code_not_accepted", field="code")


async def _activated(member_id: UUID, code_sha256: bytes | None, now: datetime, signed_in: UUID | None) -> str:
    try:
        async with work() as tx:
            return await _activate(tx, member_id, code_sha256, now, signed_in)
    except Violation as violation:
        if violation.constraint == "contact_verified":  # INV-12: another profile with this address was quicker
            raise Refusal(Code.TOKEN_NOT_ACCEPTED, "join.address_taken") from None
        raise


async def _activate(tx: Work, member_id: UUID, code_sha256: bytes | None, now: datetime, signed_in: UUID | None) -> str:
    """One member, one card, whatever comes at once: rivals wait on the member's row and find it active."""
    member = await tx.fetchrow(_LOCK, member_id)
    if member is None or member["status"] not in ("PENDING_CONFIRMATION", "ACTIVE", "BLOCKED"):
        raise Refusal(Code.TOKEN_NOT_ACCEPTED, "join.link_not_accepted")
    spent = await tx.fetchval(
        "DELETE FROM mail_code WHERE member_id = $1 AND ($2::bytea IS NULL OR code_sha256 = $2) RETURNING 1",
        *(member_id, code_sha256),
    )
    if code_sha256 is not None and spent is None:  # a code is used once
        raise Refusal(Code.TOKEN_NOT_ACCEPTED, "join.code_not_accepted", field="code")
    if member["status"] == "PENDING_CONFIRMATION":
        await activate(tx, member_id, "EMAIL", now)
    elif await tx.fetchval(_VERIFY, member_id, now, "EMAIL") is not None:
        # Joined at a till by a code on the phone. Whoever typed the address there may have typed another one, and an
        # address that is proved opens the account by a new password: only its owner, signed in, makes it so.
        if signed_in != member_id:
            raise Refusal(Code.TOKEN_NOT_ACCEPTED, "join.sign_in_first")
        await claim(tx, member_id, now)
        await letters.ask(tx, Kind.WELCOME, member_id, now)
    return str(await tx.fetchval(_ADDRESS, member_id))


async def activate(tx: Work, member_id: UUID, proved: Contact, now: datetime) -> None:
    """Make a profile that waits a member with books and a card, by the contact its owner has just proved.

    Its row is locked. Raises the violation `contact_verified` where somebody else proved that contact first (INV-12).
    """
    await tx.execute(_VERIFY, member_id, now, proved)
    member = await tx.fetchrow(_ACTIVATE, member_id, now)
    assert member is not None  # noqa: S101 - its row is locked, and it waits
    await ledger.open_books(tx, member_id, now)
    await cards.issue_card(tx, member_id, member["number"], member["plastic_number"], now)
    await claim(tx, member_id, now)
    # An address that is not proved yet gets the letter that proves it, and the welcome after that.
    await letters.ask(tx, Kind.WELCOME if proved == "EMAIL" else Kind.CONFIRMATION, member_id, now)
