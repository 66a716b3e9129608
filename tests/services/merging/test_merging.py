"""Two profiles of one person become one and two again (INV-19, A-206, A-207, C-09): every total stays, undoing is an identity."""

import asyncio
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from loyalty.refusals import Code, Refusal
from models import database
from models.ids import uuid7
from services import audit, phone_binding, sessions, support
from services.audit import Actor
from services.erasing import erasing
from services.ledger import check_books
from services.merging import merging, reading
from services.purchases import Posted, post_purchase
from services.resources import Resources
from services.tills import TillFacts
from services.work import work
from tests.makers.erasing import erasures, found
from tests.makers.families import found as found_family
from tests.makers.merging import WHY, lots_of, make_one, make_shop, make_two, side, totals
from tests.makers.people import MadeMember, make_member, make_phone, make_session
from tests.makers.points import buy, give_back, goods, grant, paid, quote, stored
from tests.makers.state import state
from tests.makers.tiers import give_tier

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
async def till(db: None, now: datetime, tmp_path: Path) -> TillFacts:
    return await make_shop(now, tmp_path)


@pytest.fixture
async def pair(till: TillFacts, resources: Resources, now: datetime) -> tuple[MadeMember, MadeMember]:
    """One who stays and one who goes; both have bought, spent and have points of several ends."""
    first, second = await make_member(now), await make_member(now)
    for member, roubles in ((first, 2_000), (second, 900)):
        await grant(member.id, 100, now, days=10)
        await grant(member.id, 40, now, days=None)
        made = await buy(resources, till, member, [goods(roubles), goods(300)], now, points=50)
        await give_back(resources, till, made, now + MINUTE, (1, 500))
    return first, second


async def test_everything_follows_and_every_total_stays(
    till: TillFacts, pair: tuple[MadeMember, MadeMember], resources: Resources, now: datetime
) -> None:
    """INV-19, A-206, A-207: points with their ends, receipts, progress, cards; the duplicate is left with nothing."""
    first, second = pair
    now += DAY
    before, mine, theirs = await totals(), await stored(first.id), await stored(second.id)
    ends = "SELECT expires_at, sum(remaining) AS points FROM points_lot GROUP BY expires_at ORDER BY expires_at"
    lots = await database.fetch(ends)
    entries = await database.fetch("SELECT * FROM entry ORDER BY id")
    case = await make_one(resources, first, second, now)
    assert (case.state, case.undoable_until) == ("MERGED", now + 30 * DAY)
    assert set(case.evidence) == {"NAMES", "BIRTH_DATE"}
    assert await totals() == before
    assert await stored(first.id) == tuple(one + other for one, other in zip(mine, theirs, strict=True))
    assert await stored(second.id) == (0, 0, 0, 0)
    assert await database.fetch(ends) == lots
    assert (await database.fetch("SELECT * FROM entry ORDER BY id"))[: len(entries)] == entries
    assert await database.fetchval("SELECT count(*) FROM purchase WHERE member_id = $1", second.id) == 0
    rows = await database.fetch("SELECT number, status, member_id FROM card ORDER BY status")
    assert [(row["number"], row["status"], row["member_id"]) for row in rows] == [
        (first.number, "ACTIVE", first.id),
        (second.number, "REPLACED", first.id),
    ]
    assert await check_books(now) == []
    # What the duplicate bought is returned to whom it belongs to now, and pays with points of both.
    made = await buy(resources, till, first, [goods(1_000)], now, points=250)
    assert made.purchase.net == 100_000
    assert await check_books(now) == []


