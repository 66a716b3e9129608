"""A hotel whose rooms are paid to the programme: verified, paid, booked; and the money back where that fails (A-057)."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime
from functools import partial

import pytest

from integrations.bookings import Made
from integrations.standins.yookassa.server import YooKassaStandin
from loyalty.bookings import BookingState
from loyalty.payments import PaymentState
from loyalty.refusals import Code, Refusal
from models import database
from services.audit import Actor
from services.bookings import cancelling, confirming, following
from services.bookings.rows import BookingFacts
from services.paid_for import SUBJECTS
from services.payments import deciding
from services.payments import rows as payments
from services.payments import waiting as waiting_money
from services.payments.rows import PaymentFacts
from services.payments.waiting import Decision, Matter, Waiting
from tests.makers.bookings import House, booking_house
from tests.makers.patience import rivals_told
from tests.makers.payments import acquirer_of, standing_in

RAISE = "UPDATE balance SET amount = $2 FROM member_standing AS s WHERE s.qualifying_account = account_id AND s.member_id = $1"
DACHA = {"partner": "dacha-vintera"}


@pytest.fixture
async def house(db: None, now: datetime) -> AsyncIterator[House]:
    """A member of the second tier, and the hotel where the programme takes the money."""
    async with booking_house(now) as one:
        await database.execute(RAISE, one.member.id, 100_000_00)
        yield one


@pytest.fixture
async def standin(house: House) -> AsyncIterator[YooKassaStandin]:
    async with standing_in(house.clock) as one, acquirer_of(one, seconds=1.0) as acquirer:
        house.resources = replace(house.resources, payments=acquirer)
        yield one


async def cheapest(house: House, **more: object) -> tuple[str, str]:
    """The room and the rate that are offered first."""
    stay = (await house.search(**DACHA, **more)).rooms[0][1][0].stay  # type: ignore[arg-type]
    return stay.room_id, stay.rate_id


async def begun(house: House, **more: object) -> BookingFacts:
    room, rate = await cheapest(house, **more)
    return await house.start(room=room, rate=rate, **DACHA, **more)  # type: ignore[arg-type]


async def waiting(house: House, **more: object) -> tuple[BookingFacts, PaymentFacts]:
    """A booking whose page to pay on is there."""
    made = await house.confirm(await begun(house, **more))
    await house.work()
    return await house.fresh(made), await payment_of(made)


async def payment_of(booking: BookingFacts) -> PaymentFacts:
    found = await payments.of_subject("booking", booking.id)
    assert found is not None
    return found


async def decided(house: House, waits: Waiting, decision: Decision, reason: str) -> None:
    """Somebody of the staff decides about money that waits."""
    operator, now = Actor.operator(), house.clock.now
    await deciding.decide(operator, waits.id, decision, reason, subjects=SUBJECTS, resources=house.resources, now=now)


async def pays(house: House, standin: YooKassaStandin, payment: PaymentFacts) -> None:
    standin.pay(str(payment.provider_id))
    house.clock.turn(seconds=10)
    await house.work()


async def test_the_members_price_is_paid_at_once_and_then_booked(house: House, standin: YooKassaStandin) -> None:
    """A-057: verify, pay, create: the discount is paid less, and the hotel reads what was paid."""
    started = await begun(house)
    assert started.discount > 0
    assert [(way.method, way.amount) for way in started.ways] == [("Online", started.net)]
    booking, payment = await waiting(house)
    assert (booking.state, booking.number) == (BookingState.AWAITING_PAYMENT, None)
    assert (payment.state, payment.amount) == (PaymentState.PENDING, booking.net)
    assert not house.standin.reservations.by_number
    await pays(house, standin, payment)
    booked = await house.fresh(booking)
    assert booked.state is BookingState.CONFIRMED
    reservation = house.standin.reservations.by_number[str(booked.number)]
    assert reservation.asked["prepayment"]["paymentType"] == "PrePay"
    assert round(reservation.asked["prepayment"]["prepaidSum"] * 100) == booking.net
    assert "оплачено программе" in reservation.asked["bookingComments"][0]
    assert reservation.price * 100 == booking.price


async def test_ten_yeses_at_once_are_one_payment_and_one_booking(house: House, standin: YooKassaStandin) -> None:
    started = await begun(house)
    told = await rivals_told(*(partial(house.confirm, started, key=f"yes-{place % 2}") for place in range(10)))
    assert {one.code for one in told if isinstance(one, Refusal)} == {Code.QUOTE_USED}
    await asyncio.gather(*(house.work() for _ in range(5)))
    assert len(standin.books.payments) == 1
    standin.pay(str((await payment_of(started)).provider_id))
    house.clock.turn(seconds=10)
    await asyncio.gather(*(house.work() for _ in range(5)))
    assert (await house.fresh(started)).state is BookingState.CONFIRMED
    assert len(house.standin.reservations.by_number) == 1


async def test_without_an_acquirer_the_hotel_takes_the_money(house: House) -> None:
    started = await begun(house)
    assert [way.method for way in started.ways] == ["AtArrival"]
    assert started.prepaid is None


async def test_a_hotel_that_takes_its_own_money_is_not_paid_here(house: House, standin: YooKassaStandin) -> None:
    assert [way.method for way in (await house.start()).ways] == ["AtArrival"]


async def test_a_new_price_is_verified_with_the_sum_that_is_paid(house: House, standin: YooKassaStandin) -> None:
    room, _ = await cheapest(house)
    house.plan.dearer[room] = 900
    booking, payment = await waiting(house)
    assert booking.price - booking.asked_price == 900_00
    assert payment.amount == booking.net
    await pays(house, standin, payment)
    booked = await house.fresh(booking)
    assert booked.state is BookingState.CONFIRMED
    asked = house.standin.reservations.by_number[str(booked.number)].asked
    assert round(asked["prepayment"]["prepaidSum"] * 100) == booking.net


async def test_who_does_not_pay_has_booked_nothing(house: House, standin: YooKassaStandin) -> None:
    booking, payment = await waiting(house)
    standin.decline(str(payment.provider_id))
    house.clock.turn(seconds=10)
    await house.work()
    ended = await house.fresh(booking)
    assert (ended.state, ended.fault) == (BookingState.FAILED, "NOT_PAID")
    assert not house.standin.reservations.by_number
    late, _ = await waiting(house)
    for _ in range(8):
        house.clock.turn(minutes=5)
        await house.work()
    assert (await house.fresh(late)).fault == "NOT_PAID"


async def test_a_room_that_went_while_it_was_paid_is_paid_back_in_full(house: House, standin: YooKassaStandin) -> None:
    """A-057: the hotel says no after the payment: all of it goes back by itself, and the guest reads so."""
    booking, payment = await waiting(house)
    room = booking.stays[0].room_id
    night: date = booking.arrival
    house.standin.reservations.sold_out.add((room, night))
    await pays(house, standin, payment)
    ended = await house.fresh(booking)
    assert (ended.state, ended.fault) == (BookingState.FAILED, "REFUSED")
    back = await payment_of(booking)
    assert (back.state, back.refunded) == (PaymentState.SUCCEEDED, booking.net)
    assert [round(one.amount * 100) for one in standin.books.refunds.values()] == [booking.net]


@pytest.mark.parametrize("repeated", ["same", "refused"])
async def test_an_answer_lost_after_the_payment_is_one_booking_and_no_refund(
    house: House, standin: YooKassaStandin, repeated: str
) -> None:
    house.plan.repeated = repeated  # type: ignore[assignment]
    house.plan.faults["create"].append("lose")
    booking, payment = await waiting(house)
    await pays(house, standin, payment)
    assert (await house.fresh(booking)).state is BookingState.CREATING
    house.clock.turn(seconds=40)
    await house.work()
    booked = await house.fresh(booking)
    assert booked.state is BookingState.CONFIRMED
    assert list(house.standin.reservations.by_number) == [booked.number]
    assert not standin.books.refunds


async def test_cancelling_free_of_charge_gives_all_of_it_back(house: House, standin: YooKassaStandin) -> None:
    booking, payment = await waiting(house)
    await pays(house, standin, payment)
    shown = await cancelling.penalty_of(house.resources, house.member.id, booking.id, house.clock.now)
    assert (shown.amount, shown.comes_back) == (0, booking.net)
    await cancelling.cancel(house.member.id, key="c", booking=booking.id, expected=0, now=house.clock.now)
    await house.work()
    assert (await house.fresh(booking)).state is BookingState.CANCELLED
    assert [round(one.amount * 100) for one in standin.books.refunds.values()] == [booking.net]


async def test_cancelling_late_gives_back_what_is_left_of_the_penalty(house: House, standin: YooKassaStandin) -> None:
    """A-057: the penalty is shown first, and the rest of the money goes back, once however often it is asked."""
    booking, payment = await waiting(house, days=1)
    await pays(house, standin, payment)
    house.clock.turn(hours=20)
    shown = await cancelling.penalty_of(house.resources, house.member.id, booking.id, house.clock.now)
    assert 0 < shown.amount < booking.net
    assert shown.comes_back == booking.net - shown.amount
    for _ in range(3):
        await cancelling.cancel(
            house.member.id, key="c", booking=booking.id, expected=shown.amount, now=house.clock.now
        )
        await house.work()
    over = await house.fresh(booking)
    assert (over.state, over.penalty) == (BookingState.CANCELLED, shown.amount)
    assert [round(one.amount * 100) for one in standin.books.refunds.values()] == [shown.comes_back]


async def test_who_has_paid_us_loses_no_more_than_that(house: House, standin: YooKassaStandin) -> None:
    """One night at a discount: the hotel's penalty is its public price, and the guest paid less."""
    booking, payment = await waiting(house, days=1, nights=1)
    assert booking.terms.conditions.penalty == booking.price > booking.net
    assert booking.conditions.penalty == booking.net
    await pays(house, standin, payment)
    house.clock.turn(hours=20)
    shown = await cancelling.penalty_of(house.resources, house.member.id, booking.id, house.clock.now)
    assert (shown.amount, shown.comes_back) == (booking.price, 0)
    await cancelling.cancel(house.member.id, key="c", booking=booking.id, expected=shown.amount, now=house.clock.now)
    await house.work()
    over = await house.fresh(booking)
    assert (over.state, over.at_most_paid(over.penalty)) == (BookingState.CANCELLED, booking.net)
    assert not standin.books.refunds


