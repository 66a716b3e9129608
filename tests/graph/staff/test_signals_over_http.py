"""The queue of signals as the staff of a place sees it, and the three things that may be done."""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import pytest

from graph.control.telling import told
from loyalty.control import SignalKind
from loyalty.refusals import Code
from loyalty.scopes import PROGRAMME, Scope
from models import database
from models.ids import uuid7
from services import audit
from services.audit import Actor
from services.control import signals
from services.tills import TillFacts
from tests.graph.staff.conftest import Panel
from tests.makers.people import MadeMember, make_member, make_phone, make_till
from tests.makers.scans import refused, scan
from tests.makers.staff import IGORA, make_holder
from tests.makers.state import state

SIGNALS = """query ($state: SignalState, $first: Int!, $after: String) { fraudSignals(state: $state, first: $first, after: $after) {
    next items { id kind text at scope { partner outlet } till card state canBlock notes { decision note author } } } }"""
DECIDE = """mutation ($signal: UUID!, $decision: SignalDecision!, $note: String!) {
    decideSignal(signal: $signal, decision: $decision, note: $note) { __typename
    ... on SignalDecided { signal { state canBlock notes { decision note } } } ... on Problem { code field message } } }"""
FACTS: dict[str, dict[str, Any]] = {
    "LIMIT": {"of": "TILL", "metric": "AMOUNT", "most": 100_000, "minutes": 60, "found": 250_000},
    "OWN_CARD": {"receipts": 2, "net": 50_000},
    "DISTANT_OUTLETS": {"city": "Тверь", "other_city": "Казань", "other_outlet": "x", "minutes": 5},
    "REFUND_AFTER_SPEND": {"points": 300, "spent": 290},
    "CARDS_ON_DEVICE": {"members": 7},
    "SPENT_AT_ONCE": {"points": 290, "minutes": 4},
    "DEPOSIT_USED_UP": {"deposit": 100_000, "over": 29_000},
}


async def plant(now: datetime, member: MadeMember | None, till: TillFacts | None, *, kind: str = "LIMIT") -> UUID:
    """A signal as a look writes it."""
    signal = uuid7()
    await database.execute(
        "INSERT INTO fraud_signal (id, kind, key, member_id, card_id, till_id, partner, outlet, at, found_at, facts, state)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10::jsonb, 'OPEN')",
        *(signal, kind, str(signal), member and member.id, member and member.card, till and till.id),
        *(till and till.partner, till and till.outlet, now, orjson.dumps(FACTS[kind]).decode()),
    )
    return signal


async def test_signals_are_seen_where_the_reader_reviews(panel: Panel, now: datetime) -> None:
    """A-242, INV-22: of one's own places alone; what has no place is for whoever reviews them all."""
    member = await make_member(now)
    here, _ = await make_till(now)
    theirs, _ = await make_till(now, partner="dacha-vintera", outlet="dacha-vintera-restaurant")
    mine, other = await plant(now, member, here), await plant(now, member, theirs)
    device = await plant(now, member, None, kind="CARDS_ON_DEVICE")
    for scope, seen in (
        (IGORA, {mine}),
        (Scope(("igora", "igora-restaurant")), {mine}),
        (PROGRAMME, {mine, other, device}),
    ):
        await panel.enter(await make_holder(panel.resources, now, ("signal.review", scope)))
        page = await panel.ask(SIGNALS, {"first": 10})
        assert {UUID(one["id"]) for one in page["items"]} == seen
    first = await panel.ask(SIGNALS, {"first": 2})
    rest = await panel.ask(SIGNALS, {"first": 2, "after": first["next"]})
    assert len({one["id"] for one in (*first["items"], *rest["items"])}) == 3
    assert (await panel.ask(SIGNALS, {"first": 2, "state": "DISMISSED"}))["items"] == []
    shown = next(one for one in (*first["items"], *rest["items"]) if UUID(one["id"]) == mine)
    assert member.number not in str(first) + str(rest)
    assert shown["card"] == f"•••• {member.number[-4:]}"
    assert shown["text"] == "У этой кассы за 60 мин — покупок на сумму, ₽: 2500, предел 1000."


