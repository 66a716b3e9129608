"""Members whose phone is proved, and what stands in the tables about their messages."""

from datetime import datetime
from typing import Any
from uuid import UUID

from loyalty.messages import Cause, Channel
from models import database
from services.messages.planning import Draft, plan
from services.resources import Policy, Resources
from services.work import work
from tests.makers.joining import make_joined

PHONE = "+79211234567"


async def make_reachable(resources: Resources, now: datetime, **changes: Any) -> UUID:
    """A member with a card, a confirmed e-mail and a proved phone."""
    _, member = await make_joined(resources, now, **({"phone": PHONE} | changes))
    await database.execute("UPDATE contact SET verified_at = $2 WHERE member_id = $1 AND kind = 'PHONE'", member, now)
    return member


async def plan_one(member: UUID, now: datetime, **changes: Any) -> UUID:
    """A planned notice by SMS, unless it is said otherwise."""
    facts: dict[str, Any] = {
        "member_id": member,
        "cause": Cause.SERVICE,
        "channels": [Channel.SMS],
        "text": "Ваша карта перевыпущена.",
        "subject": "Ваша карта",
    }
    async with work() as tx:
        message_id = await plan(tx, Draft(**(facts | changes)), Policy(), now)
    assert message_id is not None
    return message_id


async def message_row(message_id: UUID) -> dict[str, Any]:
    row = await database.fetchrow("SELECT * FROM message WHERE id = $1", message_id)
    assert row is not None
    return dict(row)


async def attempt_rows(message_id: UUID) -> list[dict[str, Any]]:
    """(step, gateway, fate, told) and the rest of each attempt, in their order."""
    rows = await database.fetch(
        "SELECT * FROM delivery_attempt WHERE message_id = $1 ORDER BY step, handed_at, id", message_id
    )
    return [dict(row) for row in rows]


async def state_of(message_id: UUID) -> str:
    return str((await message_row(message_id))["state"])
