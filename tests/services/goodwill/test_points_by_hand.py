"""Points that the staff gives and takes by hand: where they lie, who has to say yes, and what holds among rivals."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from loyalty.refusals import Code, Refusal
from loyalty.scopes import PROGRAMME, Scope
from models import database
from models.database import Violation
from services.audit import Actor
from services.erasing import erasing
from services.goodwill import granting
from services.goodwill.granting import Wish
from services.goodwill.reading import PointsGrant
from services.ledger import check_books
from services.points import history
from services.points.balances import balance_of
from services.resources import Resources
from services.staff import four_eyes
from tests.makers.patience import rivals, rivals_told
from tests.makers.people import MadeMember, make_member, make_till
from tests.makers.points import apply_points, buy, give_back, goods, stored
from tests.makers.points import grant as given
from tests.makers.staff import make_actor, make_holder
from tests.makers.state import state

TERMS = ("  hold_minutes: 10\n", "  hold_minutes: 10\n  goodwill: {day: 500, approve_above: 100, operator_day: 300}\n")
WHY = "долго ждали доставку"
MANAGE = ("operation.manage", PROGRAMME)


@dataclass
class House:
    """A member, and two of the staff who may move points."""

    resources: Resources
    now: datetime
    member: MadeMember
    one: Actor
    other: Actor

    async def grant(
        self, points: int, *, by: Actor | None = None, to: UUID | None = None, key: str = ""
    ) -> PointsGrant:
        wish = Wish(key or str(uuid4()), to or self.member.id, points, WHY)
        return await granting.grant(by or self.one, wish, resources=self.resources, now=self.now)

    async def decide(self, grant: PointsGrant, *, approve: bool = True, by: Actor | None = None) -> PointsGrant:
        return await granting.decide(
            by or self.other, grant.id, approve=approve, reason="проверено", resources=self.resources, now=self.now
        )

    async def refused(self, command: Any) -> tuple[Code, str | None, dict[str, Any]]:
        """A refusal after which nothing has moved."""
        before = await state()
        with pytest.raises(Refusal) as refusal:
            await command
        assert await state() == before
        return refusal.value.code, refusal.value.field, dict(refusal.value.facts)

    async def actor(self, *rights: tuple[str, Scope]) -> Actor:
        return await make_actor(await make_holder(self.resources, self.now, *rights), self.now)


@pytest.fixture
async def house(db: None, now: datetime, tmp_path: Path, resources: Resources) -> House:
    await apply_points(tmp_path, now, TERMS)
    made = House(resources, now, await make_member(now), Actor.operator(), Actor.operator())
    made.one, made.other = [await made.actor(("operation.view", PROGRAMME), MANAGE) for _ in range(2)]
    return made


async def test_points_are_given_as_a_lot_that_ends_as_any_other(house: House) -> None:
    """A-102, E2: GOODWILL to what can be spent, at once, with the end of what is earned today; told with its reason."""
    made = await house.grant(100)
    assert (made.state, made.points, made.asked_by, made.expires_at) == ("DONE", 100, house.one.id, None)
    (lot,) = (await balance_of(house.member.id, house.now)).lots
    assert (lot.points, lot.issuer, lot.usable, lot.purchase) == (100, None, True, None)
    assert lot.expires_at == datetime(
        2026, 4, 13, 21, tzinfo=UTC
    )  # thirty days after the fourteenth of March, in Moscow
    entries = await database.fetch(
        "SELECT a.owner_kind, a.purpose, e.amount FROM ledger_transaction AS t JOIN entry AS e ON e.transaction_id = t.id"
        " JOIN account AS a ON a.id = e.account_id WHERE t.cause_id = $1 AND t.kind = 'POINTS_GRANTED' ORDER BY 3",
        made.id,
    )
    assert [tuple(row) for row in entries] == [("PROGRAMME", "goodwill", -100), ("MEMBER", "available", 100)]
    (move,) = await history.page(house.member.id, rows=5, after=None)
    assert (move.kind, move.points, move.why) == ("GRANTED", 100, WHY)
    told = "SELECT kind FROM card_activity WHERE member_id = $1"
    assert await database.fetchval(told, house.member.id) == "POINTS_CHANGED"
    assert await check_books(house.now) == []


async def test_the_log_has_it_once_with_right_reason_and_person(house: House) -> None:
    """INV-21, I-31: in the transaction of the points; a repetition adds nothing."""
    await house.grant(100, key="одно")
    before = await state(everything=True)
    await house.grant(100, key="одно")
    assert await state(everything=True) == before
    rows = await database.fetch("SELECT * FROM audit_event WHERE action = 'points.grant'")
    assert [(row["actor_id"], row["right_code"], row["reason"], row["object_id"]) for row in rows] == [
        (house.one.id, "operation.manage", WHY, str(house.member.id))
    ]


async def test_a_debt_is_repaid_first(house: House) -> None:
    """E2, I-06: nobody has points and a debt at once."""
    till, _ = await make_till(house.now, partner="shop", outlet="shop-one")
    made = await buy(house.resources, till, house.member, [goods(800)], house.now)
    await buy(house.resources, till, house.member, [goods(160)], house.now, points=80)
    await give_back(house.resources, till, made, house.now)
    debt = (await stored(house.member.id))[3]
    assert debt > 0
    await house.grant(100)
    assert await stored(house.member.id) == (100 - debt, 0, 0, 0)
    assert await check_books(house.now) == []


async def test_points_are_taken_from_what_ends_first_and_never_below_nothing(house: House) -> None:
    """A-102, E5: a return without its receipt; what waits or is put aside is not touched."""
    await given(house.member.id, 40, house.now, days=20)
    await given(house.member.id, 40, house.now, days=5)
    house.now += timedelta(seconds=1)
    made = await house.grant(-50)
    assert (made.state, made.points) == ("DONE", -50)
    balance = await balance_of(house.member.id, house.now)
    assert [(lot.points, lot.expires_at) for lot in balance.lots] == [(30, house.now + timedelta(days=20, seconds=-1))]
    (move, *_) = await history.page(house.member.id, rows=5, after=None)
    assert (move.kind, move.points, move.why) == ("WITHDRAWN", -50, WHY)
    code, field, facts = await house.refused(house.grant(-31))
    assert (code, field, facts["points"]) == (Code.NOT_ENOUGH_POINTS, "input.points", 30)
    assert await check_books(house.now) == []


async def test_above_the_bound_it_waits_for_somebody_else(house: House) -> None:
    """E2 "second pair of eyes above limit": nothing moves before, the asker never says yes, and yes is said once."""
    made = await house.grant(101)
    assert (made.state, made.expires_at) == ("WAITING", house.now + four_eyes.LIFE)
    assert await stored(house.member.id) == (0, 0, 0, 0)
    assert (await house.refused(house.decide(made, by=house.one)))[0] is Code.FORBIDDEN
    done = await house.decide(made)
    assert (done.state, done.decision_reason) == ("DONE", "проверено")
    assert await stored(house.member.id) == (101, 0, 0, 0)
    assert (await house.refused(house.decide(made)))[:2] == (Code.INVALID_INPUT, "id")
    assert (await house.refused(house.decide(made, approve=False)))[:2] == (Code.INVALID_INPUT, "id")
    said = await database.fetch(
        "SELECT actor_id, outcome FROM audit_event WHERE action = 'points.decide' ORDER BY sequence"
    )
    assert [tuple(row) for row in said] == [(house.one.id, "REFUSED"), (house.other.id, "DONE")]
    assert await check_books(house.now) == []


async def test_a_no_and_one_s_own_taking_back_move_nothing(house: House) -> None:
    """E2: whoever asked may take it back, anybody who may decide says no; a week later nobody says yes any more."""
    for by in (house.one, house.other):
        made = await house.decide(await house.grant(200), approve=False, by=by)
        assert made.state == "REJECTED"
    late = await house.grant(200)
    house.now += four_eyes.LIFE
    assert late.state_at(house.now) == "EXPIRED"
    house.other = await house.actor(MANAGE)
    assert (await house.refused(house.decide(late)))[:2] == (Code.INVALID_INPUT, "id")
    assert await stored(house.member.id) == (0, 0, 0, 0)


async def test_what_somebody_asked_who_was_kept_out_since_is_not_carried_out(house: House) -> None:
    """E8, T20: a wish of a blocked account is refused or asked for anew by somebody else."""
    made = await house.grant(200)
    await database.execute("UPDATE staff SET status = 'BLOCKED' WHERE id = $1", house.one.id)
    assert (await house.refused(house.decide(made)))[:2] == (Code.INVALID_INPUT, "id")
    assert (await house.decide(made, approve=False)).state == "REJECTED"
    assert await stored(house.member.id) == (0, 0, 0, 0)


async def test_the_database_itself_asks_for_two(house: House) -> None:
    """E2: whatever a program says, no row that waited is moved by its asker, and none is changed afterwards."""
    made = await house.grant(200)
    decide = "UPDATE points_grant SET state = 'DONE', decided_by = $2, decided_at = $3, posted_at = $3 WHERE id = $1"
    with pytest.raises(Violation, match="points_grant_two"):
        await database.execute(decide, made.id, house.one.id, house.now)
    await house.decide(made)
    for change in ("points = 5", "state = 'WAITING'", "reason = 'другая'", "decided_by = asked_by"):
        with pytest.raises(Violation):
            await database.execute(f"UPDATE points_grant SET {change} WHERE id = $1", made.id)
    with pytest.raises(Violation, match="points_grant_only_decided"):
        await database.execute("DELETE FROM points_grant")


async def test_cut_into_parts_it_waits_all_the_same(house: House) -> None:
    """A-102: of a member and of one person; given and taken are counted apart, and a day is the programme's local one."""
    assert (await house.grant(60)).state == "DONE"
    assert (await house.grant(41, by=house.other)).state == "WAITING"
    assert (await house.grant(-60)).state == "DONE"
    for _ in range(2):
        assert (await house.grant(100, to=(await make_member(house.now)).id)).state == "DONE"
    another = await make_member(house.now)
    assert (await house.grant(41, to=another.id)).state == "WAITING"  # 60 + 100 + 100 + 41 of one person
    assert (await house.grant(41, to=another.id, by=house.other)).state == "DONE"
    house.now = datetime(2026, 3, 14, 21, 0, tzinfo=UTC)  # midnight in Moscow
    house.one = await house.actor(MANAGE)
    assert (await house.grant(100)).state == "DONE"


