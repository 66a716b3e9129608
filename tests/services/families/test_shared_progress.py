"""A family that shares its progress: what counts for one counts for all while they sit together, and own facts stay own."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from loyalty.families import Role
from loyalty.programme import Programme
from loyalty.refusals import Code, Refusal
from models import database
from services import programmes
from services.families import leaving, reading
from services.ledger import check_books, standing_of
from services.purchases import Posted
from services.resources import Resources
from services.tiers import clockwork
from services.tiers.reading import stands
from services.tills import TillFacts
from tests.makers.families import found, invited, join, order
from tests.makers.people import MadeMember, make_member, make_till
from tests.makers.tiers import (
    LIFETIME,
    MONTH,
    YEAR,
    apply_tiers,
    buy,
    give_back,
    give_tier,
    letters_about_tiers,
    periods,
    price_of,
)

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
PARTNERS = "partners:\n  - id: inn"
FAMILY = (PARTNERS, f"family: {{seats: 5, progress: true}}\n{PARTNERS}")
ALONE = (PARTNERS, f"family: {{seats: 5}}\n{PARTNERS}")
pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def now() -> datetime:
    """Noon in Moscow, in the last month of a calendar year."""
    return datetime(2025, 12, 10, 9, tzinfo=UTC)


async def house(now: datetime, *names: str) -> tuple[TillFacts, list[MadeMember]]:
    till, _ = await make_till(now, partner="inn", outlet="inn")
    return till, [await make_member(now, first_name=name) for name in names]


async def sit(resources: Resources, head: MadeMember, other: MadeMember, now: datetime) -> None:
    await join(resources, other, await invited(resources, head, now), now)


async def tier_of(member: MadeMember, now: datetime) -> tuple[str, int]:
    """(the tier, the sum it follows from) as readers see it, whatever is written."""
    known, programme = await standing_of(member.id), await programmes.current(now)
    stand = await stands(programme, member.id, known.accumulated, known.grant, now)
    return stand.tier.id, stand.accumulated


async def written(member: MadeMember) -> list[tuple[str, str]]:
    """(tier, why) of a member's history, oldest first."""
    return [(tier, reason) for tier, reason, _, _ in await periods(member.id)]


async def spend(resources: Resources, till: TillFacts, member: MadeMember, roubles: int, now: datetime) -> Posted:
    return await buy(resources, till, member, roubles, now, service="stay")


@pytest.mark.parametrize("window", [LIFETIME, MONTH, YEAR])
async def test_what_counts_for_one_counts_for_all_who_sit_there(
    resources: Resources, now: datetime, tmp_path: Path, window: str
) -> None:
    """A-053, ADR 7: joining adds up at once, a purchase lifts everybody, leaving takes one's own along, returning brings it."""
    await apply_tiers(tmp_path, now - DAY, window, FAMILY)
    till, (anna, boris) = await house(now, "Анна", "Борис")
    await found(resources, anna, now)
    await spend(resources, till, anna, 600, now)
    await spend(resources, till, boris, 500, now)
    assert [await tier_of(one, now) for one in (anna, boris)] == [("guest", 60_000), ("guest", 50_000)]
    await sit(resources, anna, boris, now)
    assert [await tier_of(one, now) for one in (anna, boris)] == [("white", 110_000)] * 2
    assert await written(anna) == [("guest", "JOINED"), ("white", "FAMILY")]
    assert await check_books(now) == []

    later = now + SECOND
    made = await spend(resources, till, boris, 2000, later)
    assert (made.accumulated, made.raised) == (310_000, True)
    assert await tier_of(anna, later) == ("silver", 310_000)
    assert await price_of(till, anna, later) == 10_00
    assert await check_books(later) == []  # the clock has not come, and nobody has noticed
    await clockwork.settle_due(later)
    assert (await written(anna))[-1] == ("silver", "FAMILY")
    assert await check_books(later) == []

    await leaving.leave(resources, order(boris, "leave", later))
    assert [await tier_of(one, later) for one in (anna, boris)] == [("guest", 60_000), ("white", 250_000)]
    assert (await written(anna))[-1] == ("guest", "FAMILY")
    assert await check_books(later) == []
    await sit(resources, anna, boris, later)
    assert [await tier_of(one, later) for one in (anna, boris)] == [("silver", 310_000)] * 2
    assert await check_books(later) == []


