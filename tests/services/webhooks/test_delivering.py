"""From a receipt to a partner's server: in the receipt's transaction, signed, tried for days, once whatever happens."""

import asyncio
import re
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from jobs.running import APART, OURS
from loyalty.refusals import Refusal
from models import database
from services import outbox
from services.audit import Actor
from services.purchases import post_purchase
from services.resealing import reseal
from services.webhooks import delivering, endpoints, replaying, spreading, watching
from services.webhooks.replaying import Span
from services.work import work
from tests.makers.patience import planted, until
from tests.makers.purchases import command, dinner, make_quote
from tests.makers.receiver import receiving
from tests.makers.resources import make_keyring
from tests.makers.state import state
from tests.makers.webhooks import make_endpoint
from tests.services.webhooks.conftest import Scene

WHY = "для проверки"


async def test_a_receipt_and_its_refund_are_told_with_sums_and_without_the_guest(scene: Scene, now: datetime) -> None:
    """A-087: signed, by the partner's own facts, and nothing of who the guest is."""
    _, secret = await scene.listen(now)
    purchase = await scene.sell(now, roubles=1250)
    refund = await scene.give_back(purchase, now)
    await scene.tell(now)
    posted, refunded = sorted((heard.event for heard in scene.receiver.heard), key=lambda event: event["type"])
    assert all(heard.verified(secret) for heard in scene.receiver.heard)
    data = posted["data"]
    assert (posted["type"], posted["timestamp"]) == ("purchase.posted", "2026-03-14T09:26:53Z")
    assert (data["purchase"], data["outlet"], data["gross"]) == (str(purchase), "igora-restaurant", "1250.00")
    assert [line["service"] for line in data["lines"]] == ["restaurants"]
    assert (refunded["type"], refunded["data"]["refund"]) == ("purchase.refunded", str(refund))
    assert (refunded["data"]["purchase"], refunded["data"]["left"]) == (str(purchase), "0.00")
    assert [line["line"] for line in refunded["data"]["lines"]] == [data["lines"][0]["id"]]
    told = " ".join(heard.body.decode() for heard in scene.receiver.heard)
    row = await database.fetchrow("SELECT * FROM member WHERE id = $1", scene.member.id)
    assert row is not None
    for secret_of_guest in (
        scene.member.email,
        scene.member.phone,
        scene.member.number,
        row["last_name"],
        str(row["id"]),
    ):
        assert secret_of_guest not in told


async def test_a_tier_that_changed_by_a_receipt_is_told_of_that_receipt(scene: Scene, now: datetime) -> None:
    await scene.listen(now, events=["member.tier_changed"])
    purchase = await scene.sell(now, roubles=150_000)
    await scene.give_back(purchase, now + timedelta(minutes=1))
    await scene.tell(now + timedelta(minutes=1))
    told = [heard.event["data"] for heard in scene.receiver.heard]
    steps = {(one["formerTier"], one["tier"]) for one in told}
    assert steps == {("dreamer", "pioneer"), ("pioneer", "dreamer")}
    assert {one["purchase"] for one in told} == {str(purchase)}


async def test_a_partner_hears_of_its_own_tills_alone(scene: Scene, now: datetime) -> None:
    """T27: a receipt of another partner goes to nobody else."""
    await scene.listen(now, partner="dacha-vintera")
    await scene.sell(now)
    await scene.tell(now)
    assert scene.receiver.heard == []
    assert await database.fetchval("SELECT count(*) FROM webhook_event") == 0


async def test_without_addresses_a_receipt_writes_nothing_more(scene: Scene, now: datetime) -> None:
    await scene.sell(now)
    for table in ("webhook_event", "webhook_delivery", "job"):
        assert await database.fetchval(f"SELECT count(*) FROM {table}") == 0


async def test_a_refused_receipt_is_not_told(scene: Scene, now: datetime) -> None:
    """The event is written with the receipt or not at all; a repeated key tells nothing twice."""
    await scene.listen(now)
    quoted = await make_quote(scene.till, scene.member, [dinner(100)], now)
    wanted = command(quoted.id, quoted.priced.net, now)
    for _ in range(3):
        await post_purchase(scene.resources, scene.till, wanted, now=now)
    with pytest.raises(Refusal):
        other = command(quoted.id, quoted.priced.net, now, key="other")
        await post_purchase(scene.resources, scene.till, other, now=now)
    await scene.tell(now)
    assert len(scene.receiver.heard) == 1


async def test_receipts_of_one_batch_are_told_each(scene: Scene, now: datetime) -> None:
    await scene.listen(now)
    await asyncio.gather(*(scene.sell(now) for _ in range(24)))
    await scene.tell(now)
    assert len({heard.event["data"]["purchase"] for heard in scene.receiver.heard}) == 24
    assert len({heard.id for heard in scene.receiver.heard}) == len(scene.receiver.heard) == 24
    assert scene.receiver.open_most <= delivering.AT_ONCE


