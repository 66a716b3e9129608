"""The stand-in keeps the vendor's contract: who is let in, how often, and what of a request it refuses (A-087)."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from integrations.standins.travelline.server import TravelLineStandin
from tests.makers.receiver import receiving
from tests.makers.travelline import IGORA, WIDE, raw_client, standing_in
from tests.makers.travelline_raw import DAYS, SEARCH, booking_of, verified

NOW = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)


@pytest.fixture
async def standin() -> AsyncIterator[TravelLineStandin]:
    async with standing_in(lambda: NOW) as one:
        yield one


@pytest.fixture
async def client(standin: TravelLineStandin) -> AsyncIterator[httpx2.AsyncClient]:
    async with raw_client(standin) as one:
        yield one


async def test_nobody_is_let_in_without_a_token_that_lives(standin: TravelLineStandin) -> None:
    async with httpx2.AsyncClient(base_url=standin.url, trust_env=False) as stranger:
        assert (await stranger.get(SEARCH, params=DAYS)).status_code == 401
        form = {"grant_type": "client_credentials", "client_id": standin.client_id, "client_secret": "wrong"}
        refused = await stranger.post("/auth/token", data=form)
        assert (refused.status_code, refused.json()["error"]) == (401, "unauthorized_client")
        assert (await stranger.post("/auth/token", json=form)).status_code == 400
    async with raw_client(standin) as client:
        assert (await client.get(SEARCH, params=DAYS)).status_code == 200
        standin.clock = lambda: NOW + timedelta(seconds=901)
        assert (await client.get(SEARCH, params=DAYS)).status_code == 401


async def test_the_limits_are_told_in_headers_and_end_in_429() -> None:
    async with (
        standing_in(lambda: NOW, rates={**WIDE, "search": (3, 100, 100)}) as standin,
        raw_client(standin) as client,
    ):
        left = [(await client.get(SEARCH, params=DAYS)).headers["x-ratelimit-remaining-second"] for _ in range(3)]
        assert left == ["2", "1", "0"]
        refused = await client.get(SEARCH, params=DAYS)
        assert refused.status_code == 429
        assert refused.headers["retry-after"] == "1"
        assert refused.json() == {"message": "API calls quota exceeded"}


async def test_a_search_has_every_field_of_the_contract(client: httpx2.AsyncClient) -> None:
    offer = (await client.get(SEARCH, params=DAYS)).json()["roomStays"][0]
    assert offer["stayDates"] == {"arrivalDateTime": "2026-03-20T14:00", "departureDateTime": "2026-03-22T12:00"}
    assert offer["total"]["priceBeforeTax"] > 0
    assert offer["total"]["taxAmount"] == 200
    assert offer["cancellationPolicy"]["freeCancellationDeadlineUtc"] == "2026-03-19T11:00Z"
    assert offer["checksum"]
    assert offer["availability"] > 0
    past = (await client.get(SEARCH, params=DAYS | {"arrivalDate": "2025-01-01", "departureDate": "2025-01-02"})).json()
    assert past["roomStays"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"arrivalDate": "20.03.2026"},
        {"departureDate": "2026-03-20"},
        {"departureDate": "2026-07-20"},
        {"adults": "0"},
        {"adults": "two"},
        {"childAges": "18"},
        {"promo": "ЗИМА"},
    ],
)
async def test_a_wrong_search_is_refused(client: httpx2.AsyncClient, wrong: dict[str, str]) -> None:
    refused = await client.get(SEARCH, params=DAYS | wrong)
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["code"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"roomStays__0__checksum": None},
        {"roomStays__0__guests": []},
        {"roomStays__0__guests": [{"firstName": "Анна"}]},
        {"roomStays__0__guests": [{"firstName": "А", "lastName": "О"}] * 3},
        {"roomStays__0__stayDates__arrivalDateTime": "2026-03-20T15:00"},
        {"roomStays__0__roomType__placements": [{"code": "Adult-9"}]},
        {"roomStays__0__ratePlan__id": "nothing"},
        {"roomStays__0__nights": 2},
        {"customer__lastName": None},
        {"customer__contacts__phones": [{"phoneNumber": "8 900 000-00-01"}]},
        {"bookingComments": ["x" * 251]},
        {"loyaltyCard": "100"},
        {"propertyId": "1"},
    ],
)
async def test_a_wrong_booking_is_refused(client: httpx2.AsyncClient, wrong: dict[str, Any]) -> None:
    right = await client.post("/api/reservation/v1/bookings/verify", json=await booking_of(client))
    assert right.json()["booking"]["createBookingToken"]
    refused = await client.post("/api/reservation/v1/bookings/verify", json=await booking_of(client, **wrong))
    assert refused.status_code in {400, 404}


@pytest.mark.parametrize(
    "wrong",
    [
        {"createBookingToken": "another"},
        {"guarantee": {"id": "g-9"}},
        {"customer": {"firstName": "Пётр", "lastName": "Петров", "contacts": None}},
        {"bookingComments": ["что-то новое"]},
    ],
)
async def test_a_token_makes_what_was_verified_and_nothing_else(
    client: httpx2.AsyncClient, wrong: dict[str, Any]
) -> None:
    body = await verified(client)
    refused = await client.post("/api/reservation/v2/bookings", json={"booking": body | wrong})
    assert refused.status_code == 400
    made = await client.post("/api/reservation/v2/bookings", json={"booking": body})
    assert made.json()["booking"]["status"] == "Confirmed"
    again = await client.post("/api/reservation/v2/bookings", json={"booking": body})
    assert again.json()["errors"][0]["code"] == "InvalidCreateBookingToken"


async def test_a_booking_is_listed_changed_and_cancelled_for_what_it_costs(
    standin: TravelLineStandin, client: httpx2.AsyncClient
) -> None:
    number = (await client.post("/api/reservation/v2/bookings", json={"booking": await verified(client)})).json()[
        "booking"
    ]["number"]
    reading = f"/api/read-reservation/v1/properties/{IGORA}/bookings"
    first = (await client.get(reading, params={"lastModification": "2026-01-01T00:00:00Z"})).json()
    assert [one["number"] for one in first["bookingSummaries"]] == [number]
    both = {"lastModification": "2026-01-01T00:00:00Z", "continueToken": first["continueToken"]}
    assert (await client.get(reading, params=both)).status_code == 400
    at = "2026-03-21T00:00:00Z"
    penalty = f"/api/reservation/v2/bookings/{number}/calculate-cancellation-penalty"
    assert (await client.get(penalty, params={"cancellationDateTimeUtc": at})).json()["penaltyAmount"] > 0
    assert (
        await client.get(penalty, params={"cancellationDateTimeUtc": "2026-03-21T00:00:00.000Z"})
    ).status_code == 400
    cancel = f"/api/reservation/v2/bookings/{number}/cancel"
    assert (await client.post(cancel, json={"expectedPenaltyAmount": 1})).status_code == 400
    assert standin.reservations.by_number[number].status == "Confirmed"
    assert (await client.post(cancel, json={"expectedPenaltyAmount": 0})).json()["booking"]["status"] == "Cancelled"
    later = (await client.get(reading, params={"continueToken": first["continueToken"]})).json()
    assert [one["status"] for one in later["bookingSummaries"]] == ["Cancelled"]


async def test_pictures_are_drawn_and_small(standin: TravelLineStandin) -> None:
    async with httpx2.AsyncClient(base_url=standin.url, trust_env=False) as client:
        picture = await client.get("/pictures/70231-1.png")
    assert picture.content.startswith(b"\x89PNG")
    assert len(picture.content) < 20_000


async def test_what_follows_waits_until_what_came_before_was_taken(
    standin: TravelLineStandin, client: httpx2.AsyncClient
) -> None:
    """Head-of-line blocking: nothing overtakes a batch that nobody took, and all of it comes in its order afterwards."""
    made = await client.post("/api/reservation/v2/bookings", json={"booking": await verified(client)})
    number, standin.plan.retry_seconds = made.json()["booking"]["number"], (0.0, 0.0)
    async with receiving() as receiver:
        receiver.statuses = [500]
        standin.post_to(receiver.url, "key")
        kinds = ["check_in", "cancel_check_in", "check_in"]
        for waiting, kind in enumerate(kinds[:2], 1):
            standin.happens(number, kind)
            await standin.webhook.settled()
            assert standin.webhook.waiting == waiting
        batches = [[event["eventType"] for event in json.loads(one.body)] for one in receiver.heard]
        told = [f"webpms:{kind}" for kind in kinds]
        assert batches == [told[:1]] * 3 + [told[:2]] * 3, "the oldest first, three times each"
        assert {one.headers["api-key"] for one in receiver.heard} == {"key"}
        receiver.statuses = [204]
        standin.happens(number, kinds[2])
        await standin.webhook.settled()
        assert [event["eventType"] for event in json.loads(receiver.heard[-1].body)] == told
        assert (len(receiver.heard), standin.webhook.waiting) == (7, 0)
