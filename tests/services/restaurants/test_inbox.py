"""The inbox of the restaurants' cloud: kept at once, ten times, in any order, garbage aside, and one purchase of it all."""

import asyncio
import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from integrations.ports import Unavailable
from integrations.standins.iiko_cloud import telling
from integrations.standins.iiko_cloud.venue import Order
from models import database
from services.ledger import check_books
from services.restaurants import events, orders, overview, rows, watching
from services.work import Work
from tests.makers.iiko_cloud import dish
from tests.makers.people import make_member, make_phone
from tests.makers.plugins import closing
from tests.makers.plugins import dish as ordered
from tests.makers.restaurants import OUTLETS, Chain, dine, posted

STATES = "SELECT state, count(*) AS count FROM restaurant_event GROUP BY state"


def event_of(chain: Chain, order: Order) -> dict[str, Any]:
    return telling.event(order, chain.clock())


async def states() -> dict[str, int]:
    return {row["state"]: row["count"] for row in await database.fetch(STATES)}


async def test_a_hook_ten_times_is_one_purchase(chain: Chain) -> None:
    """security.md 5, I-10, A-087: ten deliveries, together and later, each hears 200 and one purchase comes of them."""
    order = await chain.sell()
    await chain.work()
    body = json.dumps([event_of(chain, order)]).encode()
    answers = await asyncio.gather(*(chain.post(body) for _ in range(10)))
    assert {one.status_code for one in answers} == {200}
    await chain.work()
    assert await posted() == [(order.pos, 50_000)]
    assert await database.fetchval("SELECT times FROM restaurant_event") == 11
    assert await check_books(chain.clock()) == []


async def test_plugin_hook_and_polling_tell_one_purchase(chain: Chain) -> None:
    """A-087: an order that its plugin, a hook and the polling tell is one purchase, with the plugin's discount."""
    order, body = await dine(chain)
    await chain.work()
    await watching.watch(chain.resources, chain.clock())
    again = await chain.plugin.ask("commit", **body)
    assert await posted() == [(order.pos, 95_000)]
    assert (again["result"], again["purchase"]["net"]) == ("POSTED", "950.00")
    row = await database.fetchrow("SELECT state, fault FROM restaurant_order")
    assert row is not None
    assert tuple(row) == ("TOLD", None)


async def test_the_cloud_first_and_the_plugin_after_it_are_one_purchase(chain: Chain) -> None:
    """Whoever comes second hears of the same purchase, and the plugin's returns find their lines."""
    soup = dish(chain.house, "Уха", 100_000)
    tea = dish(chain.house, "Чай", 25_000)
    order, body = await dine(chain, soup, tea, is_plugin_alive=False)
    await chain.work()
    assert await posted() == [(order.pos, 118_750)]
    for line in body["lines"]:
        line["item"] = str(uuid4())  # the cloud's positions are not those of the till
    told = await chain.plugin.ask("commit", **body)
    assert (told["result"], told["purchase"]["net"]) == ("POSTED", "1187.50")
    assert await posted() == [(order.pos, 118_750)]
    back = {"order": order.pos, "refund": str(uuid4()), "number": "9", "refundedAt": chain.clock().isoformat()}
    returned = await chain.plugin.ask("refund", **back, lines=[{"item": body["lines"][1]["item"], "net": "237.50"}])
    assert returned["refund"]["net"] == "237.50"
    other = body | {"lines": [body["lines"][0]], "tenders": [{"kind": "CARD", "amount": "950.00"}]}
    assert await chain.plugin.refused("commit", **other) == (422, "KEY_REUSED", "order")
    assert await check_books(chain.clock()) == []


async def test_plugin_and_cloud_in_the_same_moment_are_one_purchase(chain: Chain) -> None:
    order, body = await dine(chain, is_plugin_alive=False)
    await chain.standin.hooks.settled()
    await events.work_off(chain.resources, chain.clock())
    told = await asyncio.gather(
        *(chain.plugin.send("commit", body) for _ in range(5)), orders.work_off(chain.resources, chain.clock())
    )
    assert {answer.status_code for answer in told[:5]} == {200}  # type: ignore[union-attr]
    await chain.work()
    assert await posted() == [(order.pos, 95_000)]


async def test_a_dead_plugin_loses_no_purchase(chain: Chain) -> None:
    """The plugin bound the guest and died; nothing was posted to us: the polling asks for the order by its id at the till."""
    chain.cloud.sees_tills = False
    chain.house.hook_uri = None
    order, _ = await dine(chain, is_plugin_alive=False)
    chain.clock.move(minutes=11)
    await watching.watch(chain.resources, chain.clock())
    assert await posted() == [(order.pos, 95_000)]


