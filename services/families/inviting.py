"""Founding a family, inviting into it by a link that works once, and joining by one.

The token of a link is derived from the invitation's id and a key that is not in the database, so that the head can show it
again; the database keeps its digest.
"""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from hmac import compare_digest
from typing import Final
from uuid import UUID

from loyalty.families import Role
from loyalty.refusals import Code, Refusal
from models import database
from models.database import Record
from models.ids import uuid7
from services.families import keyed, locking, progress, seats
from services.families.keyed import Answer, Command
from services.resources import Resources
from services.work import Work

OPEN_MAX: Final = 10
TOKEN_MAX: Final = 64

_FOUND: Final = """
WITH made AS (
    INSERT INTO family (id, available, held, version, heir_id, created_at, ended_at)
    VALUES ($1, 0, 0, 0, NULL, $4, NULL) RETURNING id
)
INSERT INTO family_seat (id, family_id, member_id, role, shows_purchases, joined_at, left_at, left_how)
SELECT $2, id, $3, 'HEAD', false, $4, NULL, NULL FROM made
"""
_SITS: Final = "SELECT family_id FROM family_seat WHERE member_id = $1 AND left_at IS NULL"
_OPEN: Final = """
SELECT count(*) FROM family_invite
WHERE family_id = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $2
"""
_INVITE: Final = """
INSERT INTO family_invite (id, family_id, invited_by, role, token_sha256, created_at, expires_at, used_at, used_by,
    revoked_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, NULL, NULL)
"""
_REVOKE: Final = """
UPDATE family_invite SET revoked_at = $3 WHERE id = $1 AND family_id = $2 AND used_at IS NULL
RETURNING id
"""
_OF_LINK: Final = """
SELECT i.id, i.family_id, i.role, i.expires_at, i.used_by, i.revoked_at, i.token_sha256, f.ended_at,
    m.first_name AS invited_by,
    (SELECT count(*) FROM family_seat AS s WHERE s.family_id = i.family_id AND s.left_at IS NULL) AS seats
FROM family_invite AS i JOIN family AS f ON f.id = i.family_id JOIN member AS m ON m.id = i.invited_by
WHERE i.token_sha256 = $1
"""
_JOIN: Final = """
INSERT INTO family_seat (id, family_id, member_id, role, shows_purchases, joined_at, left_at, left_how)
VALUES ($1, $2, $3, $4, false, $5, NULL, NULL)
"""
_USE: Final = "UPDATE family_invite SET used_at = $3, used_by = $2 WHERE id = $1"


class InviteState(StrEnum):
    """What an invitation is worth now."""

    OPEN = "OPEN"
    USED = "USED"
    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"
    FULL = "FULL"


@dataclass(frozen=True, slots=True)
class Invitation:
    """What somebody with a link is shown: who invites by first name, as what, until when, and whether it still works."""

    invited_by: str
    role: Role
    expires_at: datetime
    state: InviteState


async def found(resources: Resources, command: Command) -> UUID:
    """Start a family with the member at its head. Raises ALREADY_IN_FAMILY, and NOT_FOUND where there are none."""
    await keyed.terms_now(command.now)

    async def do(tx: Work, patience: float) -> Answer:
        await locking.lock(tx, [command.member], [], patience)
        if await tx.fetchval(_SITS, command.member) is not None:
            raise _already()
        family = uuid7()
        await tx.execute(_FOUND, family, uuid7(), command.member, command.now)
        await keyed.tell(tx, resources, family, command.now)
        return {"family": family}

    return _id(await keyed.carry_out(command, do), "family")


async def invite(resources: Resources, command: Command, role: Role) -> UUID:
    """Open a seat for whoever comes with the link; the head alone may. Gives the invitation.

    Raises NOT_IN_FAMILY, FORBIDDEN, FAMILY_FULL, and LIMIT_REACHED for more open links than anybody needs.
    """
    _, terms = await keyed.terms_now(command.now)
    now = command.now
    if role is Role.HEAD:
        raise Refusal(Code.INVALID_INPUT, "family.invite_role", field="input.role")

    async def do(tx: Work, patience: float) -> Answer:
        household = await seats.lock_as_head(tx, command.member, patience, now)
        if len(household.seats) >= terms.seats:
            raise _full(terms.seats)
        if await tx.fetchval(_OPEN, household.id, now) >= OPEN_MAX:
            raise Refusal(Code.LIMIT_REACHED, "family.invites_open", invites=OPEN_MAX)
        made = uuid7()
        ends = now + timedelta(hours=terms.invite_hours)
        token = digest(token_of(made, resources))
        await tx.execute(_INVITE, made, household.id, command.member, role.value, token, now, ends)
        return {"invite": made}

    return _id(await keyed.carry_out(command.about(role.value), do), "invite")


