"""A programme whose families have a pool, and what moves it in as few words as a test needs."""

from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from loyalty.families import Role
from loyalty.programme import Programme
from loyalty.purchases import BasketLine
from models import database
from services.families import inviting, sharing
from services.families.keyed import Command
from services.points import confirming
from services.purchases import Posted, post_purchase
from services.quotes import Quoted, quote_purchase
from services.resources import Resources
from services.tills import TillFacts
from tests.makers.people import MadeMember, make_member
from tests.makers.points import apply_points, paid
from tests.makers.purchases import make_ticket

FAMILY = "family: {seats: 4, pool: true, invite_hours: 72, spend_after_days: 0}\n"


async def apply_family(folder: Path, now: datetime, *changes: tuple[str, str], family: str = FAMILY) -> Programme:
    """Put a programme with points and families in force."""
    return await apply_points(folder, now, ("partners:\n  - id: shop", f"{family}partners:\n  - id: shop"), *changes)


def order(member: MadeMember, operation: str, now: datetime, *, key: str | None = None) -> Command:
    """A command of a member under a key of its own."""
    return Command(member.id, operation, key or str(uuid4()), now)


async def found(resources: Resources, head: MadeMember, now: datetime) -> UUID:
    """A family of one."""
    return await inviting.found(resources, order(head, "found", now))


async def invited(resources: Resources, head: MadeMember, now: datetime, role: Role = Role.ADULT) -> str:
    """The token of a fresh link."""
    return inviting.token_of(await inviting.invite(resources, order(head, "invite", now), role), resources)


async def join(resources: Resources, member: MadeMember, token: str, now: datetime) -> UUID:
    """Sit down by a link."""
    return await inviting.accept(resources, order(member, "join", now), token)


async def make_family(
    resources: Resources, now: datetime, *others: str, role: Role = Role.ADULT
) -> tuple[UUID, list[MadeMember]]:
    """A family with its head and others by their first names."""
    head = await make_member(now, first_name="Анна")
    family = await found(resources, head, now)
    members = [head]
    for name in others:
        member = await make_member(now, first_name=name)
        await join(resources, member, await invited(resources, head, now, role), now)
        members.append(member)
    return family, members


async def give(resources: Resources, member: MadeMember, points: int, now: datetime) -> None:
    """Put own points into the pool."""
    await sharing.contribute(resources, order(member, "give", now), points)


async def quote_with_family(
    till: TillFacts,
    member: MadeMember,
    lines: list[BasketLine],
    now: datetime,
    *,
    points: int,
    ticket: str | None = None,
) -> Quoted:
    """A quote that puts points aside, the family's behind the guest's own."""
    ticket = ticket or await make_ticket(till, member, now)
    return await quote_purchase(till, ticket=ticket, lines=lines, channel="TILL", now=now, points=points, family=True)


async def buy_with_family(
    resources: Resources, till: TillFacts, member: MadeMember, lines: list[BasketLine], now: datetime, *, points: int
) -> Posted:
    """A posted purchase that the family helped to pay, with the guest's yes where it was asked for."""
    quoted = await quote_with_family(till, member, lines, now, points=points)
    hold = None if quoted.points is None else quoted.points.hold
    if hold is not None and hold.confirmation == "ASKED":
        await confirming.confirm(member.id, hold.id, now)
    made = await post_purchase(resources, till, paid(quoted, now), now=now)
    assert isinstance(made, Posted)
    return made


async def pot(family: UUID) -> tuple[int, int]:
    """(available, held) of a family as they are written."""
    row = await database.fetchrow("SELECT available, held FROM family WHERE id = $1", family)
    assert row is not None
    return row["available"], row["held"]