@pytest.mark.parametrize("window", [LIFETIME, MONTH])
async def test_a_return_of_one_lowers_all(resources: Resources, now: datetime, tmp_path: Path, window: str) -> None:
    """A-053, INV-14: the return's own transaction moves everybody, and says so in their histories."""
    await apply_tiers(tmp_path, now - DAY, window, FAMILY)
    till, (anna, boris) = await house(now, "Анна", "Борис")
    await found(resources, anna, now)
    await sit(resources, anna, boris, now)
    made = await spend(resources, till, boris, 900, now)
    await spend(resources, till, anna, 200, now)
    assert [await tier_of(one, now) for one in (anna, boris)] == [("white", 110_000)] * 2
    await clockwork.settle_due(now)
    later = now + SECOND
    refunded = await give_back(resources, till, made, later)
    assert refunded.accumulated == 20_000
    assert [(await written(one))[-1] for one in (anna, boris)] == [("guest", "FAMILY"), ("guest", "REFUND")]
    assert [await tier_of(one, later) for one in (anna, boris)] == [("guest", 20_000)] * 2
    assert await check_books(later) == []


async def test_a_window_ends_for_the_family_as_for_one(resources: Resources, now: datetime, tmp_path: Path) -> None:
    """A-053, C-08: every purchase ends by its own day, and the clock tells both of them."""
    await apply_tiers(tmp_path, now - DAY, MONTH, FAMILY)
    till, (anna, boris) = await house(now, "Анна", "Борис")
    await found(resources, anna, now)
    await sit(resources, anna, boris, now)
    await spend(resources, till, boris, 600, now)
    await spend(resources, till, anna, 500, now + 10 * DAY)
    assert [(await tier_of(one, now + 29 * DAY))[0] for one in (anna, boris)] == ["white"] * 2
    late = now + 30 * DAY
    assert [await tier_of(one, late) for one in (anna, boris)] == [("guest", 50_000)] * 2
    await clockwork.settle_due(late)
    assert [(await written(one))[-1] for one in (anna, boris)] == [("guest", "WINDOW")] * 2
    assert await letters_about_tiers() == ["TIER_FELL"] * 2
    assert await check_books(late) == []


async def test_a_tier_given_by_hand_stays_its_owners(resources: Resources, now: datetime, tmp_path: Path) -> None:
    """A-067: a grant is no fact of the family; it holds its owner above it."""
    await apply_tiers(tmp_path, now - DAY, LIFETIME, FAMILY)
    till, (anna, boris) = await house(now, "Анна", "Борис")
    await found(resources, anna, now)
    await sit(resources, anna, boris, now)
    await give_tier(resources, boris, "gold", now + 5 * DAY, now)
    made = await spend(resources, till, anna, 1000, now)
    assert made.raised
    assert [(await tier_of(one, now))[0] for one in (anna, boris)] == ["white", "gold"]
    await clockwork.settle_due(now)
    assert await check_books(now) == []
    late = now + 6 * DAY
    await clockwork.settle_due(late)
    assert (await written(boris))[-1] == ("white", "GRANT_ENDED")
    assert await check_books(late) == []


async def test_contributions_add_up_to_the_sum_of_all(resources: Resources, now: datetime, tmp_path: Path) -> None:
    """A-053: each seat says what it brings; without shared progress none does, and tiers are everybody's own."""
    await apply_tiers(tmp_path, now - DAY, YEAR, FAMILY)
    till, (anna, boris) = await house(now, "Анна", "Борис")
    await found(resources, anna, now)
    await join(resources, boris, await invited(resources, anna, now, Role.CHILD), now)
    await spend(resources, till, boris, 700, now)
    await spend(resources, till, anna, 800, now)
    assert await counts(resources, anna, now) == [80_000, 70_000]
    assert (await tier_of(anna, now))[1] == 150_000
    later = now + SECOND
    programme = await apply_tiers(tmp_path, later, YEAR, ALONE)
    assert await counts(resources, anna, later, programme) == [None, None]
    assert [await tier_of(one, later) for one in (anna, boris)] == [("guest", 80_000), ("guest", 70_000)]
    await clockwork.settle_due(later)
    assert await check_books(later) == []


async def counts(
    resources: Resources, member: MadeMember, now: datetime, programme: Programme | None = None
) -> list[int | None]:
    family = await reading.family_of(resources, member.id, programme or await programmes.current(now), now)
    assert family is not None
    return [seat.counted for seat in family.seats]


