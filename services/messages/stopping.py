"""Addresses that get no adverts, or nothing at all: asked before every hand-over, and kept by operators."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from loyalty import people
from loyalty.messages import Channel
from models import database
from models.ids import uuid7
from services.phones import phone

Scope = Literal["MARKETING", "ALL"]

_STOP: Final = """
INSERT INTO stopped_address (id, channel, address, scope, source, at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (channel, address) DO UPDATE SET scope = EXCLUDED.scope, source = EXCLUDED.source, at = EXCLUDED.at
"""
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
    await database.execute(_STOP, uuid7(), channel.value, spelling, scope, source, now)
    return spelling


async def resume(channel: Channel, address: str) -> bool:
    """Send to an address again. False if it was not stopped."""
    return await database.execute(_RESUME, channel.value, spelled(channel, address)) == "DELETE 1"


async def stopped(limit: int) -> list[Stopped]:
    """The addresses stopped last."""
    return [
        Stopped(row["channel"], row["address"], row["scope"], row["source"], row["at"])
        for row in await database.fetch(_LIST, limit)
    ]
