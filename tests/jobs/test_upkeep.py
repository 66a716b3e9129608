"""Nightly upkeep deletes what has served its time and nothing else, and says how much in the log."""

import io
import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from jobs import nightly, upkeep
from models import database
from models.ids import uuid7
from services import bus
from services.limits import PostgresLimits
from services.nightly import Night, Step, go_on
from tests.makers.logs import logged
from tests.makers.programme import make_programme
from tests.makers.resources import make_resources

INSERT = "INSERT INTO card_activity (member_id, kind, at) VALUES ($1, 'SCANNED', $2)"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    with logged() as stream:
        yield stream


def make_night(now: datetime) -> Night:
    return Night(day=now.date(), now=now, resources=make_resources())


async def test_what_served_its_time_is_deleted_and_counted(db: None, now: datetime, lines: io.StringIO) -> None:
    limits = PostgresLimits()
    await limits.hit("old", limit=1, window_seconds=1, now=now - timedelta(days=1))
    await limits.hit("young", limit=1, window_seconds=60, now=now)
    for days in (8, 6):
        await database.execute(INSERT, uuid7(), now - timedelta(days=days))
    assert await go_on([Step("sweep", upkeep.sweep)], make_resources(), now)
    assert await database.fetchval("SELECT string_agg(key, ',') FROM limit_counter") == "young"
    assert await database.fetchval("SELECT count(*) FROM card_activity") == 1
    told = {line["event"]: line.get("count") for line in map(json.loads, lines.getvalue().splitlines())}
    assert told["counters swept"] == 1
    assert told["card activity swept"] == 1


async def test_more_than_one_statement_may_delete_is_deleted(fresh_database: str, now: datetime) -> None:
    """What a long pause has heaped up takes longer than any statement may, here 4 s; it must not stay for ever."""
    await database.connect(fresh_database)
    await database.execute(
        "INSERT INTO card_activity (member_id, kind, at) SELECT $1, 'SCANNED', $2 FROM generate_series(1, 5000)",
        *(uuid7(), now - timedelta(days=8)),
    )
    await database.execute(
        "CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM pg_sleep(0.0008); RETURN OLD; END $$"
    )
    await database.execute(
        "CREATE TRIGGER slowly BEFORE DELETE ON card_activity FOR EACH ROW EXECUTE FUNCTION slowly()"
    )
    assert await bus.sweep(now) == 5000
    assert await database.fetchval("SELECT count(*) FROM card_activity") == 0


async def test_a_fresh_installation_keeps_itself_before_it_has_a_programme(
    db: None, now: datetime, lines: io.StringIO
) -> None:
    assert await go_on(nightly.STEPS, make_resources(), now)
    assert {json.loads(line)["level"] for line in lines.getvalue().splitlines()} <= {"info"}


async def test_books_that_balance_raise_no_alarm(db: None, now: datetime, lines: io.StringIO) -> None:
    await make_programme(now)
    assert (await upkeep.check_books(make_night(now), "")).trouble is None
    assert lines.getvalue() == ""


def test_what_a_library_hangs_on_a_line_is_left_out(lines: io.StringIO) -> None:
    logging.getLogger("library").warning("hello", extra={"address": "anna@mail.test", "job": "letter.send"})
    line = json.loads(lines.getvalue())
    assert (line["event"], line["job"]) == ("hello", "letter.send")
    assert "anna" not in lines.getvalue()
