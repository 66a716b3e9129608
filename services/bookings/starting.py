"""Beginning a booking: the offers are verified with the engine, and the terms of now are kept for the guest's yes."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

import orjson

from integrations.bookings import Order, PaymentWay, Terms
from loyalty.bookings import ROOMS_MAX, BookingState, StayPayment
from loyalty.payments import LEAST
from loyalty.programme import Programme
from loyalty.purchases import Priced
from loyalty.refusals import Code, Refusal
from models import database
from services import callers, once, programmes
from services.bookings import asking, offers, refusing, rows, searching
from services.bookings.hotels import hotel_of
from services.bookings.offers import Offer
from services.bookings.rows import BookingFacts
from services.resources import Resources
from services.tiers.standing import tier_of
from services.work import work

OPERATION: Final = "startBooking"
LIFE: Final = timedelta(minutes=30)
WAY: Final = "online"
_INSERT: Final = """
INSERT INTO booking (id, body_sha256, member_id, partner, property_id, state, arrival, departure, programme_version, tier,
    stays, terms, corporate, remarks, price, discount, tax, asked_price, tries, offered_at, expires_at, changed_at)
VALUES ($1, $2, $3, $4, $5, 'OFFERED', $6, $7, $8, $9, $10::jsonb, $11::jsonb, $12, $13::jsonb, $14, $15, $16, $17, 0,
    $18, $19, $18)
ON CONFLICT (id) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class StartCommand:
    """Which offers of one search are to be booked together, one a room."""

    key: str
    offers: Sequence[str]


async def start(resources: Resources, member: UUID, command: StartCommand, *, now: datetime) -> BookingFacts:
    """Verify offers and keep their terms. Nothing is booked yet, and the engine may have changed the price.

    Raises INVALID_INPUT, KEY_REUSED, QUOTE_EXPIRED for an old offer, NOT_FOUND, ROOM_GONE, LIMIT_REACHED, ENGINE_AWAY.
    """
    key = once.key_text(command.key)
    booking = once.claim_of(member, OPERATION, key)
    body = once.body_of([_word(word, place) for place, word in enumerate(command.offers)])
    known = await rows.find(booking)
    if known is not None:
        return _same(known, body)
    chosen = _chosen(resources, member, command.offers, now)
    limit = resources.policy.booking_starts_per_member_hour
    await callers.spend(
        resources, "booking.start", str(member), limit=limit, window_seconds=searching.HOUR_SECONDS, now=now
    )
    programme = await programmes.current(now)
    hotel = await hotel_of(resources, programme, chosen[0].partner)
    customer = await rows.customer_of(member)
    if hotel is None or customer is None:
        raise refusing.no_hotel()
    tier = await tier_of(programme, member, now)
    rate = programme.rule(hotel.partner.id, hotel.terms.service, "CABINET", tier.id)
    order = Order(hotel.terms.property_id, tuple(one.stay for one in chosen), customer, (), chosen[0].corporate)

    def priced(prices: Sequence[int]) -> Priced:
        names = [hotel.name_of(stay.room_id) for stay in order.stays]
        return searching.priced(programme, hotel, tier.id, list(zip(names, prices, strict=False)))

    net = priced([stay.price for stay in order.stays]).net
    pays_us = hotel.terms.payment is StayPayment.ONLINE and resources.payments is not None and net >= LEAST
    remarks = _remarks(programme, 0 if rate is None else rate.basis_points, pays_us=pays_us)
    order = replace(order, remarks=remarks, prepaid=net if pays_us else None)
    terms, sums = await _verified_sums(resources, order, priced)
    stays = orjson.dumps([asdict(stay) for stay in order.stays]).decode()
    async with work() as tx:
        arrival, departure = _days(order)
        await tx.execute(
            _INSERT,
            *(booking, body, member, hotel.partner.id, hotel.terms.property_id, arrival, departure),
            *(programme.version, tier.id, stays, orjson.dumps(asdict(terms)).decode(), order.corporate),
            *(orjson.dumps(remarks).decode(), sums.gross, sums.discount, terms.tax),
            *(sum(stay.price for stay in order.stays), now, now + LIFE),
        )
    made = await rows.find(booking)
    assert made is not None  # noqa: S101 - it was written a moment ago, by us or by a rival with the same key
    return _same(made, body)


