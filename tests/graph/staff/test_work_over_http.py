"""Tills and cards as the staff of one place see them, and nothing of another's (INV-22)."""

from datetime import datetime
from typing import Any

from loyalty.scopes import PROGRAMME, Scope
from models import database
from services import audit
from services.tills import till_by_key
from tests.graph.staff.conftest import Panel
from tests.makers.people import make_member, make_till
from tests.makers.purchases import dinner, make_purchase
from tests.makers.staff import IGORA, make_holder
from tests.makers.state import state

TILLS = "query ($partner: ID) { tills(first: 100, partner: $partner) { items { id name scope { partner outlet } endedAt } next } }"
ADD = """mutation ($input: AddTillInput!) { addTill(input: $input) { __typename
    ... on TillAdded { key till { id name channels scope { outlet } } } ... on Problem { code field } } }"""
END = """mutation ($id: UUID!) { endTill(id: $id, reason: "сломалась") { __typename
    ... on TillEnded { till { endedAt } } ... on Problem { code } } }"""
CARDS = """query ($search: String!) { memberCards(search: $search) { id number status firstName lastName email phone
    accumulated tier { id } cards { number } lastPurchases { partner { id } net } } }"""
REVEAL = """mutation ($member: UUID!) { revealContacts(member: $member, reason: "звонок гостя") { __typename
    ... on ContactsRevealed { lastName email phone } ... on Problem { code } } }"""
FORM: dict[str, Any] = {
    "name": "Касса 2",
    "partner": "igora",
    "outlet": "igora-restaurant",
    "channels": ["TILL", "DESK"],
    "reason": "новая стойка",
}


async def test_a_till_is_added_listed_and_ended(panel: Panel, now: datetime) -> None:
    """A-093: its key is shown once and kept as a digest; who did it and why stands in the log."""
    await panel.enter(await make_holder(panel.resources, now, ("pos.manage", IGORA)))
    added = await panel.ask(ADD, {"input": FORM})
    assert added["__typename"] == "TillAdded"
    till = await till_by_key(added["key"])
    assert till is not None
    assert (str(till.id), till.outlet, till.channels) == (added["till"]["id"], "igora-restaurant", ("TILL", "DESK"))
    assert added["key"] not in str(await database.fetch("SELECT t::text FROM till AS t"))
    assert added["key"] not in str(await database.fetch("SELECT e::text FROM audit_event AS e"))
    assert [one["id"] for one in (await panel.ask(TILLS))["items"]] == [added["till"]["id"]]
    assert (await panel.ask(END, {"id": added["till"]["id"]}))["till"]["endedAt"]
    assert await till_by_key(added["key"]) is None
    events = await audit.page(rows=2, after=None, filters=audit.Filters(right="pos.manage"))
    assert [(one.action, one.reason, str(one.scope)) for one in events] == [
        ("till.end", "сломалась", "igora/igora-restaurant"),
        ("till.add", "новая стойка", "igora/igora-restaurant"),
    ]


async def test_tills_of_another_place_are_neither_seen_nor_changed(panel: Panel, now: datetime) -> None:
    """INV-22, T27: for a holder of one partner and for a holder of one outlet."""
    mine, _ = await make_till(now)
    hotel, _ = await make_till(now, outlet="igora-bar")
    theirs, _ = await make_till(now, partner="dacha-vintera", outlet="dacha-vintera-restaurant")
    for scope, seen in ((IGORA, {mine.id, hotel.id}), (Scope(("igora", "igora-restaurant")), {mine.id})):
        await panel.enter(await make_holder(panel.resources, now, ("pos.manage", scope)))
        assert {one["id"] for one in (await panel.ask(TILLS))["items"]} == {str(each) for each in seen}
        assert (await panel.ask(TILLS, {"partner": "dacha-vintera"}))["items"] == []
        before = await state()
        assert (await panel.ask(END, {"id": str(theirs.id)}))["code"] == "NOT_FOUND"
        form = FORM | {"partner": "dacha-vintera", "outlet": "dacha-vintera-restaurant"}
        assert (await panel.ask(ADD, {"input": form}))["code"] == "FORBIDDEN"
        mixed = await panel.ask(ADD, {"input": FORM | {"partner": "dacha-vintera"}})
        assert (mixed["code"], mixed["field"]) == ("INVALID_INPUT", "input")
        system = await panel.ask(ADD, {"input": FORM | {"channels": ["CABINET"]}})
        assert (system["code"], system["field"]) == ("INVALID_INPUT", "input.channels")
        assert await state() == before


async def test_a_card_is_looked_up_masked_and_with_the_own_partners_purchases(panel: Panel, now: datetime) -> None:
    """A-094, INV-22: exact number, phone or e-mail; sums and receipts of other partners stay out of sight."""
    member = await make_member(now)
    igora, _ = await make_till(now)
    dacha, _ = await make_till(now, partner="dacha-vintera", outlet="dacha-vintera-restaurant")
    await make_purchase(panel.resources, igora, member, [dinner(100)], now)
    await make_purchase(panel.resources, dacha, member, [dinner(200, service="restaurant")], now)
    for scope, partners, sum_seen in (
        (IGORA, {"igora"}, False),
        (Scope(("igora", "igora-restaurant")), set(), False),
        (PROGRAMME, {"igora", "dacha-vintera"}, True),
    ):
        await panel.enter(await make_holder(panel.resources, now, ("card.view", scope)))
        for search in (member.number, member.email.upper(), member.phone):
            (found,) = await panel.ask(CARDS, {"search": search})
            assert (found["id"], found["number"], found["lastName"]) == (str(member.id), member.number, "П.")
            assert (found["email"], found["phone"]) == ("g•••@e•••.ru", f"•••{member.phone[-2:]}")
            assert {one["partner"]["id"] for one in found["lastPurchases"]} == partners
            assert (found["accumulated"] is not None) is sum_seen
        for search in ("", member.number[:-1], "Петрова", "%", "nobody@example.ru"):
            assert await panel.ask(CARDS, {"search": search}) == []


async def test_showing_personal_data_is_a_right_of_its_own_and_logged(panel: Panel, now: datetime) -> None:
    """E8: masked without pii.reveal; who saw whose data and why stands in the log, the data does not."""
    member = await make_member(now)
    await panel.enter(await make_holder(panel.resources, now, ("card.view", PROGRAMME)))
    assert (await panel.ask(REVEAL, {"member": str(member.id)}))["code"] == "FORBIDDEN"
    seer = await make_holder(panel.resources, now, ("card.view", PROGRAMME), ("pii.reveal", PROGRAMME))
    await panel.enter(seer)
    shown = await panel.ask(REVEAL, {"member": str(member.id)})
    assert (shown["lastName"], shown["email"], shown["phone"]) == ("Петрова", member.email, member.phone)
    (event,) = await audit.page(rows=1, after=None, filters=audit.Filters(right="pii.reveal"))
    assert (event.actor_id, event.object_id, event.reason, event.outcome) == (
        seer.id, str(member.id), "звонок гостя", "DONE"
    )  # fmt: skip
    assert member.email not in str(await database.fetch("SELECT e::text FROM audit_event AS e"))
    assert (await panel.ask(REVEAL, {"member": str(seer.id)}))["code"] == "NOT_FOUND"
