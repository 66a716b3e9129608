"""The books are checked however long it takes, and every planted fault is found by its name."""

from datetime import datetime

import pytest

from models import database
from models.database import Contention, statement
from services.ledger import check_books
from services.resources import Resources
from tests.makers.people import make_member, make_till
from tests.makers.programme import make_programme
from tests.makers.purchases import dinner, make_purchase

# What somebody could do past every trigger and constraint, and the checks that must notice.
FAULTS = {
    "UPDATE entry SET amount = amount + 1 WHERE amount > 0": {
        "entries sum to zero",
        "balance equals entries",
        "counted sums are in the ledger",
    },
    "DELETE FROM entry": {
        "a transaction has entries",
        "balance equals entries",
        "counted sums are in the ledger",
    },
    "UPDATE balance SET amount = amount + 100": {"balance equals entries", "standing equals purchases"},
    "DELETE FROM balance": {"a member account has a balance"},
    "UPDATE purchase_line SET net = net - 1, discount = discount + 1": {"receipt equals its lines"},
    "UPDATE tender SET amount = amount - 1": {"tenders equal the net sum"},
    "UPDATE purchase SET refunded_net = 1": {
        "receipt equals its lines",
        "refunded equals refunds",
        "standing equals purchases",
    },
    "UPDATE purchase_line SET refunded_net = 1": {"receipt equals its lines", "a line's refunds add up"},
    "UPDATE member_standing SET saved = saved + 1": {"standing equals purchases"},
    "UPDATE tier_period SET tier = 'collector'": {"tier follows from facts"},
    "UPDATE quote SET purchase_id = id": {"a used quote is its purchase"},
    "UPDATE once_answer SET answer = NULL": {"a kept key has an answer"},
    "DELETE FROM member_standing": {"an active member has books"},
}


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_planted_fault_is_found_by_its_name(fault: str, resources: Resources, now: datetime) -> None:
    await make_programme(now)
    member = await make_member(now)
    till, _ = await make_till(now)
    await make_purchase(resources, till, member, [dinner(1_000)], now)
    assert await check_books(now) == []
    async with database.lease() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        await connection.execute(fault)
    assert {finding.check for finding in await check_books(now)} == FAULTS[fault]


@pytest.mark.usefixtures("db")
async def test_books_that_nobody_has_opened_yet_balance(now: datetime) -> None:
    """A fresh installation waits for its programme; that is nothing to ring about, or to try again until it is dead."""
    assert await check_books(now) == []


async def test_the_time_a_command_may_take_does_not_bind_the_check(fresh_database: str, now: datetime) -> None:
    await database.connect(fresh_database, connections=1)
    await make_programme(now)
    await database.execute("SET statement_timeout = '1ms'")
    with pytest.raises(Contention):
        await database.fetch(statement("check_books"), "[]", now, False)
    assert await check_books(now) == []