async def test_a_hotel_that_cancels_gives_the_money_back(house: House, standin: YooKassaStandin) -> None:
    booking, payment = await waiting(house)
    await pays(house, standin, payment)
    booked = await house.fresh(booking)
    reservation = house.standin.reservations.by_number[str(booked.number)]
    house.standin.reservations.change(
        reservation, house.clock.now, status="Cancelled", penalty=0, cancelled=house.clock.now
    )
    for _ in range(2):
        await following.refresh(booking.id, house.resources, house.clock.now)
        await house.work()
    assert (await house.fresh(booking)).state is BookingState.CANCELLED
    assert [round(one.amount * 100) for one in standin.books.refunds.values()] == [booking.net]


async def test_money_that_could_not_go_back_is_said(house: House, standin: YooKassaStandin) -> None:
    standin.plan.refunds = "canceled"
    booking, payment = await waiting(house)
    await pays(house, standin, payment)
    await cancelling.cancel(house.member.id, key="c", booking=booking.id, expected=0, now=house.clock.now)
    await house.work()
    over = await house.fresh(booking)
    assert (over.state, over.fault) == (BookingState.CANCELLED, "NOT_REFUNDED")
    assert (await payment_of(booking)).refunded == 0
    standin.plan.refunds = "succeeded"
    house.clock.turn(hours=1)
    (waits,) = await waiting_money.page(Actor.operator().access, house.clock.now)
    assert (waits.matter, waits.partner, waits.amount) == (Matter.REFUND_REFUSED, "dacha-vintera", booking.net)
    await decided(house, waits, Decision.AGAIN, "пополнили баланс")
    await house.work()
    assert (await house.fresh(booking)).fault is None
    assert (await payment_of(booking)).refunded == booking.net


