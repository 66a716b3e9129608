"""A stay becomes a purchase: once, at the price of the day it was booked, after the hotel has said how it stands."""

from datetime import datetime
from typing import Final
from uuid import UUID

from integrations.ports import Unavailable
from loyalty.bookings import BOOKED
from loyalty.purchases import BasketLine, price
from models import database
from services import once, programmes
from services.bookings import following, refusing
from services.bookings.confirming import BOOKINGS
from services.bookings.rows import BookingFacts
from services.purchases.direct import DirectSale, post_directly, system_till
from services.resources import Resources

OPERATION: Final = "countStay"
CHANNEL: Final = "CABINET"
ONE: Final = 1000
_COUNTED: Final = """
UPDATE booking SET state = 'ACCRUED', purchase_id = $2, changed_at = $3
WHERE id = $1 AND state IN ('CONFIRMED', 'CHECKED_IN', 'CHECKED_OUT')
"""


async def count(booking: UUID, resources: Resources, now: datetime) -> bool:
    """Count a stay whose time has come; whether it was. A stay that was cancelled or never began is not.

    Raises `Unavailable` while the hotel cannot be asked, CARD_NOT_ACCEPTED for a member without an active card, BUSY.
    """
    if not await following.end_stay(booking, resources, now):
        return False
    held = await following.refresh(booking, resources, now)
    if held is None or held.state not in BOOKED or held.counts_at is None or held.counts_at > now:
        return False
    booked = await refusing.engine_of(resources).booked(held.property_id, str(held.number))
    if booked is None or booked.is_cancelled:
        raise Unavailable("the hotel's record has changed while it was read")
    names = [(room.name, room.price) for room in booked.rooms]
    await _post(resources, held, names if sum(part for _, part in names) == booked.price else [("", booked.price)], now)
    await database.execute(_COUNTED, held.id, held.id, now)
    BOOKINGS.labels(held.partner, "counted").inc()
    return True


async def _post(resources: Resources, held: BookingFacts, stays: list[tuple[str, int]], now: datetime) -> None:
    programme = await programmes.version(held.programme_version)
    terms = programme.partners_by_id[held.partner].booking
    assert terms is not None and held.left_at is not None  # noqa: S101, PT018 - it was booked by them, and has ended
    lines = [
        BasketLine(terms.service, name or programme.partners_by_id[held.partner].name.ru, ONE, amount)
        for name, amount in stays
    ]
    till = await system_till(refusing.engine_of(resources).name, held.partner, terms.outlet, CHANNEL, now)
    sale = DirectSale(
        id=held.id,
        claim=once.claim_of(held.id, OPERATION, str(held.number)),  # however often its job runs, one purchase
        body=once.body_of(held.id, held.number),
        member=held.member,
        till=till,
        channel=CHANNEL,
        receipt=str(held.number),
        closed_at=held.left_at,
        programme=programme,
        tier=held.tier,
        priced=price(programme, partner=held.partner, channel=CHANNEL, tier=held.tier, lines=lines),
    )
    await post_directly(resources, sale, now)