async def test_the_day_s_most_binds_two_people_too(house: House) -> None:
    """A-102: refused when it is asked for, and when it is approved after others were."""
    first, second = await house.grant(300), await house.grant(300)
    code, field, facts = await house.refused(house.grant(501))
    assert (code, field, facts["left"]) == (Code.LIMIT_REACHED, "input.points", 500)
    await house.decide(first)
    code, field, facts = await house.refused(house.decide(second))
    assert (code, field, facts["left"]) == (Code.LIMIT_REACHED, "id", 200)
    assert (await house.grant(100)).state == "DONE"
    assert await stored(house.member.id) == (400, 0, 0, 0)


async def test_what_is_no_grant_is_refused_and_moves_nothing(house: House, tmp_path: Path) -> None:
    """A-102: no points, nobody, one's own card, a right that is held elsewhere, another body under a key, a full balance."""
    await house.grant(10, key="одно")
    assert (await house.refused(house.grant(0)))[:2] == (Code.INVALID_INPUT, "input.points")
    assert (await house.refused(house.grant(10, to=uuid4())))[:2] == (Code.NOT_FOUND, "input.member")
    assert (await house.refused(house.grant(11, key="одно")))[:2] == (Code.KEY_REUSED, "input.idempotencyKey")
    viewer = await house.actor(("operation.view", PROGRAMME))
    local = await house.actor(("operation.manage", Scope(("shop",))))
    for stranger in (viewer, local):
        assert (await house.refused(house.grant(10, by=stranger)))[0] is Code.FORBIDDEN
    waiting = await house.grant(200)
    assert (await house.refused(house.decide(waiting, by=local)))[0] is Code.FORBIDDEN
    assert (await house.refused(house.decide(replace(waiting, id=uuid4()))))[0] is Code.NOT_FOUND
    for own in (house.one, house.other):
        await database.execute("UPDATE staff SET email = $2 WHERE id = $1", own.id, f"was{own.id}@example.ru")
    await database.execute("UPDATE staff SET email = $2 WHERE id = $1", house.other.id, house.member.email)
    assert (await house.refused(house.grant(10, by=house.other)))[0] is Code.FORBIDDEN
    assert (await house.refused(house.decide(waiting)))[0] is Code.FORBIDDEN
    await apply_points(tmp_path, house.now, TERMS, ("  worth: 1\n", "  worth: 1\n  balance_max: 50\n"))
    code, _, facts = await house.refused(house.grant(41))
    assert (code, facts["left"]) == (Code.LIMIT_REACHED, 40)
    await apply_points(tmp_path, house.now)
    assert (await house.refused(house.grant(10)))[:2] == (Code.INVALID_INPUT, "input.member")