@pytest.mark.parametrize("window", [LIFETIME, MONTH])
async def test_a_version_that_begins_or_ends_sharing_places_everybody(
    resources: Resources, now: datetime, tmp_path: Path, window: str
) -> None:
    """A-053, C-06: the programme says so, and from that version on it is so; no purchase is priced in between."""
    await apply_tiers(tmp_path, now - DAY, window, ALONE)
    till, (anna, boris) = await house(now, "Анна", "Борис")
    await found(resources, anna, now)
    await sit(resources, anna, boris, now)
    await spend(resources, till, boris, 600, now)
    await spend(resources, till, anna, 500, now)
    assert [(await tier_of(one, now))[0] for one in (anna, boris)] == ["guest"] * 2
    for number, (family, tier) in enumerate([(FAMILY, "white"), (ALONE, "guest")], 1):
        later = now + number * SECOND
        await apply_tiers(tmp_path, later, window, family)
        assert [(await tier_of(one, later))[0] for one in (anna, boris)] == [tier] * 2
        await clockwork.settle_due(later)
        assert [(await written(one))[-1] for one in (anna, boris)] == [(tier, "PROGRAMME")] * 2
        assert await check_books(later) == []


async def test_the_end_of_a_family_leaves_everybody_with_their_own(
    resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """A-053: removed or ended by the head, it is the same for who leaves; nothing of others is taken along."""
    await apply_tiers(tmp_path, now - DAY, LIFETIME, FAMILY)
    till, people = await house(now, "Анна", "Борис", "Вера")
    await found(resources, people[0], now)
    for one in people[1:]:
        await sit(resources, people[0], one, now)
    for one in people:
        await spend(resources, till, one, 1100, now)
    await clockwork.settle_due(now)
    assert [await tier_of(one, now) for one in people] == [("silver", 330_000)] * 3
    family = await reading.family_of(resources, people[0].id, await programmes.current(now), now)
    assert family is not None
    gone = next(seat for seat in family.seats if seat.member == people[2].id)
    await leaving.remove(resources, order(people[0], "remove", now), gone.id)
    assert [(await tier_of(one, now))[0] for one in people] == ["white"] * 3
    await leaving.dissolve(resources, order(people[0], "end", now))
    assert [await tier_of(one, now) for one in people] == [("white", 110_000)] * 3
    assert await check_books(now) == []


@pytest.mark.parametrize("window", [LIFETIME, MONTH])
async def test_a_planted_tier_is_found(resources: Resources, now: datetime, tmp_path: Path, window: str) -> None:
    """ADR 7: `kunak books check` recomputes a family's tiers from the facts of all, for every kind of window."""
    await apply_tiers(tmp_path, now - DAY, window, FAMILY)
    till, (anna, boris) = await house(now, "Анна", "Борис")
    await found(resources, anna, now)
    await sit(resources, anna, boris, now)
    await spend(resources, till, boris, 1500, now)
    await clockwork.settle_due(now)
    assert await check_books(now) == []
    await database.execute("UPDATE tier_period SET tier = 'guest' WHERE member_id = $1 AND until IS NULL", anna.id)
    found_out = [(one.check, one.subject) for one in await check_books(now)]
    assert found_out == [("tier follows from facts", f"member {anna.id}")]


@pytest.mark.parametrize("window", [LIFETIME, MONTH])
async def test_rivals_buy_return_join_and_leave_at_once(
    resources: Resources, now: datetime, tmp_path: Path, window: str
) -> None:
    """A-053, INV-14, T32: ten tills beside joins and leaves: each receipt has a tier its family had, and the books balance."""
    await apply_tiers(tmp_path, now - DAY, window, FAMILY)
    till, people = await house(now, "Анна", "Борис", "Вера", "Глеб")
    await found(resources, people[0], now)
    for one in people[1:3]:
        await sit(resources, people[0], one, now)
    early = [await spend(resources, till, one, 300, now) for one in people]
    later = now + SECOND
    token = await invited(resources, people[0], later)

    async def tried(act: object) -> object:
        try:
            return await act  # type: ignore[misc]
        except Refusal as refusal:
            if refusal.code is not Code.BUSY:
                raise
            return None

    acts = [
        *(spend(resources, till, one, 200, later) for one in people),
        join(resources, people[3], token, later),
        *(spend(resources, till, one, 300, later) for one in people),
        leaving.leave(resources, order(people[1], "leave", later)),
        *(spend(resources, till, one, 400, later) for one in people),
        give_back(resources, till, early[2], later),
    ]
    done = await asyncio.gather(*(tried(act) for act in acts))
    posted = sum(one.purchase.accumulated for one in done if isinstance(one, Posted))
    await clockwork.settle_due(later)
    assert await check_books(later) == []
    seated = await database.fetch("SELECT member_id FROM family_seat WHERE left_at IS NULL")
    together = {row["member_id"] for row in seated}
    own = {one.id: (await standing_of(one.id)).accumulated for one in people}
    assert sum(own.values()) == posted + 4 * 30_000 - 30_000
    for one in people:
        reached = sum(own[other] for other in together) if one.id in together else own[one.id]
        assert (await tier_of(one, later))[1] == reached
