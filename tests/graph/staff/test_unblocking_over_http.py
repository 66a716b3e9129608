"""A card that was blocked by mistake, given back: by whom, what it says afterwards, and what is never given back."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from loyalty.refusals import Code
from loyalty.scopes import PROGRAMME, Scope
from models import database
from models.database import Violation
from models.ids import uuid7
from services import audit
from services.audit import Actor
from services.cards import issue_card
from services.control import deciding, unblocking
from services.erasing import erasing
from services.merging import merging
from services.work import work
from tests.graph.staff.conftest import Panel
from tests.graph.staff.test_signals_over_http import DECIDE, SIGNALS, plant
from tests.makers.patience import rivals, rivals_told
from tests.makers.people import MadeMember, make_member, make_phone, make_till
from tests.makers.scans import refused, scan
from tests.makers.staff import IGORA, make_actor, make_holder
from tests.makers.state import state

UNBLOCK = """mutation ($card: UUID!, $reason: String!) { unblockCard(card: $card, reason: $reason) { __typename
    ... on CardUnblocked { card { id number kind status } } ... on Problem { code field message } } }"""
MEMBER = "query ($id: UUID!) { memberCard(id: $id) { canUnblock cards { id status } } }"
SIGNAL = """query { fraudSignals(first: 1) {
    items { state card cardId canBlock canUnblock decidedAt notes { decision note author } } } }"""
STATUS = "SELECT status FROM card WHERE id = $1"
WHY = "карта гостя, а не кассира"
VINTERA = Scope(("dacha-vintera",))


async def block(member: MadeMember, now: datetime, partner: str = "igora") -> UUID:
    """A signal of a partner, decided by blocking the card."""
    till, _ = await make_till(now, partner=partner, outlet=f"{partner}-restaurant")
    signal = await plant(now, member, till)
    await database.execute("UPDATE fraud_signal SET state = 'CARD_BLOCKED', decided_at = $2 WHERE id = $1", signal, now)
    await database.execute("UPDATE card SET status = 'BLOCKED' WHERE id = $1", member.card)
    return signal


def asked(member: MadeMember, reason: str = WHY) -> dict[str, Any]:
    """What the mutation is given."""
    return {"card": str(member.card), "reason": reason}


async def events(card: UUID) -> list[audit.EventFacts]:
    """What the log has of a card."""
    return await audit.page(rows=20, after=None, filters=audit.Filters(object=str(card)))


async def test_a_card_given_back_is_taken_again(panel: Panel, now: datetime) -> None:
    """A-098, A-242, INV-21: by right and reason; the signal says so, the log has it once, and the same asked again is answered."""
    member = await make_member(now)
    till, _ = await make_till(now)
    phone = await make_phone(panel.resources, member.id, now)
    signal = await plant(now, member, till)
    rights = [("signal.review", IGORA), ("card.manage", IGORA), ("card.view", IGORA)]
    await panel.enter(await make_holder(panel.resources, now, *rights))
    assert (await panel.ask(MEMBER, {"id": str(member.id)}))["canUnblock"] is False
    await panel.ask(DECIDE, {"signal": str(signal), "decision": "BLOCK_CARD", "note": "карта у кассира"})
    assert (await refused(panel.resources, till, phone.code(now), now)).code is Code.CARD_NOT_ACCEPTED
    (shown,) = (await panel.ask(SIGNAL))["items"]
    assert (shown["cardId"], shown["canBlock"], shown["canUnblock"]) == (str(member.card), False, True)
    page = await panel.ask(MEMBER, {"id": str(member.id)})
    assert page == {"canUnblock": True, "cards": [{"id": str(member.card), "status": "BLOCKED"}]}

    told = await panel.ask(UNBLOCK, asked(member))
    given = {"id": str(member.card), "number": member.number, "kind": "VIRTUAL", "status": "ACTIVE"}
    assert told == {"__typename": "CardUnblocked", "card": given}
    await scan(panel.resources, till, phone.code(now, later=1), now)
    (after,) = (await panel.ask(SIGNAL))["items"]
    assert (after["state"], after["canBlock"], after["canUnblock"]) == ("UNBLOCKED", False, False)
    assert after["decidedAt"] == shown["decidedAt"]
    assert [(one["decision"], one["note"]) for one in after["notes"]] == [
        ("BLOCK_CARD", "карта у кассира"),
        ("NOTE", WHY),
    ]
    assert (await panel.ask(MEMBER, {"id": str(member.id)}))["canUnblock"] is False
    before = await state()
    assert await panel.ask(UNBLOCK, asked(member)) == told
    assert await state() == before
    (event,) = await events(member.card)
    assert (event.action, event.right, event.reason) == ("card.unblock", "card.manage", WHY)
    assert (str(event.scope), event.before, event.after) == (
        "igora/igora-restaurant",
        {"status": "BLOCKED"},
        {"status": "ACTIVE"},
    )


async def test_a_signal_is_not_decided_anew_by_giving_the_card_back(panel: Panel, now: datetime) -> None:
    """A-242: another signal may block the card once more; the first one stays as it was decided."""
    member = await make_member(now)
    first = await block(member, now)
    await panel.enter(await make_holder(panel.resources, now, ("signal.review", IGORA), ("card.manage", IGORA)))
    await panel.ask(UNBLOCK, asked(member))
    again = {"signal": str(first), "decision": "BLOCK_CARD", "note": "всё-таки кассир"}
    assert (await panel.ask(DECIDE, again))["code"] == "INVALID_INPUT"
    assert await database.fetchval(STATUS, member.card) == "ACTIVE"
    till, _ = await make_till(now)
    second = await plant(now, member, till)
    assert (await panel.ask(DECIDE, again | {"signal": str(second)}))["signal"]["state"] == "CARD_BLOCKED"
    states = {UUID(one["id"]): one["state"] for one in (await panel.ask(SIGNALS, {"first": 5}))["items"]}
    assert states == {first: "UNBLOCKED", second: "CARD_BLOCKED"}


async def test_a_card_is_given_back_where_all_that_blocked_it_is_managed(panel: Panel, now: datetime) -> None:
    """A-098, INV-22: a partner's people see none but their own blocks, and undo nobody else's."""
    member, theirs, nobodys = [await make_member(now) for _ in range(3)]
    for partner in ("igora", "dacha-vintera"):
        await block(member, now, partner)
    await block(theirs, now, "dacha-vintera")
    await database.execute("UPDATE card SET status = 'BLOCKED' WHERE id = $1", nobodys.card)
    manager = [("signal.review", IGORA), ("card.manage", IGORA), ("card.view", IGORA)]
    await panel.enter(await make_holder(panel.resources, now, *manager))
    before = await state()
    for one, code in ((member, "FORBIDDEN"), (theirs, "NOT_FOUND"), (nobodys, "NOT_FOUND")):
        assert (await panel.ask(UNBLOCK, asked(one)))["code"] == code
        assert (await panel.ask(MEMBER, {"id": str(one.id)}))["canUnblock"] is False
    assert [one["canUnblock"] for one in (await panel.ask(SIGNAL))["items"]] == [False]
    assert await state() == before
    # Both places in one hand, then the whole programme.
    both = [("card.manage", IGORA), ("card.manage", VINTERA), ("card.view", IGORA)]
    await panel.enter(await make_holder(panel.resources, now, *both))
    assert (await panel.ask(UNBLOCK, asked(nobodys)))["code"] == "NOT_FOUND"
    assert (await panel.ask(UNBLOCK, asked(member)))["__typename"] == "CardUnblocked"
    (event,) = await events(member.card)
    assert event.scope == PROGRAMME
    await panel.enter(await make_holder(panel.resources, now, ("card.manage", PROGRAMME), ("card.view", PROGRAMME)))
    for one in (theirs, nobodys):
        assert (await panel.ask(MEMBER, {"id": str(one.id)}))["canUnblock"] is True
        assert (await panel.ask(UNBLOCK, asked(one)))["__typename"] == "CardUnblocked"
    for one in (member, theirs, nobodys):
        assert await database.fetchval(STATUS, one.card) == "ACTIVE"


async def test_what_is_not_given_back(panel: Panel, now: datetime) -> None:
    """A-098, I-34: a card that is nobody's, that was replaced, or whose member was merged, erased or closed; without a reason."""
    erased, merged, survivor, closed = [await make_member(now) for _ in range(4)]
    for one in (erased, merged, closed):
        await block(one, now)
    operator, kept = Actor.operator(), {"reason": "для проверки", "resources": panel.resources, "now": now}
    await erasing.erase(operator, erased.id, **kept)  # type: ignore[arg-type]
    await merging.merge(operator, survivor.id, merged.id, **kept)  # type: ignore[arg-type]
    await database.execute("UPDATE member SET status = 'CLOSED' WHERE id = $1", closed.id)
    await panel.enter(await make_holder(panel.resources, now, ("card.manage", PROGRAMME), ("card.view", PROGRAMME)))
    before = await state()
    ended = ("INVALID_INPUT", "card", "Эту карту вернуть нельзя", "This card cannot be given back")
    for card, (code, field, russian, english) in (
        (erased.card, ended),
        (merged.card, ended),
        (closed.card, ended),
        (uuid7(), ("NOT_FOUND", "card", "Такой заблокированной карты", "Your places have no such")),
    ):
        wish = {"card": str(card), "reason": WHY}
        told = await panel.ask(UNBLOCK, wish)
        assert (told["code"], told["field"]) == (code, field)
        assert told["message"].startswith(russian)
        answer = await panel.send(UNBLOCK, wish, **{"accept-language": "en"})
        assert answer.json()["data"]["unblockCard"]["message"].startswith(english)
    poor = await panel.ask(UNBLOCK, asked(closed, "!"))
    assert (poor["code"], poor["field"]) == ("INVALID_INPUT", "reason")
    assert await state() == before


