"""A partner's server that fails: tried for days with the same words, left alone between, disabled at last."""

import asyncio
from datetime import datetime, timedelta

from models import database
from services.audit import Actor
from services.webhooks import delivering, endpoints, spreading
from tests.makers.patience import until
from tests.makers.receiver import receiving
from tests.makers.staff import IGORA, make_actor, make_holder
from tests.services.webhooks.conftest import Scene

WHY = "для проверки"


async def test_what_fails_is_tried_for_three_days_with_the_same_id_and_body(scene: Scene, now: datetime) -> None:
    """Ten tries; the attempt's moment and its signature are new, the id and the body are what they were."""
    endpoint, secret = await scene.listen(now)
    scene.receiver.statuses = [500]
    await scene.sell(now)
    moment = now
    for _ in range(12):
        await scene.tell(moment)
        due = await database.fetchval("SELECT min(run_at) FROM job WHERE status = 'READY'")
        if due is None:
            break
        moment = due
    [delivery] = await scene.deliveries(endpoint.id)
    assert (delivery.status, delivery.tries, len(delivery.attempts)) == ("FAILED", 10, 10)
    assert timedelta(hours=75) < moment - now < timedelta(hours=92)
    assert {attempt.status for attempt in delivery.attempts} == {500}
    assert len({(heard.id, heard.body) for heard in scene.receiver.heard}) == 1
    assert all(heard.verified(secret) for heard in scene.receiver.heard)


async def test_a_server_that_comes_back_gets_everything(scene: Scene, now: datetime) -> None:
    endpoint, _ = await scene.listen(now)
    scene.receiver.statuses = [503, 503, 503, 200]
    purchases = {str(await scene.sell(now)) for _ in range(20)}
    moment = now
    for _ in range(20):
        await scene.tell(moment)
        moment += timedelta(minutes=6)
    found = await scene.deliveries(endpoint.id)
    assert {one.status for one in found} == {"DELIVERED"}
    assert {heard.event["data"]["purchase"] for heard in scene.receiver.heard} == purchases
    assert (await endpoints.one(Actor.operator().access, endpoint.id)).failing_since is None


async def test_a_dead_address_is_asked_seldom_however_much_waits(scene: Scene, now: datetime) -> None:
    """Nothing of what waits is lost, and the worker's places are not spent on it."""
    endpoint, _ = await scene.listen(now)
    scene.receiver.statuses = [500]
    for second in range(60):
        await scene.sell(now + timedelta(seconds=second))
        await scene.tell(now + timedelta(seconds=second))
    assert len(scene.receiver.heard) < 60
    found = await scene.deliveries(endpoint.id)
    assert len(found) == 60
    assert {one.status for one in found} == {"PENDING"}


async def test_after_days_of_failure_it_is_disabled_and_people_are_told(scene: Scene, now: datetime) -> None:
    actor = await make_actor(await make_holder(scene.resources, now, ("pos.manage", IGORA)), now)
    endpoint, _ = await scene.listen(now, actor=actor)
    scene.receiver.statuses = [500]
    for hour in range(0, 6 * 24, 6):
        await scene.sell(now + timedelta(hours=hour))
        await scene.tell(now + timedelta(hours=hour))
    found = await endpoints.one(Actor.operator().access, endpoint.id)
    assert (found.status, found.reason) == ("DISABLED", "FAILING")
    letters = [letter for letter in scene.mailer.sent if "вебхук" in letter.subject.lower()]
    assert len(letters) == 1
    heard, later = len(scene.receiver.heard), now + timedelta(days=7)
    await scene.sell(later)
    await scene.tell(later)
    assert len(scene.receiver.heard) == heard
    scene.receiver.statuses = [200]
    await endpoints.switch(actor, endpoint.id, on=True, reason=WHY, resources=scene.resources, now=later)
    await scene.tell(later + timedelta(days=1))
    found = await endpoints.one(Actor.operator().access, endpoint.id)
    assert (found.status, found.waiting, found.failing_since) == ("ACTIVE", 0, None)


async def test_what_went_well_a_moment_ago_ends_a_row_of_failures(scene: Scene, now: datetime) -> None:
    """Five days without a single success disable an address, not one failure after eight that were taken."""
    endpoint, _ = await scene.listen(now, events=("purchase.posted",))
    for _ in range(9):
        await scene.sell(now)
    await spreading.spread([row["id"] for row in await database.fetch("SELECT id FROM webhook_event")], now)
    await database.execute("UPDATE webhook_endpoint SET failures = 9, failing_since = $1", now - timedelta(days=6))
    scene.receiver.statuses = [*[200] * 8, 500]
    assert await delivering.drain(endpoint.id, scene.resources, scene.announcer, now) == 8
    found = await endpoints.one(Actor.operator().access, endpoint.id)
    assert (found.status, found.failing_since) == ("ACTIVE", now)


