"""The status page's facts, each from the table where it stands."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from prometheus_client import REGISTRY

from integrations.ports import Drained, Unavailable
from loyalty.messages import Channel
from models import database
from models.ids import uuid7
from services.pos.plugins import Contact, Contacts
from services.resources import Resources
from services.status import measuring, reading
from services.status.judging import Kind, State, Trouble
from services.status.reading import System, systems
from services.work import work
from tests.makers.people import make_till

ROUTES = {Channel.SMS: ("smsaero", "smsc"), Channel.VIBER: ("smsaero",), Channel.EMAIL: ("smtp",)}


async def read(resources: Resources, now: datetime) -> dict[str, System]:
    return {one.id: one for one in await systems(resources, now)}


async def put(table: str, **values: Any) -> None:
    """A row as it stands in a table."""
    names, places = ", ".join(values), ", ".join(f"${place}" for place in range(1, len(values) + 1))
    await database.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", *values.values())


async def job(now: datetime, name: str, status: str, **values: Any) -> None:
    kept = {"id": uuid7(), "name": name, "payload": "{}", "status": status, "attempts": 0, "deaths": 0}
    await put("job", **(kept | {"run_at": now, "created_at": now} | values))


async def test_an_installation_of_nothing_has_its_own_queues(resources: Resources, now: datetime) -> None:
    """Mail and our queues are always there; nothing else is shown that nobody connected."""
    found = await systems(resources, now)
    assert [(one.id, one.state) for one in found] == [
        ("smtp", State.UNUSED),
        ("inbox", State.WORKING),
        ("jobs", State.WORKING),
    ]


async def test_calls_of_a_day_and_the_newest_failure_are_told(resources: Resources, now: datetime) -> None:
    """A-106: freshness, the share of failures, a hold and the words of the newest failure, of every gateway."""
    mine = replace(resources, routes=ROUTES)
    moment = now - timedelta(hours=30)
    mine.contacts._clock = lambda: moment
    mine.contacts.note("smsaero")
    moment = now - timedelta(hours=2)
    for _ in range(9):
        mine.contacts.note("smsaero")
    moment = now - timedelta(minutes=1)
    mine.contacts.note("smsaero", Drained("no money"), 600.0)
    mine.contacts.note("bank-of-tests", Unavailable("answered 503"))
    await mine.contacts.write()
    found = await read(mine, now)
    assert list(found) == ["smsaero", "smsc", "smtp", "inbox", "jobs", "bank-of-tests"]
    aero = found["smsaero"]
    assert (aero.kind, aero.state, aero.troubles) == (Kind.GATEWAY, State.FAILING, (Trouble.NOT_LET_IN,))
    assert (aero.facts.answered, aero.facts.failed, aero.facts.detail) == (9, 1, "no money")
    assert aero.facts.answered_at == now - timedelta(hours=2)
    assert aero.facts.is_held(now)
    assert not aero.facts.is_held(now + timedelta(minutes=10))
    assert found["smsc"].state is State.UNUSED
    # Whatever has a breaker stands here, whether or not this page has heard of it.
    assert (found["bank-of-tests"].kind, found["bank-of-tests"].state) == (Kind.OTHER, State.FAILING)


async def test_queues_are_read_where_they_stand(resources: Resources, now: datetime) -> None:
    """Lag and what was put aside: jobs, letters, the inbox, webhooks and plugins."""
    hour = timedelta(hours=1)
    await job(now, "points.announce", "READY", run_at=now - timedelta(minutes=7))
    await job(now, "points.announce", "READY", run_at=now + hour)
    await job(now, "points.announce", "READY", run_at=now - hour, leased_until=now + hour, attempts=1)
    await job(now, "points.announce", "DEAD", finished_at=now)
    await put(
        "booking_event",
        id=uuid7(),
        event_id="e1",
        kind="x",
        property_id="1",
        received_at=now,
        tries=0,
        state="ASIDE",
        fault="about a hotel that is not ours",
    )
    till, _ = await make_till(now, partner="igora", outlet="igora-restaurant")
    await Contacts().note(till, Contact("hall", "1.0.0", None, 4, now), now - timedelta(minutes=20))
    found = await read(resources, now)
    jobs = found["jobs"]
    assert (jobs.facts.waiting, jobs.facts.waiting_since, jobs.facts.aside) == (1, now - timedelta(minutes=7), 1)
    assert (jobs.state, jobs.troubles) == (State.FAILING, (Trouble.LATE, Trouble.ASIDE))
    assert (found["inbox"].facts.aside, found["inbox"].troubles) == (1, (Trouble.ASIDE,))
    plugins = found["plugins"]
    assert (plugins.facts.waiting, plugins.state, plugins.troubles) == (4, State.ATTENTION, (Trouble.LATE,))
    assert plugins.facts.answered_at == now - timedelta(minutes=20)
    await job(now, "letter.send", "READY", run_at=now - timedelta(minutes=6))
    assert (await read(resources, now))["smtp"].state is State.FAILING


async def test_accounts_are_judged_by_their_own_alarm(resources: Resources, now: datetime) -> None:
    mine = replace(resources, routes=ROUTES)
    await put("gateway_account", gateway="smsaero", balance=99_00, alarm=100_00, read_at=now)
    await put("gateway_account", gateway="smsc", balance=None, alarm=100_00, read_at=now)
    found = await read(mine, now)
    assert found["smsaero"].troubles == (Trouble.BALANCE_LOW,)
    assert found["smsc"].troubles == (Trouble.BALANCE_UNKNOWN,)


async def test_gauges_say_what_the_page_says(resources: Resources, now: datetime) -> None:
    resources.contacts._clock = lambda: now - timedelta(minutes=3)
    resources.contacts.note("restaurants")
    resources.contacts._clock = lambda: now - timedelta(seconds=5)
    resources.contacts.note("restaurants", Unavailable("answered 503"), 60.0)
    await resources.contacts.write()
    await measuring.measure(resources, now)

    def gauge(name: str, **labels: str) -> float | None:
        return REGISTRY.get_sample_value(name, {"system": "restaurants"} | labels)

    assert gauge("kunak_system_freshness_seconds") == 180
    assert (gauge("kunak_system_failing"), gauge("kunak_system_held")) == (1, 1)
    assert gauge("kunak_system_calls_day", outcome="failed") == 1
    assert REGISTRY.get_sample_value("kunak_system_freshness_seconds", {"system": "smtp"}) == -1


async def test_looking_goes_through_no_long_table(db: None, now: datetime) -> None:
    """Every scrape of every process asks this: what was put aside is counted by an index of the few."""
    async with work() as tx:
        await tx.execute("SET LOCAL enable_seqscan = off")
        plan = [line for (line,) in await tx.fetch(f"EXPLAIN {reading._WAITING}", now, now, [], [], now)]
    long = ("job", "restaurant_order", "restaurant_event", "booking_event", "payment_event", "webhook_delivery")
    assert [line for line in plan if any(re.search(rf"Seq Scan on {table}\b", line) for table in long)] == []
