"""Budgets and uses under rivals: the last kopeck goes to exactly one, and every other hears a new price."""

from datetime import datetime
from functools import partial
from pathlib import Path

from models import database
from services.ledger import check_books
from services.purchases import Posted, Repriced, post_purchase
from services.resources import Resources
from tests.makers.campaigns import bought, make_desk, make_shop
from tests.makers.patience import rivals
from tests.makers.people import make_member
from tests.makers.purchases import command, make_quote

RIVALS = 20


async def test_the_last_kopeck_of_a_budget_goes_to_exactly_one(
    db: None, resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """C-06, INV-17: twenty guests were promised the last ten roubles."""
    await make_shop(now, tmp_path, "id: last, name: Последняя, gives: {amount: 10}, budget: {discount: 10}")
    till, _ = await make_desk(now)
    members = [await make_member(now) for _ in range(RIVALS)]
    quotes = [await make_quote(till, member, bought(("bar", 100_00)), now) for member in members]
    assert {quote.priced.net for quote in quotes} == {90_00}
    answers = await rivals(
        *(partial(post_purchase, resources, till, command(quote.id, 90_00, now), now=now) for quote in quotes)
    )
    assert sum(isinstance(answer, Posted) for answer in answers) == 1
    repriced = [answer for answer in answers if isinstance(answer, Repriced)]
    assert {answer.quote.priced.net for answer in repriced} == {100_00}
    assert {answer.quote.priced.outcomes[0].reasons[0].code for answer in repriced} == {"campaign_over"}
    again = await rivals(
        *(
            partial(post_purchase, resources, till, command(answer.quote.id, 100_00, now), now=now)
            for answer in repriced
        )
    )
    assert all(isinstance(answer, Posted) for answer in again)
    assert tuple(await database.fetchrow("SELECT discount, uses FROM campaign_budget") or ()) == (10_00, 1)
    assert await check_books(now) == []


async def test_a_guest_uses_a_campaign_as_often_as_it_says(
    db: None, resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """A cap a member: twenty tills at once for one guest, two of them with the discount."""
    await make_shop(now, tmp_path, "id: twice, name: Дважды, gives: {percent: 10}, per_member: 2")
    till, member = await make_desk(now)
    quotes = [await make_quote(till, member, bought(("bar", 100_00)), now) for _ in range(RIVALS)]
    answers = await rivals(
        *(partial(post_purchase, resources, till, command(quote.id, 90_00, now), now=now) for quote in quotes)
    )
    assert sum(isinstance(answer, Posted) for answer in answers) == 2
    assert await database.fetchval("SELECT uses FROM campaign_use") == 2


async def test_crossing_campaigns_wait_for_each_other_in_one_order(
    db: None, resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """Batches that count the same two budgets in either order never wait in a ring."""
    await make_shop(
        now,
        tmp_path,
        "id: bar, name: Бар, when: {services: [bar]}, gives: {percent: 10}, budget: {uses: 1000}",
        "id: spa, name: СПА, when: {services: [spa]}, gives: {percent: 10}, budget: {uses: 1000}",
    )
    till, _ = await make_desk(now)
    baskets = [bought(("bar", 100_00), ("spa", 100_00)), bought(("spa", 100_00)), bought(("bar", 100_00))]
    members = [await make_member(now) for _ in range(60)]
    quotes = [await make_quote(till, member, baskets[place % 3], now) for place, member in enumerate(members)]
    answers = await rivals(
        *(
            partial(post_purchase, resources, till, command(quote.id, quote.priced.net, now), now=now)
            for quote in quotes
        )
    )
    assert all(isinstance(answer, Posted) for answer in answers)
    rows = await database.fetch("SELECT campaign, uses, discount FROM campaign_budget ORDER BY campaign")
    assert [tuple(row) for row in rows] == [("bar", 40, 40 * 10_00), ("spa", 40, 40 * 9_00)]
