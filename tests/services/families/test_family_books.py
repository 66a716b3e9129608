"""The books know what families promise: every planted fault is found by its name (INV-18)."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from models import database
from services.families import leaving
from services.ledger import check_books
from services.resources import Resources
from tests.makers.families import (
    apply_family,
    buy_with_family,
    give,
    make_family,
    order,
    quote_with_family,
)
from tests.makers.people import make_till
from tests.makers.points import give_back, goods, grant

SHARES = "a pool is contributions less shares"
FAULTS = {
    "UPDATE family SET available = available + 1": {"a pool equals its entries", "a pool is its lots"},
    "UPDATE family SET held = held - 1": {"a pool equals its entries", "reservations are what a pool holds"},
    "UPDATE points_lot SET remaining = remaining - 1 WHERE family_id IS NOT NULL AND remaining > 0": {
        "a pool is its lots",
        "a lot adds up",
        "settled points are what is left",
        SHARES,
    },
    "UPDATE points_hold_lot SET restored = restored + 1 WHERE restored > 0": {
        SHARES,
        "what was spent and given back stays within",
    },
    "DELETE FROM entry USING ledger_transaction AS t WHERE t.id = transaction_id AND t.kind = 'FAMILY_CONTRIBUTED'": {
        "a pool equals its entries",
        "points equal entries",
        "a transaction has entries",
        SHARES,
    },
    "UPDATE points_lot SET contributor_id = (SELECT member_id FROM family_seat WHERE left_at IS NOT NULL)"
    " WHERE family_id IS NOT NULL AND remaining > 0": {SHARES, "who has left has nothing in the pool"},
    "UPDATE points_hold SET from_family = from_family - 1 WHERE status = 'ACTIVE'": {
        "reservations are what a pool holds",
        "a reservation's share is its lots of the pool",
        "reservations are what is held",
    },
    "UPDATE family_seat SET left_at = joined_at, left_how = 'LEFT' WHERE role = 'HEAD'": {
        "who has left has nothing in the pool",
        "who has left reserves nothing of the pool",
        "a family has one head, an ended one nobody",
    },
    "UPDATE family SET ended_at = created_at": {"a family has one head, an ended one nobody"},
    "UPDATE member_points SET debt = debt + 1 WHERE debt = 0 AND member_id IN (SELECT contributor_id FROM points_lot"
    " WHERE remaining > 0)": {
        "points equal entries",
        "settled debts are what is owed",
        "who owes has nothing in the pool",
    },
}


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_planted_fault_is_found_by_its_name(
    fault: str, resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """INV-18, I-24: pool = what was given, less what was spent of it, came back and ended."""
    await apply_family(tmp_path, now)
    till, _ = await make_till(now, partner="shop", outlet="shop-one")
    _, (head, guest) = await make_family(resources, now, "Борис")
    await grant(guest.id, 100, now, days=5)
    await give(resources, guest, 60, now)
    await grant(head.id, 300, now, days=9)
    await give(resources, head, 300, now)
    made = await buy_with_family(resources, till, head, [goods(400, quantity=2000)], now, points=150)
    await give_back(resources, till, made, now, (0, 1000))
    await leaving.leave(resources, order(guest, "leave", now))
    await quote_with_family(till, head, [goods(400)], now + timedelta(minutes=1), points=100)
    assert await check_books(now) == []
    async with database.lease() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        await connection.execute(fault)
    assert {finding.check for finding in await check_books(now)} == FAULTS[fault]