async def test_events_in_any_order_end_alike(chain: Chain) -> None:
    """security.md 5: the event only points; what the order is, is read from the cloud, and an older stamp changes nothing."""
    order = chain.standin.ordered(
        chain.house, "delivery", [dish(chain.house, "Уха", 50_000)], customer=await chain.alias()
    )
    opened = event_of(chain, order)
    chain.standin.closed(order)
    await chain.standin.hooks.settled()
    closed = event_of(chain, order)
    for one in (closed, opened, closed, opened):
        assert (await chain.post(json.dumps(one).encode())).status_code == 200
        await chain.work()
    assert await posted() == [(order.pos, 50_000)]


async def test_garbage_is_answered_put_aside_and_stops_nothing(chain: Chain) -> None:
    """security.md 6.4: 200 whatever it says; the good is processed, the broken kept in the open with an alarm."""
    order = await chain.sell()
    await chain.standin.hooks.settled()
    good = event_of(chain, order)
    stranger = good | {"organizationId": str(uuid4()), "eventInfo": {"id": str(uuid4())}}
    mixed = [7, {}, {"eventType": "PersonalShift"}, good | {"eventInfo": None}, stranger, good | {"extra": [1]}, good]
    wild = b'[123456789012345678901234567890, {"eventType": "PersonalShift", "more": "\\ud800"}, [{"a": 1e999999}]]'
    assert (await chain.post(wild)).status_code == 200
    for body in (
        json.dumps(mixed).encode(),
        b"[1e99999999999999999999]",
        b"[]",
        b"{",
        b"\xff",
        b"null",
        json.dumps([good] * 1000).encode(),
    ):
        assert (await chain.post(body)).status_code == 200
    await chain.work()
    assert await posted() == [(order.pos, 50_000)]
    assert await states() == {"ASIDE": 10, "DONE": 3}
    assert await database.fetchval("SELECT count(*) FROM restaurant_event WHERE state = 'ASIDE' AND fault IS NULL") == 0


async def test_all_of_a_long_delivery_is_kept_by_one_statement(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    """The size of the body bounds it, and nothing that came is left out: the last counts, and what came twice is counted."""
    chain.house.hook_uri = None
    order = await chain.sell()
    good = event_of(chain, order)
    told = [{"eventType": "PersonalShift", "number": number} for number in range(1500)]
    asked: list[str] = []
    fetch = Work.fetch

    async def counting(tx: Work, sql: str, *args: object) -> Any:
        asked.append(sql)
        return await fetch(tx, sql, *args)

    monkeypatch.setattr(Work, "fetch", counting)
    assert await events.keep(chain.cloud, json.dumps([*told, good, told[0]]).encode(), chain.clock()) == 1502
    assert len([sql for sql in asked if "restaurant_event" in sql]) == 1
    assert await database.fetchval("SELECT sum(times) FROM restaurant_event WHERE what = 'PersonalShift'") == 1501
    await chain.work()
    assert await posted() == [(order.pos, 50_000)]


async def test_who_does_not_know_the_key_leaves_nothing(chain: Chain) -> None:
    body = json.dumps([event_of(chain, await chain.sell())]).encode()
    await chain.work()
    before = await database.fetchval("SELECT sum(times) FROM restaurant_event")
    key = events.key_of(chain.resources.keyring)
    for shown in ("", "wrong", "Bearer wrong", key[:-1], f"Basic {key}"):
        assert (await chain.post(body, authorization=shown)).status_code == 401
    assert (await chain.post(body, **{"content-type": "text/xml"})).status_code == 415
    assert (await chain.post(b" " * (4 * 1024 * 1024 + 1))).status_code == 413
    assert await database.fetchval("SELECT sum(times) FROM restaurant_event") == before
    assert (await chain.post(body, authorization=f"Bearer {key}")).status_code == 200


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"skew": 3}, "its dishes do not add up to its sum"),
        ({"closed": None}, "closed without a moment"),
        ({"closed": "later"}, "closed in the future: look at the outlet's time zone"),
    ],
)
async def test_an_order_that_cannot_be_read_is_put_aside(chain: Chain, change: dict[str, Any], fault: str) -> None:
    order = chain.standin.ordered(
        chain.house, "delivery", [dish(chain.house, "Уха", 50_000)], customer=await chain.alias()
    )
    order.closed = chain.clock()
    for name, value in change.items():
        setattr(order, name, chain.clock() + timedelta(hours=3) if value == "later" else value)
    chain.standin.changed(order, status="Closed")
    good = await chain.sell(kopecks=70_000)
    await chain.work()
    assert await posted() == [(good.pos, 70_000)]
    row = await database.fetchrow("SELECT state, fault FROM restaurant_order WHERE order_id = $1::uuid", order.pos)
    assert row is not None
    assert tuple(row) == ("ASIDE", fault)


