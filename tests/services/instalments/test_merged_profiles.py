"""A receipt that waits for its bank, of a profile that is made one with another and again its own (INV-19, A-214)."""

from datetime import datetime, timedelta

from services.ledger import check_books
from tests.makers.merging import make_one, make_two
from tests.makers.people import make_member
from tests.makers.points import give_back, goods, stored
from tests.services.instalments.conftest import Bank

MINUTE = timedelta(minutes=1)


async def test_what_a_bank_confirmed_meanwhile_goes_back_with_its_receipt(bank: Bank, now: datetime) -> None:
    """INV-19: whoever returns the goods afterwards has the points that they brought, and owes none."""
    survivor = await make_member(now)
    made = await bank.sell(now, goods(1_000))
    case = await make_one(bank.resources, survivor, bank.member, now)
    await bank.says(made, now)
    gained = await stored(survivor.id)
    assert sum(gained) > 0
    await make_two(bank.resources, case, now + MINUTE)
    assert await stored(survivor.id) == (0, 0, 0, 0)
    assert await stored(bank.member.id) == gained
    await give_back(bank.resources, bank.till, made, now + 2 * MINUTE)
    assert await stored(bank.member.id) == (0, 0, 0, 0)
    assert await check_books(now + 2 * MINUTE) == []
