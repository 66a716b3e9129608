"""The application with a programme in force, its post, and words for what people do there."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest

from api.app import create_app
from api.settings import Settings
from integrations.ports import Letter
from loyalty.programme import Programme
from services.resources import Resources
from tests.makers.app import client_of
from tests.makers.joining import deliver
from tests.makers.programme import make_programme
from tests.makers.resources import make_resources

REGISTER = """mutation($input: RegisterInput!) { register(input: $input) {
  __typename ... on Registered { email resendAfter } ... on Problem { ...problem } } }"""
PROBLEM = " fragment problem on Problem { code message field retryable retryAfterSeconds requestId }"


@dataclass
class House:
    """The application as a browser meets it. `now` is its clock."""

    client: httpx2.AsyncClient
    resources: Resources
    now: datetime

    async def send(self, query: str, variables: dict[str, Any] | None = None, /, **headers: str) -> httpx2.Response:
        """One request, with the header that our pages send."""
        text = query + (PROBLEM if "...problem" in query else "")
        sent = {"X-Kunak": "1"} | {name.replace("_", "-"): value for name, value in headers.items()}
        body = json.dumps({"query": text, "variables": variables or {}})  # in ASCII: a lone surrogate gets through
        return await self.client.post("/graphql", content=body, headers=sent | {"Content-Type": "application/json"})

    async def ask(self, query: str, variables: dict[str, Any] | None = None, /, **headers: str) -> Any:
        """The data of one request that is carried out."""
        answer = await self.send(query, variables, **headers)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert "errors" not in body, body
        (told,) = body["data"].values()
        return told

    async def letters(self) -> list[Letter]:
        """What the worker would send now."""
        return await deliver(self.resources, self.now)

    def later(self, **moment: int) -> None:
        """Move the clock on."""
        self.now += timedelta(**moment)


@pytest.fixture
async def programme(db: None, now: datetime) -> Programme:
    return await make_programme(now)


@pytest.fixture
async def house(programme: Programme, now: datetime) -> AsyncIterator[House]:
    resources = make_resources(base_url="http://kunak.test", joins_per_ip_hour=1000, sign_in_per_ip_minute=1000)
    place = House(httpx2.AsyncClient(), resources, now)
    app = create_app(Settings(), resources=resources, clock=lambda: place.now, documents={})
    async with client_of(app) as client:
        place.client = client
        yield place


def filled_in(**changes: Any) -> dict[str, Any]:
    """A registration form as a page sends it."""
    form: dict[str, Any] = {
        "lastName": "Петров",
        "firstName": "Пётр",
        "patronymic": "Петрович",
        "birthDate": "1990-01-01",
        "email": "petr@petrov.ru",
        "phone": "+7 (921) 123-45-67",
        "password": "гречневая каша 7",
        "acceptOffer": True,
        "acceptPersonalData": True,
    }
    return {"input": form | changes}
