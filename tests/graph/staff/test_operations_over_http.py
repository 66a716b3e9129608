"""The list of operations at the panel: receipts of one's own places, found by what stands on them, page by page."""

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest

from loyalty.purchases import BasketLine
from loyalty.scopes import PROGRAMME, Scope
from models import database
from services.purchases import Posted, PurchaseCommand, TenderPaid, post_purchase
from services.refunds import RefundCommand, refund_purchase
from services.tills import TillFacts
from tests.graph.staff.conftest import Panel
from tests.makers.people import MadeMember, make_member, make_till
from tests.makers.purchases import make_quote
from tests.makers.staff import make_holder

RIGHT = "operation.view"
LIST = """query ($first: Int!, $after: String, $partner: ID, $outlet: ID, $channel: Channel, $receipt: String, $from: Date,
    $to: Date, $refunded: Boolean, $member: UUID) {
  operations(first: $first, after: $after, partner: $partner, outlet: $outlet, channel: $channel, receipt: $receipt,
      from: $from, to: $to, refunded: $refunded, member: $member) {
    next items { id till channel receiptNumber businessDate card gross discount net refunded accumulated place { name } } } }"""
ONE = "query ($id: UUID!) { operation(id: $id) { receiptNumber lines { name net } refunds { net } } }"


async def sell(panel: Panel, till: TillFacts, member: MadeMember, service: str, receipt: str, roubles: int) -> Posted:  # noqa: PLR0917
    """A receipt of one line."""
    lines = [BasketLine(service, "Ужин", 1000, roubles * 100)]
    quoted = await make_quote(till, member, lines, panel.now)
    tenders = [TenderPaid("CARD", quoted.priced.net)]
    command = PurchaseCommand(f"key-{receipt}-{till.id}", str(quoted.id), receipt, panel.now, tenders)
    made = await post_purchase(panel.resources, till, command, now=panel.now)
    assert isinstance(made, Posted)
    return made


@pytest.fixture
async def sold(panel: Panel) -> dict[str, Posted]:
    """Three receipts of three places and two partners on two days; the second one is returned."""
    member = await make_member(panel.now)
    bar, _ = await make_till(panel.now, partner="igora", outlet="igora-bar")
    hall, _ = await make_till(panel.now, partner="igora", outlet="igora-restaurant")
    favorit, _ = await make_till(panel.now, partner="favorit", outlet="favorit")
    made = {"bar": await sell(panel, bar, member, "restaurants", "A-1", 1000)}
    panel.later(hours=6)
    made["hall"] = await sell(panel, hall, member, "restaurants", "A-2", 2000)
    command = RefundCommand("back", made["hall"].purchase.id, None, None, "R-1", panel.now, None)
    await refund_purchase(panel.resources, hall, command, now=panel.now)
    panel.later(hours=18)
    made["favorit"] = await sell(panel, favorit, member, "all", "A-1", 3000)
    return made


async def numbers(panel: Panel, **asked: Any) -> list[str]:
    """The places and numbers of a list."""
    page = await panel.ask(LIST, {"first": 100, **asked})
    assert page["next"] is None
    return [f"{one['place']['name']}: {one['receiptNumber']}" for one in page["items"]]


async def test_receipts_are_shown_where_the_right_is_held(panel: Panel, sold: dict[str, Posted]) -> None:
    """A-101, INV-22: everybody's, a partner's, an outlet's, a till's; another place's is not there by its id either."""
    till = await database.fetchval("SELECT till_id FROM purchase WHERE id = $1", sold["bar"].purchase.id)
    seen = {}
    for name, scope in {
        "all": PROGRAMME,
        "partner": Scope(("igora",)),
        "outlet": Scope(("igora", "igora-restaurant")),
        "till": Scope(("igora", "igora-bar", str(till))),
        "other": Scope(("dacha-vintera",)),
    }.items():
        await panel.enter(await make_holder(panel.resources, panel.now, (RIGHT, scope)))
        page = await panel.ask(LIST, {"first": 100})
        seen[name] = [
            name for one in page["items"] for name, made in sold.items() if one["id"] == str(made.purchase.id)
        ]
        opened = [name for name, made in sold.items() if await panel.ask(ONE, {"id": str(made.purchase.id)})]
        assert sorted(opened) == sorted(seen[name])
    assert seen == {
        "all": ["favorit", "hall", "bar"],
        "partner": ["hall", "bar"],
        "outlet": ["hall"],
        "till": ["bar"],
        "other": [],
    }
    await panel.enter(await make_holder(panel.resources, panel.now, ("card.view", PROGRAMME)))
    assert await panel.refused(LIST, {"first": 10}) == "FORBIDDEN"
    assert await panel.refused(ONE, {"id": str(sold["bar"].purchase.id)}) == "FORBIDDEN"


