"""Joining at a till or in a web shop: the profile and the consents of the cabinet, and a code that its owner says."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from loyalty.messages import Channel
from loyalty.people import masked
from loyalty.refusals import Code, Refusal
from models import database
from models.database import Violation
from services import audit, confirming, consents, joining, onetime, programmes
from services.audit import Event
from services.entry import doors
from services.entry.doors import Answer, Command, Door
from services.joining import Application
from services.messages import budget
from services.onetime import Asked, Purpose
from services.resources import Resources
from services.work import Work

SentBy = Literal["SMS", "EMAIL"]
_KIND: Final = {"SMS": "PHONE", "EMAIL": "EMAIL"}

_OWNER: Final = "SELECT member_id FROM contact WHERE kind = $1 AND value = $2 AND verified_at IS NOT NULL"
_LOCK: Final = "SELECT status FROM member WHERE id = $1 FOR UPDATE"
_FIRST_NAME: Final = "SELECT first_name FROM member WHERE id = $1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """The form as a cashier or a shop filled it in; `accepted` are the ids of the texts that were agreed to."""

    key: str
    form: Application
    accepted: Sequence[str]
    sent_by: SentBy


@dataclass(frozen=True, slots=True)
class Joined:
    """Whose code it was: somebody new, or a member of before, of whom no more is told than a letter of the name."""

    member: UUID
    first_name: str
    is_new: bool


async def request(door: Door, wish: Joining, resources: Resources, now: datetime) -> Asked:
    """Keep a profile that waits, and send its owner a code. One answer and one amount of work for known and unknown.

    Whoever has proved the phone or address that the code goes to gets the code and keeps the profile of before.
    Raises CHANNEL_NOT_ALLOWED, INVALID_INPUT, LIMIT_REACHED, KEY_REUSED, BUSY.
    """
    await doors.check(door, now)
    programme = await programmes.current(now)
    profile = joining.checked(wish.form, programme, now)
    documents = consents.accepted_at_till(programme, wish.accepted)
    address = profile.phone if wish.sent_by == "SMS" else profile.email
    facts = (door.channel, wish.form, tuple(wish.accepted), wish.sent_by)
    command = Command("registerMember", wish.key, tuple(map(str, facts)))
    heard = await doors.told(door, command)
    if heard is not None:
        return _asked(door, command, heard, resources)
    await joining.refuse_taken_plastic(profile.plastic_number)
    _refuse_unserved(wish.sent_by, profile.phone, resources)
    await doors.spend(door, Purpose.JOIN, {"number": address}, resources, now)
    if wish.sent_by == "SMS" and await budget.is_spent(profile.phone, resources, now):
        raise Refusal(Code.LIMIT_REACHED, "phone.budget", retryable=True, retry_after_seconds=budget.HOUR_SECONDS)

    async def keep(tx: Work) -> Answer:
        owner = await tx.fetchval(_OWNER, _KIND[wish.sent_by], address)
        await tx.execute("SAVEPOINT profile")
        member = await joining.write(tx, profile, documents, door.at, now)
        await tx.execute("RELEASE SAVEPOINT profile" if owner is None else "ROLLBACK TO SAVEPOINT profile")
        asked = await onetime.ask_in(
            *(tx, Purpose.JOIN),
            member_id=owner or member,
            binding=door.binding,
            resources=resources,
            now=now,
            channels=(Channel(wish.sent_by),),
            address=address,
            handle=_handle(door, command, resources),
        )
        return {"resend_after": asked.resend_after, "expires_at": asked.expires_at}

    kept: list[Answer] = []

    async def once() -> None:
        kept.append(await doors.carry_out(door, command, now, keep))

    await joining.unless_number_taken(once)
    return _asked(door, command, kept[-1], resources)


async def confirm(door: Door, *, key: str, handle: str, code: str, resources: Resources, now: datetime) -> Joined:
    """Make the profile of a request a member with a card, by the code its owner says. Ten who join by one phone are one.

    Raises TOKEN_NOT_ACCEPTED, CHANNEL_NOT_ALLOWED, INVALID_INPUT, LIMIT_REACHED, KEY_REUSED, BUSY.
    """
    await doors.check(door, now)
    with doors.below_input():
        onetime.digits_of(code)
    command = Command("confirmMember", key, (door.channel, handle, "".join(code.split())))
    heard = await doors.told(door, command)
    if heard is None:
        with doors.below_input():
            heard = await _confirmed(door, command, handle, code, resources=resources, now=now)
    # The name is read and not kept with the key: answers outlive the people they are about.
    member = UUID(heard["member"])
    first_name: str = await database.fetchval(_FIRST_NAME, member)
    return Joined(member, first_name if heard["is_new"] else masked(first_name), heard["is_new"])


async def _confirmed(
    door: Door, command: Command, handle: str, code: str, *, resources: Resources, now: datetime
) -> Answer:
    await doors.take_try(door, handle, Purpose.JOIN, resources, now)
    confirming_it = _confirming(door, handle, code, resources, now)
    try:
        return await doors.carry_out(door, command, now, confirming_it)
    except Violation as violation:
        if violation.constraint != "contact_verified":
            raise
        # A rival proved this contact meanwhile: it is one person, who is a member now.
        return await doors.carry_out(door, command, now, confirming_it)


def _confirming(
    door: Door, handle: str, code: str, resources: Resources, now: datetime
) -> Callable[[Work], Awaitable[Answer]]:
    async def do(tx: Work) -> Answer:
        profile = await tx.fetchrow(_LOCK, await onetime.holder_of(tx, handle, Purpose.JOIN))
        bound = await onetime.use(*(tx, handle, code, Purpose.JOIN), binding=door.binding, resources=resources, now=now)
        if profile is None or bound.address is None:
            raise onetime.not_accepted()
        kind: confirming.Contact = "EMAIL" if "@" in bound.address else "PHONE"
        owner = await tx.fetchval(_OWNER, kind, bound.address)
        if owner is not None:
            return {"member": owner, "is_new": False}
        if profile["status"] != "PENDING_CONFIRMATION":
            raise onetime.not_accepted()
        await confirming.activate(tx, bound.member_id, kind, now)
        after = {"channel": door.channel, "proved": kind}
        event = Event(
            action="member.register",
            object_kind="member",
            object_id=str(bound.member_id),
            scope=door.scope,
            after=after,
        )
        await audit.write(tx, door.actor, event, now)
        return {"member": bound.member_id, "is_new": True}

    return do


def _asked(door: Door, command: Command, heard: Answer, resources: Resources) -> Asked:
    moments = (datetime.fromisoformat(str(heard[name])) for name in ("resend_after", "expires_at"))
    return Asked(_handle(door, command, resources), *moments)


def _handle(door: Door, command: Command, resources: Resources) -> str:
    """The request of a key: told again with it, and kept nowhere."""
    return resources.keyring.mac("entry-request", doors.claim_of(door, command).bytes).hex()


def _refuse_unserved(sent_by: SentBy, number: str, resources: Resources) -> None:
    if Channel(sent_by) not in resources.channels:
        raise Refusal(Code.INVALID_INPUT, "phone.no_sms", field="input.confirmBy")
    if sent_by == "SMS" and not budget.is_served(number, resources):
        raise Refusal(Code.INVALID_INPUT, "phone.not_served", field="input.confirmBy")