async def test_the_old_id_number_and_card_lead_to_the_survivor_for_ever(
    till: TillFacts, pair: tuple[MadeMember, MadeMember], resources: Resources, now: datetime
) -> None:
    """INV-19: through a chain of merges too, long after they can be undone, and after an erasure."""
    first, second = pair
    third = await make_member(now)
    await make_one(resources, first, second, now)
    await make_one(resources, third, first, now + MINUTE)
    for text in (str(second.id), second.number, str(first.id), first.number, str(third.id)):
        assert await support.search(text) == [third.id], text
    assert await reading.resolve(second.id) == third.id
    assert await reading.resolve(uuid7()) is None
    (standing,) = await reading.of_member(second.id, now + 31 * DAY)
    assert standing.state == "SEALED"
    assert await check_books(now + MINUTE) == []
    # Whoever is erased takes the names of his other profiles along; the ids still lead to him.
    await database.execute("UPDATE member SET last_name = 'Горностаев' WHERE id = $1", second.id)
    await erasing.erase(Actor.operator(), third.id, reason=WHY, resources=resources, now=now + DAY)
    assert set(await erasures()) == {first.id, second.id, third.id}
    assert await found("Горностаев", second.email, first.email) == {}
    assert await reading.resolve(second.id) == third.id
    assert await check_books(now + DAY) == []


async def test_undoing_restores_both_sides(
    till: TillFacts, pair: tuple[MadeMember, MadeMember], resources: Resources, now: datetime
) -> None:
    """INV-19, C-09: contacts, cards, lots, receipts, sums and tiers are what they were; sessions have ended."""
    first, second = pair
    now += DAY
    await database.execute("UPDATE contact SET verified_at = NULL WHERE member_id = $1", first.id)
    session, phone = await make_session(second.id, now), await make_phone(resources, second.id, now)
    before = await side(first.id), await side(second.id), await totals()
    case = await make_one(resources, first, second, now)
    assert await database.fetchval("SELECT revoked_at FROM session WHERE id = $1", session) == now
    assert await database.fetchval("SELECT state FROM qr_credential WHERE id = $1", phone.credential) == "REVOKED"
    contacts = await database.fetch(
        "SELECT value, verified_at FROM contact WHERE member_id = $1 ORDER BY kind", first.id
    )
    assert [row["value"] for row in contacts] == [second.email, first.phone]
    assert await side(first.id) != before[0]
    undone = await make_two(resources, case, now + MINUTE)
    assert (undone.state, undone.undone_at) == ("UNDONE", now + MINUTE)
    assert (await side(first.id), await side(second.id), await totals()) == before
    assert await check_books(now + MINUTE) == []
    events = await audit.page(rows=4, after=None, filters=audit.Filters(object=str(second.id)))
    assert [(event.action, event.right) for event in events] == [
        ("member.unmerge", "merge.decide"),
        ("member.merge", "merge.decide"),
    ]
    await buy(resources, till, second, [goods(100)], now + 2 * MINUTE, points=10)
    assert await check_books(now + 2 * MINUTE) == []


async def test_what_was_made_since_stays_with_the_survivor(
    till: TillFacts, pair: tuple[MadeMember, MadeMember], resources: Resources, now: datetime
) -> None:
    """INV-19: a new receipt and its points are the survivor's; a return of an old one follows its receipt."""
    first, second = pair
    now += DAY
    mine, theirs = await stored(first.id), await stored(second.id)
    case = await make_one(resources, first, second, now)
    await buy(resources, till, first, [goods(500)], now + MINUTE)
    await make_two(resources, case, now + 2 * MINUTE)
    assert await stored(second.id) == theirs
    assert await stored(first.id) == (mine[0] + 50, *mine[1:])
    assert await check_books(now + 2 * MINUTE) == []


async def test_what_was_spent_since_cannot_be_given_back(
    till: TillFacts, pair: tuple[MadeMember, MadeMember], resources: Resources, now: datetime
) -> None:
    """INV-19: the refusal says how many points are gone, and nothing has moved; once they are back, it can be undone."""
    first, second = pair
    now += DAY
    before = await side(first.id), await side(second.id)
    case = await make_one(resources, first, second, now)
    everything = (await stored(first.id))[0]
    spent = await buy(resources, till, first, [goods(2 * everything)], now, points=everything)
    untouched = await state()
    with pytest.raises(Refusal) as refused:
        await make_two(resources, case, now)
    assert (refused.value.code, refused.value.words) == (Code.UNFINISHED, "merging.spent")
    assert refused.value.facts == {"points": sum((await lots_of(case.id)).values())}
    assert await state() == untouched
    await give_back(resources, till, spent, now + MINUTE)
    await make_two(resources, case, now + MINUTE)
    after = await side(second.id)
    assert after == before[1]
    assert await check_books(now + MINUTE) == []