async def sweep(now: datetime) -> int:
    """Forget terms that nobody said yes to; gives their number."""
    return await database.sweep(_SWEEP, now - timedelta(days=1))


_SWEEP: Final = """
DELETE FROM booking WHERE id IN (SELECT id FROM booking WHERE state = 'OFFERED' AND expires_at < $1 LIMIT $2)
"""


def _same(known: BookingFacts, body: bytes) -> BookingFacts:
    if known.body_sha256 != body:
        raise once.key_reused()
    return known


def _word(word: str, place: int) -> str:
    """An offer's word: none of ours has other letters or is longer."""
    if not word.isascii() or len(word) > offers.LENGTH_MAX:
        raise Refusal(Code.INVALID_INPUT, "booking.offer_unreadable", field=f"input.offers.{place}")
    return word


def _chosen(resources: Resources, member: UUID, words: Sequence[str], now: datetime) -> list[Offer]:
    if not 1 <= len(words) <= ROOMS_MAX:
        raise Refusal(Code.INVALID_INPUT, "booking.rooms", field="input.offers", most=ROOMS_MAX)
    chosen = [
        offers.unseal(word, member, resources.keyring, now, field=f"input.offers.{place}")
        for place, word in enumerate(words)
    ]
    alike = {(one.partner, one.corporate, one.stay.arrives_at[:10], one.stay.leaves_at[:10]) for one in chosen}
    if len(alike) != 1:
        raise Refusal(Code.INVALID_INPUT, "booking.offers_differ", field="input.offers")
    return chosen


async def _verified(resources: Resources, order: Order) -> Terms:
    engine = refusing.engine_of(resources)
    async with refusing.told():
        terms = await engine.verify(order)
    if terms is None:
        asking.forget(engine)
        raise Refusal(Code.ROOM_GONE, "booking.gone", field="input.offers")
    if terms.is_changed:
        asking.forget(engine)
    return terms


async def _verified_sums(
    resources: Resources, order: Order, priced: Callable[[Sequence[int]], Priced]
) -> tuple[Terms, Priced]:
    """The terms of now and the member's price of them, room by room where the engine told them apart.

    Where we take the money the engine is told how much, and what it verifies is what it books: a price that has changed
    is verified once more, by its own checksums, with the sum that will be paid.
    """
    terms = await _verified(resources, order)
    sums = priced(_prices(terms))
    if order.prepaid is None:
        return terms, sums
    if sums.net != order.prepaid:
        stays = tuple(
            replace(stay, checksum=checksum) for stay, checksum in zip(order.stays, terms.checksums, strict=True)
        )
        again = await _verified(resources, replace(order, stays=stays, prepaid=sums.net))
        if again.is_changed or again.price != terms.price:
            raise Refusal(Code.ROOM_GONE, "booking.gone", field="input.offers")
        terms = replace(again, is_changed=True)
    return replace(terms, ways=(PaymentWay(WAY, rows.ONLINE, sums.net),)), sums


def _prices(terms: Terms) -> tuple[int, ...]:
    return terms.prices if sum(terms.prices) == terms.price else (terms.price,)


def _remarks(programme: Programme, basis_points: int, *, pays_us: bool) -> tuple[str, ...]:
    """What the hotel reads beside the booking: the discount that it gives, since the engine knows the public price."""
    paid = "оплачено программе" if pays_us else "оплата в отеле"
    if not basis_points:
        more = f" {paid.capitalize()}." if pays_us else ""
        return (f"Участник программы «{programme.name.ru}», бронирование в личном кабинете.{more}",)
    percent = f"{basis_points / 100:g}".replace(".", ",")
    return (f"Участник программы «{programme.name.ru}»: скидка {percent} % с цены проживания, {paid}.",)


def _days(order: Order) -> tuple[date, date]:
    first = order.stays[0]
    return date.fromisoformat(first.arrives_at[:10]), date.fromisoformat(first.leaves_at[:10])


def is_open(booking: BookingFacts, now: datetime) -> bool:
    """Whether its terms still wait for a yes."""
    return booking.state is BookingState.OFFERED and booking.expires_at > now
