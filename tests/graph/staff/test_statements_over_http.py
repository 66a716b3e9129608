"""Statements at the panel: sent by the programme, confirmed, disputed and paid by their two sides, and nobody else's."""

import csv
from datetime import datetime
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from graph.words import sentence
from loyalty.programme import Programme
from loyalty.refusals import Code, Refusal
from loyalty.scopes import PROGRAMME, Scope
from loyalty.statements import StatementState
from models import database
from models.database import Violation
from services.audit import Actor
from services.settlement import closing, statements
from services.settlement.statements import Move, Pair, Statement
from tests.graph.staff.conftest import Panel
from tests.makers.patience import rivals_told
from tests.makers.people import make_member, make_till
from tests.makers.points import buy, give_back, goods
from tests.makers.settlement import MARCH, apply_settled
from tests.makers.staff import make_holder
from tests.makers.state import state

SPA = """\
  - id: spa
    name: {ru: Купальня, en: Spa}
    kind: RESORT
    outlets:
      - {id: spa, name: Купальня}
    services:
      - {id: bath, name: Баня, channels: [TILL]}
    rules:
      - {services: [bath], channels: [TILL], discount: 0, accumulates: true, earns: 10, redeem_cap: 100}
documents:
"""
STATEMENTS = """{ settlement { months { month cells { issuer partner due statement { payer payee amount state moves
    history { state party author note } } } } } }"""
MOVE = """mutation ($input: MoveStatementInput!) { moveStatement(input: $input) { __typename
    ... on StatementMoved { statement { state moves history { state party author note } } }
    ... on Problem { code field message } } }"""
BOTH = ("settlement.view", "settlement.manage")
PAIR = Pair(MARCH, "shop", "cafe")


@pytest.fixture
async def programme(db: None, now: datetime, tmp_path: Path) -> Programme:
    return await apply_settled(tmp_path, now, ("documents:\n", SPA))


@pytest.fixture
async def april(panel: Panel) -> Panel:
    """March is closed: the café took 60 points of the shop's and gave 30 back."""
    shop, cafe = [
        (await make_till(panel.now, partner=name, outlet=outlet))[0]
        for name, outlet in (("shop", "shop-one"), ("cafe", "cafe"))
    ]
    member = await make_member(panel.now)
    await buy(panel.resources, shop, member, [goods(1000)], panel.now)
    lines = [goods(60, service="food", quantity=2000)]
    taken = await buy(panel.resources, cafe, member, lines, panel.now, points=60)
    await give_back(panel.resources, cafe, taken, panel.now, (0, 1000))
    panel.later(days=25)
    await closing.close(MARCH, panel.now)
    return panel


async def enter(panel: Panel, *partners: str, rights: tuple[str, ...] = BOTH) -> str:
    """Somebody who keeps the settlement of these partners, or of the whole programme; gives their name in the log."""
    scopes = [Scope((one,)) for one in partners] or [PROGRAMME]
    made = await make_holder(panel.resources, panel.now, *((right, scope) for right in rights for scope in scopes))
    await panel.enter(made)
    name: str = await database.fetchval("SELECT name FROM staff WHERE id = $1", made.id)
    return name


async def shown(panel: Panel) -> dict[str, Any] | None:
    """The statement of March as the reader sees it; None where there is none for them."""
    (month,) = [one for one in (await panel.ask(STATEMENTS))["months"] if one["month"] == "2026-03-01"]
    told: list[dict[str, Any]] = [cell["statement"] for cell in month["cells"]]
    return told[0] if told else None


async def move(panel: Panel, to: str, note: str | None = None, **more: str) -> Any:
    """Bring it one step on under a key of its own."""
    pair = {"month": "2026-03-01", "issuer": "shop", "partner": "cafe"}
    return await panel.ask(MOVE, {"input": {"idempotencyKey": str(uuid4()), "to": to, "note": note} | pair | more})


async def refusal(panel: Panel, to: str, note: str | None = None, **more: str) -> tuple[str, str | None]:
    """(code, field) of a step that is refused, after which nothing has moved."""
    before = await state()
    told = await move(panel, to, note, **more)
    assert told["__typename"] == "Problem", told
    assert await state() == before
    return told["code"], told["field"]


