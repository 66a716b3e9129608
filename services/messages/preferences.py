"""What a member wants by which channel. Nobody can switch off the letters that the card needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.messages import Channel
from loyalty.refusals import Code, Refusal
from models import database
from models.ids import uuid7
from services.resources import Resources
from services.work import work

_CHANNELS: Final = """
SELECT c.kind, c.value, c.verified_at IS NOT NULL AS proved FROM contact AS c WHERE c.member_id = $1
"""
_WISHES: Final = "SELECT channel, service, marketing FROM channel_preference WHERE member_id = $1"
_SET: Final = """
INSERT INTO channel_preference AS p (id, member_id, channel, service, marketing, changed_at)
VALUES ($1, $2, $3, coalesce($4, true), coalesce($5, true), $6)
ON CONFLICT (member_id, channel) DO UPDATE SET service = coalesce($4, p.service),
    marketing = coalesce($5, p.marketing), changed_at = $6
"""


@dataclass(frozen=True, slots=True)
class Preference:
    """A channel as its reader sees it. `available`: this house has a gateway for it."""

    channel: Channel
    address: str | None
    verified: bool
    available: bool
    service: bool
    marketing: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to change about a channel; None leaves it."""

    channel: Channel
    service: bool | None = None
    marketing: bool | None = None


async def preferences_of(member_id: UUID, resources: Resources) -> list[Preference]:
    """Every channel, in the order of the cascade."""
    contacts = {row["kind"]: row for row in await database.fetch(_CHANNELS, member_id)}
    wishes = {row["channel"]: row for row in await database.fetch(_WISHES, member_id)}
    found = []
    for channel in Channel:
        contact, wish = contacts.get("EMAIL" if channel is Channel.EMAIL else "PHONE"), wishes.get(channel.value)
        found.append(
            Preference(
                channel,
                None if contact is None else contact["value"],
                contact is not None and contact["proved"],
                channel in resources.channels,
                wish is None or wish["service"],
                wish is None or wish["marketing"],
            )
        )
    return found


async def set_preferences(member_id: UUID, wishes: Sequence[Wish], now: datetime) -> None:
    """Change what is wanted; what is not named stays. Raises INVALID_INPUT, and then nothing has changed."""
    seen = set()
    for place, wish in enumerate(wishes):
        if wish.channel in seen:
            raise Refusal(Code.INVALID_INPUT, "preferences.twice", field=f"channels.{place}.channel")
        if wish.channel is Channel.EMAIL and wish.service is False:
            raise Refusal(Code.INVALID_INPUT, "preferences.letters_stay", field=f"channels.{place}.service")
        seen.add(wish.channel)
    async with work() as tx:
        await tx.execute("SELECT 1 FROM member WHERE id = $1 FOR NO KEY UPDATE", member_id)
        for wish in wishes:
            await tx.execute(_SET, uuid7(), member_id, wish.channel.value, wish.service, wish.marketing, now)
