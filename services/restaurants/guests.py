"""Telling the restaurants' cloud who our members are: our id is the master, theirs comes back as an alias (A-239).

Only members who agreed that partners are told, and whose phone is proved. The phone is the key of the write, so telling
twice changes nothing; before a guest is made without an id, the cloud is asked whether the phone has one.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from integrations.ports import Refused
from integrations.restaurants import Guest, NoGuests
from models import database
from models.database import Record
from models.ids import uuid7
from services import once
from services.resources import Resources
from services.restaurants import rows
from services.restaurants.rows import cloud_of
from services.work import Later, work

JOB: Final = "restaurants.guest"
AT_ONCE: Final = 500
# The cloud is asked for thirty things a minute: who is told later has his time, and no job ends of having waited for it.
FIRST_FEW: Final = 20
STEP: Final = timedelta(seconds=6)
A_DAY: Final = timedelta(days=1) // STEP
# The facts by which a member is told stand beside the digest of what was told: who changed is told again.
_TELLABLE: Final = """
SELECT m.id, m.first_name, m.last_name, m.patronymic, c.value AS phone, g.told_sha256,
    (SELECT external_id FROM member_identity WHERE member_id = m.id AND system = $1 ORDER BY at DESC LIMIT 1) AS alias
FROM member AS m JOIN contact AS c ON c.member_id = m.id AND c.kind = 'PHONE' AND c.verified_at IS NOT NULL
LEFT JOIN restaurant_guest AS g ON g.member_id = m.id
WHERE m.status = 'ACTIVE' AND (SELECT act FROM consent WHERE member_id = m.id AND kind = 'PARTNER_TRANSFER'
    ORDER BY at DESC, id DESC LIMIT 1) = 'GIVEN'
"""
_ONE: Final = f"{_TELLABLE} AND m.id = $2"
_AFTER: Final = f"{_TELLABLE} AND m.id > $2 ORDER BY m.id LIMIT $3"
_IDENTIFY: Final = """
INSERT INTO member_identity (id, member_id, system, external_id, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
"""
_OWNER: Final = "SELECT member_id FROM member_identity WHERE system = $1 AND external_id = $2"
_TOLD: Final = """
INSERT INTO restaurant_guest (member_id, told_sha256, told_at) VALUES ($1, $2, $3)
ON CONFLICT (member_id) DO UPDATE SET told_sha256 = excluded.told_sha256, told_at = excluded.told_at
"""
FIRST: Final = UUID(int=0)
log = logging.getLogger(__name__)


async def due(system: str, after: UUID = FIRST) -> tuple[Sequence[tuple[UUID, bytes]], UUID | None]:
    """Members behind one who have to be told, with the digest of what; and where the next look begins, None at the end."""
    found = await database.fetch(_AFTER, system, after, AT_ONCE)
    changed = [row for row in found if row["told_sha256"] is None or bytes(row["told_sha256"]) != _digest(_guest(row))]
    return [(row["id"], _digest(_guest(row))) for row in changed], found[-1]["id"] if len(found) == AT_ONCE else None


async def ask(members: Sequence[tuple[UUID, bytes]], now: datetime, *, before: int = 0) -> None:
    """Have members told, one by one behind `before` others. What is the same is asked for once a day, however often the cloud is away."""
    jobs = [
        Later(
            {"member": str(member)},
            now + STEP * max(place - FIRST_FEW, 0),
            f"{member}:{digest.hex()[:16]}:{now:%Y-%m-%d}",
        )
        for place, (member, digest) in enumerate(members, before)
    ]
    if jobs:
        async with work() as tx:
            await tx.enqueue_all(JOB, jobs, now=now)


async def tell(resources: Resources, member: UUID, now: datetime) -> bool:
    """Tell the cloud of a member, if it may be told; whether it was. Raises `Unavailable` to come again."""
    cloud = cloud_of(resources)
    row = await database.fetchrow(_ONE, cloud.name, member)
    house = next(iter(await rows.linked()), None)
    if row is None or house is None:
        return False
    guest, digest = _guest(row), _digest(_guest(row))
    if row["told_sha256"] is not None and bytes(row["told_sha256"]) == digest:
        return False
    known = None if row["alias"] is None else UUID(row["alias"])
    try:
        # Perhaps an earlier call was heard and its answer lost: the phone says so.
        known = known or await cloud.guest(house, guest.phone)
        made = await cloud.put_guest(house, guest, known)
    except NoGuests:
        log.warning("the restaurant keeps no guests in its cloud")
        return False
    except Refused as refused:
        log.warning("a guest was refused", extra={"member": str(member), "reason": str(refused)})
        raise
    async with work() as tx:
        await tx.execute(_IDENTIFY, uuid7(), member, cloud.name, str(made), now)
        owner = await tx.fetchval(_OWNER, cloud.name, str(made))
        if owner != member:
            log.error("a guest of the cloud is another member's", extra={"member": str(member)})
            return False
        await tx.execute(_TOLD, member, digest, now)
    return True


def _guest(row: Record) -> Guest:
    return Guest(str(row["id"]), row["phone"], row["first_name"], row["last_name"], row["patronymic"])


def _digest(guest: Guest) -> bytes:
    return once.body_of(guest.phone, guest.first_name, guest.last_name, guest.patronymic)