async def test_a_statement_is_sent_disputed_sent_anew_confirmed_and_paid(april: Panel) -> None:
    """C-14, E4: each side does its part and sees who did what, the other side's people without their names."""
    await enter(april)
    told = await shown(april)
    assert told == {
        "payer": "shop", "payee": "cafe", "amount": "24.00", "state": "CLOSED", "moves": ["SENT"], "history": [],
    }  # fmt: skip
    assert (await move(april, "SENT"))["statement"]["moves"] == ["CONFIRMED", "DISPUTED"]
    cafe = await enter(april, "cafe")
    assert (await shown(april) or {})["moves"] == ["DISPUTED"]
    done = (await move(april, "DISPUTED", "чек 7 возвращён дважды"))["statement"]
    assert done["history"][1] == {
        "state": "DISPUTED", "party": "cafe", "author": cafe, "note": "чек 7 возвращён дважды",
    }  # fmt: skip
    assert done["history"][0] == {"state": "SENT", "party": "-", "author": None, "note": None}
    await enter(april)
    assert (await move(april, "SENT", "возврат был один"))["statement"]["state"] == "SENT"
    shop = await enter(april, "shop")
    told = await shown(april) or {}
    assert [(one["party"], one["author"]) for one in told["history"]] == [("-", None), ("cafe", None), ("-", None)]
    assert (await move(april, "CONFIRMED"))["statement"]["moves"] == []
    await enter(april, "cafe")
    assert (await move(april, "PAID", "платёжное поручение 118"))["statement"]["moves"] == []
    await enter(april)
    told = await shown(april) or {}
    assert (told["state"], told["moves"], [one["state"] for one in told["history"]]) == (
        "PAID",
        [],
        ["SENT", "DISPUTED", "SENT", "CONFIRMED", "PAID"],
    )
    assert told["history"][3]["author"] == shop
    logged = await database.fetch(
        "SELECT action, scope, reason FROM audit_event WHERE object_kind = 'statement' ORDER BY sequence"
    )
    assert [tuple(row) for row in logged] == [
        ("settlement.sent", "", None),
        ("settlement.disputed", "cafe", "чек 7 возвращён дважды"),
        ("settlement.sent", "", "возврат был один"),
        ("settlement.confirmed", "shop", None),
        ("settlement.paid", "cafe", "платёжное поручение 118"),
    ]


async def test_whoever_keeps_both_sides_acts_for_the_one_whose_step_it_is(april: Panel) -> None:
    """C-14: it is the payer who confirms and the other who says that it was paid, and so it stays written."""
    await enter(april)
    await move(april, "SENT")
    await enter(april, "shop", "cafe")
    await move(april, "CONFIRMED")
    told = (await move(april, "PAID"))["statement"]
    assert [one["party"] for one in told["history"]] == ["-", "shop", "cafe"]


async def test_what_is_not_ones_own_step_is_refused(april: Panel) -> None:
    """C-14, INV-21: who owes does not say it was paid, who is owed does not confirm; a dispute says why; paid is paid."""
    await enter(april, "shop")
    assert await refusal(april, "CONFIRMED") == ("INVALID_INPUT", "input.to")
    # Whoever may not do a step at all hears so; a refusal stands in the log, which is no row of the books.
    assert (await move(april, "SENT"))["code"] == "FORBIDDEN"
    await enter(april)
    assert await refusal(april, "PAID") == ("INVALID_INPUT", "input.to")
    assert await refusal(april, "OPEN") == ("INVALID_INPUT", "input.to")
    assert await refusal(april, "SENT", month="2026-04-01") == ("INVALID_INPUT", "input.month")
    assert await refusal(april, "SENT", month="2019-04-01") == ("INVALID_INPUT", "input.month")
    assert await refusal(april, "SENT", issuer="cafe", partner="shop") == ("NOT_FOUND", "input.month")
    assert await refusal(april, "SENT", issuer="-") == ("NOT_FOUND", "input.month")
    await move(april, "SENT")
    assert await refusal(april, "DISPUTED") == ("INVALID_INPUT", "input.note")
    assert await refusal(april, "DISPUTED", " ") == ("INVALID_INPUT", "input.note")
    await enter(april, "cafe")
    assert (await move(april, "CONFIRMED"))["code"] == "FORBIDDEN"
    await enter(april)
    await move(april, "CONFIRMED")
    await enter(april, "shop")
    assert (await move(april, "PAID"))["code"] == "FORBIDDEN"
    assert [row["state"] for row in await database.fetch("SELECT state FROM settlement_step ORDER BY step")] == [
        "SENT",
        "CONFIRMED",
    ]
    # The right to look is none to act.
    await enter(april, rights=("settlement.view",))
    assert (await shown(april) or {})["moves"] == []
    assert (await move(april, "PAID"))["code"] == "FORBIDDEN"


