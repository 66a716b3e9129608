"""A-213, A-214: an instalment earns and counts by itself once its bank has said yes, as of the day of the purchase."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import permutations

import pytest

from loyalty.instalments import Decision
from loyalty.refusals import Code, Refusal
from models import database
from services.gateways import Gateways
from services.instalments import reading
from services.ledger import check_books
from services.purchases import Posted, TenderPaid, post_purchase
from tests.makers.patience import rivals, rivals_told
from tests.makers.people import make_member, make_till
from tests.makers.points import apply_points, give_back, goods, grant, sums
from tests.makers.state import state
from tests.makers.working import work_off
from tests.services.instalments.conftest import Bank, told


async def refused(bank: Bank, what: object) -> tuple[Code, str]:
    """The refusal of a word that moves nothing."""
    before = await state()
    with pytest.raises(Refusal) as caught:
        await what  # type: ignore[misc]
    assert await state() == before
    return caught.value.code, caught.value.words


async def test_nothing_is_brought_before_the_bank_says_yes(bank: Bank, now: datetime) -> None:
    """A-213, A-214: neither points nor progress; then both, once, however often the bank repeats itself."""
    made = await bank.sell(now, goods(1000), goods(200, service="delivery"))
    assert told(made) == [(False, 0), (False, 0)]
    assert (made.accumulated, made.raised) == (0, False)
    assert await bank.reached(now) == (0, 0, "guest")
    assert await check_books(now) == []
    later = now + timedelta(days=3)
    decided = await bank.says(made, now, key="first")
    assert (decided.state.value, decided.purchase) == ("CONFIRMED", made.purchase.id)
    assert await bank.reached(later) == (1000, 50, "guest")
    assert await check_books(later) == []
    before = await state()
    assert await bank.says(made, now, key="first") == decided
    assert (await bank.says(made, now, key="second")).state.value == "CONFIRMED"
    after = await state()
    assert {name for name in after if after[name] != before[name]} == {"once_answer"}


async def test_points_are_those_of_the_purchase_and_end_with_it(bank: Bank, now: datetime) -> None:
    """A-214: the tier, the rates and the ends of then; what happened since changes none of them."""
    made = await bank.sell(now, goods(1000))
    await bank.sell(now + timedelta(days=1), goods(100_000), waits=False)
    await apply_points(
        bank.folder, now + timedelta(days=2), ("tenders: {GIFT_CARD: 0, INSTALMENT: 50}", "tenders: {INSTALMENT: 0}")
    )
    at = now + timedelta(days=5)
    before = (await bank.reached(at))[1]
    await bank.says(made, now, at=at)
    reached = await bank.reached(at)
    assert (reached[0], reached[1] - before, reached[2]) == (101_000, 50, "friend")
    ends = await database.fetchval("SELECT expires_at FROM points_lot WHERE purchase_id = $1", made.purchase.id)
    assert ends == datetime(2026, 4, 13, 21, tzinfo=UTC), "thirty days of the purchase, to the end of the local day"
    assert await check_books(at) == []


async def test_a_confirmed_receipt_raises_the_tier(bank: Bank, now: datetime) -> None:
    """A-214: the sum that makes the tier begins to count with the bank's yes, and the period names the receipt."""
    made = await bank.sell(now, goods(100_000))
    assert (await bank.reached(now))[2] == "guest"
    await bank.says(made, now)
    assert await bank.reached(now) == (100_000, 5000, "friend")
    period = await database.fetchrow("SELECT reason, evidence FROM tier_period WHERE until IS NULL")
    assert tuple(period or ()) == ("PURCHASE", made.purchase.id)
    assert await check_books(now) == []


async def test_a_refused_instalment_brings_nothing_for_ever(bank: Bank, now: datetime) -> None:
    """A-214: a no stands; a yes behind it is refused, and a no behind a yes is a return's business."""
    made, other = await bank.sell(now, goods(1000)), await bank.sell(now, goods(500))
    assert (await bank.says(made, now, Decision.CANCELLED)).state.value == "CANCELLED"
    assert (await bank.says(made, now, Decision.CANCELLED)).state.value == "CANCELLED"
    assert await refused(bank, bank.says(made, now)) == (Code.INVALID_INPUT, "instalment.decided")
    await bank.says(other, now)
    assert await refused(bank, bank.says(other, now, Decision.CANCELLED)) == (Code.INVALID_INPUT, "instalment.decided")
    await give_back(bank.resources, bank.till, made, now)
    assert await bank.reached(now) == (500, 25, "guest")
    assert await check_books(now) == []