async def test_what_cannot_be_merged_or_undone_changes_nothing(
    till: TillFacts, pair: tuple[MadeMember, MadeMember], resources: Resources, now: datetime
) -> None:
    """INV-19: one and the same, strangers, a family, a given tier, a debt, a blocked profile; twice undone, and too late."""
    first, second = pair
    before = await state()
    for survivor, duplicate, code, field in (
        (first.id, first.id, Code.INVALID_INPUT, "input.duplicate"),
        (uuid7(), second.id, Code.NOT_FOUND, "input.survivor"),
        (first.id, uuid7(), Code.NOT_FOUND, "input.duplicate"),
    ):
        with pytest.raises(Refusal) as refused:
            await merging.merge(Actor.operator(), survivor, duplicate, reason=WHY, resources=resources, now=now)
        assert (refused.value.code, refused.value.field) == (code, field)
    assert await state() == before
    for words in ("merging.shares", "merging.granted", "merging.owes", None):
        other = await make_member(now)
        if words == "merging.shares":
            await found_family(resources, other, now)
        elif words == "merging.granted":
            await give_tier(resources, other, "friend", now + 60 * DAY, now)
        elif words == "merging.owes":
            made = await buy(resources, till, other, [goods(1_000)], now)
            await buy(resources, till, other, [goods(500)], now, points=100)
            await give_back(resources, till, made, now)
            assert (await stored(other.id))[3] > 0
        else:
            await database.execute("UPDATE member SET status = 'BLOCKED' WHERE id = $1", other.id)
        before = await state()
        with pytest.raises(Refusal) as refused:
            await make_one(resources, first, other, now)
        assert refused.value.words == (words or "member.not_found")
        assert await state() == before
    case = await make_one(resources, first, second, now)
    await make_two(resources, case, now)
    sealed = await make_one(resources, first, second, now)
    before = await state()
    for one, at in ((case, now), (sealed, now + 30 * DAY)):
        with pytest.raises(Refusal) as refused:
            await make_two(resources, one, at)
        assert (refused.value.code, refused.value.words) == (Code.INVALID_INPUT, "merging.sealed")
    with pytest.raises(Refusal, match="NOT_FOUND"):
        await merging.undo(Actor.operator(), uuid7(), reason=WHY, resources=resources, now=now)
    assert await state() == before


async def test_a_contact_that_somebody_else_has_proved_since_stays_his(
    till: TillFacts, pair: tuple[MadeMember, MadeMember], resources: Resources, now: datetime
) -> None:
    """INV-12, INV-19: undoing takes nobody's address away."""
    first, second = pair
    case = await make_one(resources, first, second, now)
    stranger = await make_member(now)
    await database.execute(
        "UPDATE contact SET value = $2 WHERE member_id = $1 AND kind = 'EMAIL'", stranger.id, second.email
    )
    before = await state()
    with pytest.raises(Refusal, match="UNFINISHED"):
        await make_two(resources, case, now)
    assert await state() == before


async def test_a_number_that_the_survivor_has_proved_since_stays_his(
    till: TillFacts, pair: tuple[MadeMember, MadeMember], resources: Resources, now: datetime
) -> None:
    """INV-12, INV-19: a number is changed in its row; undoing gives the duplicate nothing that was never his."""
    first, second = pair
    await database.execute("UPDATE contact SET verified_at = NULL WHERE member_id = $1 AND kind = 'PHONE'", first.id)
    await database.execute(
        "UPDATE contact SET verified_at = $2 WHERE member_id = $1 AND kind = 'PHONE'", second.id, now - DAY
    )
    case = await make_one(resources, first, second, now)
    phones = "SELECT value, verified_at FROM contact WHERE member_id = $1 AND kind = 'PHONE'"
    assert [row["value"] for row in await database.fetch(phones, first.id)] == [second.phone]
    async with work() as tx:
        await phone_binding.prove(tx, first.id, "+79215550177", now + MINUTE)
    await make_two(resources, case, now + 2 * MINUTE)
    assert [tuple(row) for row in await database.fetch(phones, first.id)] == [("+79215550177", now + MINUTE)]
    assert "+79215550177" not in [row["value"] for row in await database.fetch(phones, second.id)]


