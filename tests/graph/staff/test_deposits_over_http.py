"""Partners who pay ahead: what is left is shown, a deposit that is used up is told, and no till refuses anything for it."""

from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from jobs.settlement import DEPOSITS
from loyalty.programme import Programme
from loyalty.scopes import PROGRAMME, Scope
from loyalty.statements import StatementState
from models import database
from services import nightly
from services.audit import Actor
from services.settlement import closing, prepaid, statements
from services.settlement.statements import Move, Pair
from tests.graph.staff.conftest import Panel
from tests.makers.people import MadeMember, make_member, make_till
from tests.makers.points import apply_points, buy, goods
from tests.makers.settlement import MARCH, SETTLED
from tests.makers.staff import make_holder

DEPOSIT = ("    kind: SHOP\n", "    kind: SHOP\n    settlement: {mode: PREPAID, deposit: 50}\n")
PARTIES = "{ settlement { parties { id mode deposit { amount left } } } }"
FOUND = "SELECT partner, outlet, facts FROM fraud_signal WHERE kind = 'DEPOSIT_USED_UP'"


@pytest.fixture
async def programme(db: None, now: datetime, tmp_path: Path) -> Programme:
    """The shop has paid 50 roubles ahead for its points, at 0.80 each."""
    return await apply_points(tmp_path, now, SETTLED, DEPOSIT)


async def spend(panel: Panel, member: MadeMember, points: int) -> None:
    """So many of the shop's points at the café."""
    cafe, _ = await make_till(panel.now, partner="cafe", outlet="cafe")
    await buy(panel.resources, cafe, member, [goods(points, service="food")], panel.now, points=points)


async def left(panel: Panel, scope: Scope = PROGRAMME) -> dict[str, Any]:
    """What is left of each deposit that the reader sees."""
    await panel.enter(await make_holder(panel.resources, panel.now, ("settlement.view", scope)))
    parties = (await panel.ask(PARTIES))["parties"]
    return {one["id"]: (one["deposit"]["amount"], one["deposit"]["left"]) for one in parties if one["deposit"]}


async def test_a_deposit_that_is_used_up_is_told_and_refuses_nothing(panel: Panel) -> None:
    """C-14, E2: the floor under an issue account warns once a month; the guest at the till hears nothing of it."""
    shop, _ = await make_till(panel.now, partner="shop", outlet="shop-one")
    member = await make_member(panel.now)
    await buy(panel.resources, shop, member, [goods(2000)], panel.now)  # 200 points
    await spend(panel, member, 60)
    assert await left(panel) == {"shop": ("50.00", "2.00")}
    assert await prepaid.watch(panel.now) == 0
    await spend(panel, member, 60)
    assert await left(panel) == {"shop": ("50.00", "-46.00")}
    # Another partner's deposit is nobody's business.
    assert await left(panel, Scope(("shop",))) == {"shop": ("50.00", "-46.00")}
    assert await left(panel, Scope(("cafe",))) == {}
    for _ in range(2):
        assert await nightly.go_on([DEPOSITS], panel.resources, panel.now) is not None
    (row,) = await database.fetch(FOUND)
    assert (row["partner"], row["outlet"], orjson.loads(row["facts"])) == (
        "shop",
        None,
        {"deposit": 5000, "over": 4600},
    )
    await spend(panel, member, 10)


async def test_a_statement_that_is_paid_fills_the_deposit_up(panel: Panel) -> None:
    """C-14: closed and confirmed it is still due; once paid only what was taken since counts."""
    shop, _ = await make_till(panel.now, partner="shop", outlet="shop-one")
    member = await make_member(panel.now)
    await buy(panel.resources, shop, member, [goods(2000)], panel.now)
    await spend(panel, member, 100)
    panel.later(days=25)
    await closing.close(MARCH, panel.now)
    actor, pair = Actor.operator(), Pair(MARCH, "shop", "cafe")
    for to in (StatementState.SENT, StatementState.CONFIRMED):
        move = Move(pair, to, None, to.value)
        await statements.move(actor, move, resources=panel.resources, now=panel.now)
        assert await left(panel) == {"shop": ("50.00", "-30.00")}
    move = Move(pair, StatementState.PAID, "платёжное поручение 7", "paid")
    await statements.move(actor, move, resources=panel.resources, now=panel.now)
    assert await left(panel) == {"shop": ("50.00", "50.00")}
    assert await prepaid.watch(panel.now) == 0