async def revoke(command: Command, invitation: UUID) -> UUID:
    """Take an invitation back. Twice is the same. Raises NOT_FOUND for one that was used or is another family's."""

    async def do(tx: Work, patience: float) -> Answer:
        household = await seats.lock_as_head(tx, command.member, patience, command.now)
        if await tx.fetchval(_REVOKE, invitation, household.id, command.now) is None:
            raise Refusal(Code.NOT_FOUND, "family.invite_unknown", field="input.invite")
        return {"invite": invitation}

    return _id(await keyed.carry_out(command.about(invitation), do), "invite")


async def look(token: str, now: datetime) -> Invitation | None:
    """What a link says, to anybody who has it; None for one that was never given."""
    row = await database.fetchrow(_OF_LINK, digest(token)) if len(token) <= TOKEN_MAX else None
    if row is None:
        return None
    _, terms = await keyed.terms_now(now)
    state = _state(row, terms.seats, now)
    return Invitation(row["invited_by"], Role(row["role"]), row["expires_at"], state)


async def accept(resources: Resources, command: Command, token: str) -> UUID:
    """Sit down by an invitation; gives the family. Who used it and still sits there hears the same again.

    Raises TOKEN_NOT_ACCEPTED (never given, ended, taken back, used), ALREADY_IN_FAMILY, FAMILY_FULL.
    """
    _, terms = await keyed.terms_now(command.now)
    shown = digest(token[: TOKEN_MAX + 1])
    family = await database.fetchval("SELECT family_id FROM family_invite WHERE token_sha256 = $1", shown)
    if family is None:
        raise _not_accepted("family.token_unknown")

    async def do(tx: Work, patience: float) -> Answer:
        await locking.lock(tx, [command.member], [family], patience)
        row = await tx.fetchrow(_OF_LINK, shown)
        assert row is not None  # noqa: S101 - invitations are never deleted
        sits = await tx.fetchval(_SITS, command.member)
        if row["used_by"] == command.member and sits == family:
            return {"family": family}
        state = _state(row, terms.seats, command.now)
        if state in _WORDS:
            raise _not_accepted(_WORDS[state])
        if sits is not None:
            raise _already()
        if state is InviteState.FULL:
            raise _full(terms.seats)
        async with progress.shifting(tx, [*await keyed.seated(tx, family), command.member], command.now):
            await tx.execute(_JOIN, uuid7(), family, command.member, row["role"], command.now)
        await tx.execute(_USE, row["id"], command.member, command.now)
        await keyed.tell(tx, resources, family, command.now)
        return {"family": family}

    return _id(await keyed.carry_out(command.about(shown.hex()), do), "family")


def token_of(invitation: UUID, resources: Resources) -> str:
    """The token of an invitation's link."""
    return urlsafe_b64encode(resources.keyring.mac("family-invite", invitation.bytes)).decode().rstrip("=")


def shown_again(invitation: UUID, kept: bytes, resources: Resources) -> str | None:
    """The token once more; None after the keys were rotated, for it cannot be computed any longer."""
    token = token_of(invitation, resources)
    return token if compare_digest(digest(token), kept) else None


def digest(token: str) -> bytes:
    """What is kept of a token: it is random enough for a plain hash."""
    return sha256(token.encode("utf-8", "surrogatepass")).digest()


_WORDS: Final = {
    InviteState.USED: "family.token_used",
    InviteState.EXPIRED: "family.token_expired",
    InviteState.REVOKED: "family.token_revoked",
}


def _state(row: Record, seats_max: int, now: datetime) -> InviteState:
    if row["used_by"] is not None:
        return InviteState.USED
    if row["revoked_at"] is not None or row["ended_at"] is not None:
        return InviteState.REVOKED
    if row["expires_at"] <= now:
        return InviteState.EXPIRED
    return InviteState.FULL if row["seats"] >= seats_max else InviteState.OPEN


def _id(answer: Answer, name: str) -> UUID:
    return UUID(str(answer[name]))


def _already() -> Refusal:
    return Refusal(Code.ALREADY_IN_FAMILY, "family.already_in")


def _full(most: int) -> Refusal:
    return Refusal(Code.FAMILY_FULL, "family.full", seats=most)


def _not_accepted(words: str) -> Refusal:
    return Refusal(Code.TOKEN_NOT_ACCEPTED, words, field="input.token")
