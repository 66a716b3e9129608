"""Looking for what looks like fraud, every ten minutes."""

import logging
from datetime import datetime, timedelta
from typing import Final

from jobs.registry import JobKind, Payload, Tools
from services.control import looking

log = logging.getLogger(__name__)


async def look(_payload: Payload, _tools: Tools, now: datetime) -> None:
    """Look through what was written since the last look."""
    log.info("facts looked through", extra={"count": await looking.look(now)})


LOOK: Final = JobKind(name="control.look", handle=look, lease=timedelta(hours=1))
KINDS = [LOOK]
