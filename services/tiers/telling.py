"""What a letter says of a member's tier."""

from datetime import datetime, timedelta
from uuid import UUID

from loyalty.business_days import business_date
from loyalty.money import tell_money
from loyalty.programme import Programme
from loyalty.tiers import progress
from services.ledger import standing_of
from services.tiers.reading import stands


async def tier_facts(member: UUID, programme: Programme, locale: str, now: datetime) -> dict[str, str | None]:
    """The places of a letter about tiers, as of the moment it is written. `until` is there while a grant holds."""
    known = await standing_of(member)
    standing = await stands(programme, member, known.accumulated, known.grant, now)
    reached = progress(programme, standing.accumulated, standing.tier.id)
    until = None
    if known.grant is not None and known.grant.until > now and standing.is_granted:
        last = business_date(known.grant.until - timedelta(microseconds=1), programme.time_zone)
        until = f"{last:%d.%m.%Y}"
    return {
        "tier": reached.tier.name.in_locale(locale),
        "next": None if reached.next is None else reached.next.name.in_locale(locale),
        "left": None if reached.left is None else tell_money(reached.left, locale),
        "until": until,
    }
