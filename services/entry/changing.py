"""Changing a member's data at a till or in a web shop: never without the member, by the same rules as in the cabinet.

The member says the code that went to their proved phone or address; what was asked for is bound into it, so that a code
that was said for one change makes no other. A phone or an address itself is never changed here: whoever holds it opens the
account, and a scan of the card, which every sale makes, must not be a way to it.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.messages import Channel
from loyalty.programme import DocumentKind, Programme
from loyalty.refusals import Code, Refusal
from models import database
from services import audit, consents, once, onetime, profiles, programmes
from services.audit import Event
from services.entry import doors
from services.entry.doors import Answer, Command, Door
from services.onetime import Asked, Purpose
from services.phones import phone
from services.profiles import Names
from services.resources import Resources
from services.tickets import expired, ticket_id
from services.work import Work

_BY_TICKET: Final = """
SELECT t.member_id, c.value AS number FROM scan_ticket AS t JOIN member AS m ON m.id = t.member_id AND m.status = 'ACTIVE'
LEFT JOIN contact AS c ON c.member_id = m.id AND c.kind = 'PHONE' AND c.verified_at IS NOT NULL
WHERE t.id = $1 AND t.till_id = $2 AND NOT t.by_phone AND t.expires_at > $3
"""
# A number that nobody has proved may be a stranger's, and proves nothing.
_BY_PHONE: Final = """
SELECT c.member_id FROM contact AS c JOIN member AS m ON m.id = c.member_id AND m.status = 'ACTIVE'
WHERE c.kind = 'PHONE' AND c.value = $1 AND c.verified_at IS NOT NULL
"""
_LOCK: Final = "SELECT 1 FROM member WHERE id = $1 AND status = 'ACTIVE' FOR NO KEY UPDATE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is to change; None and nothing leave it as it is."""

    names: Names
    accepted: tuple[str, ...] = ()
    withdrawn: tuple[DocumentKind, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A change and what shows whose data it is: a ticket of a scanned code, or a told phone."""

    change: Change
    ticket: str | None = None
    phone: str | None = None


async def request(door: Door, wish: Wish, resources: Resources, now: datetime, *, again: str | None = None) -> Asked:
    """Have the member told a code for a change. Same answer for known and unknown phones.

    Raises CHANNEL_NOT_ALLOWED, INVALID_INPUT, TICKET_EXPIRED, LIMIT_REACHED, BUSY.
    """
    await doors.check(door, now)
    change = _checked(wish.change, await programmes.current(now))
    member, channels, address, subjects = await _shown(door, wish, now)
    await doors.spend(door, Purpose.CHANGE, subjects, resources, now)
    return await onetime.ask(
        Purpose.CHANGE,
        member_id=member,
        binding=_binding(door, change),
        resources=resources,
        now=now,
        channels=channels,
        address=address,
        request=again,
    )


async def confirm(
    door: Door, change: Change, *, key: str, handle: str, code: str, resources: Resources, now: datetime
) -> UUID:
    """Make the change a code was said for, and give the member's id; a letter tells them what was done.

    Raises TOKEN_NOT_ACCEPTED, INVALID_INPUT, CHANNEL_NOT_ALLOWED, LIMIT_REACHED, KEY_REUSED, BUSY.
    """
    await doors.check(door, now)
    programme = await programmes.current(now)
    change = _checked(change, programme)
    with doors.below_input():
        onetime.digits_of(code)
    command = Command("confirmMemberChange", key, (_binding(door, change).hex(), handle, "".join(code.split())))
    heard = await doors.told(door, command)
    if heard is None:
        change_it = _changing(door, change, programme, handle, code, resources=resources, now=now)
        with doors.below_input():
            await doors.take_try(door, handle, Purpose.CHANGE, resources, now)
            heard = await doors.carry_out(door, command, now, change_it)
    return UUID(heard["member"])


def _changing(
    door: Door, change: Change, programme: Programme, handle: str, code: str, *, resources: Resources, now: datetime
) -> Callable[[Work], Awaitable[Answer]]:
    async def do(tx: Work) -> Answer:
        member = await onetime.holder_of(tx, handle, Purpose.CHANGE)
        if member is None or await tx.fetchval(_LOCK, member) is None:
            raise onetime.not_accepted()
        binding = _binding(door, change)
        await onetime.use(*(tx, handle, code, Purpose.CHANGE), binding=binding, resources=resources, now=now)
        before, after = await profiles.rename(tx, member, change.names, now)
        for document in change.accepted:
            await consents.give_in(tx, member, programme.documents_by_id[document], door.at, now)
        for place, kind in enumerate(change.withdrawn):
            await consents.withdraw_in(tx, member, kind, door.at, now, field=f"input.change.withdrawn.{place}")
        event = Event(
            action="member.change",
            object_kind="member",
            object_id=str(member),
            scope=door.scope,
            before=before,
            after={**after, **_told(change), "channel": door.channel},
        )
        await audit.write(tx, door.actor, event, now)
        return {"member": member}

    return do


async def _shown(
    door: Door, wish: Wish, now: datetime
) -> tuple[UUID | None, Sequence[Channel], str | None, dict[str, str]]:
    """(member, channels, address, what counts) of the code: None for nobody known, an address where it goes there alone."""
    if (wish.ticket is None) == (wish.phone is None):
        raise Refusal(Code.INVALID_INPUT, "entry.one_proof", field="input.ticket")
    if wish.phone is not None:
        number = phone(wish.phone, field="input.phone")
        return await database.fetchval(_BY_PHONE, number), (Channel.SMS,), number, {"number": number}
    row = await database.fetchrow(_BY_TICKET, ticket_id(str(wish.ticket)), door.till.id, now)
    if row is None:
        raise expired()
    subjects = {"member": str(row["member_id"])} | ({} if row["number"] is None else {"number": row["number"]})
    return row["member_id"], (Channel.SMS, Channel.EMAIL), None, subjects


def _checked(change: Change, programme: Programme) -> Change:
    """The change with every fact in its one spelling. Raises INVALID_INPUT, for nothing to change too."""
    if change == Change(names=Names()):
        raise Refusal(Code.INVALID_INPUT, "entry.nothing", field="input.change")
    for place, document in enumerate(change.accepted):
        if document not in programme.documents_by_id:
            raise Refusal(Code.INVALID_INPUT, "consent.outdated", field=f"input.change.accepted.{place}")
    for place, kind in enumerate(change.withdrawn):
        if kind in consents.REQUIRED:
            field = f"input.change.withdrawn.{place}"
            raise Refusal(Code.INVALID_INPUT, "consent.card_stands_on_it", field=field)
    return replace(change, names=profiles.checked(change.names, programme, path="input.change"))


def _binding(door: Door, change: Change) -> bytes:
    return once.body_of(door.binding.decode(), [str(part) for part in astuple(change)])


def _told(change: Change) -> dict[str, str]:
    """What was changed besides names, for the log: consents by their kind."""
    told = {}
    if change.accepted:
        told["accepted"] = ", ".join(change.accepted)
    if change.withdrawn:
        told["withdrawn"] = ", ".join(kind.value for kind in change.withdrawn)
    return told
