"""The guest's yes, and the one booking that comes of it whatever happens on the way.

The yes and the job are one transaction; the engine is called by the job. How often it was called is written before each
call: a call without an answer is made once more with the same token, which books once, and after that the hotel's own
list says whether a booking is there. Terms are never verified anew behind the guest's back.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from prometheus_client import Counter

from integrations.bookings import Booked, Change, Made, PaymentWay, TokenSpent
from integrations.ports import Refused, Unavailable, Uncertain
from loyalty.bookings import BookingState
from loyalty.refusals import Code, Refusal
from loyalty.texts import storable
from models import database
from services import once
from services.bookings import asking, paying, refusing, rows
from services.bookings.rows import BookingFacts
from services.resources import Resources
from services.work import work

JOB: Final = paying.CREATE
REFRESH: Final = "booking.refresh"
OPERATION: Final = "confirmBooking"
CALLS_MAX: Final = 2
WAY_MAX: Final = 64
SKEW: Final = timedelta(minutes=2)
# For so long a booking may be missing from the hotel's list although it was made.
LISTED_WITHIN: Final = timedelta(minutes=3)
PAYMENT_LOOK: Final = timedelta(seconds=5)
BOOKINGS: Final = Counter("kunak_bookings", "Bookings of signed-in members by how they ended.", ["partner", "outcome"])
ADOPTED_WITHIN: Final = timedelta(days=1)
# While another booking of the same guest is being made there, what the list shows may be that one.
_GIVEN_UP: Final = f"""
SELECT {rows.COLUMNS} FROM booking AS b
WHERE b.fault IN ('NOT_FOUND', 'GIVEN_BACK', 'NOT_REFUNDED') AND b.number IS NULL AND b.state = 'FAILED'
    AND b.property_id = $1 AND b.sent_at > $2 AND NOT EXISTS (
    SELECT FROM booking AS o WHERE o.member_id = b.member_id AND o.property_id = b.property_id AND o.state = 'CREATING')
ORDER BY b.sent_at
"""  # noqa: S608 - a constant
_OURS: Final = "SELECT number FROM booking WHERE number = ANY ($1)"
log = logging.getLogger(__name__)


async def confirm(member: UUID, *, key: str, booking: UUID, way: str | None, now: datetime) -> BookingFacts:
    """Say yes to terms: the booking is being made, or is paid before it is. The same key and body answer the same booking.

    Raises INVALID_INPUT, KEY_REUSED, NOT_FOUND, QUOTE_EXPIRED for terms that are too old, QUOTE_USED for a second yes
    with another key.
    """
    claim = once.claim_of(member, OPERATION, once.key_text(key))
    if way is not None:
        way = storable(way, field="input.payment", length_max=WAY_MAX)
    async with work() as tx:
        held = await rows.locked(tx, booking)
        if held is None or held.member != member:
            raise refusing.unknown()
        if await once.is_first(tx, claim, OPERATION, body=once.body_of(booking, way), about=booking, now=now):
            if held.state is not BookingState.OFFERED:
                raise Refusal(Code.QUOTE_USED, "booking.confirmed_before", field="input.booking")
            if held.expires_at <= now:
                raise Refusal(Code.QUOTE_EXPIRED, "booking.terms_old", field="input.booking")
            chosen = _way(held, way)
            if chosen.method == rows.ONLINE:
                payment = await paying.open_for(tx, held, now)
                waits = {"state": "AWAITING_PAYMENT", "payment_id": payment}
                await rows.change(tx, booking, now, way=chosen.id, confirmed_at=now, **waits)
            else:
                await rows.change(tx, booking, now, state="CREATING", way=chosen.id, confirmed_at=now)
                await tx.enqueue(JOB, {"booking_id": str(booking)}, run_at=now, dedupe_key=str(booking))
    made = await rows.find(booking)
    assert made is not None  # noqa: S101 - rows with a yes are never deleted
    return made


async def create(booking: UUID, resources: Resources, now: datetime) -> None:
    """Make the booking of a yes. Raises `Unavailable` to come again."""
    async with work() as tx:
        held = await rows.locked(tx, booking)
        if held is None or held.state is not BookingState.CREATING:
            return
        may_call = held.tries < CALLS_MAX
        if may_call:
            sent = held.sent_at or now
            await rows.change(tx, booking, now, tries=held.tries + 1, sent_at=sent)
    if not may_call:
        await _look(held, resources, now)
        return
    try:
        made = await _called(held, resources)
    except TokenSpent:
        if held.tries == 0:
            await _failed(held, "TERMS_ENDED", now)
        else:
            # The first call was heard after all: the hotel's list names what came of it.
            await _look(held, resources, now)
        return
    except Uncertain:
        log.warning("a booking has no answer yet", extra={"booking": str(booking), "attempt": held.tries + 1})
        raise
    except Unavailable:
        # Surely not done: this call does not count.
        async with work() as tx:
            await rows.change(tx, booking, now, tries=held.tries)
        raise
    except Refused as refused:
        log.warning("a booking was refused", extra={"booking": str(booking), "reason": str(refused)})
        await _failed(held, "REFUSED", now)
        return
    await _made(held, made, resources, now)


async def _called(held: BookingFacts, resources: Resources) -> Made:
    customer = await rows.customer_of(held.member)
    if customer is None:
        raise Refused("the member is no more")
    back = f"{resources.base_url}/booking?booking={held.id}"
    way = next((one for one in held.terms.ways if one.id == (held.way or "")), held.terms.ways[0])
    return await refusing.engine_of(resources).create(held.order(customer), held.terms, way, back=back)


async def _made(held: BookingFacts, made: Made, resources: Resources, now: datetime) -> None:
    state = BookingState.CONFIRMED if made.is_confirmed else BookingState.AWAITING_PAYMENT
    async with work() as tx:
        fresh = await rows.locked(tx, held.id)
        if fresh is None or fresh.state is not BookingState.CREATING:
            # Somebody has had the money given back while the hotel was asked: the number is for whoever calls it now.
            log.error("a booking whose money went back stands at its hotel", extra={"booking": str(held.id)})
            await rows.change(tx, held.id, now, number=made.number)
            return
        await rows.change(tx, held.id, now, state=state.value, number=made.number, payment_url=made.payment_url)
        if not made.is_confirmed:
            await tx.enqueue(REFRESH, {"booking_id": str(held.id)}, run_at=now + PAYMENT_LOOK)
    asking.forget(refusing.engine_of(resources))
    BOOKINGS.labels(held.partner, "booked" if made.is_confirmed else "to be paid").inc()


async def _failed(held: BookingFacts, fault: str, now: datetime) -> None:
    async with work() as tx:
        fresh = await rows.locked(tx, held.id)
        if fresh is None or fresh.state is not BookingState.CREATING:
            return
        await rows.change(tx, held.id, now, state="FAILED", fault=fault)
        await paying.give_back(tx, fresh, None, now, reason="NOT_BOOKED")
    BOOKINGS.labels(held.partner, "failed").inc()


async def _look(held: BookingFacts, resources: Resources, now: datetime) -> None:
    """Find in the hotel's list what a call without an answer made; give up once the list must have it."""
    engine = refusing.engine_of(resources)
    since = (held.sent_at or now) - SKEW
    mark: str | None = None
    while True:
        changes = await engine.changes(held.property_id, mark=mark, since=since)
        for change in await _others(changes.items, since):
            booked = await engine.booked(held.property_id, change.number)
            if booked is not None and await _is_it(held, booked):
                await _made(held, Made(change.number, is_confirmed=True), resources, now)
                return
        if not changes.has_more:
            break
        mark = changes.mark
    if now - (held.sent_at or now) < LISTED_WITHIN:
        raise Unavailable("the booking is not in the hotel's list yet")
    log.error("a booking without an answer was given up", extra={"booking": str(held.id)})
    await _failed(held, "NOT_FOUND", now)


