"""The stand-in keeps the vendor's contract: tokens of two ages, refusals in its form, revisions, webhooks (A-087)."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from integrations.standins.iiko_cloud.plan import Plan
from integrations.standins.iiko_cloud.server import UNKNOWN, IikoCloudStandin
from tests.makers.iiko_cloud import dish, raw_client, standing_in

NOW = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
STRANGER = str(uuid4())


@pytest.fixture
async def standin() -> AsyncIterator[IikoCloudStandin]:
    async with standing_in(lambda: NOW) as one:
        yield one


@pytest.fixture
async def client(standin: IikoCloudStandin) -> AsyncIterator[httpx2.AsyncClient]:
    async with raw_client(standin) as one:
        yield one


def is_a_refusal(answer: httpx2.Response, status: int) -> dict[str, Any]:
    """A refusal in the vendor's form."""
    told: dict[str, Any] = answer.json()
    assert answer.status_code == status, answer.text
    assert {"correlationId", "errorDescription", "error"} == set(told)
    assert told["errorDescription"]
    return told


async def test_a_token_is_of_the_second_version_and_lives_an_hour(standin: IikoCloudStandin) -> None:
    async with httpx2.AsyncClient(base_url=standin.url, trust_env=False) as stranger:
        is_a_refusal(await stranger.post("/api/1/organizations", json={}), 401)
        old = is_a_refusal(await stranger.post("/api/1/access_token", json={"apiLogin": standin.api_key}), 400)
        assert "v2/access_token" in old["errorDescription"]
        right = {"apiKey": standin.api_key, "appId": standin.app_id, "clientSecret": standin.client_secret}
        is_a_refusal(await stranger.post("/api/v2/access_token", json=right | {"clientSecret": "wrong"}), 401)
        is_a_refusal(await stranger.post("/api/v2/access_token", json=right | {"appId": "no uuid"}), 400)
        is_a_refusal(await stranger.post("/api/v2/access_token", json={"apiKey": standin.api_key}), 400)
        standin.plan.is_old_key = True
        assert (await stranger.post("/api/1/access_token", json={"apiLogin": standin.api_key})).status_code == 200
    async with raw_client(standin) as client:
        assert (await client.post("/api/1/organizations", json={})).status_code == 200
        standin.clock = lambda: NOW + timedelta(hours=1)
        is_a_refusal(await client.post("/api/1/organizations", json={}), 401)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("terminal_groups", {}),
        ("terminal_groups", {"organizationIds": [STRANGER]}),
        ("terminal_groups", {"organizationIds": "all"}),
        ("discounts", {"organizationIds": []}),
        ("nomenclature", {"organizationId": "no uuid"}),
        ("order/by_id", {"orderIds": [STRANGER]}),
        ("deliveries/by_id", {"organizationId": STRANGER, "orderIds": [STRANGER]}),
        ("deliveries/by_revision", {"organizationIds": [STRANGER], "startRevision": "7"}),
        ("webhooks/update_settings", {"organizationId": STRANGER}),
    ],
)
async def test_a_wrong_request_is_refused(client: httpx2.AsyncClient, path: str, body: dict[str, Any]) -> None:
    is_a_refusal(await client.post(f"/api/1/{path}", json=body), 400)


async def test_a_path_that_is_not_there_looks_like_a_right_that_is_not_given(client: httpx2.AsyncClient) -> None:
    told = is_a_refusal(await client.post("/api/1/loyalty/iiko/get_customer", json={}), 401)
    assert "is not allowed for this ApiLogin" in told["errorDescription"]
    is_a_refusal(await client.post("/api/1/organizations", content=b"{}"), 400)
    is_a_refusal(
        await client.post("/api/1/organizations", content=b"{", headers={"content-type": "application/json"}), 400
    )


async def test_exactly_one_kind_of_ids_and_two_hundred_at_most(
    standin: IikoCloudStandin, client: httpx2.AsyncClient
) -> None:
    house = standin.organizations[0]
    wanted = {"organizationIds": [house.id], "orderIds": [STRANGER], "posOrderIds": [STRANGER]}
    is_a_refusal(await client.post("/api/1/order/by_id", json=wanted), 400)
    many = {"organizationIds": [house.id], "orderIds": [str(uuid4()) for _ in range(201)]}
    is_a_refusal(await client.post("/api/1/order/by_id", json=many), 400)
    assert (await client.post("/api/1/order/by_id", json={**wanted, "posOrderIds": None})).json()["orders"] == []


async def test_limits_end_in_429_which_may_say_when() -> None:
    rates = {**UNKNOWN, "Data: dictionaries": (2, 100, 100)}
    async with standing_in(lambda: NOW, rates=rates) as standin, raw_client(standin) as client:
        left = [
            (await client.post("/api/1/organizations", json={})).headers["x-ratelimit-remaining-second"] for _ in "ab"
        ]
        assert left == ["1", "0"]
        refused = await client.post("/api/1/organizations", json={})
        is_a_refusal(refused, 429)
        assert refused.headers["retry-after"] == "1"
        standin.plan.tells_when = False
        assert "retry-after" not in (await client.post("/api/1/organizations", json={})).headers


