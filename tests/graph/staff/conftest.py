"""A house with a programme, and browsers of the staff that talk to it over HTTP."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest

from api.app import create_app
from api.settings import Settings
from loyalty.programme import Programme
from services.resources import Resources
from tests.makers.app import client_of
from tests.makers.programme import make_programme
from tests.makers.resources import make_resources
from tests.makers.staff import MadeStaff, open_token


@dataclass
class Panel:
    """A browser at the panel: it keeps the cookie it is given and sends what our page sends."""

    client: httpx2.AsyncClient
    resources: Resources
    now: datetime
    cookie: str = ""
    headers: dict[str, str] = field(default_factory=lambda: {"x-kunak": "1", "x-kunak-credential": "staff"})

    async def send(self, query: str, variables: dict[str, Any] | None = None, /, **headers: str) -> httpx2.Response:
        """One request; the cookie it answers with is kept."""
        held = {"cookie": f"__Host-staff={self.cookie}"} if self.cookie else {}
        body = {"query": query, "variables": variables or {}}
        answer = await self.client.post("/graphql", json=body, headers=self.headers | held | headers)
        for line in answer.headers.get_list("set-cookie"):
            assert line.startswith("__Host-staff=")
            assert "Path=/; Secure; HttpOnly; SameSite=Strict" in line
            self.cookie = line.partition(";")[0].partition("=")[2]
        return answer

    async def ask(self, query: str, variables: dict[str, Any] | None = None) -> Any:
        """The only field of a request that is carried out."""
        answer = await self.send(query, variables)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert "errors" not in body, body
        (told,) = body["data"].values()
        return told

    async def refused(self, query: str, variables: dict[str, Any] | None = None) -> str:
        """The code of a question's refusal."""
        body = (await self.send(query, variables)).json()
        code: str = body["errors"][0]["extensions"]["code"]
        return code

    async def enter(self, made: MadeStaff) -> None:
        """Sign in without the steps."""
        self.cookie = await open_token(made, self.now)

    def later(self, **moment: int) -> None:
        """Move the clock on."""
        self.now += timedelta(**moment)


@pytest.fixture
async def programme(db: None, now: datetime) -> Programme:
    return await make_programme(now)


@pytest.fixture
async def panel(programme: Programme, now: datetime) -> AsyncIterator[Panel]:
    resources = make_resources(base_url="http://kunak.test", sign_in_per_ip_minute=1000)
    place = Panel(httpx2.AsyncClient(), resources, now)
    app = create_app(Settings(), resources=resources, clock=lambda: place.now, documents={})
    async with client_of(app) as client:
        place.client = client
        yield place