async def test_an_order_with_a_dish_of_parts_is_put_aside_whole(chain: Chain) -> None:
    """docs/iiko.md, what is unverified: halves of a pizza are not guessed at, the order is named, the next one counts."""
    items = [dish(chain.house, "Уха", 50_000), dish(chain.house, "Уха", 60_000)]
    items[1].is_compound = True
    order = chain.standin.closed(chain.standin.ordered(chain.house, "delivery", items, customer=await chain.alias()))
    good = await chain.sell(kopecks=70_000)
    await chain.work()
    assert await posted() == [(good.pos, 70_000)]
    (aside,) = await overview.aside(10)
    assert aside["fault"] == "a dish of parts, which is not read"
    assert await database.fetchval("SELECT order_id FROM restaurant_order WHERE state = 'ASIDE'") == UUID(
        str(order.pos)
    )


async def test_what_was_put_aside_is_posted_once_somebody_mended_it(chain: Chain) -> None:
    """A menu nobody has spoken of: the order waits in the open, and one replay after the operator's word posts it."""
    await database.execute("ALTER TABLE menu_service DISABLE TRIGGER menu_service_append_only")
    await database.execute("DELETE FROM menu_service WHERE outlet = $1", OUTLETS[0])
    await database.execute("ALTER TABLE menu_service ENABLE TRIGGER menu_service_append_only")
    order = await chain.sell()
    await chain.work()
    assert await posted() == []
    assert await database.fetchval("SELECT fault FROM restaurant_order") == "pos.group_unmapped"
    await database.execute(
        "INSERT INTO menu_service (id, outlet, group_id, service, since) VALUES ($1, $2, '', 'restaurants', $3)",
        *(uuid4(), OUTLETS[0], chain.clock() - timedelta(days=1)),
    )
    assert await orders.replay(chain.clock()) == 1
    await chain.work()
    assert await posted() == [(order.pos, 50_000)]
    assert await database.fetchval("SELECT body FROM restaurant_order") is None


async def test_nobodys_order_is_nobodys(chain: Chain) -> None:
    """A phone binds nobody where the programme takes no phones; such an order may be claimed like any other."""
    petr = await make_member(chain.clock())
    await database.execute("UPDATE contact SET verified_at = $2 WHERE member_id = $1", petr.id, chain.clock())
    chain.standin.closed(
        chain.standin.ordered(chain.house, "delivery", [dish(chain.house, "Уха", 50_000)], phone=petr.phone)
    )
    await chain.work()
    assert await posted() == []
    assert await database.fetchval("SELECT state FROM restaurant_order") == "NOBODYS"
    assert await database.fetchval("SELECT net FROM guestless_receipt") == 50_000


async def test_an_order_of_before_the_outlet_was_named_is_none_of_ours(chain: Chain) -> None:
    order = chain.standin.ordered(
        chain.house, "delivery", [dish(chain.house, "Уха", 50_000)], customer=await chain.alias()
    )
    chain.standin.changed(order, status="Closed", closed=chain.clock() - timedelta(days=2))
    await chain.work()
    assert await database.fetchval("SELECT count(*) FROM restaurant_order") == 0


async def test_a_till_id_that_differs_makes_no_second_purchase_of_a_late_plugin(chain: Chain) -> None:
    """The same with the cloud first: the plugin had no network, and its own id is none that the cloud has told."""
    phone = await make_phone(chain.resources, chain.anna.id, chain.clock())
    chain.clock.move(minutes=1)
    at = chain.clock()
    scan = {"scanId": str(uuid4()), "code": phone.code(at), "scannedAt": at.isoformat()}
    order = await chain.sell("table", kopecks=50_000)
    await chain.work()
    assert await posted() == [(order.pos, 50_000)]
    late = closing(uuid4(), None, [ordered("500.00")], at, number=str(order.number), scan=scan)
    assert (await chain.plugin.refused("commit", **late))[1] == "RECEIPT_EXISTS"
    assert await posted() == [(order.pos, 50_000)]