async def test_a_room_that_the_hotel_does_not_answer_for_is_shown_to_people(
    house: House, standin: YooKassaStandin
) -> None:
    """Paid for, and for an hour neither booked nor refused: somebody calls the hotel, and may have it tried at once."""
    booking, payment = await waiting(house)
    house.plan.often = {"503": 100}
    await pays(house, standin, payment)
    assert (await house.fresh(booking)).state is BookingState.CREATING
    assert await waiting_money.page(Actor.operator().access, house.clock.now) == []
    house.clock.turn(minutes=61)
    await house.work()
    (waits,) = await waiting_money.page(Actor.operator().access, house.clock.now)
    assert (waits.id, waits.matter) == (booking.id, Matter.BOOKING_NOT_DONE)
    await database.execute("DELETE FROM job")
    house.plan.often = {}
    await decided(house, waits, Decision.TRY, "отель на связи")
    await house.work()
    assert (await house.fresh(booking)).state is BookingState.CONFIRMED
    assert await waiting_money.page(Actor.operator().access, house.clock.now) == []


async def given_up(house: House) -> Waiting:
    """A person gives the money of the one booking that waits back."""
    (waits,) = await waiting_money.page(Actor.operator().access, house.clock.now)
    assert (waits.matter, waits.decisions) == (Matter.BOOKING_NOT_DONE, (Decision.TRY, Decision.REFUND))
    await decided(house, waits, Decision.REFUND, "отель не отвечает")
    with pytest.raises(Refusal) as again:
        await decided(house, waits, Decision.REFUND, "ещё раз")
    assert again.value.code is Code.NOT_FOUND
    return waits


