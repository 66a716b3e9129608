"""C-17: four hundred days of a sandbox in which everything that has an end was planted; each fires, nothing leaves."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from datetime import time as time_of_day
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from api import clock
from api.messaging import open_gateways
from api.opening import opened_house, run
from api.sandbox.time import advance
from api.settings import Settings
from api.wiring import open_announcer, open_mailer, open_resources
from integrations.standins.travelline.server import TravelLineStandin
from integrations.standins.yookassa.server import YooKassaStandin
from jobs.registry import Tools
from loyalty.bookings import BookingState
from loyalty.refusals import Code, Refusal
from loyalty.shops import OrderState, VoucherState
from models import database
from services import sandbox
from services.bookings import rows as bookings
from services.ledger import check_books
from services.resources import Resources
from services.shop import redeeming
from tests.conftest import Server
from tests.makers import payments, travelline
from tests.makers.families import pot
from tests.makers.people import MadeMember
from tests.makers.points import buy, goods, stored, sums
from tests.makers.sandbox import House, house_of, on
from tests.makers.state import state
from tests.makers.webhooks import make_endpoint, make_near
from tests.makers.year import Planted, plant, year_text

DAYS = 400
MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.fixture
def house(fresh_database: str, server: Server, tmp_path: Path) -> Iterator[House]:
    with house_of(fresh_database, server, tmp_path, year_text()) as made:
        yield made


def test_400_days_pass_and_everything_that_is_due_is_done(house: House) -> None:
    """C-17, C-08, C-13, C-15, A-056: points, tiers, claims, banks' silence, pools, stays, vouchers, months and nights end in
    the order of time; nothing is sent, nobody outside is called, and the house beside it is as it was."""
    hooks = f"http://{house.outside.at}/hooks"
    on(house.url, lambda: make_endpoint(make_near(), hooks, clock.now(), partner="shop"))
    real = on(house.url, lambda: state(everything=True))
    house.done("sandbox", "create")
    with opened_house(replace(Settings.load(house.environment), sandbox=True)) as ready:
        run(lambda: a_year(ready))
    assert re.search(r"ahead +(399|400) days", house.done("sandbox", "status"))
    house.done("books", "check", KUNAK_SANDBOX="yes")
    assert on(house.url, lambda: state(everything=True)) == real, "the house beside it is as it was"
    assert house.outside.came == 0


async def a_year(settings: Settings) -> None:
    """Plant, let the time go by, and look."""
    async with sandbox_tools(settings) as (tools, inns, acquirer):
        now = clock.now()
        birthday = (now + timedelta(days=DAYS)).date()
        planted = await plant(tools.resources, inns, acquirer, now, birthday)
        assert await tiers_of(planted.unborn) == [("guest", "JOINED")]
        await advance(tools, DAYS, lambda _: None)
        then = clock.now()
        assert (then - now).days == DAYS
        await points_have_ended(planted, then)
        await tiers_have_fallen(planted)
        await waiting_is_over(planted)
        await stay_and_vouchers_are_over(planted, tools.resources, now, then)
        await nights_and_months_are_closed(then)
        await a_birthday_is_today(planted, tools.resources, then)
        assert await check_books(clock.now()) == []


@asynccontextmanager
async def sandbox_tools(settings: Settings) -> AsyncIterator[tuple[Tools, TravelLineStandin, YooKassaStandin]]:
    """What `kunak sandbox advance` wires, and instead of the hotels and the acquirer that a sandbox has not, their stand-ins."""
    mailer = open_mailer(settings)
    async with (
        open_resources(settings) as wired,
        open_gateways(settings, mailer) as gateways,
        open_announcer(settings) as announcer,
        travelline.standing_in(clock.now) as inns,
        travelline.engine_of(inns) as engine,
        payments.standing_in(clock.now) as acquirer,
        payments.acquirer_of(acquirer) as gateway,
    ):
        assert (wired.hotels, wired.payments, wired.restaurants) == (None, None, None)
        resources = replace(wired, hotels=engine, payments=gateway)
        yield Tools(resources=resources, mailer=mailer, gateways=gateways, announcer=announcer), inns, acquirer


async def points_have_ended(planted: Planted, then: datetime) -> None:
    """Lots of one's own, of a pool, of gifts and of a reservation that nobody took; each announced to whom it belongs."""
    assert await stored(planted.lots.id) == (7, 0, 0, 0)
    for member in (planted.risen, planted.lifted, planted.held, planted.giver, planted.debtor):
        assert await sums(member.id, then) == (0, 0, 0, 0)
    assert await pot(planted.family) == (0, 0)
    assert await database.fetchval("SELECT status FROM points_hold WHERE member_id = $1", planted.held.id) == "EXPIRED"
    assert (
        await database.fetchval("SELECT count(*) FROM points_lot WHERE remaining > 0 AND expires_at <= $1", then) == 0
    )
    told = [one.text for one in await sandbox.recorded(rows=100, to=planted.lots.phone)]
    assert [text.partition(",")[0] for text in told] == ["Баллы: 100\u00a0бонусов"] * 3
    assert len([one for one in await sandbox.recorded(rows=100, to=planted.giver.email) if "50" in one.text]) == 3