async def test_a_statement_of_others_is_not_there(april: Panel) -> None:
    """INV-22: a third partner neither reads it nor moves it, whoever holds both sides acts for both."""
    await enter(april)
    await move(april, "SENT")
    await enter(april, "spa")
    assert await shown(april) is None
    for to in ("CONFIRMED", "DISPUTED", "PAID", "SENT"):
        assert await refusal(april, to, "не наше") == ("NOT_FOUND", "input.month")
    await enter(april, "shop", "cafe")
    assert (await shown(april) or {})["moves"] == ["CONFIRMED", "DISPUTED"]


async def test_a_key_is_one_step(april: Panel) -> None:
    """INV-07: a lost answer is asked for again, also when the statement has gone on; another step needs another key."""
    await enter(april)
    first = await move(april, "SENT", idempotencyKey="one")
    assert await move(april, "SENT", idempotencyKey="one") == first
    await move(april, "CONFIRMED")
    again = await move(april, "SENT", idempotencyKey="one")
    assert again["statement"]["state"] == "CONFIRMED"
    assert await refusal(april, "PAID", idempotencyKey="one") == ("KEY_REUSED", "input.idempotencyKey")
    assert await database.fetchval("SELECT count(*) FROM settlement_step") == 2


async def test_rivals_take_one_step(april: Panel) -> None:
    """C-14: confirmed and disputed at once, five times each: one of them is written, the others are told what is so."""
    actor = Actor.operator()
    step = partial(statements.move, actor, resources=april.resources, now=april.now)
    await step(Move(PAIR, StatementState.SENT, None, "sent"))
    told = await rivals_told(
        *(
            partial(step, Move(PAIR, to, "спор", f"{to} {place}"))
            for to in (StatementState.CONFIRMED, StatementState.DISPUTED)
            for place in range(5)
        )
    )
    (done,) = [one for one in told if isinstance(one, Statement)]
    words = {(one.code, one.words) for one in told if isinstance(one, Refusal)}
    assert words == {(Code.INVALID_INPUT, f"settlement.not_from.{done.state}")}
    assert await database.fetchval("SELECT count(*) FROM settlement_step") == 2
    for locale in ("ru", "en"):
        assert sentence(f"settlement.not_from.{done.state}", locale)


async def test_what_was_done_stays_written(april: Panel) -> None:
    """INV-02: a step is inserted and never changed or taken back."""
    await enter(april)
    await move(april, "SENT")
    for change in ("UPDATE settlement_step SET state = 'PAID'", "DELETE FROM settlement_step"):
        with pytest.raises(Violation):
            await database.execute(change)


async def test_the_file_says_how_far_it_has_come(april: Panel) -> None:
    """C-14: the statement's own state in both languages, of the open month that it is open."""
    await enter(april)
    await move(april, "SENT")
    await move(april, "DISPUTED", "не сходится")
    for language, words in (("ru", "оспорен"), ("en", "disputed")):
        held = {"cookie": f"__Host-staff={april.cookie}", "accept-language": language}
        answer = await april.client.get(
            "/exports/settlement.csv", params={"month": "2026-03"}, headers=april.headers | held
        )
        _, row = csv.reader(StringIO(answer.text, newline=""))
        assert row[:2] == ["2026-03", words]
