"""The list of operations written out: that it was, by whom and by which filters, stands in the log before a row leaves."""

from dataclasses import asdict
from datetime import datetime
from typing import Final

from loyalty.scopes import PROGRAMME, Access
from services.audit import Actor
from services.operations.listing import VIEW, Filters, count
from services.resources import Resources
from services.staff.acting import acting

ACTION: Final = "operation.export"


async def begin(actor: Actor, filters: Filters, *, resources: Resources, now: datetime) -> Access:
    """Write into the log what is about to be read out; gives the access it is read by. Raises FORBIDDEN without the right."""
    async with acting(actor, VIEW, ACTION, resources=resources, now=now) as act:
        held = act.actor.access.scopes[VIEW]
        chosen = {name: str(value) for name, value in asdict(filters).items() if value is not None}
        rows = await count(act.actor.access, filters)
        scope = PROGRAMME if PROGRAMME in held else held[0]
        act.record("operations", "all", scope=scope, after={"filters": chosen, "rows": rows})
        return act.actor.access
