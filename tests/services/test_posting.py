"""Posting: one purchase for any number of rivals, the price checked again, tiers raised by the purchase that earns them."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from loyalty.refusals import Code, Refusal
from models import database
from services import programmes, quotes
from services.ledger import check_books, standing_of
from services.purchases import Posted, PurchaseCommand, Repriced, TenderPaid, post_purchase
from services.quotes import quote_purchase
from services.resources import Resources
from services.tills import TillFacts
from tests.makers.patience import rivals_told
from tests.makers.people import MadeMember, make_member, make_till
from tests.makers.programme import FILES, make_programme
from tests.makers.purchases import command, dinner, make_purchase, make_quote, make_ticket


@pytest.fixture
async def scene(db: None, now: datetime) -> tuple[TillFacts, MadeMember]:
    await make_programme(now)
    member = await make_member(now)
    till, _ = await make_till(now)
    return till, member


async def counts() -> dict[str, int]:
    tables = ("purchase", "purchase_line", "tender", "ledger_transaction", "entry", "once_answer", "card_activity")
    return {table: await database.fetchval(f"SELECT count(*) FROM {table}") for table in tables}


async def refused(resources: Resources, till: TillFacts, wanted: PurchaseCommand, now: datetime, code: Code) -> Refusal:
    before = await counts()
    with pytest.raises(Refusal) as caught:
        await post_purchase(resources, till, wanted, now=now)
    assert caught.value.code is code
    assert await counts() == before
    return caught.value


async def test_a_purchase_is_written_counted_and_balanced(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """A-051, A-067: the card shown at a partner's counts the purchase."""
    till, member = scene
    made = await make_purchase(resources, till, member, [dinner(3284)], now)
    assert (made.purchase.gross, made.purchase.discount, made.purchase.net) == (328400, 0, 328400)
    assert (made.accumulated, made.raised) == (328400, False)
    assert made.purchase.business_date == now.date()
    standing = await standing_of(member.id)
    assert (standing.accumulated, standing.purchases, standing.saved) == (328400, 328400, 0)
    assert await check_books(now) == []
    assert await counts() == {
        "purchase": 1,
        "purchase_line": 1,
        "tender": 1,
        "ledger_transaction": 1,
        "entry": 2,
        "once_answer": 1,
        "card_activity": 1,
    }


