"""Webhooks in the panel: of one's own partners alone, with secrets shown once and reasons in the log (INV-22)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from loyalty.scopes import PROGRAMME, Scope
from models import database
from services import audit
from tests.graph.staff.conftest import Panel
from tests.makers.people import make_member, make_till
from tests.makers.purchases import dinner, make_purchase
from tests.makers.receiver import receiving
from tests.makers.staff import IGORA, make_holder
from tests.makers.state import state
from tests.makers.webhooks import announcing, make_endpoint, make_near, tell_all

ENDPOINT = "id url events state disabledBy waiting scope { partner } formerSecretUntil deliveredAt"
PROBLEM = "... on Problem { code field message }"
LIST = "{ webhookEndpoints(first: 50) { items { id url state } next } }"
ADD = f"""mutation ($input: AddWebhookInput!) {{ addWebhook(input: $input) {{ __typename
    ... on WebhookAdded {{ secret endpoint {{ {ENDPOINT} }} }} {PROBLEM} }} }}"""
CHANGE = f"""mutation ($input: ChangeWebhookInput!) {{ changeWebhook(input: $input) {{ __typename
    ... on WebhookChanged {{ endpoint {{ {ENDPOINT} }} }} {PROBLEM} }} }}"""
SWITCH = f"""mutation ($id: UUID!, $on: Boolean!) {{ switchWebhook(id: $id, on: $on, reason: "переезд") {{ __typename
    ... on WebhookChanged {{ endpoint {{ {ENDPOINT} }} }} {PROBLEM} }} }}"""
END = f"""mutation ($id: UUID!) {{ endWebhook(id: $id, reason: "не нужен") {{ __typename
    ... on WebhookChanged {{ endpoint {{ id }} }} {PROBLEM} }} }}"""
ROTATE = f"""mutation ($id: UUID!) {{ rotateWebhookSecret(id: $id, reason: "утёк") {{ __typename
    ... on WebhookSecretRotated {{ secret endpoint {{ {ENDPOINT} }} }} {PROBLEM} }} }}"""
TEST = f"""mutation ($id: UUID!) {{ testWebhook(id: $id) {{ __typename ... on WebhookTestSent {{ event }} {PROBLEM} }} }}"""
REPLAY = f"""mutation ($input: ReplayWebhooksInput!) {{ replayWebhooks(input: $input) {{ __typename
    ... on WebhooksReplayed {{ count }} {PROBLEM} }} }}"""
DELIVERIES = """query ($endpoint: UUID!, $state: WebhookDeliveryState) { webhookDeliveries(endpoint: $endpoint, state: $state) {
    items { id event type state tries nextTryAt body attempts { status fault millis answer } } next } }"""
FORM: dict[str, Any] = {
    "partner": "igora",
    "url": "https://till.example.ru/hooks",
    "events": ["PURCHASE_POSTED", "PURCHASE_REFUNDED"],
    "reason": "новая касса",
}


async def test_an_address_lives_from_its_secret_to_its_end(panel: Panel, now: datetime) -> None:
    """A-237: entered, changed, turned off and on, given a new secret, ended; every step in the log, the secret nowhere."""
    await panel.enter(await make_holder(panel.resources, now, ("pos.manage", IGORA)))
    added = await panel.ask(ADD, {"input": FORM})
    assert added["__typename"] == "WebhookAdded", added
    assert added["secret"].startswith("whsec_")
    made = added["endpoint"]
    assert (made["state"], made["events"], made["scope"]) == ("ACTIVE", FORM["events"], {"partner": "igora"})
    change = {"id": made["id"], "url": FORM["url"] + "/2", "events": ["TIER_CHANGED"], "reason": "переезд"}
    changed = (await panel.ask(CHANGE, {"input": change}))["endpoint"]
    assert (changed["url"], changed["events"]) == (FORM["url"] + "/2", ["TIER_CHANGED"])
    for on, shown in ((False, ("DISABLED", "STAFF")), (False, ("DISABLED", "STAFF")), (True, ("ACTIVE", None))):
        switched = (await panel.ask(SWITCH, {"id": made["id"], "on": on}))["endpoint"]
        assert (switched["state"], switched["disabledBy"]) == shown
    rotated = await panel.ask(ROTATE, {"id": made["id"]})
    assert rotated["secret"] != added["secret"]
    assert rotated["endpoint"]["formerSecretUntil"]
    assert [one["id"] for one in (await panel.ask(LIST))["items"]] == [made["id"]]
    assert (await panel.ask(END, {"id": made["id"]}))["__typename"] == "WebhookChanged"
    assert (await panel.ask(LIST))["items"] == []
    assert (await panel.ask(END, {"id": made["id"]}))["code"] == "NOT_FOUND"
    events = await audit.page(rows=9, after=None, filters=audit.Filters(object="webhook"))
    assert [one.action for one in reversed(events)] == [
        "webhook.add",
        "webhook.change",
        "webhook.switch",
        "webhook.switch",
        "webhook.rotate",
        "webhook.end",
    ]
    kept = str(await database.fetch("SELECT e::text FROM audit_event AS e"))
    assert not [secret for secret in (added["secret"], rotated["secret"]) if secret.removeprefix("whsec_") in kept]


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"url": "http://till.example.ru/hooks"}, "INVALID_INPUT", "input.url"),
        ({"url": "https://me:word@till.example.ru/"}, "INVALID_INPUT", "input.url"),
        ({"events": []}, "INVALID_INPUT", "input.events"),
        ({"events": ["TEST"]}, "INVALID_INPUT", "input.events"),
        ({"partner": "nobody"}, "INVALID_INPUT", "input.partner"),
        ({"partner": "dacha-vintera"}, "FORBIDDEN", None),
        ({"reason": "x"}, "INVALID_INPUT", "input.reason"),
    ],
)
async def test_a_faulty_form_changes_nothing(
    panel: Panel, now: datetime, change: dict[str, Any], code: str, field: str | None
) -> None:
    await panel.enter(await make_holder(panel.resources, now, ("pos.manage", IGORA)))
    before = await state()
    told = await panel.ask(ADD, {"input": FORM | change})
    assert (told["code"], told["field"]) == (code, field)
    assert await state() == before


async def test_the_eleventh_address_is_refused(panel: Panel, now: datetime) -> None:
    await panel.enter(await make_holder(panel.resources, now, ("pos.manage", IGORA)))
    for _ in range(10):
        assert "secret" in await panel.ask(ADD, {"input": FORM})
    before = await state()
    assert (await panel.ask(ADD, {"input": FORM}))["code"] == "LIMIT_REACHED"
    assert await state() == before


async def test_another_partners_addresses_are_neither_seen_nor_touched(panel: Panel, now: datetime) -> None:
    """INV-22, T27: for a holder of another partner and for a holder of an outlet alone."""
    theirs, _ = await make_endpoint(panel.resources, "https://theirs.example.ru/", now, partner="dacha-vintera")
    mine, _ = await make_endpoint(panel.resources, "https://mine.example.ru/", now)
    for scope, seen in ((IGORA, [str(mine.id)]), (Scope(("igora", "igora-restaurant")), [])):
        await panel.enter(await make_holder(panel.resources, now, ("pos.manage", scope)))
        assert [one["id"] for one in (await panel.ask(LIST))["items"]] == seen
        before = await state()
        assert await panel.refused(DELIVERIES, {"endpoint": str(theirs.id)}) == "NOT_FOUND"
        for asked, variables in (
            (SWITCH, {"id": str(theirs.id), "on": False}),
            (END, {"id": str(theirs.id)}),
            (ROTATE, {"id": str(theirs.id)}),
            (TEST, {"id": str(theirs.id)}),
            (
                CHANGE,
                {"input": {"id": str(theirs.id), "url": FORM["url"], "events": ["TIER_CHANGED"], "reason": "чужой"}},
            ),
            (REPLAY, {"input": {"endpoint": str(theirs.id), "deliveries": [], "reason": "чужой"}}),
        ):
            assert (await panel.ask(asked, variables))["code"] == "NOT_FOUND"
        assert await state() == before


async def test_deliveries_show_what_was_said_and_are_sent_again(panel: Panel, now: datetime) -> None:
    """A-237: with each attempt's status and answer; one and a span are replayed; a test event is sent.

    A failing address is left alone for up to a day; what a person sends by hand goes at once.
    """
    near = make_near()
    async with receiving() as receiver, announcing() as announcer:
        endpoint, secret = await make_endpoint(near, receiver.url, now)
        till, _ = await make_till(now)
        receiver.statuses, receiver.answer = [500], b"not ready yet"
        await make_purchase(near, till, await make_member(now), [dinner(100)], now)
        await tell_all(near, announcer, now)
        await panel.enter(await make_holder(near, now, ("pos.manage", PROGRAMME)))
        [shown] = (await panel.ask(DELIVERIES, {"endpoint": str(endpoint.id)}))["items"]
        assert (shown["state"], shown["type"], shown["tries"]) == ("PENDING", "PURCHASE_POSTED", 1)
        assert [(one["status"], one["answer"]) for one in shown["attempts"]] == [(500, "not ready yet")]
        assert shown["body"].encode() == receiver.heard[0].body
        receiver.statuses = [200]
        ask = {"endpoint": str(endpoint.id), "deliveries": [shown["id"]], "reason": "починили"}
        assert (await panel.ask(REPLAY, {"input": ask}))["count"] == 1
        await tell_all(near, announcer, now)
        assert [heard.event["type"] for heard in receiver.heard[1:]] == ["purchase.posted"]
        await database.execute("UPDATE webhook_endpoint SET paused_until = $1", now + timedelta(days=1))
        event = (await panel.ask(TEST, {"id": str(endpoint.id)}))["event"]
        await tell_all(near, announcer, now)
        assert {heard.event["type"] for heard in receiver.heard[1:]} == {"purchase.posted", "webhook.test"}
        assert event in {heard.id for heard in receiver.heard}
        assert all(heard.verified(secret) for heard in receiver.heard)
        listed = (await panel.ask(DELIVERIES, {"endpoint": str(endpoint.id), "state": "DELIVERED"}))["items"]
        assert len(listed) == 2
        both = ask | {"since": now.isoformat(), "until": now.isoformat()}
        assert (await panel.ask(REPLAY, {"input": both}))["field"] == "input.deliveries"
        span = {name: both[name] for name in ("endpoint", "reason", "since", "until")}
        assert (await panel.ask(REPLAY, {"input": span}))["field"] == "input.until"