async def test_a_room_that_is_never_confirmed_is_paid_back(house: House, standin: YooKassaStandin) -> None:
    """A-057: in full, though the acquirer refuses at first; the guest reads why, and nothing is booked afterwards."""
    booking, payment = await waiting(house)
    house.plan.often = {"503": 100}
    await pays(house, standin, payment)
    house.clock.turn(minutes=61)
    standin.plan.refunds = "canceled"
    await given_up(house)
    over = await house.fresh(booking)
    assert (over.state, over.fault) == (BookingState.FAILED, "GIVEN_BACK")
    await house.work()
    assert (await house.fresh(booking)).fault == "NOT_REFUNDED"
    standin.plan.refunds, house.plan.often = "succeeded", {}
    (refused,) = await waiting_money.page(Actor.operator().access, house.clock.now)
    await decided(house, refused, Decision.AGAIN, "пополнили баланс")
    await house.work()
    await following.watch(house.resources, house.clock.now)
    await house.work()
    over = await house.fresh(booking)
    assert (over.state, over.fault) == (BookingState.FAILED, "GIVEN_BACK")
    assert (await payment_of(booking)).refunded == booking.net
    assert not house.standin.reservations.by_number


async def test_a_room_that_its_hotel_lists_after_the_money_went_back_is_told_to_people(
    house: House, standin: YooKassaStandin, caplog: pytest.LogCaptureFixture
) -> None:
    """The call was heard and its answer lost, then the hotel was away: the number is kept for whoever calls it, and the log rings once."""
    booking, payment = await waiting(house)
    house.plan.faults["create"].append("lose")
    house.plan.often = {}
    await pays(house, standin, payment)
    house.plan.often = {"503": 100}
    house.clock.turn(minutes=61)
    assert [*house.standin.reservations.by_number]
    await given_up(house)
    house.plan.often = {}
    for _ in range(2):
        await house.work()
        await following.watch(house.resources, house.clock.now)
    over = await house.fresh(booking)
    assert (over.state, over.fault) == (BookingState.FAILED, "GIVEN_BACK")
    assert [*house.standin.reservations.by_number] == [over.number]
    assert caplog.messages.count("a booking whose money went back stands at its hotel") == 1
    assert (await payment_of(booking)).refunded == booking.net


async def test_a_yes_that_comes_while_the_money_goes_back_is_told_to_people(
    house: House, standin: YooKassaStandin, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The hotel answers in the very moment: the guest has the money, so the booking is not shown as booked, and the log rings."""
    booking, payment = await waiting(house)
    house.plan.often = {"503": 100}
    await pays(house, standin, payment)
    house.clock.turn(minutes=61)
    house.plan.often = {}
    engine = house.resources.hotels
    assert engine is not None
    create = engine.create

    async def slow(*asked: object, **how: object) -> Made:
        made = await create(*asked, **how)  # type: ignore[arg-type]
        await given_up(house)
        return made

    monkeypatch.setattr(engine, "create", slow)
    await confirming.create(booking.id, house.resources, house.clock.now)
    over = await house.fresh(booking)
    assert (over.state, over.fault) == (BookingState.FAILED, "GIVEN_BACK")
    assert [*house.standin.reservations.by_number] == [over.number]
    assert "a booking whose money went back stands at its hotel" in caplog.messages
    await house.work()
    assert (await payment_of(booking)).refunded == booking.net
    await following.refresh(booking.id, house.resources, house.clock.now)
    assert (await house.fresh(booking)).state is BookingState.FAILED


async def test_a_cancelling_that_never_ends_is_paid_back(house: House, standin: YooKassaStandin) -> None:
    """The hotel says nothing to the guest's no: all of the money goes back, and the guest reads that it cost nothing."""
    booking, payment = await waiting(house)
    await pays(house, standin, payment)
    house.plan.often = {"503": 100}
    await cancelling.cancel(house.member.id, key="c", booking=booking.id, expected=0, now=house.clock.now)
    await house.work()
    assert (await house.fresh(booking)).state is BookingState.CANCELLING
    house.clock.turn(minutes=61)
    await given_up(house)
    await house.work()
    over = await house.fresh(booking)
    assert (over.state, over.penalty, over.fault) == (BookingState.CANCELLED, 0, None)
    assert (await payment_of(booking)).refunded == booking.net
    assert await waiting_money.page(Actor.operator().access, house.clock.now) == []