async def test_no_other_card_works_beside_a_blocked_one(db: None, panel: Panel, now: datetime) -> None:
    """A member has one card that works or is blocked: no card given back is a second one."""
    member = await make_member(now)
    await block(member, now)
    with pytest.raises(Violation, match="card_one_active"):
        async with work() as tx:
            await issue_card(tx, member.id, "9000000000099", None, now)
    assert await database.fetchval("SELECT count(*) FROM card WHERE member_id = $1", member.id) == 1


async def test_rivals_give_a_card_back_once(panel: Panel, now: datetime) -> None:
    """A-098: ten at once hear the same, and the log has one of them."""
    member = await make_member(now)
    await block(member, now)
    actor = await make_actor(await make_holder(panel.resources, now, ("card.manage", PROGRAMME)), now)
    facts: dict[str, Any] = {"reason": WHY, "resources": panel.resources, "now": now}
    told = await rivals(*(partial(unblocking.unblock, actor, member.card, **facts) for _ in range(10)))
    assert {(one.id, one.status) for one in told} == {(member.card, "ACTIVE")}
    assert len(await events(member.card)) == 1
    assert await database.fetchval("SELECT count(*) FROM signal_note") == 1


@pytest.mark.parametrize("first", ["block", "unblock"])
async def test_a_card_blocked_anew_at_that_moment_is_blocked(panel: Panel, now: datetime, first: str) -> None:
    """A-242: whoever comes first, a card works exactly when no decision of a signal blocks it."""
    for _ in range(5):
        member = await make_member(now)
        await block(member, now)
        till, _key = await make_till(now)
        signal = await plant(now, member, till)
        rights = [("card.manage", PROGRAMME), ("signal.review", PROGRAMME)]
        actor = await make_actor(await make_holder(panel.resources, now, *rights), now)
        facts: dict[str, Any] = {"resources": panel.resources, "now": now}
        ways: dict[str, Callable[[], Awaitable[object]]] = {
            "block": partial(deciding.decide, actor, signal, "BLOCK_CARD", WHY, **facts),
            "unblock": partial(unblocking.unblock, actor, member.card, reason=WHY, **facts),
        }
        await rivals_told(*(ways[name] for name in sorted(ways, key=lambda name: name != first)))
        blocking = await database.fetchval(
            "SELECT count(*) FROM fraud_signal WHERE card_id = $1 AND state = 'CARD_BLOCKED'", member.card
        )
        assert await database.fetchval(STATUS, member.card) == ("BLOCKED" if blocking else "ACTIVE")