@pytest.mark.parametrize("order", list(permutations(("yes", "first", "second"))))
async def test_parts_that_come_back_and_the_yes_in_any_order_end_alike(
    bank: Bank, now: datetime, order: tuple[str, ...]
) -> None:
    """A-214, INV-10, INV-11: two parts of a line and the bank's yes in every order: the same sums, points and tier."""
    made = await bank.sell(now, goods(101_777, quantity=7000), goods(333, quantity=3000))
    steps: dict[str, Callable[[], Awaitable[object]]] = {
        "yes": lambda: bank.says(made, now),
        "first": lambda: give_back(bank.resources, bank.till, made, now, (0, 2000), (1, 1000)),
        "second": lambda: give_back(bank.resources, bank.till, made, now, (0, 1000)),
    }
    for step in order:
        await steps[step]()
        assert await check_books(now) == []
    lines = [(101_777_00, 7000, 3000), (333_00, 3000, 1000)]
    counts = sum(net - net * back // whole for net, whole, back in lines)
    earned = [row["earned"] for row in await database.fetch("SELECT earned FROM instalment_line ORDER BY earned DESC")]
    points = sum(sum_ - sum_ * back // whole for sum_, (_, whole, back) in zip(earned, lines, strict=True))
    assert sum(earned) == (101_777 + 333) // 20
    assert await bank.reached(now) == (counts // 100, points, "guest")
    await give_back(bank.resources, bank.till, made, now)
    assert await bank.reached(now) == (0, 0, "guest"), "all of it back leaves nothing"
    assert await check_books(now) == []


async def test_a_word_that_comes_before_its_receipt_waits_for_it(bank: Bank, now: datetime) -> None:
    """A-214: a bank may be quicker than the till; the word is carried out by itself when the receipt comes."""
    command = await bank.command(now, goods(1000))
    early = await bank.word(command.receipt_number, now)
    assert (early.state.value, early.purchase) == ("WAITING", None)
    assert await bank.word(command.receipt_number, now) == early
    assert await refused(bank, bank.word(command.receipt_number, now, Decision.CANCELLED)) == (
        Code.INVALID_INPUT,
        "instalment.decided",
    )
    made = await post_purchase(bank.resources, bank.till, command, now=now)
    assert isinstance(made, Posted)
    assert await bank.reached(now) == (0, 0, "guest")
    for _ in range(2):
        await work_off(bank.resources, Gateways(), now)
    assert await bank.reached(now) == (1000, 50, "guest")
    assert await check_books(now) == []


async def test_a_receipt_and_its_word_at_once_find_each_other(bank: Bank, now: datetime) -> None:
    """A-214: ten times a receipt and the word about it race; whoever is second finds the other."""
    for _ in range(10):
        command = await bank.command(now, goods(100))
        await rivals(
            partial(post_purchase, bank.resources, bank.till, command, now=now),
            partial(bank.word, command.receipt_number, now),
        )
    await work_off(bank.resources, Gateways(), now)
    assert await bank.reached(now) == (1000, 50, "guest")
    assert await check_books(now) == []


async def test_waiting_ends_by_itself(bank: Bank, now: datetime) -> None:
    """A-214: a bank that never answers: after its time the receipt brings nothing, and a yes comes too late."""
    made = await bank.sell(now, goods(1000))
    late = now + timedelta(days=30)
    said = bank.word(made.purchase.receipt_number, now)
    assert (await said).state.value == "CONFIRMED"
    other = await bank.sell(now, goods(500))
    facts = (await reading.of_purchases([other.purchase.id, made.purchase.id]))[0]
    assert facts is not None
    assert (facts.until, facts.counts, facts.points) == (late, 50_000, 25)
    assert await reading.expire(late - timedelta(seconds=1)) == 0
    assert await reading.expire(late) == 1
    assert await reading.expire(late) == 0
    assert await refused(bank, bank.says(other, now)) == (Code.HOLD_EXPIRED, "instalment.expired")
    assert await check_books(late) == []


async def test_a_mixed_payment_spends_at_once_and_earns_later(bank: Bank, now: datetime) -> None:
    """A-214: points are spent with the receipt; what the instalment earns comes with the bank's yes."""
    await grant(bank.member.id, 400, now)
    made = await bank.sell(now, goods(1000), points=400)
    assert await sums(bank.member.id, now) == (0, 0, 0, 0)
    await bank.says(made, now)
    assert await sums(bank.member.id, now) == (30, 0, 0, 0), "600 by instalment at 10 %, a half of it"
    await give_back(bank.resources, bank.till, made, now)
    assert await sums(bank.member.id, now) == (400, 0, 0, 0)
    assert await check_books(now) == []


async def test_what_came_since_keeps_its_place_in_the_limit_of_its_day(bank: Bank, now: datetime) -> None:
    """A-214: a late yes counts on the day of its purchase and frees no room in that of today."""
    await apply_points(bank.folder, now, ("  hold_minutes: 10\n", "  hold_minutes: 10\n  earn_max: {day: 60}\n"))
    made = await bank.sell(now, goods(1000))
    today = now + timedelta(days=2)
    await bank.sell(today, goods(1000), waits=False)
    await bank.word(made.purchase.receipt_number, now)
    again = await bank.sell(today, goods(1000), waits=False)
    assert told(again) == [(True, 10)]


async def test_what_waits_has_its_place_in_the_limit_of_its_day(bank: Bank, now: datetime) -> None:
    """A-214: the day gives what it gives, however many of its receipts a bank confirms later; a no gives room back."""
    await apply_points(bank.folder, now, ("  hold_minutes: 10\n", "  hold_minutes: 10\n  earn_max: {day: 60}\n"))
    made = [await bank.sell(now, goods(1000)) for _ in range(3)]
    await bank.says(made[2], now, Decision.CANCELLED)
    for one in made[:2]:
        await bank.says(one, now)
    assert (await bank.reached(now))[1] == 60
    waiting = await bank.sell(now + timedelta(days=1), goods(1000))
    assert told(await bank.sell(now + timedelta(days=1), goods(1000), waits=False)) == [(True, 10)]
    await bank.says(waiting, now + timedelta(days=1), Decision.CANCELLED)
    assert told(await bank.sell(now + timedelta(days=1), goods(1000), waits=False)) == [(True, 50)]


async def test_a_dozen_rivals_confirm_once(bank: Bank, now: datetime) -> None:
    """A-214: twelve words with keys of their own and two returns at once: one credit, books that balance."""
    made = await bank.sell(now, goods(1000, quantity=4000))
    answers = await rivals_told(
        *(partial(bank.says, made, now) for _ in range(12)),
        partial(give_back, bank.resources, bank.till, made, now, (0, 1000)),
        partial(give_back, bank.resources, bank.till, made, now, (0, 2000)),
    )
    assert [one for one in answers if isinstance(one, BaseException)] == []
    assert await bank.reached(now) == (250, 13, "guest")
    assert await check_books(now) == []


async def test_a_replay_hears_what_was_said_at_the_till(bank: Bank, now: datetime) -> None:
    """C-05: the key's answer is that of the posting, also after the bank has said yes; waiting is part of the body."""
    command = await bank.command(now, goods(1000))
    made = await post_purchase(bank.resources, bank.till, command, now=now)
    assert isinstance(made, Posted)
    await bank.says(made, now)
    again = await post_purchase(bank.resources, bank.till, command, now=now)
    assert isinstance(again, Posted)
    assert (told(again), again.accumulated) == (told(made), made.accumulated)


async def test_what_no_bank_confirms_is_refused(bank: Bank, now: datetime) -> None:
    """A-214: only instalments wait; a receipt that waits for nothing, or of somebody else's, hears no word."""
    command = await bank.command(now, goods(10))
    cash = [TenderPaid("CASH", 1000, waits=True)]
    with pytest.raises(Refusal) as caught:
        await post_purchase(bank.resources, bank.till, replace(command, tenders=cash), now=now)
    assert (caught.value.words, caught.value.field) == ("instalment.kind", "input.tenders.0.awaitsConfirmation")
    plain = await bank.sell(now, goods(10), waits=False)
    assert await refused(bank, bank.says(plain, now)) == (Code.INVALID_INPUT, "instalment.none")
    assert await refused(bank, bank.word("1", now, outlet="cafe")) == (Code.NOT_FOUND, "instalment.outlet")
    made = await bank.sell(now, goods(1000))
    strange, _ = await make_till(now, partner="cafe", outlet="cafe", channels=("TILL",))
    stranger = Bank(bank.resources, bank.folder, strange, await make_member(now))
    assert (await stranger.word(made.purchase.receipt_number, now)).purchase is None, (
        "it is kept for a receipt of theirs"
    )
    assert (await bank.reached(now))[0] == 10, "what waited for nothing"


async def test_what_waits_has_its_place_in_the_most_that_a_member_has(bank: Bank, now: datetime) -> None:
    """A-214, I-30: points that wait for a bank fill the most a member may have as if they were there; a return and a no make room."""
    await apply_points(bank.folder, now, ("  hold_minutes: 10\n", "  hold_minutes: 10\n  balance_max: 60\n"))
    made = await bank.sell(now, goods(1000, quantity=2000))
    assert told(await bank.sell(now, goods(1000), waits=False)) == [(True, 10)]
    await give_back(bank.resources, bank.till, made, now, (0, 1000))
    assert told(await bank.sell(now, goods(1000), waits=False)) == [(True, 25)]
    await bank.says(made, now)
    assert await sums(bank.member.id, now) == (60, 0, 0, 0)
    refused_later = await bank.sell(now, goods(1000))
    assert told(await bank.sell(now, goods(1000), waits=False)) == [(True, 0)]
    await bank.says(refused_later, now, Decision.CANCELLED)
    assert await sums(bank.member.id, now) == (60, 0, 0, 0)
    assert await check_books(now) == []


async def test_a_no_makes_room_in_the_most_that_a_member_has(bank: Bank, now: datetime) -> None:
    """A-214, I-30: what a bank refused fills nothing."""
    await apply_points(bank.folder, now, ("  hold_minutes: 10\n", "  hold_minutes: 10\n  balance_max: 60\n"))
    made = await bank.sell(now, goods(1000))
    await bank.says(made, now, Decision.CANCELLED)
    assert told(await bank.sell(now, goods(1000), waits=False)) == [(True, 50)]
