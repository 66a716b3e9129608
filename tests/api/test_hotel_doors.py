"""The addresses of hotels: events by key alone and never a 500, pictures for everybody (security.md 6.4)."""

import json
from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from api.app import create_app
from api.settings import Settings
from integrations.travelline.events import HOOK_PATH
from models import database
from services.bookings import events
from tests.makers.app import client_of
from tests.makers.resources import make_keyring, make_resources
from tests.makers.travelline import engine_of, standing_in

KEY = events.key_of(make_keyring())
JSON = {"content-type": "application/json", "api-key": KEY}
GOOD = {
    "eventId": "7b1d",
    "eventType": "webpms:check_in",
    "creationTime": "2027-01-05T09:12:45.000Z",
    "payload": {"BookingNumber": "20270212-41007-90012345", "PropertyId": "41007"},
}


@pytest.fixture
async def client(db: None, now: datetime) -> AsyncIterator[httpx2.AsyncClient]:
    async with standing_in(lambda: now) as standin, engine_of(standin) as engine:
        resources = replace(make_resources(), hotels=engine)
        async with client_of(create_app(Settings(), resources=resources, clock=lambda: now, documents={})) as one:
            yield one


async def kept() -> int:
    return int(await database.fetchval("SELECT count(*) FROM booking_event"))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-type": "application/json"}, 401),
        ({"content-type": "application/json", "api-key": "wrong"}, 401),
        ({"content-type": "application/json", "authorization": "Basic !!!"}, 401),
        ({"content-type": "application/json", "authorization": f"Basic {b64encode(b'kunak:wrong').decode()}"}, 401),
        ({"content-type": "application/xml", "api-key": KEY}, 415),
    ],
)
async def test_who_knows_no_key_leaves_nothing(
    client: httpx2.AsyncClient, headers: dict[str, str], status: int
) -> None:
    answer = await client.post(HOOK_PATH, content=json.dumps([GOOD]), headers=headers)
    assert (answer.status_code, await kept()) == (status, 0)


async def test_both_documented_ways_to_show_the_key_open(client: httpx2.AsyncClient) -> None:
    """P36."""
    basic = {"content-type": "application/json", "authorization": f"Basic {b64encode(f'x:{KEY}'.encode()).decode()}"}
    assert (await client.post(HOOK_PATH, content=json.dumps([GOOD]), headers=JSON)).status_code == 200
    assert (
        await client.post(HOOK_PATH, content=json.dumps([GOOD | {"eventId": "2"}]), headers=basic)
    ).status_code == 200
    assert await kept() == 2


@pytest.mark.parametrize(
    ("body", "rows"),
    [
        (json.dumps([GOOD | {"eventId": f"e-{place}"} for place in range(1000)]), 1000),
        (json.dumps(GOOD), 1),
        ("[]", 0),
        ("not json", 1),
        ("null", 1),
        (json.dumps([GOOD, {"eventId": 7}, None, GOOD | {"payload": None, "eventId": "p"}]), 4),
        (json.dumps([GOOD | {"eventId": f"e-{place}", "payload": {}} for place in range(2500)]), 2500),
        (json.dumps([*range(1200), GOOD]), 1001),
        (json.dumps([GOOD | {"creationTime": "yesterday"}]), 1),
        (json.dumps([GOOD | {"creationTime": "0001-01-01T00:00:00+14:00"}]), 1),
        (json.dumps([GOOD | {"creationTime": "9999-12-31T23:59:59.9999999-14:00"}]), 1),
        (json.dumps([GOOD | {"payload": {"BookingNumber": "1", "PropertyId": "4\u00001007"}}]), 1),
        (json.dumps([GOOD | {"payload": {"BookingNumber": "1", "PropertyId": 10**30}}]), 1),
        (json.dumps([GOOD | {"payload": {"BookingNumber": "\u0000", "PropertyId": "x" * 99}}]), 1),
    ],
)
async def test_whatever_comes_with_the_key_is_taken(client: httpx2.AsyncClient, body: str, rows: int) -> None:
    """Head-of-line blocking: a refusal would hold back everything that follows."""
    assert (await client.post(HOOK_PATH, content=body.encode(), headers=JSON)).status_code == 200
    assert await kept() == rows


async def test_a_body_beyond_a_thousand_events_is_too_large(client: httpx2.AsyncClient) -> None:
    answer = await client.post(HOOK_PATH, content=b"[" + b" " * 600_000 + b"]", headers=JSON)
    assert (answer.status_code, await kept()) == (413, 0)


async def test_a_picture_is_shown_as_a_picture_and_nothing_else(client: httpx2.AsyncClient, now: datetime) -> None:
    number: Any = uuid4()
    await database.execute(
        "INSERT INTO hotel_picture (id, source, kind, body, fetched_at) VALUES ($1, 'https://x.test/1', 'image/png', $2, $3)",
        *(number, b"\x89PNG", now),
    )
    shown = await client.get(f"/pictures/hotels/{number}")
    assert (shown.content, shown.headers["content-type"]) == (b"\x89PNG", "image/png")
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert (await client.get(f"/pictures/hotels/{uuid4()}")).status_code == 404
