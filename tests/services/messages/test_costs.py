"""What texts cost before they are sent: kept with each hand-over, and held back by a day's budget."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from integrations.messaging.letters import MailGateway
from integrations.ports import Drained, Refused, Unavailable
from loyalty.messages import Channel
from loyalty.tariffs import Price, Tariff
from models import database
from services.gateways import Gateways
from services.messages import watching
from services.resources import Policy, Resources
from tests.makers.gateways import ScriptedGateway, make_gateways
from tests.makers.mail import RememberingMailer
from tests.makers.messages import attempt_rows, make_reachable, plan_one
from tests.makers.working import work_off

TARIFF = Tariff((Price("first", Channel.SMS, 500), Price("second", Channel.SMS, 700)))
BOTH = [Channel.SMS, Channel.EMAIL]


def paid(resources: Resources, **policy: Any) -> Resources:
    """The same resources with a tariff and a day's budget."""
    return replace(resources, tariff=TARIFF, policy=Policy(**policy))


class Silent(ScriptedGateway):
    """Says no price, as most do."""

    def _told(self, message: object) -> object:  # type: ignore[override]
        return replace(super()._told(message), cost=None)  # type: ignore[arg-type]


async def test_what_a_text_is_expected_to_cost_is_kept_with_it(resources: Resources, now: datetime) -> None:
    """A-227: by the gateway it goes by and by its parts; unknown where the tariff has no price; nothing for letters."""
    member = await make_reachable(resources, now)
    gateways = make_gateways(ScriptedGateway("first"))
    one = await plan_one(member, now)
    two = await plan_one(member, now, text="я" * 71)
    letter = await plan_one(member, now, channels=[Channel.EMAIL])
    await work_off(paid(resources), gateways, now)
    kept = [(await attempt_rows(message))[0]["expected"] for message in (one, two, letter)]
    assert kept == [500, 1000, 0]
    other = await plan_one(member, now)
    await work_off(resources, gateways, now)
    assert (await attempt_rows(other))[0]["expected"] is None


async def test_a_day_beyond_its_money_goes_on_by_letter(
    resources: Resources, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    """A-227: a text that the day's budget does not cover moves on to the next channel, rings once, and costs nothing."""
    mine = paid(resources, messages_per_day_kopecks=1400)
    member = await make_reachable(mine, now)
    gateway, mailer = Silent("first"), RememberingMailer()
    gateways = make_gateways(gateway, mailer=mailer)
    sent = [await plan_one(member, now + timedelta(seconds=place), channels=BOTH) for place in range(4)]
    await work_off(mine, gateways, now + timedelta(minutes=1))
    assert (len(gateway.taken), len(mailer.sent)) == (2, 2)
    held = [attempts for message in sent if len(attempts := await attempt_rows(message)) == 2]
    assert [(one["gateway"], one["told"], one["expected"]) for one, _ in held] == [("none", "BUDGET", None)] * 2
    with caplog.at_level(logging.ERROR):
        await watching.look(mine, gateways, now + timedelta(minutes=5))
        assert "beyond their budgets" in caplog.text
        caplog.clear()
        await watching.look(mine, gateways, now + timedelta(minutes=20))
        assert "beyond their budgets" not in caplog.text
    # A day later there is money again.
    await plan_one(member, now + timedelta(days=1, minutes=2), channels=BOTH)
    await work_off(mine, gateways, now + timedelta(days=1, minutes=2))
    assert len(gateway.taken) == 3


async def test_what_the_gateway_took_counts_before_what_was_expected(resources: Resources, now: datetime) -> None:
    """520 said, 500 expected: two and one more are within 1540, not within 1539. A refusal costs nothing."""
    for most, goes in ((1540, 3), (1539, 2)):
        mine = paid(resources, messages_per_day_kopecks=most)
        member = await make_reachable(mine, now, email=f"budget-{most}@example.ru", phone=f"+7921123{most}")
        gateway = ScriptedGateway("first")
        gateways = make_gateways(gateway)
        gateway.failing = Refused("unknown sender")
        await plan_one(member, now, channels=BOTH)
        await work_off(mine, gateways, now)
        gateway.failing = None
        for _ in range(3):
            await plan_one(member, now, channels=BOTH)
            await work_off(mine, gateways, now)
        assert len(gateway.taken) == goes
        await database.execute("DELETE FROM delivery_attempt")


async def test_without_a_budget_or_a_price_texts_go(resources: Resources, now: datetime) -> None:
    member = await make_reachable(resources, now)
    gateway = Silent("first")
    for mine in (paid(resources), replace(resources, policy=Policy(messages_per_day_kopecks=1))):
        await plan_one(member, now)
        await work_off(mine, make_gateways(gateway), now)
    assert len(gateway.taken) == 2


async def test_hand_overs_and_accounts_stand_on_the_status_page(resources: Resources, now: datetime) -> None:
    """Out of money: the failure, the hold of ten minutes, and the account with the alarm it is below."""
    member = await make_reachable(resources, now)
    first, second = ScriptedGateway("first"), ScriptedGateway("second")
    first.failing = Drained("no money")
    await plan_one(member, now)
    await work_off(resources, make_gateways(first, second), now)
    await resources.contacts.write()
    rows = {row["system"]: row for row in await database.fetch("SELECT * FROM system_calls")}
    assert (rows["first"]["failed"], rows["first"]["fault"]) == (1, "NOT_LET_IN")
    assert rows["first"]["held_until"] - rows["first"]["failed_at"] == timedelta(minutes=10)
    assert (rows["second"]["answered"], rows["second"]["failed"]) == (1, 0)
    await watching.look(resources, Gateways([second, MailGateway(RememberingMailer())], {}), now)
    account = await database.fetchrow("SELECT gateway, balance, alarm FROM gateway_account")
    assert account is not None
    assert tuple(account) == ("second", 100_000, 100_000)
    second.balance = unread  # type: ignore[method-assign]
    await watching.look(resources, Gateways([second, MailGateway(RememberingMailer())], {}), now)
    assert await database.fetchval("SELECT balance FROM gateway_account") is None


async def unread() -> int | None:
    raise Unavailable("answered 500")
