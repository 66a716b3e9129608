"""The log: an event with every write, sealed by the one before; what was changed, cut or slipped in is found."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from loyalty.refusals import Code, Refusal
from loyalty.scopes import Scope
from models import database
from models.database import Violation
from services import audit
from services.audit import Actor, Event, Filters
from services.resources import Resources
from services.staff.acting import acting
from services.work import work
from tests.makers.patience import rivals_told
from tests.makers.staff import make_actor, make_staff
from tests.makers.state import state

ACTOR = Actor.unknown(name="somebody", address="203.0.113.7")


async def write(now: datetime, number: int = 1, **more: object) -> None:
    async with work() as tx:
        event = Event(action="test", object_kind="thing", object_id=str(number), **more)  # type: ignore[arg-type]
        await audit.write(tx, ACTOR, event, now + timedelta(seconds=number))


async def as_superuser(*statements: str) -> None:
    """What somebody does to the log who may do everything in the database."""
    async with database.lease() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            await connection.execute(statement)


async def test_a_chain_that_nobody_touched_holds(db: None, now: datetime) -> None:
    """INV-21, T35."""
    assert await audit.check() == audit.Checked(0, 0, "", [])
    for number in range(1, 8):
        await write(
            now, number, before={"name": "был"}, after={"name": "стал", "sums": [1, 2]}, scope=Scope(("igora",))
        )
    checked = await audit.check()
    assert (checked.events, checked.head, checked.findings) == (7, 7, [])
    assert (await audit.check(expected=(4, await digest_of(4)))).findings == []


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        ("UPDATE audit_event SET reason = 'другая' WHERE sequence = 3", {3}),
        ("UPDATE audit_event SET actor = 'somebody else' WHERE sequence = 1", {1}),
        ("""UPDATE audit_event SET after = '{"name": "Стал"}' WHERE sequence = 5""", {5}),
        ("UPDATE audit_event SET at = at + interval '1 microsecond' WHERE sequence = 7", {7}),
        ("DELETE FROM audit_event WHERE sequence = 4", {5}),
        ("DELETE FROM audit_event WHERE sequence = 1", {2}),
        (
            "UPDATE audit_event SET reason = 'x' WHERE sequence = 6; UPDATE audit_event AS e SET hash = audit_digest(e) WHERE sequence = 6",
            {7},
        ),
    ],
)
async def test_whatever_is_changed_afterwards_is_found(
    db: None, now: datetime, tampering: str, found: set[int]
) -> None:
    """T35, I-26: the check names the event, or the one behind it."""
    for number in range(1, 8):
        await write(now, number, reason="причина", after={"name": "стал"})
    await as_superuser(*tampering.split(";"))
    assert {finding.sequence for finding in (await audit.check()).findings} == found


async def test_a_cut_end_is_found_by_a_hash_that_was_kept(db: None, now: datetime) -> None:
    """The daily check writes the end into the program's log, which lies elsewhere."""
    for number in range(1, 6):
        await write(now, number)
    kept = await audit.check()
    await as_superuser("DELETE FROM audit_event WHERE sequence > 3")
    assert (await audit.check()).findings == []
    findings = (await audit.check(expected=(kept.head, kept.digest))).findings
    assert [finding.sequence for finding in findings] == [5]
    await write(now, 9)
    await write(now, 10)
    assert (await audit.check(expected=(kept.head, kept.digest))).findings


async def test_rows_are_only_ever_added(db: None, now: datetime) -> None:
    """INV-02."""
    await write(now)
    before = await state(everything=True)
    for statement in ("UPDATE audit_event SET actor = 'x'", "DELETE FROM audit_event", "TRUNCATE audit_event"):
        with pytest.raises(Violation) as refused:
            await database.execute(statement)
        assert refused.value.constraint == "audit_event_append_only"
    assert await state(everything=True) == before


async def test_forty_writers_make_one_chain(db: None, now: datetime) -> None:
    """Rivals wait for each other's commit, so that none continues an event that never was."""

    async def writer(number: int) -> None:
        async with work() as tx:
            await audit.write(tx, ACTOR, Event(action="test", object_kind="thing", object_id=str(number)), now)
            if number % 4 == 0:
                raise Refusal(Code.NOT_FOUND, "staff.not_found")  # its event goes with it

    answers = await rivals_told(*(partial(writer, number) for number in range(40)))
    assert sum(answer is None for answer in answers) == 30
    checked = await audit.check()
    assert (checked.events, checked.head, checked.findings) == (30, 30, [])


async def test_a_write_that_fails_leaves_no_event_and_an_event_that_fails_no_write(
    resources: Resources, now: datetime
) -> None:
    """INV-21, I-31: one transaction."""
    made = await make_staff(resources, now)
    actor = await make_actor(made, now)
    before = await state(everything=True)
    with pytest.raises(ZeroDivisionError):
        async with acting(actor, "admin.manage", "test", resources=resources, now=now) as act:
            await act.tx.execute("UPDATE staff SET comment = 'x' WHERE id = $1", made.id)
            act.record("staff", made.id)
            raise ZeroDivisionError
    assert await state(everything=True) == before
    with pytest.raises(Exception, match="character varying"):
        async with acting(actor, "admin.manage", "test", resources=resources, now=now) as act:
            await act.tx.execute("UPDATE staff SET comment = 'x' WHERE id = $1", made.id)
            act.record("a kind of object that no column has room for", made.id)
    assert await state(everything=True) == before


async def test_refusals_are_noted_and_a_crowd_of_them_is_cut(resources: Resources, now: datetime) -> None:
    """Who lacks a right, which, and for what; thirty tries are twenty events."""
    made = await make_staff(resources, now, role="analyst")
    actor = await make_actor(made, now)
    for _ in range(30):
        with pytest.raises(Refusal) as refused:
            async with acting(actor, "settings.manage", "settings.save", resources=resources, now=now, reason="хочу"):
                raise AssertionError
        assert refused.value.code is Code.FORBIDDEN
    found = await audit.page(rows=100, after=None, filters=Filters(right="settings.manage"))
    assert len(found) == 20
    assert {(one.actor_id, one.action, one.outcome, one.reason) for one in found} == {
        (made.id, "settings.save", "REFUSED", "хочу")
    }
    assert (await audit.check()).findings == []


async def test_pages_are_narrowed(db: None, now: datetime) -> None:
    for number in range(1, 6):
        await write(
            now, number, right="admin.manage" if number % 2 else None, scope=Scope(("igora",) if number < 3 else ())
        )
    everything = await audit.page(rows=3, after=None, filters=Filters())
    assert [one.object_id for one in everything] == ["5", "4", "3"]
    rest = await audit.page(rows=3, after=(everything[-1].at, everything[-1].id), filters=Filters())
    assert [one.object_id for one in rest] == ["2", "1"]
    for filters, found in (
        (Filters(right="admin.manage"), ["5", "3", "1"]),
        (Filters(object="2"), ["2"]),
        (Filters(object="thing"), ["5", "4", "3", "2", "1"]),
        (Filters(since=now + timedelta(seconds=4)), ["5", "4"]),
        (Filters(until=now + timedelta(seconds=4)), ["3", "2", "1"]),
        (Filters(partners=frozenset({"igora"})), ["2", "1"]),
        (Filters(partners=frozenset()), []),
    ):
        assert [one.object_id for one in await audit.page(rows=9, after=None, filters=filters)] == found


async def digest_of(sequence: int) -> str:
    digest: bytes = await database.fetchval("SELECT hash FROM audit_event WHERE sequence = $1", sequence)
    return digest.hex()