async def test_ten_rivals_under_one_key_are_one_grant(house: House) -> None:
    """I-08, E7: whoever comes first moves the points, the others hear the same."""
    told = await rivals(*[partial(house.grant, 100, key="одно")] * 10)
    assert {one.id for one in told} == {told[0].id}
    assert await stored(house.member.id) == (100, 0, 0, 0)
    assert await database.fetchval("SELECT count(*) FROM points_grant") == 1
    waiting = await house.grant(101)
    answers = await rivals_told(*[partial(house.decide, waiting)] * 10)
    assert sum(isinstance(one, PointsGrant) for one in answers) == 1
    assert await stored(house.member.id) == (201, 0, 0, 0)
    assert await check_books(house.now) == []


async def test_bounds_hold_among_rivals(house: House) -> None:
    """I-30: ten at once of two people, 30 each: three at once, the others wait; of ten yes to 110 three fit into the day."""
    told = await rivals(*(partial(house.grant, 30, by=by) for by in [house.one, house.other] * 5))
    assert sorted(one.state for one in told) == ["DONE"] * 3 + ["WAITING"] * 7
    third = await house.actor(MANAGE)
    large = [await house.grant(110) for _ in range(10)]
    answers = await rivals_told(*(partial(house.decide, one, by=third) for one in large))
    codes = [one.code for one in answers if isinstance(one, Refusal)]
    assert codes == [Code.LIMIT_REACHED] * 7
    assert await stored(house.member.id) == (90 + 330, 0, 0, 0)
    assert await check_books(house.now) == []


async def test_of_rivals_who_take_nobody_takes_what_is_not_there(house: House) -> None:
    """INV-04, E7: ten times 30 of 100 is three times."""
    await given(house.member.id, 100, house.now)
    answers = await rivals_told(*[partial(house.grant, -30)] * 10)
    done = [one for one in answers if isinstance(one, PointsGrant) and one.state == "DONE"]
    assert len(done) == 3
    assert await stored(house.member.id) == (10, 0, 0, 0)
    assert await check_books(house.now) == []


async def test_an_erasure_empties_the_reason_and_keeps_the_sum(house: House) -> None:
    """I-34: what somebody wrote of a person goes with them; nothing that waited is given any more."""
    await house.grant(50)
    waiting = await house.grant(300)
    manager = await house.actor(("card.view", PROGRAMME), ("user.manage", PROGRAMME))
    await erasing.erase(manager, house.member.id, reason="заявление", resources=house.resources, now=house.now)
    rows = await database.fetch("SELECT points, reason FROM points_grant ORDER BY points")
    assert [tuple(row) for row in rows] == [(50, ""), (300, "")]
    assert (await house.refused(house.decide(waiting)))[:2] == (Code.NOT_FOUND, "id")
