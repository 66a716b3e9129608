"""Hotels, offers and bookings as guests read them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self
from uuid import UUID

import strawberry

from graph.bookings.telling import conditions_text, fault_text, meal_text, way_text
from graph.context import Info
from graph.payments.types import Payment
from graph.programme.types import Partner, Tier
from graph.scalars import Money
from graph.words import Locale
from integrations import bookings as engine
from integrations.bookings import Conditions
from loyalty.bookings import BookingState
from loyalty.money import print_percent
from loyalty.programme import Programme
from services.bookings import hotels, rows
from services.bookings.searching import Answer, Found

PICTURES = "/pictures/hotels"

strawberry.enum(BookingState, name="BookingState", description="Where a booking stands.")


@strawberry.type(description="A type of room.")
class HotelRoom:
    """A type of room."""

    id: strawberry.ID
    name: str
    about: str
    square_metres: int | None
    sleeps: int
    amenities: list[str]
    pictures: list[str]

    @classmethod
    def of(cls, room: engine.RoomKind, hotel: hotels.Hotel) -> Self:
        """The room with our copies of its pictures."""
        return cls(
            id=strawberry.ID(room.id),
            name=room.name,
            about=room.about,
            square_metres=room.metres,
            sleeps=room.sleeps,
            amenities=list(room.amenities),
            pictures=_pictures(room.pictures, hotel),
        )


@strawberry.type(description="A hotel that can be booked here. Its `id` is the partner's.")
class Hotel:
    """A hotel that can be booked here."""

    id: strawberry.ID
    partner: Partner
    name: str
    about: str
    city: str
    time_zone: str
    check_in: str = strawberry.field(description="`HH:MM` of the hotel's own clock.")
    check_out: str
    pictures: list[str] = strawberry.field(description="Addresses on this server.")
    rooms: list[HotelRoom]
    takes_promo_codes: bool

    @classmethod
    def of(cls, hotel: hotels.Hotel, programme: Programme, locale: Locale) -> Self:
        """The hotel in a reader's language, as far as it was written in it."""
        return cls(
            id=strawberry.ID(hotel.partner.id),
            partner=Partner.of(hotel.partner, programme, locale),
            name=hotel.card.name,
            about=hotel.card.about,
            city=hotel.card.city,
            time_zone=hotel.card.time_zone,
            check_in=hotel.card.check_in,
            check_out=hotel.card.check_out,
            pictures=_pictures(hotel.card.pictures, hotel),
            rooms=[HotelRoom.of(room, hotel) for room in hotel.card.rooms],
            takes_promo_codes=bool(hotel.terms.codes),
        )


@strawberry.type(
    description="What leaving costs: nothing until `freeUntil`, then `penalty`; without a penalty nothing."
)
class CancellationConditions:
    """What leaving costs."""

    free_until: datetime | None
    penalty: Money | None
    text: str

    @classmethod
    def of(cls, conditions: Conditions, zone: str, locale: Locale) -> Self:
        """The conditions with a sentence."""
        return cls(
            free_until=conditions.free_until,
            penalty=None if conditions.penalty is None else Money(conditions.penalty),
            text=conditions_text(conditions, zone, locale),
        )


@strawberry.type(
    description="A room at a rate, with the public price and the member's own. Taxes are paid at the desk."
)
class RoomOffer:
    """A room at a rate."""

    offer: strawberry.ID = strawberry.field(description="What `startBooking` takes; good for half an hour.")
    room: HotelRoom | None
    name: str
    rate: str
    rate_about: str
    meal: str | None
    left: int
    price: Money = strawberry.field(description="The public price of the whole stay.")
    discount: Money
    net: Money = strawberry.field(description="The member's price.")
    discount_percent: str
    accumulates: bool
    tax: Money
    conditions: CancellationConditions

    @classmethod
    def of(cls, found: Found, hotel: hotels.Hotel, locale: Locale) -> Self:
        """The offer in a reader's language."""
        stay, line = found.stay, found.priced.lines[0]
        room, rate = hotel.rooms.get(stay.room_id), hotel.rates.get(stay.rate_id)
        return cls(
            offer=strawberry.ID(found.word),
            room=None if room is None else HotelRoom.of(room, hotel),
            name=hotel.name_of(stay.room_id),
            rate="" if rate is None else rate.name,
            rate_about="" if rate is None else rate.about,
            meal=meal_text(stay.meal, locale),
            left=stay.left,
            price=Money(line.gross),
            discount=Money(line.discount),
            net=Money(line.net),
            discount_percent=print_percent(line.basis_points),
            accumulates=line.accumulates,
            tax=Money(stay.tax),
            conditions=CancellationConditions.of(stay.conditions, hotel.card.time_zone, locale),
        )


@strawberry.type(description="The guests of one room, and what there is for them: cheapest first, nothing where full.")
class RoomChoice:
    """The guests of one room, and what there is for them."""

    adults: int
    child_ages: list[int]
    offers: list[RoomOffer]


@strawberry.type(description="What a hotel has on some days.")
class RoomOffers:
    """What a hotel has on some days."""

    hotel: Hotel
    tier: Tier
    arrival: date
    departure: date
    nights: int
    rooms: list[RoomChoice]

    @classmethod
    def of(cls, answer: Answer, arrival: date, departure: date, locale: Locale) -> Self:
        """The answer of a search."""
        return cls(
            hotel=Hotel.of(answer.hotel, answer.programme, locale),
            tier=Tier.of(answer.tier, locale),
            arrival=arrival,
            departure=departure,
            nights=(departure - arrival).days,
            rooms=[
                RoomChoice(
                    adults=party.adults,
                    child_ages=list(party.child_ages),
                    offers=[RoomOffer.of(found, answer.hotel, locale) for found in offers],
                )
                for party, offers in answer.rooms
            ],
        )


