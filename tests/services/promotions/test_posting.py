"""Campaigns from the quote to the receipt and back: what was applied is kept, a change is a new price, returns take their share."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from loyalty.purchases import BasketLine
from models import database
from services.ledger import check_books, standing_of
from services.purchases import Posted, Repriced, post_purchase
from services.quotes import Quoted
from services.refunds import RefundCommand, RefundWish, refund_purchase
from services.resources import Resources
from services.tills import TillFacts
from tests.makers.campaigns import bought, make_desk, make_shop
from tests.makers.people import MadeMember
from tests.makers.purchases import command, make_purchase, make_quote

TENTH = "id: tenth, name: Десятая, gives: {percent: 10}, budget: {discount: 1000}, per_member: 5"


@pytest.fixture
async def scene(db: None, now: datetime, tmp_path: Path) -> tuple[TillFacts, MadeMember]:
    await make_shop(now, tmp_path, TENTH, "id: gift, name: Подарок, when: {basket_min: 500}, gives: {gift_points: 50}")
    return await make_desk(now)


async def applied(purchase: object) -> list[tuple[str, str | None, int, int, int]]:
    rows = await database.fetch(
        "SELECT source, campaign, programme_version, amount, points FROM discount_application WHERE purchase_id = $1"
        " ORDER BY (SELECT position FROM purchase_line AS l WHERE l.id = line_id), source, campaign",
        purchase,
    )
    return [tuple(row) for row in rows]


async def budget(campaign: str) -> tuple[int, int, int]:
    row = await database.fetchrow("SELECT discount, points, uses FROM campaign_budget WHERE campaign = $1", campaign)
    return (0, 0, 0) if row is None else tuple(row)


async def give_back(
    resources: Resources, till: TillFacts, made: Posted, now: datetime, *parts: tuple[int, int]
) -> None:
    lines = made.purchase.lines
    wishes = [RefundWish(lines[place].id, quantity, None) for place, quantity in parts] or None
    number, key = uuid4().hex[:12], str(uuid4())
    await refund_purchase(
        resources, till, RefundCommand(key, made.purchase.id, None, None, number, now, wishes), now=now
    )


async def test_what_was_applied_is_kept_line_by_line_with_its_version(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """A-052, INV-08: the receipt stores every source; the purchase tells the guest what applied."""
    till, member = scene
    made = await make_purchase(resources, till, member, bought(("bar", 1000_00), ("spa", 500_00)), now)
    assert (made.purchase.discount, made.purchase.net) == (195_00, 1305_00)
    assert await applied(made.purchase.id) == [
        ("CAMPAIGN", "gift", 1, 0, 34),
        ("CAMPAIGN", "tenth", 1, 100_00, 0),
        ("CAMPAIGN", "gift", 1, 0, 16),
        ("CAMPAIGN", "tenth", 1, 45_00, 0),
        ("TIER", None, 1, 50_00, 0),
    ]
    assert await budget("tenth") == (145_00, 0, 1)
    assert [one["state"] for one in made.purchase.outcomes] == ["APPLIED", "APPLIED"]
    # 5 % of 1305 roubles and the gift.
    assert await database.fetchval("SELECT sum(points_earned) FROM purchase_line") == 65 + 50
    assert (await standing_of(member.id)).saved == 195_00
    assert await check_books(now) == []


async def test_a_replay_hears_the_same_campaigns(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    till, member = scene
    quoted = await make_quote(till, member, bought(("bar", 1000_00)), now)
    wanted = command(quoted.id, 900_00, now, key="k")
    first = await post_purchase(resources, till, wanted, now=now)
    assert await post_purchase(resources, till, wanted, now=now) == first
    assert await budget("tenth") == (100_00, 0, 1)


async def test_a_return_takes_back_its_share_and_gives_the_budget_back(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """C-01, E5: of every amount floor(X * q / Q), exact when all is back; the use returns with the last line."""
    till, member = scene
    made = await make_purchase(resources, till, member, bought(("bar", 1000_01, 3000), ("spa", 500_00)), now)
    whole = await budget("tenth")
    assert whole == (100_00 + 45_00, 0, 1)
    await give_back(resources, till, made, now, (0, 1000))
    assert await budget("tenth") == (whole[0] - 100_00 // 3, 0, 1)
    await give_back(resources, till, made, now, (0, 1000), (1, 1000))
    assert await budget("tenth") == (whole[0] - 200_00 // 3 - 45_00, 0, 1)
    assert await database.fetchval("SELECT uses FROM campaign_use WHERE campaign = 'tenth'") == 1
    await give_back(resources, till, made, now)
    assert await budget("tenth") == (0, 0, 0)
    assert await database.fetchval("SELECT uses FROM campaign_use WHERE campaign = 'tenth'") == 0
    rows = await database.fetch("SELECT amount - refunded_amount, points - refunded_points FROM discount_application")
    assert {tuple(row) for row in rows} == {(0, 0)}
    assert await check_books(now) == []


async def test_a_budget_that_keeps_what_was_given_keeps_it(
    db: None, resources: Resources, now: datetime, tmp_path: Path
) -> None:
    await make_shop(now, tmp_path, f"{TENTH}, on_return: KEEP")
    till, member = await make_desk(now)
    made = await make_purchase(resources, till, member, bought(("bar", 1000_00)), now)
    await give_back(resources, till, made, now)
    assert await budget("tenth") == (100_00, 0, 1)


async def test_a_campaign_that_changed_since_the_quote_is_a_new_price(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """INV-17."""
    till, member = scene
    quoted = await make_quote(till, member, bought(("bar", 1000_00)), now)
    assert quoted.priced.net == 900_00
    await make_shop(now, tmp_path, TENTH.replace("percent: 10", "percent: 5"))
    answer = await post_purchase(resources, till, command(quoted.id, 900_00, now, key="k"), now=now)
    assert isinstance(answer, Repriced)
    assert answer.quote.priced.net == 950_00
    assert await budget("tenth") == (0, 0, 0)
    assert isinstance(
        await post_purchase(resources, till, command(answer.quote.id, 950_00, now, key="k"), now=now), Posted
    )


async def test_an_hour_that_ends_before_the_payment_takes_no_promise_back(
    db: None, resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """A quote holds for its ten minutes; the next one does not."""
    at = now.replace(hour=12, minute=58)
    await make_shop(at, tmp_path, 'id: hour, name: Час, when: {hours: "15:00-16:00"}, gives: {percent: 10}')
    till, member = await make_desk(at)
    quoted = await make_quote(till, member, bought(("bar", 1000_00)), at)
    later = at + timedelta(minutes=5)
    made = await post_purchase(resources, till, command(quoted.id, 900_00, later), now=later)
    assert isinstance(made, Posted)
    late = await make_quote(till, member, bought(("bar", 1000_00)), later)
    assert (late.priced.net, late.priced.outcomes[0].reasons[0].code) == (1000_00, "campaign_not_now")


async def test_the_nth_purchase_is_one_however_many_quotes_are_open(
    db: None, resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """Two quotes for the third purchase: the second to be posted is the fourth, and costs what the fourth costs."""
    await make_shop(now, tmp_path, "id: third, name: Третья, when: {nth_purchase: {number: 3}}, gives: {percent: 50}")
    till, member = await make_desk(now)
    for _ in range(2):
        await make_purchase(resources, till, member, bought(("bar", 100_00)), now)
    one, other = [await quote_of(till, member, now) for _ in range(2)]
    assert (one.priced.net, other.priced.net) == (50_00, 50_00)
    assert isinstance(await post_purchase(resources, till, command(one.id, 50_00, now), now=now), Posted)
    answer = await post_purchase(resources, till, command(other.id, 50_00, now), now=now)
    assert isinstance(answer, Repriced)
    assert answer.quote.priced.net == 100_00


async def quote_of(
    till: TillFacts, member: MadeMember, now: datetime, lines: Sequence[BasketLine] = tuple(bought(("bar", 100_00)))
) -> Quoted:
    return await make_quote(till, member, lines, now)