async def test_not_counted_services_give_the_discount_and_no_progress(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """A-083: the two flags are independent."""
    till, member = scene
    await make_purchase(resources, till, member, [dinner(120_000)], now)
    made = await make_purchase(resources, till, member, [dinner(1000, service="spa")], now)
    assert (made.purchase.discount, made.purchase.accumulated, made.accumulated) == (5000, 0, 12_000_000)
    standing = await standing_of(member.id)
    assert (standing.purchases, standing.saved) == (12_095_000, 5000)
    assert await check_books(now) == []


async def test_the_tier_rises_with_the_purchase_that_reaches_it_at_the_rate_before_it(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """A-066, A-070."""
    till, member = scene
    below = await make_purchase(resources, till, member, [dinner(99_999)], now)
    assert not below.raised
    crossing = await make_purchase(resources, till, member, [dinner(1)], now)
    assert (crossing.raised, crossing.purchase.discount, crossing.accumulated) == (True, 0, 10_000_000)
    after = await make_purchase(resources, till, member, [dinner(100)], now)
    assert (after.raised, after.purchase.discount) == (False, 500)
    periods = await database.fetch("SELECT tier, reason, until IS NULL AS running FROM tier_period ORDER BY since, id")
    assert [(row["tier"], row["reason"], row["running"]) for row in periods] == [
        ("dreamer", "JOINED", False),
        ("pioneer", "PURCHASE", True),
    ]
    assert await check_books(now) == []


async def test_the_same_key_hears_the_same_answer_for_ever(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    till, member = scene
    quote = await make_quote(till, member, [dinner(500)], now)
    wanted = command(quote.id, 50000, now, key="k")
    first = await post_purchase(resources, till, wanted, now=now)
    await make_purchase(resources, till, member, [dinner(90)], now)
    before = await counts()
    again = await post_purchase(resources, till, wanted, now=now + timedelta(days=3))
    assert again == first
    assert await counts() == before
    other = replace(wanted, receipt_number="another")
    await refused(resources, till, other, now, Code.KEY_REUSED)


async def test_payments_of_nothing_add_up_and_are_not_kept(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """Tenders sum to the net sum; nothing says that each must be above zero."""
    till, member = scene
    for roubles, kept in ((0, 0), (5, 1)):
        quote = await make_quote(till, member, [dinner(roubles)], now)
        tenders = [TenderPaid("CASH", 0), TenderPaid("CARD", roubles * 100)]
        wanted = replace(command(quote.id, roubles * 100, now), tenders=tenders)
        if roubles:
            short = replace(wanted, tenders=tenders[:1])
            await refused(resources, till, short, now, Code.TENDERS_DO_NOT_ADD_UP)
        before = (await counts())["tender"]
        assert isinstance(await post_purchase(resources, till, wanted, now=now), Posted)
        assert (await counts())["tender"] - before == kept
    assert await check_books(now) == []


async def test_a_refused_key_may_be_tried_again(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    till, member = scene
    quote = await make_quote(till, member, [dinner(500)], now)
    wanted = command(quote.id, 50000, now, key="k")
    await refused(
        resources, till, replace(wanted, tenders=[TenderPaid("CASH", 49999)]), now, Code.TENDERS_DO_NOT_ADD_UP
    )
    assert isinstance(await post_purchase(resources, till, wanted, now=now), Posted)


async def test_a_used_quote_and_a_used_receipt_are_told_apart(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    till, member = scene
    quote, other = [await make_quote(till, member, [dinner(500)], now) for _ in range(2)]
    await post_purchase(resources, till, command(quote.id, 50000, now, receipt="A-1"), now=now)
    await refused(resources, till, command(quote.id, 50000, now, receipt="A-2"), now, Code.QUOTE_USED)
    await refused(resources, till, command(quote.id, 50000, now, receipt="A-1"), now, Code.RECEIPT_EXISTS)
    await refused(resources, till, command(other.id, 50000, now, receipt="A-1"), now, Code.RECEIPT_EXISTS)


async def test_a_new_price_is_told_and_usable_at_once(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """INV-17: a tier that rose in between changes the price; a changed sum alone does not."""
    till, member = scene
    quote = await make_quote(till, member, [dinner(1000)], now)
    early = await make_quote(till, member, [dinner(20)], now)
    await make_purchase(resources, till, member, [dinner(50)], now)
    assert isinstance(await post_purchase(resources, till, command(early.id, 2000, now), now=now), Posted)
    await make_purchase(resources, till, member, [dinner(100_000)], now)
    before = await counts()
    answer = await post_purchase(resources, till, command(quote.id, 100_000, now, key="k"), now=now)
    assert isinstance(answer, Repriced)
    assert (answer.quote.priced.discount, answer.quote.priced.net) == (5000, 95_000)
    assert await counts() == before
    made = await post_purchase(resources, till, command(answer.quote.id, 95_000, now, key="k"), now=now)
    assert isinstance(made, Posted)


async def test_a_new_version_changes_the_price_only_where_a_line_changes(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime, tmp_path: Path
) -> None:
    till, member = scene
    quote, spa = (
        await make_quote(till, member, [dinner(1000)], now),
        await make_quote(till, member, [dinner(1000, service="spa")], now),
    )
    text = (FILES / "znak-kachestva.yaml").read_text()
    changed = tmp_path / "changed.yaml"
    changed.write_text(
        text.replace("usual: {dreamer: 0,", "usual: {dreamer: 1,").replace(
            "note:\n          ru: СПА-комплекс", "note:\n          ru: СПА"
        )
    )
    await programmes.apply(changed, now)
    answer = await post_purchase(resources, till, command(quote.id, 100_000, now), now=now)
    assert isinstance(answer, Repriced)
    assert answer.quote.priced.net == 99_000
    assert isinstance(await post_purchase(resources, till, command(spa.id, 100_000, now), now=now), Repriced)


async def test_times_and_owners_are_checked(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    till, member = scene
    quote = await make_quote(till, member, [dinner(5)], now)
    good = command(quote.id, 500, now)
    for closed in (now - timedelta(hours=24, seconds=1), now + timedelta(minutes=5, seconds=1)):
        refusal = await refused(resources, till, replace(good, closed_at=closed), now, Code.INVALID_INPUT)
        assert refusal.field == "input.closedAt"
    other, _ = await make_till(now, outlet="igora-bar")
    await refused(resources, other, good, now, Code.NOT_FOUND)
    await refused(resources, till, replace(good, quote="nonsense"), now, Code.NOT_FOUND)
    late = now + timedelta(minutes=10)
    await refused(resources, till, replace(good, closed_at=late), late, Code.QUOTE_EXPIRED)
    points = replace(good, tenders=[TenderPaid("POINTS", 500)])
    assert (await refused(resources, till, points, now, Code.INVALID_INPUT)).field == "input.tenders.0.kind"
    for key in ("", "k" * 256, "bad\x00"):
        refusal = await refused(resources, till, replace(good, key=key), now, Code.INVALID_INPUT)
        assert refusal.field == "input.idempotencyKey"


async def test_a_receipt_closed_in_time_is_posted_when_the_network_is_back(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """C-05: paid within the life of the quote, told two hours later, and once more; a receipt closed later is refused."""
    till, member = scene
    quote = await make_quote(till, member, [dinner(5)], now)
    other = await make_quote(till, member, [dinner(5)], now)
    later = now + timedelta(hours=2)
    paid = replace(command(quote.id, quote.priced.net, now), closed_at=now + timedelta(minutes=9))
    first = await post_purchase(resources, till, paid, now=later)
    again = await post_purchase(resources, till, paid, now=later + timedelta(hours=1))
    assert isinstance(first, Posted)
    assert isinstance(again, Posted)
    assert first.purchase.id == again.purchase.id
    late = replace(command(other.id, other.priced.net, now), closed_at=now + timedelta(minutes=10))
    await refused(resources, till, late, later, Code.QUOTE_EXPIRED)


async def test_a_card_blocked_after_the_scan_is_refused(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """INV-13."""
    till, member = scene
    quote = await make_quote(till, member, [dinner(5)], now)
    ticket = await make_ticket(till, member, now)
    await database.execute("UPDATE card SET status = 'BLOCKED' WHERE member_id = $1", member.id)
    await refused(resources, till, command(quote.id, 500, now), now, Code.CARD_NOT_ACCEPTED)
    with pytest.raises(Refusal) as caught:
        await quote_purchase(till, ticket=ticket, lines=[dinner(5)], channel="TILL", now=now)
    assert caught.value.code is Code.CARD_NOT_ACCEPTED


async def test_quotes_refuse_what_the_till_may_not_sell(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """A-079: the cabinet's channel is not for a till at a counter."""
    till, member = scene
    ticket = await make_ticket(till, member, now)
    usual: dict[str, Any] = {"ticket": ticket, "lines": [dinner(1)], "channel": "TILL", "now": now}
    tries: list[tuple[dict[str, Any], Code, str]] = [
        ({"channel": "CABINET"}, Code.CHANNEL_NOT_ALLOWED, "input.channel"),
        ({"lines": [dinner(1), dinner(1, service="stay")]}, Code.SERVICE_NOT_SOLD_HERE, "input.lines.1.service"),
        ({"lines": [dinner(1, service="nothing")]}, Code.SERVICE_NOT_SOLD_HERE, "input.lines.0.service"),
        ({"lines": []}, Code.INVALID_INPUT, "input.lines"),
        ({"ticket": "0" * 8}, Code.TICKET_EXPIRED, "input.ticket"),
        ({"now": now + timedelta(minutes=10)}, Code.TICKET_EXPIRED, "input.ticket"),
    ]
    for change, code, field in tries:
        with pytest.raises(Refusal) as caught:
            await quote_purchase(till, **(usual | change))
        assert (caught.value.code, caught.value.field) == (code, field)
    assert await database.fetchval("SELECT count(*) FROM quote") == 0


async def test_a_ticket_is_quoted_and_posted_any_number_of_times(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """Split bills."""
    till, member = scene
    ticket = await make_ticket(till, member, now)
    for _ in range(3):
        quote = await quote_purchase(till, ticket=ticket, lines=[dinner(5)], channel="TILL", now=now)
        assert isinstance(await post_purchase(resources, till, command(quote.id, 500, now), now=now), Posted)
    assert (await standing_of(member.id)).purchases == 1500


async def test_the_business_date_is_the_outlets_own(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """INV-16: at half past nine in the evening UTC it is tomorrow in Moscow, and receipt numbers begin anew."""
    till, member = scene
    evening = now.replace(hour=20, minute=30)
    late = now.replace(hour=21, minute=30)
    days = []
    for moment in (evening, late):
        quote = await make_quote(till, member, [dinner(5)], moment)
        made = await post_purchase(resources, till, command(quote.id, 500, moment, receipt="1"), now=moment)
        assert isinstance(made, Posted)
        days.append(made.purchase.business_date)
    assert days[1] - days[0] == timedelta(days=1)


async def test_a_till_of_a_retired_place_is_told_so(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """A-015: the list of partners changes; a till that is left over gets an answer, not a fault."""
    till, member = scene
    ticket = await make_ticket(till, member, now)
    gone = replace(till, outlet="igora-casino")
    await database.execute("UPDATE till SET outlet = 'igora-casino' WHERE id = $1", till.id)
    with pytest.raises(Refusal) as caught:
        await quote_purchase(gone, ticket=ticket, lines=[dinner(5)], channel="TILL", now=now)
    assert (caught.value.code, caught.value.words) == (Code.FORBIDDEN, "till.retired")


async def test_quotes_nobody_posted_by_are_swept_and_others_kept(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    till, member = scene
    made = await make_purchase(resources, till, member, [dinner(5)], now)
    await make_quote(till, member, [dinner(5)], now)
    assert await quotes.sweep(now + timedelta(days=1)) == 0
    assert await quotes.sweep(now + timedelta(days=1, minutes=11)) == 3
    assert await database.fetchval("SELECT purchase_id FROM quote") == made.purchase.id
    assert await check_books(now) == []


async def test_a_receipt_that_cannot_be_written_spoils_its_own_alone(
    db: None, resources: Resources, now: datetime
) -> None:
    """One member's sum has reached the end of its column: the eleven who post in the same batch hear nothing of it."""
    await make_programme(now)
    till, _ = await make_till(now)
    members = [await make_member(now) for _ in range(12)]
    full = members[5]
    await database.execute("UPDATE member_standing SET purchases = 9223372036854775807 WHERE member_id = $1", full.id)
    quotes = [await make_quote(till, member, [dinner(100)], now) for member in members]
    told = await rivals_told(
        *(partial(post_purchase, resources, till, command(quote.id, 10000, now), now=now) for quote in quotes),
    )
    assert [isinstance(answer, Posted) for answer in told] == [member is not full for member in members]
    assert await database.fetchval("SELECT count(*) FROM purchase") == 11


async def test_a_post_that_waited_ends_no_tier_before_it_began(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """The moment is that of the request: one that stood in line may be older than the period it ends."""
    till, member = scene
    early = await make_quote(till, member, [dinner(150_000)], now)
    await database.execute("UPDATE tier_period SET since = $1", now + timedelta(seconds=1))
    await post_purchase(resources, till, command(early.id, 15_000_000, now), now=now)
    rows = await database.fetch("SELECT since, until FROM tier_period ORDER BY since, until NULLS LAST")
    assert all(row["until"] is None or row["since"] <= row["until"] for row in rows)
    assert rows[0]["until"] == rows[1]["since"]