async def test_a_dozen_tills_post_to_both_while_they_are_made_one(
    till: TillFacts, pair: tuple[MadeMember, MadeMember], resources: Resources, now: datetime
) -> None:
    """INV-19 among rivals: every receipt is posted once or refused, whoever's it is then; ten mergers make one merge."""
    first, second = pair
    now += DAY
    before = await database.fetchval("SELECT count(*) FROM purchase")
    quotes = [await quote(till, member, [goods(100)], now, points=5) for member in (first, second) for _ in range(6)]
    mergers = [make_one(resources, first, second, now) for _ in range(10)]
    tills = [post_purchase(resources, till, paid(one, now), now=now) for one in quotes]
    answers = await asyncio.gather(*tills, *mergers, return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, Refusal)]
    assert {answer.code for answer in refused} <= {Code.CARD_NOT_ACCEPTED, Code.NOT_FOUND, Code.BUSY, Code.HOLD_EXPIRED}
    assert len([answer for answer in answers if isinstance(answer, reading.MergeFacts)]) == 1
    posted = len([answer for answer in answers if isinstance(answer, Posted)])
    assert [
        one
        for one in answers
        if not isinstance(one, Refusal | Posted | reading.MergeFacts) and not hasattr(one, "quote")
    ] == []
    assert await database.fetchval("SELECT count(*) FROM purchase WHERE member_id = $1", first.id) == before + posted
    assert await stored(second.id) == (0, 0, 0, 0)
    assert await check_books(now) == []
    # Whatever a till was refused meanwhile goes through by the same quote: it is the survivor's now.
    for one in quotes:
        if await database.fetchval("SELECT purchase_id FROM quote WHERE id = $1", one.id) is None:
            assert await database.fetchval("SELECT member_id FROM quote WHERE id = $1", one.id) == first.id
    assert await check_books(now) == []


async def test_profiles_of_one_person_are_found(till: TillFacts, resources: Resources, now: datetime) -> None:
    """A-206, C-09: by a contact that both gave, or by names and birth date."""
    first, second, third = await make_member(now), await make_member(now), await make_member(now, first_name="Пётр")
    await database.execute(
        "UPDATE contact SET value = $2 WHERE member_id = $1 AND kind = 'PHONE'", third.id, first.phone
    )
    await database.execute("UPDATE member SET birth_date = $2 WHERE id = $1", third.id, date(1991, 1, 1))
    found_alike = {one.id: one.signs for one in await reading.alike(first.id)}
    assert found_alike == {second.id: ("NAMES", "BIRTH_DATE"), third.id: ("PHONE",)}
    await make_one(resources, first, second, now)
    assert {one.id for one in await reading.alike(first.id)} == {third.id}


async def test_sessions_of_the_duplicate_open_nothing(
    till: TillFacts, pair: tuple[MadeMember, MadeMember], resources: Resources, now: datetime
) -> None:
    """INV-13: who was signed in as the duplicate signs in anew, as the survivor."""
    first, second = pair
    token = "t" * 43
    await database.execute(
        "INSERT INTO session (id, member_id, token_sha256, transport, created_at, last_seen_at, expires_at, address, agent)"
        " VALUES ($1, $2, $3, 'BEARER', $4, $4, $4::timestamptz + interval '1 day', '', '')",
        *(uuid7(), second.id, sessions.digest(token), now),
    )
    assert await sessions.find_session(token, now) is not None
    await make_one(resources, first, second, now)
    assert await sessions.find_session(token, now) is None