async def adopt(property_id: str, changes: Sequence[Change], resources: Resources, now: datetime) -> None:
    """Know a booking again that its hotel lists later than it was waited for. Raises `Unavailable`.

    One whose money went back is not taken for booked: the log rings, for somebody has to speak with the hotel.
    """
    lost = [rows.facts(row) for row in await database.fetch(_GIVEN_UP, property_id, now - ADOPTED_WITHIN)]
    if not lost:
        return
    since = min(held.sent_at or now for held in lost) - SKEW
    for change in await _others(changes, since):
        booked = await refusing.engine_of(resources).booked(property_id, change.number)
        for held in lost:
            if booked is not None and change.created_at >= (held.sent_at or now) - SKEW and await _is_it(held, booked):
                await _adopted(held, change.number, now)
                lost.remove(held)
                break


async def _adopted(held: BookingFacts, number: str, now: datetime) -> None:
    async with work() as tx:
        fresh = await rows.locked(tx, held.id)
        if held.payment_id is not None:
            log.error("a booking whose money went back stands at its hotel", extra={"booking": str(held.id)})
            await rows.change(tx, held.id, now, number=number)
            return
        if fresh is None or fresh.state is not BookingState.FAILED:
            return
        await rows.change(tx, held.id, now, state="CONFIRMED", number=number, fault=None)
    log.warning("a booking that was given up stands at its hotel", extra={"booking": str(held.id)})
    BOOKINGS.labels(held.partner, "adopted").inc()


async def _others(changes: Sequence[Change], since: datetime) -> list[Change]:
    """Bookings that were made meanwhile and belong to nobody here."""
    young = [one for one in changes if one.created_at >= since and not one.is_cancelled]
    ours = {row["number"] for row in await database.fetch(_OURS, [one.number for one in young])}
    return [one for one in young if one.number not in ours]


async def _is_it(held: BookingFacts, booked: Booked) -> bool:
    """Whether a booking is ours: the same rooms on the same days for the same person."""
    customer = await rows.customer_of(held.member)
    rooms = sorted((stay.room_id, stay.rate_id) for stay in held.stays)
    reached = customer is not None and (customer.phone in booked.phones or customer.email in booked.emails)
    same = sorted((room.room_id, room.rate_id) for room in booked.rooms) == rooms
    return reached and same and (booked.arrival, booked.departure) == (held.arrival, held.departure)


def _way(held: BookingFacts, way: str | None) -> PaymentWay:
    chosen = next((one for one in held.ways if way is None or one.id == way), None)
    if chosen is None:
        raise Refusal(Code.INVALID_INPUT, "booking.way_unknown", field="input.payment")
    return chosen