async def tiers_have_fallen(planted: Planted) -> None:
    """A tier by purchases falls in its midnight after its reminders; those that were given end on their days."""
    rows = await database.fetch(
        "SELECT tier, reason, since FROM tier_period WHERE member_id = $1 ORDER BY since, until", planted.risen.id
    )
    assert [(row["tier"], row["reason"]) for row in rows][1:] == [("friend", "PURCHASE"), ("guest", "WINDOW")]
    fell = rows[-1]["since"].astimezone(MOSCOW)
    assert (fell - rows[-2]["since"]).days in range(180, 185)
    assert fell.time() == time_of_day.min
    told = [
        one
        for one in reversed(await sandbox.recorded(rows=100, to=planted.risen.phone))
        if "уровень «Друг»" in one.text
    ]
    assert [(fell.date() - one.at.astimezone(MOSCOW).date()).days for one in told] == [31, 8]
    assert all("100\u00a0000\u00a0₽" in one.text for one in told)
    letters = [one for one in await sandbox.recorded(rows=100, to=planted.risen.email) if "уровень" in one.subject]
    assert next((one.subject, one.at >= fell) for one in letters) == ("Ваш уровень теперь — Гость", True)
    assert await tiers_of(planted.granted) == [("guest", "GRANT_ENDED"), ("friend", "GRANT"), ("guest", "JOINED")]
    assert await tiers_of(planted.lifted) == [("guest", "GRANT_ENDED"), ("friend", "CAMPAIGN"), ("guest", "JOINED")]


async def tiers_of(member: MadeMember) -> list[tuple[str, str]]:
    """(tier, why), the newest first."""
    rows = await database.fetch(
        "SELECT tier, reason FROM tier_period WHERE member_id = $1 ORDER BY since DESC, until DESC NULLS FIRST",
        member.id,
    )
    return [(row["tier"], row["reason"]) for row in rows]


async def waiting_is_over(planted: Planted) -> None:
    """A claim nobody looked at, an instalment no bank spoke of, a profile nobody confirmed, a quote nobody took."""
    assert await database.fetchval("SELECT status FROM purchase_claim WHERE id = $1", planted.claim) == "EXPIRED"
    assert [one.subject for one in await sandbox.recorded(rows=100, to=planted.claimer.email)] == [
        "Покупку зачислить не получилось"
    ]
    state_of = "SELECT state FROM instalment WHERE purchase_id = $1"
    assert await database.fetchval(state_of, planted.instalment.purchase.id) == "EXPIRED"
    assert await database.fetchval("SELECT count(*) FROM member WHERE status <> 'ACTIVE'") == 0
    assert await database.fetchval("SELECT count(*) FROM quote WHERE purchase_id IS NULL") == 0


async def stay_and_vouchers_are_over(planted: Planted, resources: Resources, now: datetime, then: datetime) -> None:
    """The stay is a purchase five days after its end; what was bought and never used is over, and no till takes it."""
    stay = await bookings.find(planted.stay.id)
    assert stay is not None
    assert stay.state is BookingState.ACCRUED
    assert stay.left_at is not None
    posted = await database.fetchval("SELECT posted_at FROM purchase WHERE id = $1", stay.purchase_id)
    assert timedelta(days=5) <= posted - stay.left_at < timedelta(days=7)
    assert stay.left_at > now
    store = planted.store
    store.clock.now = then
    order = await store.fresh(planted.bought.order.id)
    assert (order.state_at(then), order.vouchers[0].state_at(then)) == (OrderState.EXPIRED, VoucherState.EXPIRED)
    with pytest.raises(Refusal) as refused:
        await redeeming.redeem(resources, store.till, key="late", code=store.code(order.vouchers[0]), now=then)
    assert (refused.value.code, refused.value.words) == (Code.VOUCHER_NOT_ACCEPTED, "shop.voucher_expired")
    assert (await store.fresh(planted.unpaid.id)).order.state is OrderState.CANCELLED


async def nights_and_months_are_closed(then: datetime) -> None:
    """A night each day without trouble, in their order; thirteen months of settlement, none left out; no job given up."""
    nights = await database.fetch("SELECT day, trouble FROM nightly_run ORDER BY started_at")
    assert len(nights) in {DAYS + 1, DAYS + 2}
    assert [night["day"] for night in nights] == sorted(night["day"] for night in nights)
    assert {night["trouble"] for night in nights} == {None}
    months = await database.fetch("SELECT starts_at, ends_at, closed_at FROM settlement_period ORDER BY month")
    assert len(months) >= 13
    assert all(before["ends_at"] == after["starts_at"] for before, after in pairwise(months))
    assert all(month["ends_at"] < month["closed_at"] <= then for month in months)
    assert await database.fetchval("SELECT count(*) FROM job WHERE status = 'DEAD'") == 0
    assert await database.fetchval("SELECT count(*) FROM webhook_endpoint") == 0, "nobody's address came along"


async def a_birthday_is_today(planted: Planted, resources: Resources, then: datetime) -> None:
    """A till beside it sells by the day that it is there: the gift of a birthday, which nobody else has."""
    for member, gift in ((planted.unborn, 300), (planted.claimer, 0)):
        await buy(resources, planted.cafe, member, [goods(100, service="food")], then)
        assert await sums(member.id, then) == (10 + gift, 0, 0, 0)
