"""Points that were put aside, ran out or were replaced, and are asked for by a receipt after all."""

from datetime import datetime
from pathlib import Path

import pytest

from loyalty.refusals import Code, Refusal
from services.ledger import check_books
from services.points import confirming
from services.purchases import Posted, post_purchase
from services.resources import Resources
from tests.makers.people import make_member, make_till
from tests.makers.points import apply_points, goods, grant, paid, quote, stored
from tests.makers.purchases import make_ticket
from tests.makers.state import state

# What asking the guest anew may write: the reservation, the question on the phone, and the move between balances.
ASKING = {
    "card_activity",
    "entry",
    "ledger_transaction",
    "member_points",
    "points_hold",
    "points_hold_lot",
    "points_lot",
    "points_lot_move",
}


async def moved() -> dict[str, str]:
    """Everything but what a question writes."""
    return {table: digest for table, digest in (await state()).items() if table not in ASKING}


async def test_small_spendings_of_one_ticket_are_no_way_round_the_guest_s_yes(
    db: None, resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """Security 3.6: each quote frees what the one before had put aside, and none alone is worth a question."""
    await apply_points(tmp_path, now, ("hold_minutes: 10", "hold_minutes: 10\n  confirm: {above: 250}"))
    till, _ = await make_till(now, partner="shop", outlet="shop-one")
    member = await make_member(now)
    await grant(member.id, 1_000, now)
    ticket = await make_ticket(till, member, now)
    quotes = [await quote(till, member, [goods(600)], now, points=200, ticket=ticket) for _ in range(3)]
    assert isinstance(await post_purchase(resources, till, paid(quotes[2], now), now=now), Posted)
    for earlier in quotes[:2]:
        before, there = await moved(), sum((await stored(member.id))[:3])
        with pytest.raises(Refusal) as asked:
            await post_purchase(resources, till, paid(earlier, now), now=now)
        assert asked.value.code is Code.SPENDING_NOT_CONFIRMED
        # Put aside anew, so that there is something to say yes to: nothing is spent, posted or given.
        assert (await moved(), sum((await stored(member.id))[:3])) == (before, there)
    assert (await stored(member.id))[0] == 1_000 - 3 * 200 + 40
    first, _ = await confirming.asked_of(member.id, now)
    await confirming.confirm(member.id, first.id, now)
    assert isinstance(await post_purchase(resources, till, paid(quotes[0], now), now=now), Posted)
    assert await check_books(now) == []


async def test_a_yes_that_was_given_holds_when_the_points_are_put_aside_anew(
    db: None, resources: Resources, now: datetime, tmp_path: Path
) -> None:
    await apply_points(tmp_path, now, ("hold_minutes: 10", "hold_minutes: 10\n  confirm: {above: 150}"))
    till, _ = await make_till(now, partner="shop", outlet="shop-one")
    member = await make_member(now)
    await grant(member.id, 1_000, now)
    ticket = await make_ticket(till, member, now)
    first = await quote(till, member, [goods(600)], now, points=200, ticket=ticket)
    [spending] = await confirming.asked_of(member.id, now)
    await confirming.confirm(member.id, spending.id, now)
    await quote(till, member, [goods(600)], now, ticket=ticket)
    assert isinstance(await post_purchase(resources, till, paid(first, now), now=now), Posted)
    assert await check_books(now) == []
