"""A-228, A-229, INV-14, INV-23 and the rows on gateways of the fault matrix."""

import asyncio
from datetime import datetime, timedelta
from functools import partial

import pytest

from integrations.ports import Drained, Message, Refused, Told, Unavailable, Uncertain
from loyalty.messages import Cause, Channel, Fate
from loyalty.programme import DocumentKind
from models import database
from services import consents, programmes
from services.gateways import DRAINED_SECONDS, PATIENCE
from services.messages import cascade
from services.messages.planning import Draft, plan
from services.resources import Policy, Resources
from services.work import work
from tests.makers.gateways import ScriptedGateway, make_gateways
from tests.makers.joining import BOTH, make_caller
from tests.makers.mail import RememberingMailer
from tests.makers.messages import attempt_rows, make_reachable, message_row, plan_one, state_of
from tests.makers.patience import PATIENCE_SECONDS, rivals
from tests.makers.working import work_off

ALL = list(Channel)
WAIT = timedelta(seconds=Policy().notice_wait_seconds)
ADVERT = {"cause": Cause.MARKETING, "channels": ALL, "text": "Скидка на выходные.", "subject": "Скидка"}


async def test_a_message_leaves_if_and_only_if_its_transaction_commits(resources: Resources, now: datetime) -> None:
    """INV-23, I-28."""
    member = await make_reachable(resources, now)
    gateway = ScriptedGateway()
    draft = Draft(member_id=member, cause=Cause.SERVICE, channels=[Channel.SMS], text="Да", dedupe_key="once")
    with pytest.raises(ZeroDivisionError):
        async with work() as tx:
            await plan(tx, draft, Policy(), now)
            raise ZeroDivisionError
    await work_off(resources, make_gateways(gateway), now)
    assert gateway.taken == []
    for _ in range(2):
        async with work() as tx:
            await plan(tx, draft, Policy(), now)
    await work_off(resources, make_gateways(gateway), now)
    assert [one.text for one in gateway.taken] == ["Да"]


async def test_silence_moves_on_by_the_deadline_of_each_step(resources: Resources, now: datetime) -> None:
    """A-228, A-229: Viber, then SMS, then e-mail, each after its own wait and an unanswered question."""
    member = await make_reachable(resources, now)
    gateway, mailer = ScriptedGateway(), RememberingMailer()
    gateways = make_gateways(gateway, mailer=mailer)
    message = await plan_one(member, now, channels=ALL)
    await work_off(resources, gateways, now)
    assert ([one.channel for one in gateway.taken], await state_of(message)) == ([Channel.VIBER], "SENT")
    await work_off(resources, gateways, now + WAIT - timedelta(seconds=1))
    assert len(gateway.taken) == 1
    await work_off(resources, gateways, now + WAIT)
    assert [one.channel for one in gateway.taken] == [Channel.VIBER, Channel.SMS]
    assert len(gateway.asked) == 1, "a report may be lost: the gateway is asked before its channel is given up"
    await work_off(resources, gateways, now + 2 * WAIT)
    assert [letter.subject for letter in mailer.sent] == ["Ваша карта"]
    await work_off(resources, gateways, now + 9 * WAIT)
    assert (len(gateway.taken), len(mailer.sent), await state_of(message)) == (2, 1, "SENT")
    assert len({one.id for one in gateway.taken}) == 2


async def test_a_lost_report_is_made_good_by_asking(resources: Resources, now: datetime) -> None:
    member = await make_reachable(resources, now)
    gateway = ScriptedGateway()
    message = await plan_one(member, now, channels=ALL)
    await work_off(resources, make_gateways(gateway), now)
    (attempt,) = await attempt_rows(message)
    gateway.fates[attempt["provider_id"]] = Fate.READ
    await work_off(resources, make_gateways(gateway), now + WAIT)
    assert (len(gateway.taken), await state_of(message)) == (1, "READ")