async def test_a_receipt_tells_its_sums_and_no_name(panel: Panel, sold: dict[str, Posted]) -> None:
    """A-101: what was sold, saved and returned; of the guest the end of a card."""
    await panel.enter(await make_holder(panel.resources, panel.now, (RIGHT, PROGRAMME)))
    (_, hall, bar) = (await panel.ask(LIST, {"first": 100}))["items"]
    assert (hall["gross"], hall["net"], hall["refunded"], hall["accumulated"]) == (
        "2000.00",
        "2000.00",
        "2000.00",
        "0.00",
    )
    assert (bar["refunded"], bar["channel"], len(bar["card"])) == ("0.00", "TILL", 4)
    opened = await panel.ask(ONE, {"id": hall["id"]})
    assert (opened["lines"], opened["refunds"]) == ([{"name": "Ужин", "net": "2000.00"}], [{"net": "2000.00"}])


async def test_receipts_are_found_by_what_stands_on_them(panel: Panel, sold: dict[str, Posted]) -> None:
    """A-101: partner, outlet, channel, number, day, returns; and page by page none twice and none missed."""
    await panel.enter(await make_holder(panel.resources, panel.now, (RIGHT, PROGRAMME)))
    day = sold["bar"].purchase.business_date
    every = await numbers(panel)
    assert len(every) == 3
    assert len(await numbers(panel, partner="igora")) == 2
    assert len(await numbers(panel, outlet="igora-bar")) == 1
    assert await numbers(panel, channel="SHOP") == []
    assert await numbers(panel, receipt="A-1") == [every[0], every[2]]
    assert await numbers(panel, refunded=True) == [every[1]]
    assert await numbers(panel, to=str(day)) == [every[1], every[2]]
    assert await numbers(panel, **{"from": str(day + timedelta(days=1))}) == [every[0]]
    walked: list[str] = []
    after = None
    while after is not None or not walked:
        page = await panel.ask(LIST, {"first": 1, "after": after})
        walked += [f"{one['place']['name']}: {one['receiptNumber']}" for one in page["items"]]
        after = page["next"]
    assert walked == every
    guest = await database.fetchval("SELECT member_id FROM purchase WHERE id = $1", sold["bar"].purchase.id)
    stranger, bar = await make_member(panel.now), (await make_till(panel.now, partner="igora", outlet="igora-bar"))[0]
    await sell(panel, bar, stranger, "restaurants", "A-9", 500)
    assert await numbers(panel, member=str(guest)) == every
    assert [name.split()[-1] for name in await numbers(panel, member=str(stranger.id))] == ["A-9"]
    assert [row[2] for row in (await table(panel, member=str(stranger.id)))[1:]] == ["A-9"]
    assert (await download(panel, member="stranger")).status_code == 400


async def test_a_list_is_saved_as_a_file_of_ones_own_places(panel: Panel, sold: dict[str, Posted]) -> None:
    """A-101, INV-22, T39: the same rows by the same filters, noted with their number; a wrong filter is refused."""
    await panel.enter(await make_holder(panel.resources, panel.now, (RIGHT, Scope(("igora",)))))
    head, *rows = await table(panel)
    assert [row[head.index("Receipt")] for row in rows] == ["A-2", "A-1"]
    assert [row[head.index("Returned, RUB")] for row in rows] == ["2000.00", "0.00"]
    assert len(await table(panel, refunded="yes")) == 2
    assert len(await table(panel, partner="favorit")) == 1
    logged = await database.fetch("SELECT after FROM audit_event WHERE action = 'operation.export' ORDER BY sequence")
    assert ['"rows": 2' in row["after"] for row in logged] == [True, False, False]
    assert (await download(panel, refunded="perhaps")).status_code == 400
    await panel.enter(await make_holder(panel.resources, panel.now, ("card.view", PROGRAMME)))
    assert (await download(panel)).status_code == 403


async def table(panel: Panel, **asked: str) -> list[list[str]]:
    """The rows of a file, its head first."""
    answer = await download(panel, **asked)
    assert answer.status_code == 200, answer.text
    return list(csv.reader(StringIO(answer.text, newline="")))


async def download(panel: Panel, **asked: str) -> Any:
    held = panel.headers | {"cookie": f"__Host-staff={panel.cookie}", "accept-language": "en"}
    return await panel.client.get("/exports/operations.csv", params=asked, headers=held)