async def test_a_note_and_then_a_decision_that_is_made_once(panel: Panel, now: datetime) -> None:
    """A-242, INV-21: who, what and why stand in the log; the second decision changes nothing."""
    here, _ = await make_till(now)
    signal = await plant(now, await make_member(now), here)
    await panel.enter(await make_holder(panel.resources, now, ("signal.review", IGORA)))
    asked = {"signal": str(signal), "note": "спросили кассира"}
    noted = await panel.ask(DECIDE, asked | {"decision": "NOTE"})
    assert (noted["signal"]["state"], noted["signal"]["canBlock"]) == ("OPEN", False)
    done = await panel.ask(DECIDE, asked | {"decision": "DISMISS"})
    assert done["signal"]["state"] == "DISMISSED"
    assert [one["decision"] for one in done["signal"]["notes"]] == ["NOTE", "DISMISS"]
    before = await state()
    again = await panel.ask(DECIDE, asked | {"decision": "DISMISS"})
    assert (again["code"], again["field"]) == ("INVALID_INPUT", "decision")
    empty = await panel.ask(DECIDE, asked | {"decision": "NOTE", "note": " "})
    assert (empty["code"], empty["field"]) == ("INVALID_INPUT", "note")
    assert await state() == before
    events = await audit.page(rows=9, after=None, filters=audit.Filters(right="signal.review"))
    assert [(one.action, one.reason, str(one.scope)) for one in events] == [
        ("signal.dismiss", "спросили кассира", "igora/igora-restaurant"),
        ("signal.note", "спросили кассира", "igora/igora-restaurant"),
    ]


async def test_a_signal_of_a_till_has_no_card_to_block(panel: Panel, now: datetime) -> None:
    """A-242: what a till as a whole did is nobody's card; it is dismissed or noted, and the wish moves nothing."""
    here, _ = await make_till(now)
    signal = await plant(now, None, here)
    await panel.enter(await make_holder(panel.resources, now, ("signal.review", IGORA), ("card.manage", IGORA)))
    (shown,) = (await panel.ask(SIGNALS, {"first": 2}))["items"]
    assert (shown["card"], shown["canBlock"]) == (None, False)
    before = await state()
    asked = {"signal": str(signal), "note": "кассир ошибся"}
    refused = await panel.ask(DECIDE, asked | {"decision": "BLOCK_CARD"})
    assert (refused["code"], refused["field"]) == ("INVALID_INPUT", "decision")
    assert await state() == before
    assert (await panel.ask(DECIDE, asked | {"decision": "DISMISS"}))["signal"]["state"] == "DISMISSED"


async def test_a_blocked_card_works_nowhere(panel: Panel, now: datetime) -> None:
    """A-242: blocking needs the right to manage cards of the place; then no till takes the card's code."""
    member = await make_member(now)
    here, _ = await make_till(now)
    phone = await make_phone(panel.resources, member.id, now)
    signal = await plant(now, member, here)
    asked = {"signal": str(signal), "decision": "BLOCK_CARD", "note": "карта у кассира"}
    await panel.enter(await make_holder(panel.resources, now, ("signal.review", IGORA)))
    assert (await panel.ask(DECIDE, asked))["code"] == "FORBIDDEN"
    assert await database.fetchval("SELECT status FROM card WHERE id = $1", member.card) == "ACTIVE"
    await scan(panel.resources, here, phone.code(now), now)
    holder = await make_holder(panel.resources, now, ("signal.review", IGORA), ("card.manage", IGORA))
    await panel.enter(holder)
    assert (await panel.ask(SIGNALS, {"first": 1}))["items"][0]["canBlock"] is True
    assert (await panel.ask(DECIDE, asked))["signal"]["state"] == "CARD_BLOCKED"
    assert await database.fetchval("SELECT status FROM card WHERE id = $1", member.card) == "BLOCKED"
    refusal = await refused(panel.resources, here, phone.code(now, later=1), now)
    assert refusal.code is Code.CARD_NOT_ACCEPTED


async def test_a_signal_of_another_place_is_not_there(panel: Panel, now: datetime) -> None:
    """INV-22, T10."""
    theirs, _ = await make_till(now, partner="dacha-vintera", outlet="dacha-vintera-restaurant")
    signal = await plant(now, await make_member(now), theirs)
    await panel.enter(await make_holder(panel.resources, now, ("signal.review", IGORA)))
    before = await state()
    asked = {"signal": str(signal), "decision": "DISMISS", "note": "мимо"}
    assert (await panel.ask(DECIDE, asked))["code"] == "NOT_FOUND"
    assert await state() == before


@pytest.mark.parametrize("kind", list(SignalKind))
async def test_every_kind_is_told_in_both_languages(panel: Panel, now: datetime, kind: SignalKind) -> None:
    await plant(now, None, None, kind=kind)
    [signal] = await signals.page(Actor.operator().access, rows=1, after=None, state=None, kind=None)
    russian, english = told(signal, "ru"), told(signal, "en")
    assert russian != english
    number = {"LIMIT": "2500", "OWN_CARD": "500", "DISTANT_OUTLETS": "Казань", "CARDS_ON_DEVICE": "7"}.get(kind, "290")
    assert number in russian
    assert number in english
