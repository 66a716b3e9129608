"""A one-time code on its way: planned by the worker, so that asking costs the same whether or not anybody is there."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.messages import Cause, Channel
from services.messages.planning import Draft, plan
from services.resources import Resources
from services.work import work

_CODE: Final = "SELECT member_id, used_at, expires_at FROM one_time_code WHERE id = $1"


async def send(payload: Mapping[str, object], resources: Resources, now: datetime) -> None:
    """Plan the message of a code that somebody asked for. Doing so twice plans it once; for nobody nothing is planned."""
    code_id, message_id = UUID(str(payload["code_id"])), UUID(str(payload["message_id"]))
    ways = payload["channels"]
    async with work() as tx:
        code = await tx.fetchrow(_CODE, code_id)
        if code is None or code["member_id"] is None or code["used_at"] is not None or not isinstance(ways, list):
            return
        draft = Draft(
            member_id=code["member_id"],
            cause=Cause.CODE,
            channels=[Channel(str(way)) for way in ways],
            code_id=code_id,
            message_id=message_id,
            expires_at=code["expires_at"],
        )
        await plan(tx, draft, resources.policy, now)