async def test_an_answer_that_was_lost_is_looked_for_and_not_sent_again(resources: Resources, now: datetime) -> None:
    """Gateway time-out after accept: at most one message a send id."""
    member = await make_reachable(resources, now)
    gateway = ScriptedGateway()
    gateway.lost = Uncertain("no answer")
    message = await plan_one(member, now)
    await work_off(resources, make_gateways(gateway), now)
    (attempt,) = await attempt_rows(message)
    assert (attempt["fate"], await state_of(message)) == ("HANDING", "QUEUED")
    gateway.looking_fails = Unavailable("still away")
    gateway.lost = None
    await work_off(resources, make_gateways(gateway), now + timedelta(seconds=20))
    assert len(gateway.taken) == 1
    gateway.looking_fails = None
    await work_off(resources, make_gateways(gateway), now + timedelta(seconds=60))
    (attempt,) = await attempt_rows(message)
    assert (attempt["fate"], len(gateway.taken), await state_of(message)) == ("ACCEPTED", 1, "SENT")


async def test_what_nobody_can_say_is_asked_for_to_the_end_of_its_life(resources: Resources, now: datetime) -> None:
    """The last channel, and a gateway that never says: no second message, and an end."""
    member = await make_reachable(resources, now)
    gateway = ScriptedGateway()
    gateway.lost, gateway.looking_fails = Uncertain("no answer"), Unavailable("away")
    message = await plan_one(member, now)
    for hours in (0, 1, 12, 23):
        await work_off(resources, make_gateways(gateway), now + timedelta(hours=hours))
        assert await state_of(message) == "QUEUED"
    await work_off(resources, make_gateways(gateway), now + timedelta(hours=25))
    assert (await state_of(message), (await message_row(message))["reason"]) == ("UNDELIVERED", "UNKNOWN")
    assert len(gateway.taken) == 1


async def test_a_lost_answer_is_asked_for_once_more_before_the_next_channel(
    resources: Resources, now: datetime
) -> None:
    member = await make_reachable(resources, now)
    gateway, mailer = ScriptedGateway(), RememberingMailer()
    gateways = make_gateways(gateway, mailer=mailer)
    gateway.lost = Uncertain("no answer")
    message = await plan_one(member, now, channels=[Channel.SMS, Channel.EMAIL])
    await work_off(resources, gateways, now)
    await database.execute("DELETE FROM job")  # nobody looked until the deadline was over
    gateway.fates[f"scripted-{gateway.taken[0].id}"] = Fate.DELIVERED
    await cascade.advance(message, resources, gateways, now + WAIT)
    assert (len(gateway.taken), mailer.sent, await state_of(message)) == (1, [], "DELIVERED")


async def test_what_was_surely_not_taken_is_sent(resources: Resources, now: datetime) -> None:
    member = await make_reachable(resources, now)
    gateway = ScriptedGateway()
    gateway.failing = Uncertain("no answer")
    message = await plan_one(member, now)
    await work_off(resources, make_gateways(gateway), now)
    gateway.failing = None
    await work_off(resources, make_gateways(gateway), now + timedelta(seconds=20))
    assert (len(gateway.taken), await state_of(message)) == (1, "SENT")


@pytest.mark.parametrize("trouble", [Unavailable("503"), Drained("no money"), Refused("unknown sender")])
async def test_the_next_gateway_takes_over(resources: Resources, now: datetime, trouble: Exception) -> None:
    """SMS 5xx, out of money: the next gateway, without waiting."""
    member = await make_reachable(resources, now)
    first, second = ScriptedGateway("first"), ScriptedGateway("second")
    first.failing = trouble
    message = await plan_one(member, now)
    await work_off(resources, make_gateways(first, second), now)
    assert (len(first.taken), len(second.taken), await state_of(message)) == (0, 1, "SENT")


async def test_a_broken_gateway_is_left_alone_for_a_while(resources: Resources, now: datetime) -> None:
    member = await make_reachable(resources, now)
    first, second = ScriptedGateway("first"), ScriptedGateway("second")
    first.failing = Unavailable("away")
    gateways = make_gateways(first, second)
    for _ in range(3):
        await plan_one(member, now)
        await work_off(resources, gateways, now)
    assert not gateways.gate("first").lets_through(now)
    first.failing = None
    await plan_one(member, now)
    await work_off(resources, gateways, now)
    assert (len(first.taken), len(second.taken)) == (0, 4)
    await plan_one(member, now)
    await work_off(resources, gateways, now + timedelta(seconds=31))
    assert (len(first.taken), gateways.gate("first").held_seconds(now)) == (1, 0)