async def test_only_what_was_asked_for_is_sent(scene: Scene, now: datetime) -> None:
    await scene.listen(now, events=["purchase.refunded"])
    await scene.give_back(await scene.sell(now), now)
    await scene.tell(now)
    assert [heard.event["type"] for heard in scene.receiver.heard] == ["purchase.refunded"]


async def test_rivals_deliver_each_event_once(scene: Scene, now: datetime) -> None:
    """Ten workers at one address: one of them delivers, the others leave."""
    endpoint, _ = await scene.listen(now)
    for _ in range(30):
        await scene.sell(now)
    async with asyncio.timeout(30):
        while await database.fetchval("SELECT count(*) FROM webhook_event WHERE body IS NULL"):
            events = [row["id"] for row in await database.fetch("SELECT id FROM webhook_event WHERE body IS NULL")]
            await asyncio.gather(*(spreading.spread(events, now) for _ in range(4)))
    assert await database.fetchval("SELECT count(*) FROM webhook_delivery") == 30
    await asyncio.gather(*(delivering.drain(endpoint.id, scene.resources, scene.announcer, now) for _ in range(10)))
    await scene.tell(now)
    assert len(scene.receiver.heard) == 30
    assert len({heard.id for heard in scene.receiver.heard}) == 30


async def test_a_worker_that_vanished_holds_an_address_for_a_minute_at_most(scene: Scene, now: datetime) -> None:
    endpoint, _ = await scene.listen(now)
    await scene.sell(now)
    until = now + delivering.HELD
    await database.execute("UPDATE webhook_endpoint SET drained_until = $1", until)
    await scene.tell(now)
    assert scene.receiver.heard == []
    assert await delivering.drain(endpoint.id, scene.resources, scene.announcer, until) == 1


async def test_one_is_sent_again_under_the_id_it_had(scene: Scene, now: datetime) -> None:
    endpoint, _ = await scene.listen(now)
    await scene.sell(now)
    await scene.sell(now)
    await scene.tell(now)
    first, _ = await scene.deliveries(endpoint.id)
    actor = Actor.operator()
    count = await replaying.replay(actor, endpoint.id, [first.id], reason=WHY, resources=scene.resources, now=now)
    assert count == 1
    await scene.tell(now)
    assert [heard.id for heard in scene.receiver.heard].count(str(first.event)) == 2
    assert len(scene.receiver.heard) == 3


async def test_a_span_is_sent_again_with_what_an_address_never_had(scene: Scene, now: datetime) -> None:
    """An address that came later, or was away for long, is brought up to date."""
    old, _ = await scene.listen(now)
    for hour in range(4):
        await scene.sell(now + timedelta(hours=hour))
    await scene.tell(now + timedelta(hours=4))
    later = now + timedelta(hours=5)
    new, secret = await scene.listen(later)
    actor, span = Actor.operator(), Span(now + timedelta(hours=1), now + timedelta(hours=3), undelivered=True)
    told = {"reason": WHY, "resources": scene.resources, "now": later}
    assert await replaying.replay(actor, old.id, span, **told) == 0  # type: ignore[arg-type]
    assert await replaying.replay(actor, new.id, span, **told) == 2  # type: ignore[arg-type]
    heard = len(scene.receiver.heard)
    await scene.tell(later)
    assert len(scene.receiver.heard) == heard + 2
    assert all(one.verified(secret) for one in scene.receiver.heard[heard:])


async def test_both_secrets_sign_for_a_day(scene: Scene, now: datetime) -> None:
    endpoint, former = await scene.listen(now)
    _, fresh = await endpoints.rotate(Actor.operator(), endpoint.id, reason=WHY, resources=scene.resources, now=now)
    assert fresh != former
    await scene.sell(now)
    await scene.tell(now)
    assert [scene.receiver.heard[-1].verified(one) for one in (former, fresh)] == [True, True]
    tomorrow = now + timedelta(hours=25)
    await scene.sell(tomorrow)
    await scene.tell(tomorrow)
    assert [scene.receiver.heard[-1].verified(one) for one in (former, fresh)] == [False, True]


async def test_secrets_are_sealed_and_move_to_a_new_key(scene: Scene, now: datetime) -> None:
    endpoint, secret = await scene.listen(now)
    everything = str(await database.fetch("SELECT e::text FROM webhook_endpoint AS e"))
    assert secret.removeprefix("whsec_") not in everything
    await endpoints.rotate(Actor.operator(), endpoint.id, reason=WHY, resources=scene.resources, now=now)
    assert await reseal(make_keyring(2)) == 2


async def test_what_is_a_month_old_is_forgotten(scene: Scene, now: datetime) -> None:
    await scene.listen(now)
    await scene.sell(now)
    await scene.tell(now)
    assert await replaying.sweep(now + timedelta(days=29)) == 0
    assert await replaying.sweep(now + timedelta(days=31)) == 1
    for table in ("webhook_event", "webhook_delivery", "webhook_attempt"):
        assert await database.fetchval(f"SELECT count(*) FROM {table}") == 0