async def test_revisions_go_on_and_reach_three_hours_back(
    standin: IikoCloudStandin, client: httpx2.AsyncClient
) -> None:
    house = standin.organizations[0]
    first = standin.ordered(house, "delivery", [dish(house, "Уха", 50_000)], phone="+79000000001")
    second = standin.ordered(house, "delivery", [dish(house, "Чай", 25_000)])
    standin.ordered(house, "table", [dish(house, "Чай", 25_000)])
    standin.closed(first)
    asked = {"organizationIds": [house.id], "startRevision": second.revision}
    told = (await client.post("/api/1/deliveries/by_revision", json=asked)).json()
    assert told["maxRevision"] == 4
    (order,) = told["ordersByOrganizations"][0]["orders"]
    assert (order["id"], order["order"]["status"], order["order"]["sum"]) == (first.id, "Closed", 500.0)
    assert order["order"]["whenClosed"] == "2026-03-14 12:00:00.000"
    standin.clock = standin.chain._clock = lambda: NOW + timedelta(hours=3, minutes=1)
    async with raw_client(standin) as later:
        is_a_refusal(await later.post("/api/1/deliveries/by_revision", json=asked), 400)
        week = {"organizationIds": [house.id], "deliveryDateFrom": "2026-03-01 00:00:00.000"}
        is_a_refusal(
            await later.post(
                "/api/1/deliveries/by_delivery_date_and_status",
                json=week | {"deliveryDateTo": "2026-03-09 00:00:00.000"},
            ),
            422,
        )


async def test_guests_are_made_without_an_id_and_nobody_is_a_refusal(
    standin: IikoCloudStandin, client: httpx2.AsyncClient
) -> None:
    house, put = standin.organizations[0], "/api/1/loyalty/iiko/customer/create_or_update"
    info = "/api/1/loyalty/iiko/customer/info"
    asked = {"organizationId": house.id, "type": "phone", "phone": "+79000000001"}
    assert is_a_refusal(await client.post(info, json=asked), 400)["error"] == "Validation_IncorrectPhone"
    is_a_refusal(await client.post(put, json={"organizationId": house.id, "id": STRANGER, "name": "Анна"}), 400)
    is_a_refusal(await client.post(put, json={"organizationId": house.id, "name": "Анна"}), 400)
    is_a_refusal(await client.post(put, json={"organizationId": house.id, "phone": "8900"}), 400)
    made = (
        await client.post(put, json={"organizationId": house.id, "phone": "+79000000001", "surName": "Орлова"})
    ).json()
    again = (await client.post(put, json={"organizationId": house.id, "phone": "+79000000001", "name": "Анна"})).json()
    assert made == again
    found = (await client.post(info, json=asked)).json()
    assert (found["id"], found["name"], found["surname"]) == (made["id"], "Анна", "Орлова")
    house.has_loyalty = False
    assert is_a_refusal(await client.post(info, json=asked), 400)["error"] == "Transport_WrongCrmId"


async def test_a_webhook_setting_is_written_over_as_a_whole(
    standin: IikoCloudStandin, client: httpx2.AsyncClient
) -> None:
    house = standin.organizations[0]
    one = {"organizationId": house.id, "webHooksUri": "http://127.0.0.1:1/hook", "authToken": "t", "webHooksFilter": {}}
    assert (await client.post("/api/1/webhooks/update_settings", json=one)).status_code == 200
    del one["authToken"]
    await client.post("/api/1/webhooks/update_settings", json=one)
    told = (await client.post("/api/1/webhooks/settings", json={"organizationId": house.id})).json()
    assert (told["webHooksUri"], told["authToken"]) == ("http://127.0.0.1:1/hook", None)


async def test_a_webhook_is_tried_again_and_lost_in_the_end() -> None:
    plan = Plan(retry_seconds=(0.01, 0.01))
    async with standing_in(lambda: NOW, plan=plan) as standin:
        house = standin.organizations[0]
        house.hook_uri, house.hook_filter = (
            "http://127.0.0.1:9/hook",
            {"tableOrderFilter": {"orderStatuses": ["Closed"]}},
        )
        standin.closed(standin.ordered(house, "table", [dish(house, "Чай", 25_000)]))
        await standin.hooks.settled()
        assert (standin.hooks.lost, standin.hooks.posted) == (1, 0)


async def test_a_guest_is_found_by_id_a_while_after_it_was_made() -> None:
    """By its phone at once."""
    plan, at = Plan(guest_lag_seconds=10), [NOW]
    async with standing_in(lambda: at[0], plan=plan) as standin, raw_client(standin) as client:
        base, house = "/api/1/loyalty/iiko/customer", {"organizationId": standin.organizations[0].id}
        made = (await client.post(f"{base}/create_or_update", json=house | {"phone": "+79000000001"})).json()
        by_phone, by_id = ({"type": "phone", "phone": "+79000000001"}, {"type": "id", "id": made["id"]})
        assert (await client.post(f"{base}/info", json=house | by_phone)).json()["id"] == made["id"]
        told = is_a_refusal(await client.post(f"{base}/info", json=house | by_id), 400)
        assert told["error"] == "Transport_WrongCustomerId"
        at[0] += timedelta(seconds=10)
        assert (await client.post(f"{base}/info", json=house | by_id)).json()["id"] == made["id"]
