"""Whether a message may go by a channel, asked in the moment it goes: consents, wishes, stopped addresses, hours."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from phonenumbers import parse
from phonenumbers.timezone import time_zones_for_number

from loyalty.messages import Cause, Channel
from models.database import Record
from services.work import Work

DAY_FROM_HOUR: Final = 10
DAY_TO_HOUR: Final = 20
DAY: Final = timedelta(days=1)

_FACTS: Final = """
SELECT m.status, m.locale, m.first_name,
    (SELECT value FROM contact WHERE member_id = m.id AND kind = 'PHONE') AS phone,
    (SELECT verified_at FROM contact WHERE member_id = m.id AND kind = 'PHONE') IS NOT NULL AS phone_verified,
    (SELECT value FROM contact WHERE member_id = m.id AND kind = 'EMAIL' AND verified_at IS NOT NULL) AS email,
    coalesce((SELECT act = 'GIVEN' FROM consent WHERE member_id = m.id AND kind = 'MARKETING'
        ORDER BY at DESC, id DESC LIMIT 1), false) AS wants_adverts
FROM member AS m WHERE m.id = $1
"""
# Whoever withdraws a consent locks the member: he comes before this look or after the hand-over, never between. So does
# another advert of the day: one of them is counted before the other looks.
_HOLD: Final = "SELECT 1 FROM member WHERE id = $1 FOR NO KEY UPDATE"
_WISHES: Final = "SELECT channel, service, marketing FROM channel_preference WHERE member_id = $1"
_STOPPED: Final = """
SELECT channel FROM stopped_address
WHERE (channel, address) IN (SELECT * FROM unnest($1::text[], $2::text[])) AND (scope = 'ALL' OR $3)
"""
_RECENT: Final = """
SELECT count(*) FROM message WHERE member_id = $1 AND cause = 'MARKETING' AND created_at > $2 AND id <> $3
    AND state IN ('SENT', 'DELIVERED', 'READ', 'NEXT_CHANNEL', 'QUEUED')
"""


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a message goes to: the words' language, and the address of each channel that may be used now."""

    locale: str
    first_name: str
    addresses: dict[Channel, str]
    time_zone: ZoneInfo | None


class Suppressed(Exception):
    """This message must not go at all; the text is the reason that is kept."""


class NotYet(Exception):
    """This message may go from a later moment on."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


async def reader_of(tx: Work, message: Record, *, adverts_per_day: int, now: datetime) -> Reader:
    """Whom a message may reach, and how. Raises `Suppressed`."""
    member_id: UUID = message["member_id"]
    is_advert = message["cause"] == Cause.MARKETING
    if is_advert:
        await tx.execute(_HOLD, member_id)
    facts = await tx.fetchrow(_FACTS, member_id)
    # A profile that waits for its owner gets one thing: the code that proves it.
    reached = {"ACTIVE", "BLOCKED", "PENDING_CONFIRMATION"} if message["cause"] == Cause.CODE else {"ACTIVE", "BLOCKED"}
    if facts is None or facts["status"] not in reached:
        raise Suppressed("NO_MEMBER")
    if is_advert:
        if not facts["wants_adverts"]:
            raise Suppressed("NO_CONSENT")
        if await tx.fetchval(_RECENT, member_id, now - DAY, message["id"]) >= adverts_per_day:
            raise Suppressed("TOO_MANY")
    wishes = {row["channel"]: row for row in await tx.fetch(_WISHES, member_id)}
    # A number nobody proved may be a stranger's: it gets no message but the code that proves it.
    phone = facts["phone"] if facts["phone_verified"] else None
    known = {Channel.VIBER: phone, Channel.SMS: phone, Channel.EMAIL: facts["email"]}
    addresses = {}
    for channel, address in known.items():
        wish = wishes.get(channel)
        unwanted = wish is not None and not wish["marketing" if is_advert else "service"]
        if address is not None and (not unwanted or message["cause"] == Cause.CODE):
            addresses[channel] = address
    addresses = await unstopped(tx, addresses, is_advert=is_advert)
    return Reader(facts["locale"], facts["first_name"], addresses, zone_of(phone))


async def unstopped(tx: Work, addresses: dict[Channel, str], *, is_advert: bool) -> dict[Channel, str]:
    """The addresses that nobody has stopped."""
    channels = [channel.value for channel in addresses]
    stopped = {row["channel"] for row in await tx.fetch(_STOPPED, channels, list(addresses.values()), is_advert)}
    return {channel: address for channel, address in addresses.items() if channel not in stopped}


def zone_of(phone: str | None) -> ZoneInfo | None:
    """The time zone of a number where it has a single one; a mobile number of a country with many has none."""
    if phone is None:
        return None
    zones = time_zones_for_number(parse(phone))
    return ZoneInfo(zones[0]) if len(zones) == 1 and "/" in zones[0] else None


def daytime(now: datetime, zone: ZoneInfo) -> datetime:
    """The first moment from now on at which nobody is woken: between 10 and 20 o'clock in a reader's zone."""
    local = now.astimezone(zone)
    if DAY_FROM_HOUR <= local.hour < DAY_TO_HOUR:
        return now
    day = local if local.hour < DAY_FROM_HOUR else local + DAY
    return day.replace(hour=DAY_FROM_HOUR, minute=0, second=0, microsecond=0).astimezone(now.tzinfo)
