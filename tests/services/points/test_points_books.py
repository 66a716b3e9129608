"""The books know what points promise: every planted fault is found by its name (INV-03..06)."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from models import database
from services.ledger import check_books
from services.resources import Resources
from tests.makers.people import make_member, make_till
from tests.makers.points import apply_points, buy, give_back, goods, grant, quote

FAULTS = {
    "UPDATE member_points SET available = available + 1": {"points equal entries", "lots are the balance"},
    "UPDATE member_points SET debt = 5": {"points equal entries", "settled debts are what is owed"},
    "UPDATE member_points SET held = held - 1": {"points equal entries", "reservations are what is held"},
    "DELETE FROM member_points": {"a member account of points has balances"},
    "UPDATE points_lot SET remaining = remaining - 1 WHERE remaining > 0": {
        "lots are the balance",
        "a lot adds up",
        "settled points are what is left",
    },
    "UPDATE points_lot SET status = 'PENDING' WHERE remaining > 0": {"lots are the balance"},
    "DELETE FROM points_lot_move": {
        "a lot adds up",
        "settled points are issued ones",
        "settled points are redeemed ones",
        "settled points are what is left",
    },
    "UPDATE points_hold SET points = points + 1 WHERE status = 'ACTIVE'": {
        "a reservation is its lots",
        "reservations are what is held",
    },
    "DELETE FROM points_hold_lot WHERE restored = 0": {
        "a reservation is its lots",
        "settled points are what is left",
    },
    "UPDATE points_hold SET expires_at = created_at + interval '1 year' WHERE status = 'ACTIVE'": {
        "a reservation has an end"
    },
    "UPDATE tender SET amount = amount + 100 WHERE kind = 'POINTS'": {
        "points pay what the receipt says",
        "tenders equal the net sum",
    },
    "UPDATE purchase_line SET points_paid = points_paid - 1 WHERE points_paid > 0": {
        "points pay what the receipt says"
    },
    "UPDATE purchase_line SET points_earned = points_earned + 1": {"points of receipts are in the ledger"},
    "UPDATE purchase_line SET points_spent = points_spent + 1 WHERE points_spent > 0": {
        "points of receipts are in the ledger",
        "points pay what the receipt says",
    },
    "UPDATE refund_line SET points_earned = points_earned + 1": {
        "points of returns are in the ledger",
        "a line's points come back once",
    },
    "UPDATE purchase_line SET refunded_points_paid = refunded_points_paid + 1 WHERE refunded_points_paid > 0": {
        "a line's points come back once"
    },
    "UPDATE points_hold_lot SET restored = restored - 1 WHERE restored > 0": {
        "what was spent and given back stays within"
    },
}


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_planted_fault_is_found_by_its_name(
    fault: str, resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """INV-03, INV-04, INV-05, INV-06."""
    await apply_points(tmp_path, now)
    till, _ = await make_till(now, partner="shop", outlet="shop-one")
    member = await make_member(now)
    await grant(member.id, 300, now)
    made = await buy(resources, till, member, [goods(400, quantity=2000)], now, points=150)
    await give_back(resources, till, made, now, (0, 1000))
    await quote(till, member, [goods(200)], now + timedelta(minutes=1), points=60)
    assert await check_books(now) == []
    async with database.lease() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        await connection.execute(fault)
    assert {finding.check for finding in await check_books(now)} == FAULTS[fault]