@pytest.mark.parametrize("comes", ["behind", "before", "unlike"])
async def test_returns_of_a_late_plugin_find_what_the_cloud_told(chain: Chain, comes: str) -> None:
    """A late plugin that heard RECEIPT_EXISTS returns dishes of the cloud's purchase by its own order, item and product; a
    return that came before its order is carried out with it, and lines that differ leave the return of everything."""
    phone = await make_phone(chain.resources, chain.anna.id, chain.clock())
    chain.clock.move(minutes=1)
    at, late = chain.clock(), uuid4()
    scan = {"scanId": str(uuid4()), "code": phone.code(at), "scannedAt": at.isoformat()}
    soup, tea = dish(chain.house, "Уха", 50_000, amount=2000), dish(chain.house, "Чай", 25_000)
    order = chain.standin.closed(chain.standin.ordered(chain.house, "table", [soup, tea], customer=await chain.alias()))
    await chain.work()
    lines = [ordered("500.00", quantity="2"), ordered("250.00")]
    if comes == "unlike":
        lines = [ordered("750.00")]
    commit = closing(late, None, lines, at, number=str(order.number), scan=scan)
    back = {"order": str(late), "refund": str(uuid4()), "number": "9", "refundedAt": at.isoformat()}
    part = back if comes == "unlike" else back | {"lines": [{"item": lines[0]["item"], "quantity": "1"}]}
    if comes == "before":
        assert (await chain.plugin.ask("refund", **part))["result"] == "WAITING"
    for _ in range(2):
        assert (await chain.plugin.refused("commit", **commit))[1] == "RECEIPT_EXISTS"
    returned = await chain.plugin.ask("refund", **part)
    assert (returned["result"], returned["refund"]["net"]) == ("REFUNDED", "750.00" if comes == "unlike" else "250.00")
    assert await chain.plugin.ask("refund", **part) == returned
    assert await database.fetchval("SELECT sum(net) FROM refund") == (75_000 if comes == "unlike" else 25_000)
    if comes != "unlike":
        rest = back | {"refund": str(uuid4()), "number": "10"}
        assert (await chain.plugin.ask("refund", **rest))["purchase"]["status"] == "REFUNDED"
    assert await posted() == [(order.pos, 75_000)]
    assert (await chain.plugin.ask("cancel", order=str(late)))["result"] == "NOTHING_TO_CANCEL"
    assert await check_books(chain.clock()) == []


async def test_a_till_id_that_differs_makes_no_second_purchase(chain: Chain) -> None:
    """Nobody has seen that the cloud's id of the till is the plugin's: should it not be, the receipt itself tells."""
    order, _ = await dine(chain)
    chain.standin.changed(order, pos=str(uuid4()), customer=await chain.alias())
    await chain.work()
    assert len(await posted()) == 1
    assert await database.fetchval("SELECT fault FROM restaurant_order WHERE state = 'ASIDE'") == (
        "a receipt like it is recorded already"
    )


async def test_an_outage_of_the_cloud_loses_no_event(chain: Chain) -> None:
    order = await chain.sell()
    await chain.standin.hooks.settled()
    chain.plan.often = {"503": 100}
    with pytest.raises(Unavailable):
        await events.work_off(chain.resources, chain.clock())
    await chain.work()
    assert await states() == {"NEW": 1}
    chain.plan.often = {}
    chain.clock.move(minutes=10)
    await watching.watch(chain.resources, chain.clock())
    assert await posted() == [(order.pos, 50_000)]


async def test_a_deleted_order_moves_no_money(chain: Chain) -> None:
    """There is no event of a return: a recorded order that is gone is told, and left to a person."""
    order = await chain.sell()
    await chain.work()
    chain.clock.move(minutes=5)
    chain.standin.changed(order, status="Cancelled")
    await chain.work()
    assert await posted() == [(order.pos, 50_000)]
    row = await database.fetchrow("SELECT state, fault FROM restaurant_order")
    assert row is not None
    assert tuple(row) == ("GONE", "deleted after it was recorded")


async def test_an_order_of_an_outlet_retired_since_holds_up_nobody(chain: Chain) -> None:
    """It was kept while the outlet was ours: it is put aside by its reason, and the one behind it is posted."""
    chain.plan.hooks = {"drop": 100}
    lost, order = await chain.sell(kopecks=40_000), await chain.sell(kopecks=50_000)
    house = (await rows.linked())[UUID(chain.house.id)]
    told = (await chain.cloud.changed([house.id], 0)).orders
    assert await orders.keep_all(house, told, chain.clock()) == 2
    await database.execute("UPDATE restaurant_order SET outlet = 'retired' WHERE id = $1", UUID(lost.id))
    await orders.work_off(chain.resources, chain.clock())
    assert await posted() == [(order.pos, 50_000)]
    row = await database.fetchrow("SELECT state, fault FROM restaurant_order WHERE id = $1", UUID(lost.id))
    assert row is not None
    assert (row["state"], row["fault"]) == ("ASIDE", "till.retired")
