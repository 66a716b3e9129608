"""From a receipt to a partner's server: in the receipt's transaction, signed, tried for days, once whatever happens."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from integrations.ports import Announcer
from jobs.running import APART, OURS
from loyalty.refusals import Refusal
from models import database
from services import outbox
from services.audit import Actor
from services.purchases import post_purchase
from services.refunds import RefundCommand, refund_purchase
from services.resealing import reseal
from services.resources import Resources
from services.tills import TillFacts
from services.webhooks import delivering, endpoints, replaying, spreading
from services.webhooks.endpoints import Endpoint
from services.webhooks.replaying import Delivery, Span
from services.work import work
from tests.makers.mail import RememberingMailer
from tests.makers.people import MadeMember, make_member, make_till
from tests.makers.programme import make_programme
from tests.makers.purchases import command, dinner, make_purchase, make_quote
from tests.makers.receiver import Receiver, receiving
from tests.makers.resources import make_keyring
from tests.makers.staff import IGORA, make_actor, make_holder
from tests.makers.state import state
from tests.makers.webhooks import announcing, make_endpoint, make_near, tell_all

WHY = "для проверки"


@dataclass
class Scene:
    """A partner with a till, a guest, and a server that listens."""

    receiver: Receiver
    announcer: Announcer
    till: TillFacts
    member: MadeMember
    resources: Resources = field(default_factory=make_near)
    mailer: RememberingMailer = field(default_factory=RememberingMailer)

    async def sell(self, now: datetime, *, roubles: int = 100) -> UUID:
        return (await make_purchase(self.resources, self.till, self.member, [dinner(roubles)], now)).purchase.id

    async def give_back(self, purchase: UUID, now: datetime) -> UUID:
        wanted = RefundCommand(str(uuid4()), purchase, None, None, str(uuid4()), now, None)
        return (await refund_purchase(self.resources, self.till, wanted, now=now)).refund.id

    async def tell(self, now: datetime) -> int:
        return await tell_all(self.resources, self.announcer, now, mailer=self.mailer)

    async def listen(self, now: datetime, **more: object) -> tuple[Endpoint, str]:
        return await make_endpoint(self.resources, self.receiver.url, now, **more)  # type: ignore[arg-type]

    async def deliveries(self, endpoint: UUID) -> list[Delivery]:
        return await replaying.page(Actor.operator().access, endpoint, rows=100, after=None, status=None)


@pytest.fixture
async def scene(db: None, now: datetime) -> AsyncIterator[Scene]:
    await make_programme(now)
    till, _ = await make_till(now)
    async with receiving() as receiver, announcing() as announcer:
        yield Scene(receiver, announcer, till, await make_member(now))


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
        scene.receiver.delay = 2.0
        await scene.listen(now)
        await make_endpoint(scene.resources, quick.url, now)
        for _ in range(9):
            await scene.sell(now)
        telling = asyncio.create_task(scene.tell(now))
        async with asyncio.timeout(1.9):
            while len(quick.heard) < 9:
                await asyncio.sleep(0.02)
        assert len(scene.receiver.heard) <= delivering.AT_ONCE
        await telling
        assert len(scene.receiver.heard) == 9


async def test_no_transaction_is_open_while_a_partner_thinks(scene: Scene, now: datetime) -> None:
    await scene.listen(now)
    await scene.sell(now)
    scene.receiver.delay = 0.5
    telling = asyncio.create_task(scene.tell(now))
    async with asyncio.timeout(5):
        while not scene.receiver.open_now:
            await asyncio.sleep(0.01)
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
