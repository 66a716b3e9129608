"""Campaigns at the panel: read in plain words, their promo codes made once, tried on past receipts in the background."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from loyalty.promotions.backtest import without
from loyalty.promotions.holdout import is_held_out
from loyalty.refusals import Code, Refusal
from loyalty.scopes import PROGRAMME
from models import database
from services import audit, programmes
from services.gateways import Gateways
from services.keyring import Keyring
from services.promotions import backtests, batches
from services.promotions.backtesting import backtest
from services.promotions.codes import Given, read
from services.promotions.making import Order
from services.tills import TillFacts
from tests.graph.staff.conftest import Panel
from tests.makers.campaigns import bought, make_desk, make_shop
from tests.makers.people import MadeMember, make_member
from tests.makers.programme import empty_programme
from tests.makers.purchases import make_purchase
from tests.makers.staff import make_actor, make_holder
from tests.makers.state import state
from tests.makers.working import work_off

RIGHT = "campaign.approve"
BUDGET = (
    "id: budget, name: {ru: Сто рублей, en: A hundred}, from: 2026-03-01, to: 2026-12-31, priority: 5,"
    ' when: {services: [bar], weekdays: [SAT], hours: "10:00-18:00", basket_min: 500, members: {age: {from: 18}}},'
    " gives: {amount: 100}, budget: {discount: 150}, per_member: 2"
)
CODE = "id: code, name: Код, code: true, gives: {percent: 7}, holdout: 50"
COMING = "id: coming, name: Скоро, from: 2027-01-01, gives: {gift_points: 300}"
LIST = "{ campaigns { id name standing gives holdout terms { name text } given { receipts discount } } }"
ONE = """query ($id: ID!, $from: Date, $to: Date) { campaign(id: $id) { id budget { discount discountUsed uses usesUsed }
    days(from: $from, to: $to) { day given { receipts discount points } }
    batches { id label codes uses used lastDay cancelledAt }
    backtests { id state done total withCodes result { receipts unpriced gross cost discountWith membersMoved
        costs { campaign name receipts discount } topBaskets { receipt discount } groups { heldOut guests receipts net } } } } }"""
MAKE = """mutation ($input: MakePromoCodesInput!) { makePromoCodes(input: $input) { __typename
    ... on PromoCodesMade { codes batch { id codes uses lastDay } } ... on Problem { code field } } }"""
CANCEL = """mutation ($batch: UUID!) { cancelPromoBatch(batch: $batch, reason: "выпущены по ошибке") { __typename
    ... on PromoBatchCancelled { batch } ... on Problem { code field } } }"""
TEST = """mutation ($input: StartCampaignBacktestInput!) { startCampaignBacktest(input: $input) { __typename
    ... on CampaignBacktestStarted { backtest { id state total } } ... on Problem { code field retryable } } }"""
ORDER: dict[str, Any] = {"campaign": "code", "label": "Весна", "count": 3, "reason": "рассылка гостям"}


@pytest.fixture
async def shop(panel: Panel, now: datetime, tmp_path: Path) -> tuple[TillFacts, MadeMember]:
    """A shop with three campaigns on a Saturday, and somebody who reads them."""
    await empty_programme()
    await make_shop(now, tmp_path, BUDGET, CODE, COMING)
    await panel.enter(await make_holder(panel.resources, now, (RIGHT, PROGRAMME)))
    return await make_desk(now)


async def test_campaigns_are_read_in_plain_words(
    panel: Panel, now: datetime, shop: tuple[TillFacts, MadeMember]
) -> None:
    """A-226, INV-07: conditions and effects in both languages; what was given, and what is left of a budget."""
    till, member = shop
    await make_purchase(panel.resources, till, member, bought(("bar", 1000_00)), now)
    budget, code, coming = await panel.ask(LIST)
    assert (budget["id"], budget["standing"], budget["given"]) == (
        "budget",
        "RUNNING",
        {"receipts": 1, "discount": "100.00"},
    )
    assert budget["gives"] == "Скидка 100\u00a0₽ на подходящие строки вместе"
    assert [(one["name"], one["text"]) for one in budget["terms"]] == [
        ("Услуги", "Бар"),
        ("Когда", "сб с 10:00 до 18:00"),
        ("Корзина", "подходящие строки вместе от 500\u00a0₽"),
        ("Возраст гостя", "от 18"),
        ("На одного гостя", "чеков: 2"),
    ]
    assert (code["holdout"], code["terms"]) == ("50", [{"name": "Промокод", "text": "нужен"}])
    assert (coming["standing"], coming["gives"]) == ("COMING", "300\u00a0бонусов в подарок за чек")
    english = (await panel.send(LIST, None, **{"accept-language": "en"})).json()["data"]["campaigns"]
    assert english[0]["gives"] == "100\u00a0₽ off the items it is about"
    assert {"name": "When", "text": "Sat from 10:00 to 18:00"} in english[0]["terms"]
    one = await panel.ask(ONE, {"id": "budget"})
    assert one["budget"] == {"discount": "150.00", "discountUsed": "100.00", "uses": None, "usesUsed": 1}
    assert one["days"] == [{"day": "2026-03-14", "given": {"receipts": 1, "discount": "100.00", "points": 0}}]
    assert (await panel.ask(ONE, {"id": "budget", "from": "2026-03-15", "to": "2026-03-20"}))["days"] == []
    assert await panel.refused(ONE, {"id": "budget", "from": "2026-03-15", "to": "2026-03-14"}) == "INVALID_INPUT"
    assert await panel.refused(ONE, {"id": "budget", "from": "2024-03-15", "to": "2026-03-14"}) == "INVALID_INPUT"
    assert await panel.ask(ONE, {"id": "nothing"}) is None


async def test_promo_codes_are_told_once_and_cancelled(
    panel: Panel, now: datetime, shop: tuple[TillFacts, MadeMember]
) -> None:
    """A-064, A-226: made in the panel for a reason, kept as digests, listed without themselves, taken back."""
    till, member = shop
    made = await panel.ask(MAKE, {"input": ORDER | {"uses": 2, "until": "2026-04-30"}})
    assert made["batch"] == {"id": made["batch"]["id"], "codes": 3, "uses": 2, "lastDay": "2026-04-30"}
    assert len(set(made["codes"])) == 3
    assert await database.fetchval("SELECT count(*) FROM coupon WHERE uses_left = 2") == 3
    for table in ("coupon", "coupon_batch", "audit_event"):
        kept = str(await database.fetch(f"SELECT t::text FROM {table} AS t"))
        assert not any(one in kept or one.replace("-", "") in kept for one in made["codes"]), table
    programme = await programmes.current(now)
    found = await read(Given(panel.resources, made["codes"][:1]), programme, till.id, member.id, now)
    assert list(found.by_campaign) == ["code"]
    own = await panel.ask(MAKE, {"input": ORDER | {"count": 1, "uses": 100, "code": "ВЕСНА2026"}})
    assert own["codes"] == ["ВЕСНА2026"]
    before = await state()
    for changes, code, field in (
        ({"count": 1, "code": "весна 2026"}, "INVALID_INPUT", "input.code"),
        ({"count": 1, "code": "!"}, "INVALID_INPUT", "input.code"),
        ({"count": 2, "code": "ЛЕТО2026"}, "INVALID_INPUT", "input.count"),
        ({"count": 0}, "INVALID_INPUT", "input.count"),
        ({"count": 1001}, "INVALID_INPUT", "input.count"),
        ({"uses": 0}, "INVALID_INPUT", "input.uses"),
        ({"until": "2026-03-13"}, "INVALID_INPUT", "input.until"),
        ({"reason": "!"}, "INVALID_INPUT", "input.reason"),
        ({"campaign": "budget"}, "NOT_FOUND", "input.campaign"),
    ):
        told = await panel.ask(MAKE, {"input": ORDER | changes})
        assert (told["code"], told["field"]) == (code, field), changes
    assert await state() == before
    assert (await panel.ask(CANCEL, {"batch": made["batch"]["id"]}))["batch"] == made["batch"]["id"]
    twice = await panel.ask(CANCEL, {"batch": made["batch"]["id"]})
    assert (twice["code"], twice["field"]) == ("NOT_FOUND", "batch")
    with pytest.raises(Refusal) as caught:
        await read(Given(panel.resources, made["codes"][1:2]), programme, till.id, member.id, now)
    assert caught.value.words == "promo.unknown"
    batches = (await panel.ask(ONE, {"id": "code"}))["batches"]
    assert [(one["label"], one["codes"], one["cancelledAt"] is None) for one in batches] == [
        ("Весна", 1, True),
        ("Весна", 3, False),
    ]
    events = await audit.page(rows=9, after=None, filters=audit.Filters(object="promo_batch"))
    assert [(one.action, one.reason) for one in events] == [
        ("promo.cancel", "выпущены по ошибке"),
        ("promo.make", "рассылка гостям"),
        ("promo.make", "рассылка гостям"),
    ]


async def test_a_lost_answer_makes_one_batch(panel: Panel, now: datetime, shop: tuple[TillFacts, MadeMember]) -> None:
    """A-226, INV-07: under one key ten rivals make one batch and all hear its codes, which are kept nowhere."""
    order = ORDER | {"idempotencyKey": "mail of spring"}

    async def ask() -> Any:
        while (told := await panel.ask(MAKE, {"input": order})).get("code") == "BUSY":
            await asyncio.sleep(0.05)
        return told

    first, *others = await asyncio.gather(*(ask() for _ in range(10)))
    assert len(set(first["codes"])) == 3
    assert others == [first] * 9
    assert await ask() == first
    assert await database.fetchval("SELECT count(*) FROM coupon_batch") == 1
    assert await database.fetchval("SELECT count(*) FROM coupon") == 3
    (event,) = await audit.page(rows=9, after=None, filters=audit.Filters(object="promo_batch"))
    assert event.object_id == first["batch"]["id"]
    before = await state()
    for changes in (
        {"count": 2},
        {"uses": 2},
        {"label": "Лето"},
        {"until": "2026-04-30"},
        {"count": 1, "code": "ЛЕТО2026"},
    ):
        told = await panel.ask(MAKE, {"input": order | changes})
        assert (told["code"], told["field"]) == ("KEY_REUSED", "input.idempotencyKey"), changes
    assert (await panel.ask(MAKE, {"input": order | {"idempotencyKey": ""}}))["code"] == "INVALID_INPUT"
    assert (await panel.ask(MAKE, {"input": order | {"campaign": "budget", "idempotencyKey": "2"}}))[
        "code"
    ] == "NOT_FOUND"
    assert await state() == before
    word = order | {"count": 1, "code": "ЛЕТО2026", "idempotencyKey": "2"}  # what was refused has left its key free
    assert [(await panel.ask(MAKE, {"input": word}))["codes"] for _ in range(2)] == [["ЛЕТО2026"]] * 2
    await panel.enter(await make_holder(panel.resources, now, (RIGHT, PROGRAMME)))
    theirs = await ask()  # somebody else's key of the same letters is another one
    assert theirs["batch"]["id"] != first["batch"]["id"]
    assert not set(theirs["codes"]) & set(first["codes"])


async def test_codes_that_cannot_be_told_again_are_not_invented(
    panel: Panel, now: datetime, shop: tuple[TillFacts, MadeMember]
) -> None:
    """A-226: with another key of the house the same wish draws other codes, which open nothing: that is said instead."""
    actor = await make_actor(await make_holder(panel.resources, now, (RIGHT, PROGRAMME)), now)
    wish: dict[str, Any] = {"reason": "рассылка гостям", "now": now, "key": "mail"}
    order = Order("code", "Весна", 3)
    await batches.make(actor, order, None, resources=panel.resources, **wish)
    changed = replace(panel.resources, keyring=Keyring({7: bytes(32)}))
    with pytest.raises(Refusal) as caught:
        await batches.make(actor, order, None, resources=changed, **wish)
    assert (caught.value.code, caught.value.words) == (Code.KEY_REUSED, "promo.told_before")
    assert await database.fetchval("SELECT count(*) FROM coupon") == 3


async def test_a_backtest_runs_in_the_background(
    panel: Panel, now: datetime, shop: tuple[TillFacts, MadeMember]
) -> None:
    """C-18: the same sums as the command's, with progress, groups of the holdout, and nothing else written."""
    till, first = shop
    members = [first]
    while len(members) < 6:  # three of each group, for chance alone may put all six into one
        one = await make_member(now)
        side = is_held_out("code", str(one.id), 5000)
        if sum(is_held_out("code", str(member.id), 5000) is side for member in members) < 3:
            members.append(one)
    for place, member in enumerate(members):
        await make_purchase(panel.resources, till, member, bought(("bar", (place + 1) * 100_00)), now)
    before = await state()
    span = {"from": "2026-03-14", "to": "2026-03-14"}
    wish = {"campaign": "code", **span, "withCodes": True}
    started = await panel.ask(TEST, {"input": wish})
    assert (started["backtest"]["state"], started["backtest"]["total"]) == ("WAITING", None)
    again = await panel.ask(TEST, {"input": wish | {"campaign": "budget"}})
    assert (again["code"], again["retryable"]) == ("LIMIT_REACHED", True)
    assert await work_off(panel.resources, Gateways(), now) == 1
    (told,) = (await panel.ask(ONE, {"id": "code"}))["backtests"]
    assert (told["id"], told["state"], told["done"], told["total"]) == (started["backtest"]["id"], "DONE", 6, 6)
    programme = await programmes.current(now)
    day = now.date()
    test, moved = await backtest(without(programme, "code"), programme, day, day, codes=True, tell=lambda *_: None)
    result = told["result"]
    assert (result["receipts"], result["unpriced"], result["membersMoved"]) == (6, 0, moved)
    assert result["cost"] == f"{test.cost / 100:.2f}"
    assert float(result["cost"]) > 0
    assert [(one["campaign"], one["receipts"]) for one in result["costs"]] == [
        (name, cost.receipts) for name, cost in sorted(test.costs.items())
    ]
    held = [is_held_out("code", str(member.id), 5000) for member in members]
    assert [(one["heldOut"], one["guests"], one["receipts"]) for one in result["groups"]] == [
        (False, held.count(False), held.count(False)),
        (True, held.count(True), held.count(True)),
    ]
    paid = await database.fetchval("SELECT sum(net)::bigint FROM purchase")
    assert sum(round(float(one["net"]) * 100) for one in result["groups"]) == paid
    assert len(result["topBaskets"]) == test.costs["code"].receipts
    after = await state()
    assert {name for name in after if after[name] != before[name]} == {"campaign_backtest"}
    second = await panel.ask(TEST, {"input": wish | {"campaign": "budget"}})
    assert second["__typename"] == "CampaignBacktestStarted"


