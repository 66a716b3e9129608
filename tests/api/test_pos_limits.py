"""Limits of a programme and a restaurant's plugin, which tells what has happened."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from loyalty.refusals import Code, Refusal
from models import database
from services import programmes
from services.control import looking
from services.ledger import check_books
from services.refunds import RefundCommand, refund_purchase
from services.resources import Resources
from tests.makers.people import make_phone, make_till
from tests.makers.plugins import Clock, closing, dish, plugin_of
from tests.makers.programme import FILES
from tests.makers.restaurant import OUTLET, make_regular, sold

SOFT, HARD = "refunds: 40, hours: 24, then: SIGNAL", "refunds: 1, hours: 24, then: REFUSE"


async def test_a_return_that_was_made_in_the_restaurant_is_written_above_a_limit(
    db: None, resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """A-242: two stornos of a till that may return one; what is asked there before the money moves is refused."""
    clock = Clock(now)
    phone = await make_phone(resources, (await make_regular(resources, clock)).id, clock())
    text = (FILES / "znak-kachestva.yaml").read_text(encoding="utf-8")
    (tmp_path / "limited.yaml").write_text(text.replace(SOFT, HARD), encoding="utf-8")
    assert (await programmes.apply(tmp_path / "limited.yaml", clock())).version is not None
    till, key = await make_till(clock(), outlet=OUTLET, channels=("TILL",))
    async with plugin_of(resources, key, clock) as plugin:
        told: dict[str, Any] = {}
        for number in range(3):
            order, line = str(uuid4()), dish("1000.00")
            quote = await plugin.ask("quote", order=order, ticket=await plugin.scanned(phone), lines=[line])
            told = await plugin.ask("commit", **closing(order, quote, [line], clock()))
            if number < 2:
                back = {
                    "order": order,
                    "refund": str(uuid4()),
                    "number": f"R-{number}",
                    "refundedAt": clock().isoformat(),
                }
                assert (await plugin.ask("refund", **back))["result"] == "REFUNDED"
            clock.move(minutes=2)
    purchase = UUID(told["purchase"]["id"])
    asked = RefundCommand("third", purchase, None, None, "R-3", clock(), None)
    with pytest.raises(Refusal, match=Code.LIMIT_REACHED):
        await refund_purchase(resources, till, asked, now=clock())
    assert sorted(refunded > 0 for _, _, refunded in await sold()) == [False, True, True]
    assert await database.fetchval("SELECT count(*) FROM refund WHERE till_id = $1", till.id) == 2
    await looking.look(clock() + timedelta(hours=1))
    (seen,) = await database.fetch("SELECT kind, till_id FROM fraud_signal")
    assert tuple(seen) == ("LIMIT", till.id)
    assert await check_books(clock()) == []