async def test_gone_means_gone(scene: Scene, now: datetime) -> None:
    """410: the address is disabled at once and nothing more is sent."""
    endpoint, _ = await scene.listen(now)
    scene.receiver.statuses = [410]
    await scene.sell(now)
    await scene.tell(now)
    found = await endpoints.one(Actor.operator().access, endpoint.id)
    assert (found.status, found.reason, found.waiting) == ("DISABLED", "GONE", 1)
    await scene.tell(now + timedelta(days=1))
    assert len(scene.receiver.heard) == 1


async def test_whoever_asks_us_to_wait_is_left_alone_so_long(scene: Scene, now: datetime) -> None:
    await scene.listen(now)
    scene.receiver.statuses, scene.receiver.more = [429, 200], "retry-after: 900\r\n"
    await scene.sell(now)
    await scene.tell(now)
    await scene.sell(now + timedelta(minutes=14))
    await scene.tell(now + timedelta(minutes=14))
    assert len(scene.receiver.heard) == 1
    await scene.tell(now + timedelta(minutes=15))
    assert len({heard.id for heard in scene.receiver.heard}) == 2


async def test_another_address_starts_with_no_failures(scene: Scene, now: datetime) -> None:
    """What one address failed at is not held against the next: it gets all that waits at once, with every try before it."""
    endpoint, _ = await scene.listen(now)
    scene.receiver.statuses = [500]
    await scene.sell(now)
    for minutes in range(0, 40, 5):
        await scene.tell(now + timedelta(minutes=minutes))
    await database.execute("UPDATE webhook_endpoint SET failing_since = $1", now - timedelta(days=6))
    later, heard = now + timedelta(minutes=41), len(scene.receiver.heard)
    assert heard > 2
    async with receiving() as other:
        other.statuses = [500, 200]
        told = {"reason": WHY, "resources": scene.resources, "now": later}
        await endpoints.change(Actor.operator(), endpoint.id, other.url, endpoint.events, **told)  # type: ignore[arg-type]
        found = await endpoints.one(Actor.operator().access, endpoint.id)
        assert (found.status, found.failing_since, found.waiting) == ("ACTIVE", None, 1)
        await scene.tell(later)
        found = await endpoints.one(Actor.operator().access, endpoint.id)
        assert (found.status, found.failing_since) == ("ACTIVE", later)
        assert [one.tries for one in await scene.deliveries(endpoint.id)] == [1]
        await scene.tell(later + timedelta(seconds=7))
        assert [one.status for one in await scene.deliveries(endpoint.id)] == ["DELIVERED"]
        assert len({one.id for one in (*scene.receiver.heard, *other.heard)}) == 1
    assert len(scene.receiver.heard) == heard


async def test_the_same_address_with_other_events_keeps_its_failures(scene: Scene, now: datetime) -> None:
    endpoint, _ = await scene.listen(now)
    scene.receiver.statuses = [500]
    await scene.sell(now)
    await scene.tell(now)
    told = {"reason": WHY, "resources": scene.resources, "now": now}
    await endpoints.change(Actor.operator(), endpoint.id, endpoint.url, ["purchase.posted"], **told)  # type: ignore[arg-type]
    assert (await endpoints.one(Actor.operator().access, endpoint.id)).failing_since == now


async def test_a_change_while_the_old_address_is_asked_counts_for_the_new_one(scene: Scene, now: datetime) -> None:
    """A slow failure of the old address neither disables the new one nor takes a try of it; nothing more goes to the old one."""
    endpoint, _ = await scene.listen(now)
    scene.receiver.statuses, scene.receiver.delay = [500], 0.5
    for _ in range(12):
        await scene.sell(now)
    await spreading.spread([row["id"] for row in await database.fetch("SELECT id FROM webhook_event")], now)
    await database.execute("UPDATE webhook_endpoint SET failures = 9, failing_since = $1", now - timedelta(days=6))
    async with receiving() as other:
        draining = asyncio.create_task(delivering.drain(endpoint.id, scene.resources, scene.announcer, now))
        await until(lambda: scene.receiver.open_now)
        told = {"reason": WHY, "resources": scene.resources, "now": now}
        await endpoints.change(Actor.operator(), endpoint.id, other.url, endpoint.events, **told)  # type: ignore[arg-type]
        assert await draining == 0
        found = await endpoints.one(Actor.operator().access, endpoint.id)
        assert (found.status, found.failing_since, found.waiting) == ("ACTIVE", None, 12)
        await scene.tell(now)
        assert len(other.heard) == 12
    assert len(scene.receiver.heard) == delivering.AT_ONCE
