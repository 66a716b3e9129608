"""The chain of shops with a till in Omsk and its web shop, and phones that receive."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from api.app import create_app
from api.settings import Settings
from services.tills import TillFacts
from tests.graph.members.conftest import House
from tests.makers.app import client_of
from tests.makers.gateways import ScriptedGateway, make_gateways
from tests.makers.mail import RememberingMailer
from tests.makers.people import make_till
from tests.makers.programme import make_programme
from tests.makers.resources import make_resources
from tests.makers.working import work_off

BOTH = ["askona-offer-1", "askona-personal-data-1"]
SENT = "... on MemberCodeSent { request resendAfter expiresAt } ... on Problem { ...problem }"
REGISTER = f"mutation($input: RegisterMemberInput!) {{ registerMember(input: $input) {{ __typename {SENT} }} }}"
CONFIRM = """mutation($input: ConfirmMemberInput!) { confirmMember(input: $input) { __typename
  ... on MemberRegistered { isNew firstName member } ... on Problem { ...problem } } }"""
ASK_CHANGE = (
    f"mutation($input: RequestMemberChangeInput!) {{ requestMemberChange(input: $input) {{ __typename {SENT} }} }}"
)
CHANGE = """mutation($input: ConfirmMemberChangeInput!) { confirmMemberChange(input: $input) { __typename
  ... on MemberChanged { at member } ... on Problem { ...problem } } }"""


@dataclass
class Counter:
    """A till before the application, and what arrives on phones and in letter boxes meanwhile."""

    house: House
    till: TillFacts
    key: str
    channel: str
    gateway: ScriptedGateway = field(default_factory=ScriptedGateway)
    mailer: RememberingMailer = field(default_factory=RememberingMailer)

    async def ask(self, query: str, given: dict[str, Any]) -> Any:
        sent = {"channel": self.channel} | given
        return await self.house.ask(query, {"input": sent}, Authorization=f"Till {self.key}")

    def form(self, **changes: Any) -> dict[str, Any]:
        usual = {
            "idempotencyKey": str(uuid4()),
            "lastName": "Петров",
            "firstName": "Пётр",
            "birthDate": "1990-01-01",
            "email": "petr@petrov.ru",
            "phone": "+7 (921) 123-45-67",
            "accepted": BOTH,
        }
        return usual | changes

    async def register(self, **changes: Any) -> Any:
        return await self.ask(REGISTER, self.form(**changes))

    async def confirm(self, request: str, code: str, **changes: Any) -> Any:
        given = {"idempotencyKey": str(uuid4()), "request": request, "code": code}
        return await self.ask(CONFIRM, given | changes)

    async def arrived(self) -> tuple[list[str], list[str]]:
        """(texts on phones, letters) since the last look."""
        self.gateway.taken.clear()
        self.mailer.sent.clear()
        gateways = make_gateways(self.gateway, mailer=self.mailer)
        await work_off(self.house.resources, gateways, self.house.now, mailer=self.mailer)
        return [one.text for one in self.gateway.taken], [letter.text for letter in self.mailer.sent]

    async def code(self) -> str:
        """The six digits of the one message that has arrived."""
        texts, letters = await self.arrived()
        (text,) = texts + letters
        return "".join(letter for letter in text if letter.isdigit())[:6]

    async def joined(self, **changes: Any) -> Any:
        """Somebody who has registered and said the code."""
        sent = await self.register(**changes)
        return await self.confirm(sent["request"], await self.code())


@pytest.fixture
async def house(db: None, now: datetime) -> AsyncIterator[House]:
    await make_programme(now, "askona.yaml")
    place = House(httpx2.AsyncClient(), make_resources(joins_per_till_hour=100), now)
    app = create_app(Settings(), resources=place.resources, clock=lambda: place.now, documents={})
    async with client_of(app) as client:
        place.client = client
        yield place


@pytest.fixture
async def counter(house: House) -> Counter:
    till, key = await make_till(house.now, partner="askona", outlet="omsk-01")
    return Counter(house, till, key, "TILL")


@pytest.fixture
async def shop(house: House) -> Counter:
    till, key = await make_till(house.now, partner="askona", outlet="web-shop", kind="SYSTEM", channels=("SHOP",))
    return Counter(house, till, key, "SHOP")


def told(answer: Any) -> tuple[str, str | None]:
    """A refusal by its code and field."""
    assert answer["__typename"] == "Problem", json.dumps(answer)
    return answer["code"], answer["field"]
