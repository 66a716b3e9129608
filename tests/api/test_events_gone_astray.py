"""Behind every fault of a vendor's own webhooks our books end right: ten times, turned round, and never (security.md 5)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import httpx2
import pytest

from api.app import create_app
from api.settings import Settings
from integrations.standins.orders import HookFault
from integrations.travelline.events import HOOK_PATH
from loyalty.bookings import BookingState
from models import database
from services.bookings import events, following
from services.restaurants import watching
from tests.makers.app import ORIGIN, opened
from tests.makers.bookings import House, booking_house
from tests.makers.restaurants import posted, restaurant_chain

FAULTS: list[HookFault] = ["duplicate", "reorder", "drop"]


@asynccontextmanager
async def hotel(now: datetime) -> AsyncIterator[House]:
    """A hotel whose own webhook posts to our application, which answers as it does in production."""
    async with booking_house(now) as house:
        app = create_app(Settings(), resources=house.resources, clock=house.clock, documents={})
        house.standin.post_to(f"{ORIGIN}{HOOK_PATH}", events.key_of(house.resources.keyring))
        house.standin.webhook.transport = httpx2.ASGITransport(app=app)
        async with opened(app):
            yield house


async def heard(house: House) -> None:
    house.standin.webhook.let_go()
    await house.standin.webhook.settled()
    assert house.standin.webhook.waiting == 0, "our door makes nobody wait"
    await house.work()


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_stay_ends_right_whatever_happens_to_its_events(db: None, now: datetime, fault: HookFault) -> None:
    async with hotel(now) as house:
        made = await house.book(days=1, nights=2)
        await heard(house)
        house.plan.hooks = {fault: 100}
        kinds = ("check_in", "cancel_check_in", "check_in", "check_out")
        for days, kind in zip((1.3, 0.01, 0.01, 2), kinds, strict=True):
            house.clock.turn(days=days)
            house.standin.happens(str(made.number), kind)
            await house.standin.webhook.settled()
        await heard(house)
        kept = await database.fetchval("SELECT count(*) FROM booking_event WHERE kind <> 'webpms:create_booking'")
        if fault == "drop":
            assert (kept, house.standin.webhook.lost) == (0, 4)
            assert (await house.fresh(made)).state is BookingState.CONFIRMED
        else:
            assert kept == 4
            assert (await house.fresh(made)).state is BookingState.CHECKED_OUT


async def test_a_cancellation_that_no_event_told_is_read_from_the_list(db: None, now: datetime) -> None:
    async with hotel(now) as house:
        made = await house.book()
        await following.watch(house.resources, house.clock.now)
        await heard(house)
        house.plan.hooks = {"drop": 100}
        house.clock.turn(minutes=20)
        booking, at = house.standin.reservations.by_number[str(made.number)], house.clock.now
        house.standin.reservations.change(booking, at, status="Cancelled", penalty=0, cancelled=at)
        house.standin.happens(str(made.number), "cancel_booking")
        await heard(house)
        assert (await house.fresh(made)).state is BookingState.CONFIRMED
        house.clock.turn(minutes=10)
        await following.watch(house.resources, house.clock.now)
        await house.work()
        assert (await house.fresh(made)).state is BookingState.CANCELLED


async def test_nothing_that_a_hotel_posts_stops_what_comes_behind_it(db: None, now: datetime) -> None:
    """P36: the vendor holds back all that follows what we do not take; with every kind of poison between two events of a
    guest, and after an outage of ours, its own webhook is emptied and both count."""
    async with hotel(now) as house:
        made, webhook = await house.book(days=1), house.standin.webhook
        await heard(house)
        door, webhook.transport = webhook.transport, httpx2.MockTransport(lambda _: httpx2.Response(503))
        house.plan.retry_seconds = (0.0,)
        house.clock.turn(days=1.3)
        good = house.standin.happens(str(made.number), "check_in")
        strange: list[Any] = [
            None,
            7,
            [[]],
            {"eventId": 7},
            good | {"eventId": "a", "payload": None},
            good | {"eventId": "b", "eventType": "webpms:never_heard_of"},
            good | {"eventId": "c", "payload": {"BookingNumber": "\u0000", "PropertyId": "x" * 99}},
            good | {"eventId": "d", "creationTime": "yesterday"},
            *(good | {"eventId": f"e-{place}", "payload": {}} for place in range(1200)),
        ]
        for poison in strange:
            webhook.queue(poison)
        await webhook.settled()
        assert webhook.waiting == 1 + len(strange), "while we are away all of it waits"
        webhook.transport, house.plan.retry_seconds = door, (0.1,) * 20  # whoever hears BUSY comes again
        house.clock.turn(minutes=1)
        house.standin.happens(str(made.number), "cancel_check_in")
        await heard(house)
        states = await database.fetch("SELECT DISTINCT kind, state FROM booking_event WHERE number = $1", made.number)
        told = {row["kind"].removeprefix("webpms:") for row in states if row["state"] == "DONE"}
        assert {"check_in", "cancel_check_in"} <= told
        assert (await house.fresh(made)).state is BookingState.CONFIRMED
        house.clock.turn(minutes=1)
        house.standin.happens(str(made.number), "check_in")
        await heard(house)
        assert (await house.fresh(made)).state is BookingState.CHECKED_IN


@pytest.mark.parametrize("fault", FAULTS)
async def test_an_order_is_one_purchase_whatever_happens_to_its_events(
    db: None, now: datetime, fault: HookFault
) -> None:
    async with restaurant_chain(now) as chain:
        chain.plan.hooks = {fault: 100}
        sold = sorted([(str((await chain.sell(kopecks=kopecks)).pos), kopecks) for kopecks in (50_000, 60_000)])
        await chain.standin.hooks.settled()
        chain.standin.hooks.let_go()
        await chain.work()
        if fault == "drop":
            assert (await posted(), chain.standin.hooks.lost) == ([], 2)
            chain.clock.move(minutes=11)
            await watching.watch(chain.resources, chain.clock())
            await chain.work()
        assert sorted(await posted()) == sold
