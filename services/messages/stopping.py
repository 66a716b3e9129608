"""Addresses that get no adverts, or nothing at all: asked before every hand-over, and kept by operators.

Numbers that get nothing at all by SMS are entered at gateways that keep such a list, too, by a job: whoever else sends by the
same account stops as well. A number that gets codes and notices stands in no such list, which would stop them.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from integrations.ports import Refused, StopList, Unavailable
from loyalty import people
from loyalty.messages import Channel
from models import database
from models.ids import uuid7
from services.gateways import Gateways
from services.phones import phone
from services.work import work

Scope = Literal["MARKETING", "ALL"]
JOB: Final = "message.stop"
log = logging.getLogger(__name__)

_BEFORE: Final = "SELECT scope FROM stopped_address WHERE channel = $1 AND address = $2 FOR UPDATE"
_STOP: Final = """
INSERT INTO stopped_address (id, channel, address, scope, source, at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (channel, address) DO UPDATE SET scope = EXCLUDED.scope, source = EXCLUDED.source, at = EXCLUDED.at RETURNING id
"""
_MIRRORED: Final = "SELECT address, scope FROM stopped_address WHERE id = $1"
_RESUME: Final = "DELETE FROM stopped_address WHERE channel = $1 AND address = $2"
_LIST: Final = "SELECT channel, address, scope, source, at FROM stopped_address ORDER BY at DESC, id DESC LIMIT $1"


@dataclass(frozen=True, slots=True)
class Stopped:
    """An address that is stopped, how far, by whom and since when."""

    channel: str
    address: str
    scope: str
    source: str
    at: datetime


def spelled(channel: Channel, address: str) -> str:
    """The one spelling of an address. Raises INVALID_INPUT."""
    return people.email(address, field="address") if channel is Channel.EMAIL else phone(address, field="address")


async def stop(channel: Channel, address: str, scope: Scope, *, source: str, now: datetime) -> str:
    """Send nothing of this scope to an address from now on; give its spelling. Stopping again changes the scope."""
    spelling = spelled(channel, address)
    async with work() as tx:
        before = await tx.fetchval(_BEFORE, channel.value, spelling)
        row: UUID = await tx.fetchval(_STOP, uuid7(), channel.value, spelling, scope, source, now)
        if channel is Channel.SMS and "ALL" in {before, scope}:
            await tx.enqueue(JOB, {"stop": str(row)}, run_at=now)
    return spelling


async def mirror(row: UUID, gateways: Gateways) -> None:
    """Have gateways' own lists say what ours says of a number, however often it is said. Raises `Unavailable` to come again."""
    done: tuple[str, str] | None = None
    # It may change meanwhile: what was said to a gateway last is what stands here.
    while (found := await database.fetchrow(_MIRRORED, row)) is not None:
        told = str(found["address"]), str(found["scope"])
        if told == done:
            return
        await _tell(gateways, *told)
        done = told
    if done is not None:
        await _tell(gateways, done[0], None)


async def _tell(gateways: Gateways, number: str, scope: str | None) -> None:
    for gateway in _lists(gateways):
        try:
            await (gateway.stop(number) if scope == "ALL" else gateway.resume(number))
        except Refused:
            log.exception("a gateway does not take a stopped number", extra={"gateway": gateway.name})


def _lists(gateways: Gateways) -> Iterator[StopList]:
    return (gateway for gateway in gateways if isinstance(gateway, StopList))


async def resume(channel: Channel, address: str) -> bool:
    """Send to an address again. False if it was not stopped. Gateways' own lists are another matter: `resume_at`."""
    return await database.execute(_RESUME, channel.value, spelled(channel, address)) == "DELETE 1"


async def resume_at(gateways: Gateways, number: str) -> list[str]:
    """Take a number out of gateways' own lists; gives the names of those that could not be told."""
    away = []
    for gateway in _lists(gateways):
        try:
            await gateway.resume(spelled(Channel.SMS, number))
        except (Refused, Unavailable):
            away.append(gateway.name)
    return away


async def stopped(limit: int) -> list[Stopped]:
    """The addresses stopped last."""
    return [
        Stopped(row["channel"], row["address"], row["scope"], row["source"], row["at"])
        for row in await database.fetch(_LIST, limit)
    ]