async def test_what_is_to_come_is_tried_and_its_points_are_told(
    panel: Panel, now: datetime, shop: tuple[TillFacts, MadeMember]
) -> None:
    """C-18: a campaign of next year on receipts of today: 300 points on each of two, and no money."""
    till, member = shop
    for _ in range(2):
        await make_purchase(panel.resources, till, member, bought(("bar", 100_00)), now)
    wish = {"campaign": "coming", "from": "2026-03-14", "to": "2026-03-14"}
    assert (await panel.ask(TEST, {"input": wish}))["__typename"] == "CampaignBacktestStarted"
    await work_off(panel.resources, Gateways(), now)
    asked = """{ campaign(id: "coming") { backtests { state result { cost pointsCost
        costs { campaign receipts points morePoints } } } } }"""
    (told,) = (await panel.ask(asked))["backtests"]
    assert (told["state"], told["result"]["cost"], told["result"]["pointsCost"]) == ("DONE", "0.00", 600)
    costs = {one["campaign"]: one for one in told["result"]["costs"]}
    assert costs["coming"] == {"campaign": "coming", "receipts": 2, "points": 600, "morePoints": 0}


async def test_a_backtest_that_cannot_be_is_refused_and_one_that_died_is_in_nobodys_way(
    panel: Panel, now: datetime, shop: tuple[TillFacts, MadeMember]
) -> None:
    """C-18: a refusal names its field and writes nothing; a test that is not heard of any more is told as failed."""
    span = {"from": "2026-03-01", "to": "2026-03-14"}
    before = await state()
    for wish, code, field in (
        ({"campaign": "nothing", **span}, "NOT_FOUND", "input.campaign"),
        ({"campaign": "code", "from": "2026-03-14", "to": "2026-03-13"}, "INVALID_INPUT", "input.to"),
        ({"campaign": "code", "from": "2025-01-01", "to": "2026-03-13"}, "INVALID_INPUT", "input.to"),
    ):
        told = await panel.ask(TEST, {"input": wish})
        assert (told["code"], told["field"]) == (code, field)
    assert await state() == before
    await panel.ask(TEST, {"input": {"campaign": "code", **span}})
    await database.execute("DELETE FROM job")  # its worker is gone for good
    panel.later(minutes=11)
    assert [one["state"] for one in (await panel.ask(ONE, {"id": "code"}))["backtests"]] == ["FAILED"]
    started = await panel.ask(TEST, {"input": {"campaign": "code", **span}})
    assert started["backtest"]["state"] == "WAITING"
    # A campaign that its version does not know breaks the job: the row says so, and no job is left to try again.
    await database.execute("UPDATE campaign_backtest SET campaign = 'gone' WHERE finished_at IS NULL")
    await work_off(panel.resources, Gateways(), panel.now)
    rows = await database.fetch("SELECT fault FROM campaign_backtest ORDER BY asked_at")
    assert [row["fault"] for row in rows] == ["GONE", "FAILED"]
    assert await database.fetchval("SELECT count(*) FROM job") == 0
    assert await backtests.sweep(panel.now + timedelta(days=500)) == 2


async def test_of_rivals_one_backtest_begins(panel: Panel, now: datetime, shop: tuple[TillFacts, MadeMember]) -> None:
    """C-18: ten people at once start one test; the others hear that it runs."""
    actor = await make_actor(await make_holder(panel.resources, now, (RIGHT, PROGRAMME)), now)
    day = now.date()

    async def ask() -> str:
        try:
            await backtests.start(actor, "code", day, day, codes=False, resources=panel.resources, now=now)
        except Refusal as refusal:
            return refusal.code
        return "begun"

    answers = await asyncio.gather(*(ask() for _ in range(10)))
    assert sorted(answers) == [*[Code.LIMIT_REACHED.value] * 9, "begun"]
    assert await database.fetchval("SELECT count(*) FROM job WHERE name = $1", backtests.JOB) == 1