async def test_an_ended_address_hears_nothing_more(scene: Scene, now: datetime) -> None:
    endpoint, _ = await scene.listen(now)
    await scene.sell(now)
    await endpoints.end(Actor.operator(), endpoint.id, reason=WHY, resources=scene.resources, now=now)
    await scene.tell(now)
    assert scene.receiver.heard == []
    before = await state()
    await scene.sell(now)
    assert (await state())["webhook_event"] == before["webhook_event"]


async def test_a_slow_partner_keeps_no_other_waiting(scene: Scene, now: datetime) -> None:
    """Letters have places of their own, and one address takes one place of those that call partners."""
    assert set(APART) == {spreading.DRAIN}
    assert spreading.DRAIN not in OURS
    async with receiving() as quick:
        scene.receiver.lets = asyncio.Event()
        await scene.listen(now)
        await make_endpoint(scene.resources, quick.url, now)
        for _ in range(9):
            await scene.sell(now)
        telling = asyncio.create_task(scene.tell(now))
        # By order and not by the clock: nothing of the slow one has been answered when the other has heard everything.
        await until(lambda: len(quick.heard) == 9)
        assert len(scene.receiver.heard) <= delivering.AT_ONCE
        scene.receiver.lets.set()
        await telling
        assert len(scene.receiver.heard) == 9


async def test_no_transaction_is_open_while_a_partner_thinks(scene: Scene, now: datetime) -> None:
    await scene.listen(now)
    await scene.sell(now)
    scene.receiver.delay = 0.5
    telling = asyncio.create_task(scene.tell(now))
    await until(lambda: scene.receiver.open_now)
    open_now = await database.fetchval(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND state LIKE 'idle in transaction%'"
    )
    await telling
    assert open_now == 0


async def test_nothing_of_a_receipt_that_was_rolled_back_is_told(scene: Scene, now: datetime) -> None:
    await scene.listen(now)
    before = await state()
    with pytest.raises(ZeroDivisionError):
        async with work() as tx:
            await tx.fetchval("SELECT tell_partner('igora', 'purchase.posted', $1, $2)", uuid4(), now)
            raise ZeroDivisionError
    assert await state() == before
    assert await outbox.next_due(now - timedelta(days=1)) is None


async def test_the_list_of_addresses_counts_nothing_through(scene: Scene, now: datetime) -> None:
    """With a month of deliveries behind an address its last one is read from an index, one row of it."""
    endpoint, _ = await scene.listen(now)
    await planted(
        "INSERT INTO webhook_event (id, partner, kind, subject_id, at, body) SELECT gen_random_uuid(), 'igora',"
        " 'purchase.posted', gen_random_uuid(), $1::timestamptz - make_interval(secs => n), '{}' FROM generate_series(1, 20000) AS n",
        now,
    )
    await planted(
        "INSERT INTO webhook_delivery (id, event_id, endpoint_id, status, tries, delivered_at, created_at)"
        " SELECT gen_random_uuid(), id, $1, 'DELIVERED', 1, at, at FROM webhook_event",
        endpoint.id,
    )
    await database.execute("ANALYZE webhook_delivery")
    (found,) = await endpoints.page(Actor.operator().access, rows=10)
    assert found.delivered_at == now - timedelta(seconds=1)
    plan = await database.fetch(f"EXPLAIN (ANALYZE, TIMING OFF) {endpoints._PAGE}", 10, None, None, None, None)
    (read,) = [line for (line,) in plan if "webhook_delivery_last" in line]
    assert re.search(r"rows=1(\.00)? loops=1\)$", read)
    assert not [line for (line,) in plan if "Seq Scan on webhook_delivery" in line]


async def test_what_lost_its_jobs_is_taken_up(scene: Scene, now: datetime) -> None:
    """A job that costs three workers is given up; the event and the delivery that it was to make are not."""
    await scene.listen(now)
    await scene.sell(now)
    await database.execute("UPDATE job SET status = 'DEAD', finished_at = $1", now)
    assert await watching.take_up(now + timedelta(minutes=14)) == 0
    later = now + timedelta(minutes=16)
    assert await watching.take_up(later) == 1
    assert await watching.take_up(later) == 0
    await spreading.spread([row["id"] for row in await database.fetch("SELECT id FROM webhook_event")], later)
    await database.execute("UPDATE job SET status = 'DEAD', finished_at = $1", later)
    assert scene.receiver.heard == []
    later += timedelta(minutes=16)
    assert await watching.take_up(later) == 1
    assert await watching.take_up(later) == 0
    await scene.tell(later)
    assert len(scene.receiver.heard) == 1
    assert await watching.take_up(later + timedelta(days=1)) == 0


async def test_what_is_taken_up_stands_before_nothing_else(scene: Scene, now: datetime) -> None:
    """An event that costs workers again leaves the others alone: each has a job of its own."""
    await scene.listen(now)
    await scene.sell(now)
    await scene.sell(now)
    await database.execute("UPDATE job SET status = 'DEAD', finished_at = $1", now)
    assert await watching.take_up(now + timedelta(minutes=16)) == 2
    told = "SELECT jsonb_array_length(payload -> 'events') AS n FROM job WHERE name = $1 AND status = 'READY'"
    assert [row["n"] for row in await database.fetch(told, spreading.SPREAD)] == [1, 1]
