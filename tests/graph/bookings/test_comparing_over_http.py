"""A-059 over HTTP: hotels side by side for a signed-in member, and for nobody else."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest

from api.app import create_app
from api.settings import Settings
from integrations.standins.travelline.server import TravelLineStandin
from services.bookings import hotels
from tests.makers.app import client_of
from tests.makers.credentials import make_token
from tests.makers.people import make_member
from tests.makers.programme import make_programme
from tests.makers.resources import make_resources
from tests.makers.travelline import engine_of, standing_in

COMPARE = """query($input: HotelComparisonInput!) { compareHotels(input: $input) {
  nights tier { id } hotels { hotel { id name } price discount net } } }"""


@pytest.fixture
async def standin(db: None, now: datetime) -> AsyncIterator[TravelLineStandin]:
    async with standing_in(lambda: now) as one:
        yield one


@pytest.fixture
async def client(standin: TravelLineStandin, now: datetime) -> AsyncIterator[httpx2.AsyncClient]:
    await make_programme(now)
    async with engine_of(standin) as engine:
        resources = replace(make_resources(), hotels=engine)
        await hotels.sync(resources, now)
        app = create_app(Settings(), clock=lambda: now, resources=resources, documents={})
        async with client_of(app) as one:
            yield one


async def compare(client: httpx2.AsyncClient, now: datetime, *, token: str | None = None, days: int = 10) -> Any:
    arrival = now.date() + timedelta(days=days)
    wanted = {"arrival": arrival.isoformat(), "departure": (arrival + timedelta(days=2)).isoformat()}
    variables = {"input": wanted | {"rooms": [{"adults": 2}]}}
    headers = {"X-Kunak": "1"} | ({} if token is None else {"Authorization": f"Bearer {token}"})
    answer = await client.post("/graphql", json={"query": COMPARE, "variables": variables}, headers=headers)
    return answer.json()


async def test_a_member_reads_the_least_price_of_each_hotel(
    client: httpx2.AsyncClient, standin: TravelLineStandin, now: datetime
) -> None:
    token = await make_token(await make_member(now), now)
    full = standin.reservations.houses["41019"]
    standin.reservations.sold_out |= {(room.id, now.date() + timedelta(days=10)) for room in full.rooms}
    told = (await compare(client, now, token=token))["data"]["compareHotels"]
    assert (told["nights"], told["tier"]["id"]) == (2, "dreamer")
    igora, dacha = told["hotels"]
    assert igora["hotel"] == {"id": "igora", "name": "Отель «Игора»"}
    assert (igora["price"], igora["discount"], igora["net"]) == ("13020.00", "0.00", "13020.00")
    assert (dacha["hotel"]["id"], dacha["price"], dacha["net"]) == ("dacha-vintera", None, None)


async def test_nobody_else_does_and_what_cannot_be_meant_is_told_by_field(
    client: httpx2.AsyncClient, standin: TravelLineStandin, now: datetime
) -> None:
    assert (await compare(client, now))["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    token = await make_token(await make_member(now), now)
    refused = (await compare(client, now, token=token, days=-1))["errors"][0]["extensions"]
    assert (refused["code"], refused["field"]) == ("INVALID_INPUT", "input.arrival")
    assert "lowest" not in standin.requests
