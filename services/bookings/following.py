"""Following bookings: the hotel's list of changes, read from where it was left, and each booking as it stands now."""

import logging
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from prometheus_client import Gauge

from integrations.bookings import Booked
from integrations.ports import Refused, Unavailable
from loyalty import bookings as rules
from loyalty.bookings import BookingState, HotelTerms, StayCounts
from loyalty.programme import Programme
from models import database
from services import programmes
from services.bookings import paying, refusing, rows
from services.bookings.confirming import JOB as CREATE
from services.bookings.confirming import PAYMENT_LOOK, REFRESH, adopt
from services.bookings.hotels import hotel_of, zone_in
from services.bookings.rows import BookingFacts
from services.resources import Resources
from services.work import work

WATCH: Final = "bookings.watch"
COUNT: Final = "booking.count"
PAYMENT_LIFE: Final = timedelta(minutes=40)
OVERLAP: Final = timedelta(hours=1)
FORGOTTEN: Final = timedelta(minutes=10)
AT_ONCE: Final = 500
_MARK: Final = "SELECT mark, looked_at FROM hotel WHERE property_id = $1"
_SET_MARK: Final = "UPDATE hotel SET mark = $2, looked_at = $3 WHERE property_id = $1"
_OURS: Final = "SELECT id FROM booking WHERE number = ANY ($1) AND state <> 'ACCRUED'"
_DUE: Final = """
SELECT id FROM booking WHERE state IN ('CONFIRMED', 'CHECKED_IN', 'CHECKED_OUT') AND counts_at <= $1
ORDER BY counts_at LIMIT $2
"""
_WITHOUT_END: Final = """
SELECT id FROM booking WHERE state IN ('CONFIRMED', 'CHECKED_IN') AND counts_at IS NULL AND departure < $1::date
ORDER BY departure LIMIT $2
"""
# A job that was given up leaves its booking half-way: it is taken up again, and nothing is done twice.
_FORGOTTEN: Final = """
SELECT id, CASE state WHEN 'CREATING' THEN 'booking.create' WHEN 'CANCELLING' THEN 'booking.cancel'
    ELSE 'booking.refresh' END AS job
FROM booking AS b WHERE state IN ('CREATING', 'CANCELLING', 'AWAITING_PAYMENT') AND changed_at < $1
    AND (state <> 'AWAITING_PAYMENT' OR number IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM job AS j WHERE j.status = 'READY' AND j.payload ->> 'booking_id' = b.id::text)
ORDER BY changed_at LIMIT $2
"""
FRESHNESS: Final = Gauge(
    "kunak_hotels_freshness_seconds", "Since when a hotel's list of changes was not read.", ["hotel"]
)
log = logging.getLogger(__name__)


async def watch(resources: Resources, now: datetime) -> None:
    """Read what changed in every hotel, take up what was forgotten, and have counted what is due."""
    if resources.hotels is None:
        return
    programme = await programmes.current(now)
    await _take_up(now)
    trouble: Exception | None = None
    for partner in programme.hotels.values():
        try:
            if partner.booking is not None:
                await _changes(resources, partner.booking.property_id, now)
        except (Unavailable, Refused) as error:
            log.exception("bookings of a hotel could not be read", extra={"hotel": partner.id})
            trouble = error
    await measure(programme, now)
    if isinstance(trouble, Unavailable):
        raise trouble


async def measure(programme: Programme, now: datetime) -> None:
    """Set the gauges: how fresh each hotel's list is that was ever read."""
    for partner in programme.hotels.values():
        row = None if partner.booking is None else await database.fetchrow(_MARK, partner.booking.property_id)
        if row is not None and row["looked_at"] is not None:
            FRESHNESS.labels(partner.id).set((now - row["looked_at"]).total_seconds())


async def _changes(resources: Resources, property_id: str, now: datetime) -> None:
    engine = refusing.engine_of(resources)
    row = await database.fetchrow(_MARK, property_id)
    if row is None:
        return
    mark: str | None = row["mark"]
    is_kept = mark is not None
    while True:
        try:
            changes = await engine.changes(property_id, mark=mark, since=(row["looked_at"] or now) - OVERLAP)
        except Refused as refused:
            if not is_kept:
                raise
            # A mark may end, or belong to an account that is no more: from a moment on the list is always told.
            log.warning("a hotel's changes are read anew", extra={"reason": str(refused)})
            mark, is_kept = None, False
            continue
        await adopt(property_id, changes.items, resources, now)
        numbers = [one.number for one in changes.items]
        async with work() as tx:
            for found in await tx.fetch(_OURS, numbers):
                await tx.enqueue(REFRESH, {"booking_id": str(found["id"])}, run_at=now)
            await tx.execute(_SET_MARK, property_id, changes.mark or None, now)
        if not changes.has_more:
            return
        mark = changes.mark


async def _take_up(now: datetime) -> None:
    async with work() as tx:
        for row in await tx.fetch(_FORGOTTEN, now - FORGOTTEN, AT_ONCE):
            await tx.enqueue(row["job"], {"booking_id": str(row["id"])}, run_at=now)