@strawberry.type(description="A way to pay. `now`: what is taken at once, on the page of the hotel's payment service.")
class BookingPayment:
    """A way to pay."""

    id: strawberry.ID
    name: str
    now: Money


@strawberry.type(description="A room of a booking.")
class BookedRoom:
    """A room of a booking."""

    name: str
    rate: str
    meal: str | None
    adults: int
    child_ages: list[int]
    pictures: list[str]


@strawberry.type(description="A booking of mine.")
class Booking:
    """A booking of mine."""

    id: UUID
    state: BookingState
    partner: Partner | None
    hotel: str
    number: str | None
    arrival: date
    departure: date
    rooms: list[BookedRoom]
    price: Money = strawberry.field(description="The public price of all rooms.")
    asked_price: Money = strawberry.field(
        description="The public price that was shown before the hotel was asked again."
    )
    discount: Money
    net: Money = strawberry.field(description="What the guest pays for the rooms.")
    tax: Money = strawberry.field(description="Fees that are paid at the desk.")
    conditions: CancellationConditions
    payments: list[BookingPayment]
    penalty: Money | None = strawberry.field(description="What cancelling cost.")
    can_cancel: bool
    offered_at: datetime
    expires_at: datetime | None = strawberry.field(description="Until when these terms can be confirmed.")
    counts_at: datetime | None = strawberry.field(description="When the stay counts, once that is known.")
    purchase: UUID | None
    problem: str | None = strawberry.field(description="Why it came to nothing, or was not cancelled.")
    page: strawberry.Private[str | None]
    payment_id: strawberry.Private[UUID | None]

    @strawberry.field(description="What is paid to the programme before the hotel books; null where it takes no money.")
    async def payment(self, info: Info) -> Payment | None:
        """What is paid to the programme before the hotel books."""
        if self.payment_id is None:
            return None
        found = await info.context.loaders.payment.load(self.payment_id)
        return None if found is None else Payment.of(found, info.context.locale)

    @strawberry.field(description="Where to pay; only while the payment is waited for.")
    async def payment_url(self, info: Info) -> str | None:
        """Where to pay: the hotel's page, or the page of the programme's acquirer."""
        if self.state is not BookingState.AWAITING_PAYMENT or self.payment_id is None:
            return self.page
        found = await info.context.loaders.payment.load(self.payment_id)
        return None if found is None else Payment.of(found, info.context.locale).confirmation_url

    @classmethod
    def of(cls, booking: rows.BookingFacts, programme: Programme, hotel: hotels.Hotel | None, locale: Locale) -> Self:
        """The booking in a reader's language, named by its hotel where that is still connected."""
        partner = programme.partners_by_id.get(booking.partner)
        is_offered = booking.state is BookingState.OFFERED
        zone = programme.time_zone if hotel is None else hotel.card.time_zone
        named = "" if partner is None else partner.name.in_locale(locale)
        penalty = booking.at_most_paid(booking.penalty)
        return cls(
            id=booking.id,
            state=booking.state,
            partner=None if partner is None else Partner.of(partner, programme, locale),
            hotel=named if hotel is None else hotel.card.name,
            number=booking.number,
            arrival=booking.arrival,
            departure=booking.departure,
            rooms=[_booked_room(stay, hotel, named, locale) for stay in booking.stays],
            price=Money(booking.price),
            asked_price=Money(booking.asked_price),
            discount=Money(booking.discount),
            net=Money(booking.net),
            tax=Money(booking.tax),
            conditions=CancellationConditions.of(booking.conditions, zone, locale),
            payments=[
                BookingPayment(id=strawberry.ID(way.id), name=way_text(way.method, locale), now=Money(way.amount))
                for way in (booking.ways if is_offered else ())
            ],
            page=booking.payment_url if booking.state is BookingState.AWAITING_PAYMENT else None,
            payment_id=booking.payment_id,
            penalty=None if penalty is None else Money(penalty),
            can_cancel=booking.state is BookingState.CONFIRMED,
            offered_at=booking.offered_at,
            expires_at=booking.expires_at if is_offered else None,
            counts_at=booking.counts_at,
            purchase=booking.purchase_id,
            problem=None if booking.fault is None else fault_text(booking.fault, locale),
        )


@strawberry.type(description="A page of bookings, newest first. Pass `next` as `after` to go on; null at the end.")
class BookingPage:
    """A page of bookings."""

    items: list[Booking]
    next: str | None


@strawberry.type(description="What cancelling a booking costs now.")
class CancellationPenalty:
    """What cancelling a booking costs now."""

    booking: Booking
    penalty: Money
    comes_back: Money | None = strawberry.field(
        description="What is given back of money that was paid to the programme; null where none was."
    )


def _booked_room(stay: engine.OfferedStay, hotel: hotels.Hotel | None, named: str, locale: Locale) -> BookedRoom:
    room = None if hotel is None else hotel.rooms.get(stay.room_id)
    rate = None if hotel is None else hotel.rates.get(stay.rate_id)
    return BookedRoom(
        name=named if room is None else room.name,
        rate="" if rate is None else rate.name,
        meal=meal_text(stay.meal, locale),
        adults=stay.party.adults,
        child_ages=list(stay.party.child_ages),
        pictures=[] if room is None or hotel is None else _pictures(room.pictures, hotel),
    )


def _pictures(sources: tuple[str, ...], hotel: hotels.Hotel) -> list[str]:
    return [f"{PICTURES}/{hotel.pictures[url]}" for url in sources if url in hotel.pictures]
