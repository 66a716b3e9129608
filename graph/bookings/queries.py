"""Hotels for everybody, rooms and bookings for members."""

from uuid import UUID

import strawberry

from graph.bookings.comparing import HotelComparison, HotelComparisonInput
from graph.bookings.results import RoomSearchInput
from graph.bookings.types import Booking, BookingPage, CancellationPenalty, Hotel, RoomOffers
from graph.context import Context, Info
from graph.paging import Cursor, page_size, read_cursor
from graph.permissions import member, public
from graph.scalars import Money
from integrations.bookings import Party
from services import programmes
from services.bookings import cancelling, comparing, hotels, rows, searching
from services.bookings.comparing import Days
from services.bookings.rows import BookingFacts
from services.bookings.searching import Wanted


@strawberry.type
class BookingQueries:
    """Hotels for everybody, rooms and bookings for members."""

    @strawberry.field(
        extensions=[public()], description="The hotels that can be booked here; none where none is connected."
    )
    async def hotels(self, info: Info) -> list[Hotel]:
        """The hotels that can be booked here."""
        context = info.context
        programme = await programmes.current(context.now)
        found = await hotels.connected(context.resources, programme)
        return [Hotel.of(hotel, programme, context.locale) for hotel in found]

    @strawberry.field(
        extensions=[member()], description="What a hotel has, with the member's own price beside the public one."
    )
    async def search_rooms(self, info: Info, input: RoomSearchInput) -> RoomOffers:  # noqa: A002 - the contract
        """What a hotel has."""
        context = info.context
        wanted = Wanted(
            partner=input.hotel,
            arrival=input.arrival,
            departure=input.departure,
            parties=tuple(Party(room.adults, tuple(room.child_ages)) for room in input.rooms),
            code=input.promo_code,
        )
        answer = await searching.search(context.resources, context.member.member_id, wanted, now=context.now)
        return RoomOffers.of(answer, input.arrival, input.departure, context.locale)

    @strawberry.field(
        extensions=[member()], description="What the hotels cost at least on these days, with the member's own price."
    )
    async def compare_hotels(self, info: Info, input: HotelComparisonInput) -> HotelComparison:  # noqa: A002 - the contract
        """What the hotels cost at least."""
        context = info.context
        parties = tuple(Party(room.adults, tuple(room.child_ages)) for room in input.rooms)
        days = Days(input.arrival, input.departure, parties)
        found = await comparing.compare(context.resources, context.member.member_id, days, now=context.now)
        return HotelComparison.of(found, days, context.locale)

    @strawberry.field(extensions=[member()], description="A booking of mine; null for any other id.")
    async def booking(self, info: Info, id: UUID) -> Booking | None:  # noqa: A002 - the contract
        """A booking of mine."""
        found = await rows.find(id, info.context.member.member_id)
        return None if found is None else await told(found, info.context)

    @strawberry.field(
        extensions=[member()], description="What cancelling a booking of mine costs now, as its hotel says."
    )
    async def cancellation_penalty(self, info: Info, booking: UUID) -> CancellationPenalty:
        """What cancelling a booking of mine costs now."""
        context = info.context
        found = await cancelling.penalty_of(context.resources, context.member.member_id, booking, context.now)
        comes_back = None if found.comes_back is None else Money(found.comes_back)
        named = await told(found.booking, context)
        return CancellationPenalty(booking=named, penalty=Money(found.amount), comes_back=comes_back)


async def told(booking: BookingFacts, context: Context) -> Booking:
    """A booking in the reader's language."""
    programme = await programmes.current(context.now)
    hotel = await hotels.hotel_of(context.resources, programme, booking.partner)
    return Booking.of(booking, programme, hotel, context.locale)


async def bookings_of(member_id: UUID, *, first: int, after: str | None, context: Context) -> BookingPage:
    """A page of a member's bookings, newest first."""
    size, place = page_size(first), read_cursor(after)
    found = await rows.page(member_id, rows=size + 1, after=None if place is None else (place.at, place.id))
    programme = await programmes.current(context.now)
    known = {hotel.partner.id: hotel for hotel in await hotels.connected(context.resources, programme)}
    items = [Booking.of(one, programme, known.get(one.partner), context.locale) for one in found[:size]]
    more = len(found) > size
    return BookingPage(items=items, next=str(Cursor(found[size - 1].offered_at, found[size - 1].id)) if more else None)