async def is_due(now: datetime) -> bool:
    """Whether a stay is to be counted or to be given up."""
    return bool(await database.fetch(_DUE, now, 1)) or bool(await database.fetch(_WITHOUT_END, now, 1))


async def due(now: datetime) -> list[UUID]:
    """The bookings whose stay is to be looked at, longest overdue first."""
    counted = [row["id"] for row in await database.fetch(_DUE, now, AT_ONCE)]
    ended = [row["id"] for row in await database.fetch(_WITHOUT_END, now, AT_ONCE)]
    return list(dict.fromkeys([*counted, *ended]))


async def refresh(booking: UUID, resources: Resources, now: datetime) -> BookingFacts | None:
    """Bring a booking to what its hotel says of it. Raises `Unavailable`."""
    held = await rows.find(booking)
    if held is None or held.number is None:
        return held
    booked = await refusing.engine_of(resources).booked(held.property_id, held.number)
    if booked is None:
        await _unpaid(held, now)
    else:
        await _bring(held.id, booked, now)
    return await rows.find(booking)


async def _unpaid(held: BookingFacts, now: datetime) -> None:
    """A booking that is not in the list: it waits for its payment, and in the end nobody paid."""
    if held.state is not BookingState.AWAITING_PAYMENT:
        raise Unavailable("the hotel does not list a booking of ours")
    async with work() as tx:
        fresh = await rows.locked(tx, held.id)
        if fresh is None or fresh.state is not BookingState.AWAITING_PAYMENT:
            return
        if now - (held.confirmed_at or now) > PAYMENT_LIFE:
            await rows.change(tx, held.id, now, state="FAILED", fault="NOT_PAID")
        else:
            await tx.enqueue(REFRESH, {"booking_id": str(held.id)}, run_at=now + PAYMENT_LOOK)


async def _bring(booking: UUID, booked: Booked, now: datetime) -> None:
    async with work() as tx:
        held = await rows.locked(tx, booking)
        if held is None or held.state in {BookingState.ACCRUED, BookingState.CANCELLED}:
            return
        if booked.is_cancelled:
            await rows.change(tx, booking, now, state="CANCELLED", penalty=booked.penalty, counts_at=None)
            await paying.give_back(tx, held, booked.penalty, now, reason="CANCELLED")
            return
        if (booked.arrival, booked.departure) != (held.arrival, held.departure):
            # Who has left counts from then on, whatever the hotel corrects: nothing would set the moment again.
            again = {} if held.state is BookingState.CHECKED_OUT else {"counts_at": None}
            await rows.change(tx, booking, now, arrival=booked.arrival, departure=booked.departure, **again)
        if held.state in {BookingState.AWAITING_PAYMENT, BookingState.CREATING} or _is_paid_late(held):
            await rows.change(tx, booking, now, state="CONFIRMED", fault=None)


def _is_paid_late(held: BookingFacts) -> bool:
    """Whether nobody waited for it any more when the guest paid on the hotel's page: the hotel has it, so it stands."""
    return held.state is BookingState.FAILED and held.fault == "NOT_PAID" and held.number is not None


async def end_stay(booking: UUID, resources: Resources, now: datetime) -> bool:
    """Say when a stay counts whose day of departure has passed; whether it is to be counted now.

    Where the hotel tells of check-outs, who has not come is a no-show, and whose check-out was not told leaves by the
    hotel's rules: the log and the status page say so from then until the stay counts.
    """
    held = await rows.find(booking)
    if held is None or held.state not in rules.BOOKED:
        return False
    if held.counts_at is not None:
        return held.counts_at <= now
    programme = await programmes.current(now)
    terms = terms_of(programme, held)
    hotel = await hotel_of(resources, programme, held.partner)
    if terms is None or hotel is None:
        return False
    left = rules.departs_at(held.departure, hotel.card.check_out, zone_in(programme, hotel))
    counts = rules.counts_at(terms, left)
    if left > now:
        return False
    async with work() as tx:
        fresh = await rows.locked(tx, booking)
        if fresh is None or fresh.counts_at is not None or fresh.departure != held.departure:
            return False
        is_over = fresh.state is BookingState.CHECKED_IN or (
            fresh.state is BookingState.CONFIRMED and terms.counts is StayCounts.DEPARTURE
        )
        if is_over:
            await rows.change(tx, booking, now, left_at=left, counts_at=counts)
        elif fresh.state is BookingState.CONFIRMED and counts <= now:
            await rows.change(tx, booking, now, state="NO_SHOW")
            log.warning("nothing was told of a stay: it is a no-show", extra={"booking": str(booking)})
    if is_over and terms.counts is StayCounts.CHECK_OUT:
        log.error("a guest has checked in, and no check-out was told", extra={"booking": str(booking)})
    return is_over and counts <= now


def terms_of(programme: Programme, booking: BookingFacts) -> HotelTerms | None:
    """On what terms a booking's partner is booked now."""
    partner = programme.partners_by_id.get(booking.partner)
    return None if partner is None else partner.booking


__all__ = ["COUNT", "CREATE", "REFRESH", "WATCH", "due", "end_stay", "is_due", "refresh", "terms_of", "watch"]