class HangingGateway(ScriptedGateway):
    """Answers nobody before it is let go."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.come = 0
        self.let_go = asyncio.Event()

    async def send(self, message: Message) -> Told:
        self.come += 1
        await self.let_go.wait()
        return await super().send(message)


@pytest.mark.parametrize("is_well", [True, False])
async def test_one_tries_a_gateway_after_its_pause(resources: Resources, now: datetime, *, is_well: bool) -> None:
    """security.md 5: of ten rivals one reaches it, and nine go by the next gateway at once; what becomes of the one decides."""
    first, second = HangingGateway("first"), ScriptedGateway("second")
    gateways = make_gateways(first, second)
    member, gate = await make_reachable(resources, now), gateways.gate("first")
    for _ in range(PATIENCE.failures):
        gate.note(gate.enter(now), now, Unavailable("away"))
    later = now + timedelta(seconds=PATIENCE.seconds)
    messages = [await plan_one(member, now) for _ in range(10)]
    trying = [asyncio.create_task(cascade.advance(one, resources, gateways, later)) for one in messages]
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(second.taken) < 9:
            await asyncio.sleep(0.01)
    assert (first.come, gate.lets_through(later)) == (1, False)
    first.failing = None if is_well else Unavailable("still away")
    first.let_go.set()
    await asyncio.gather(*trying)
    assert (first.come, len(first.taken), len(second.taken)) == ((1, 1, 9) if is_well else (1, 0, 10))
    assert gate.held_seconds(later) == (0 if is_well else 2 * PATIENCE.seconds)


async def test_an_account_without_money_is_asked_and_given_nothing(resources: Resources, now: datetime) -> None:
    """Held back for ten minutes at once; questions about what it has taken go past, and end nothing."""
    gateway, mailer = ScriptedGateway(), RememberingMailer()
    gateways = make_gateways(gateway, mailer=mailer)
    member, gate = await make_reachable(resources, now), gateways.gate("scripted")
    message = await plan_one(member, now, channels=[Channel.SMS, Channel.EMAIL])
    await work_off(resources, gateways, now)
    (attempt,) = await attempt_rows(message)
    dry = now + WAIT - timedelta(seconds=60)
    gate.note(gate.enter(dry), dry, Drained("no money"))
    assert gate.held_seconds(dry) == DRAINED_SECONDS
    gateway.fates[attempt["provider_id"]] = Fate.DELIVERED
    await work_off(resources, gateways, now + WAIT)
    assert (len(gateway.asked), gate.lets_through(now + WAIT)) == (1, False)
    assert (await state_of(message), mailer.sent) == ("DELIVERED", [])


async def test_with_every_gateway_away_a_notice_waits_and_goes_on_by_letter(
    resources: Resources, now: datetime
) -> None:
    member = await make_reachable(resources, now)
    gateway, mailer = ScriptedGateway(), RememberingMailer()
    gateway.failing = Unavailable("away")
    gateways = make_gateways(gateway, mailer=mailer)
    message = await plan_one(member, now, channels=[Channel.SMS, Channel.EMAIL])
    await work_off(resources, gateways, now)
    assert (await state_of(message), (await message_row(message))["reason"]) == ("ELIGIBLE", "NO_GATEWAY")
    assert mailer.sent == []
    await work_off(resources, gateways, now + WAIT)
    assert (len(mailer.sent), await state_of(message)) == (1, "SENT")


async def test_a_message_that_nobody_took_in_its_life_is_given_up(resources: Resources, now: datetime) -> None:
    member = await make_reachable(resources, now)
    gateway = ScriptedGateway()
    gateway.failing = Unavailable("away")
    message = await plan_one(member, now)
    for hours in (0, 1, 23, 25):
        await work_off(resources, make_gateways(gateway), now + timedelta(hours=hours))
    assert (await state_of(message), (await message_row(message))["reason"]) == ("UNDELIVERED", "EXPIRED")


async def test_ten_workers_at_once_hand_over_once(resources: Resources, now: datetime) -> None:
    member = await make_reachable(resources, now)
    gateway = ScriptedGateway()
    gateways = make_gateways(gateway)
    message = await plan_one(member, now)
    await rivals(*(partial(cascade.advance, message, resources, gateways, now) for _ in range(10)))
    assert len(gateway.taken) == 1


async def test_an_advert_needs_the_consent_of_the_moment(resources: Resources, now: datetime) -> None:
    """INV-14, I-36: given when it was planned, withdrawn between two channels, so the second one sends nothing."""
    member = await make_reachable(resources, now, accepted=(*BOTH, DocumentKind.MARKETING))
    gateway, mailer = ScriptedGateway(), RememberingMailer()
    gateways = make_gateways(gateway, mailer=mailer)
    message = await plan_one(member, now, **ADVERT)
    await work_off(resources, gateways, now)
    assert [one.channel for one in gateway.taken] == [Channel.VIBER]
    await consents.withdraw(member, DocumentKind.MARKETING, make_caller(), now + timedelta(minutes=1))
    await work_off(resources, gateways, now + timedelta(days=1))
    assert (len(gateway.taken), mailer.sent) == (1, [])
    assert (await message_row(message))["reason"] == "NO_CONSENT"
    later = await plan_one(member, now, **ADVERT)
    await work_off(resources, gateways, now + timedelta(hours=2))
    assert (await state_of(later), (await message_row(later))["reason"]) == ("SUPPRESSED", "NO_CONSENT")


async def test_one_advert_a_day(resources: Resources, now: datetime) -> None:
    member = await make_reachable(resources, now, accepted=(*BOTH, DocumentKind.MARKETING))
    gateway = ScriptedGateway()
    for _ in range(3):
        await plan_one(member, now, **ADVERT)
        await work_off(resources, make_gateways(gateway), now)
    assert len(gateway.taken) == 1


async def test_adverts_keep_the_hours_of_their_reader(resources: Resources, now: datetime) -> None:
    """A-231: between 10 and 20 o'clock by the programme's clock, for a number that could be anywhere."""
    zone = (await programmes.current(now)).time_zone
    assert zone == "Europe/Moscow"
    night = now.replace(hour=19)  # 22 in Moscow
    member = await make_reachable(resources, night, accepted=(*BOTH, DocumentKind.MARKETING))
    gateway = ScriptedGateway()
    message = await plan_one(member, night, **ADVERT)
    await work_off(resources, make_gateways(gateway), night)
    assert (gateway.taken, await state_of(message)) == ([], "PLANNED")
    morning = night.replace(hour=7, minute=0, second=0) + timedelta(days=1)
    await work_off(resources, make_gateways(gateway), morning - timedelta(seconds=1))
    assert gateway.taken == []
    await work_off(resources, make_gateways(gateway), morning)
    assert len(gateway.taken) == 1


async def test_a_number_that_nobody_proved_gets_no_message(resources: Resources, now: datetime) -> None:
    member = await make_reachable(resources, now)
    await database.execute("UPDATE contact SET verified_at = NULL WHERE kind = 'PHONE'")
    gateway, mailer = ScriptedGateway(), RememberingMailer()
    await plan_one(member, now, channels=ALL)
    await work_off(resources, make_gateways(gateway, mailer=mailer), now)
    assert (gateway.taken, len(mailer.sent)) == ([], 1)


async def test_a_worker_that_dies_while_it_asks_leaves_one_message(resources: Resources, now: datetime) -> None:
    """SIGKILL between the gateway's answer and our note of it: the next worker finds the message and sends none."""
    member = await make_reachable(resources, now)
    gateway = ScriptedGateway()
    gateways = make_gateways(gateway)
    message = await plan_one(member, now)

    class Killed(BaseException):
        pass

    gateway.lost = Killed()  # type: ignore[assignment]
    with pytest.raises(Killed):
        await cascade.advance(message, resources, gateways, now)
    gateway.lost = None
    await cascade.advance(message, resources, gateways, now + timedelta(seconds=10))
    assert len(gateway.taken) == 1, "whoever holds it is given time"
    await cascade.advance(message, resources, gateways, now + timedelta(seconds=60))
    assert (len(gateway.taken), await state_of(message)) == (1, "SENT")
