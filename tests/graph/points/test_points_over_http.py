"""Points over HTTP: the till puts aside and posts, the phone says yes, the cabinet tells every movement with its reason."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from api.app import create_app
from api.settings import Settings
from models import database
from services.ledger import check_books
from services.resources import Resources
from services.tills import TillFacts
from tests.graph.members.conftest import House
from tests.makers.app import client_of
from tests.makers.credentials import make_token
from tests.makers.people import MadeMember, make_member, make_till
from tests.makers.points import apply_points, buy, give_back, goods, grant, stored
from tests.makers.programme import make_programme
from tests.makers.purchases import make_ticket
from tests.makers.state import state

QUOTE = """mutation($input: QuoteInput!) { quotePurchase(input: $input) { __typename
  ... on Quote { id net points { available max maxWorth earns toPay reasons { code text }
      hold { id points worth expiresAt status confirmation } } lines { points { paid spent earned } reasons { code text } } }
  ... on Problem { ...problem } } }"""
POST = """mutation($input: PurchaseInput!) { postPurchase(input: $input) { __typename
  ... on PurchasePosted { points purchase { id net points { earned spent paid takenBack givenBack }
      lines { points { paid spent earned } } } }
  ... on Problem { ...problem } } }"""
MINE = """{ me { points { available pending held debt worth nextExpiry { at day points }
  lots { points issued status issuer { id } purchase issuedAt activatesAt expiresAt lastDay }
  asked { id partner { id } outlet { id } points worth askedAt until } } } }"""
HISTORY = """query($first: Int!, $after: String) { me { pointsHistory(first: $first, after: $after) { next items {
  kind points available pending held debt receiptNumber purchase programmeVersion partner { id } outlet { id }
  reason { code text } } } } }"""
HOLD = "query($quote: ID!) { pointsHold(quote: $quote) { points status confirmation } }"
CONFIRM = """mutation($id: UUID!) { confirmSpending(id: $id) { __typename
  ... on SpendingConfirmed { spending { id points } } ... on Problem { ...problem } } }"""
DECLINE = """mutation($id: UUID!) { declineSpending(id: $id) { __typename
  ... on SpendingDeclined { spending { id } points { available held } } ... on Problem { ...problem } } }"""
RULES = """{ programme { points { unit { name one few many } worth lifeDays activationDays holdMinutes
  confirmAbove confirmSharePercent confirmNewDeviceHours tenders { kind percent } } } }"""
CONFIRMED = ("  rounding: DOWN\n", "  rounding: DOWN\n  confirm: {above: 1000, share: 30}\n")


@dataclass
class Scene:
    """A till and a phone before the application."""

    house: House
    till: TillFacts
    member: MadeMember
    key: str
    token: str

    async def at_till(self, query: str, variables: dict[str, Any]) -> Any:
        return await self.house.ask(query, variables, Authorization=f"Till {self.key}")

    async def at_phone(self, query: str, variables: dict[str, Any] | None = None, **headers: str) -> Any:
        return await self.house.ask(query, variables, Authorization=f"Bearer {self.token}", **headers)

    async def quote(self, points: int | None, *, roubles: int = 1000, ticket: str | None = None) -> Any:
        ticket = ticket or await make_ticket(self.till, self.member, self.house.now)
        line = {"service": "furniture", "name": "Матрас", "quantity": "1", "amount": f"{roubles}.00"}
        return await self.at_till(QUOTE, {"input": {"ticket": ticket, "lines": [line], "points": points}})

    async def post(self, quote: Any) -> Any:
        worth = quote["points"]["hold"]["worth"]
        tenders = [{"kind": "POINTS", "amount": worth}, {"kind": "CARD", "amount": quote["points"]["toPay"]}]
        body = {
            "idempotencyKey": str(uuid4()),
            "quote": quote["id"],
            "receiptNumber": uuid4().hex[:8],
            "closedAt": self.house.now.isoformat(),
            "tenders": tenders,
        }
        return await self.at_till(POST, {"input": body})


@pytest.fixture
async def scene(db: None, now: datetime, tmp_path: Path, resources: Resources) -> AsyncIterator[Scene]:
    await apply_points(tmp_path, now, CONFIRMED)
    till, key = await make_till(now, partner="shop", outlet="shop-one")
    member = await make_member(now)
    token = await make_token(member, now)
    place = House(httpx2.AsyncClient(), resources, now)
    app = create_app(Settings(), resources=resources, clock=lambda: place.now, documents={})
    async with client_of(app) as client:
        place.client = client
        yield Scene(place, till, member, key, token)


async def test_a_guest_spends_points_and_sees_every_movement(scene: Scene) -> None:
    """A-233, C-07, C-13, INV-27: lots with their ends, and every line that changed the balance with reason and place."""
    await grant(scene.member.id, 1000, scene.house.now)
    quote = await scene.quote(300)
    hold = quote["points"]["hold"]
    assert (hold["points"], hold["worth"], hold["confirmation"], quote["points"]["toPay"]) == (
        300,
        "300.00",
        "NOT_NEEDED",
        "700.00",
    )
    assert (quote["points"]["available"], quote["points"]["max"], quote["points"]["earns"]) == (1000, 500, 70)
    assert quote["lines"][0]["points"] == {"paid": "300.00", "spent": 300, "earned": 70}
    assert [reason["code"] for reason in quote["lines"][0]["reasons"]][2:] == ["earns", "redeems"]
    posted = await scene.post(quote)
    assert posted["points"] == 770
    assert posted["purchase"]["points"] == {
        "earned": 70,
        "spent": 300,
        "paid": "300.00",
        "takenBack": 0,
        "givenBack": 0,
    }
    mine = (await scene.at_phone(MINE))["points"]
    assert (mine["available"], mine["pending"], mine["held"], mine["debt"], mine["worth"]) == (770, 0, 0, 0, "770.00")
    assert mine["nextExpiry"] == {"at": "2026-04-13T09:26:53Z", "day": "2026-04-13", "points": 700}
    assert [(lot["points"], lot["issued"], lot["lastDay"]) for lot in mine["lots"]] == [
        (700, 1000, "2026-04-13"),
        (70, 70, "2026-04-13"),
    ]
    page = (await scene.at_phone(HISTORY, {"first": 2}))["pointsHistory"]
    rest = (await scene.at_phone(HISTORY, {"first": 20, "after": page["next"]}))["pointsHistory"]
    moves = page["items"] + rest["items"]
    assert sorted(move["kind"] for move in moves) == ["EARNED", "GRANTED", "HELD", "SPENT"]
    by_kind = {move["kind"]: move for move in moves}
    spent, earned = by_kind["SPENT"], by_kind["EARNED"]
    assert (spent["points"], spent["held"], earned["points"], by_kind["HELD"]["points"]) == (-300, -300, 70, 0)
    assert spent["purchase"] == earned["purchase"] == posted["purchase"]["id"]
    assert spent["partner"] == {"id": "shop"}
    assert spent["programmeVersion"] == 1
    assert earned["reason"]["text"].startswith("Начислено за покупку: Магазин, чек ")
    assert sum(move["points"] for move in moves) == 770
    assert rest["next"] is None
    english = (await scene.at_phone(HISTORY, {"first": 20}, Accept_Language="en"))["pointsHistory"]["items"]
    assert {move["reason"]["text"].split(":")[0] for move in english} >= {
        "Earned with a purchase",
        "Put aside at a till",
    }


async def test_history_tells_ends_returns_and_debts(scene: Scene, resources: Resources) -> None:
    """C-13: what ended, was given back and is owed has a line of its own, with a sentence."""
    now = scene.house.now
    first = await buy(resources, scene.till, scene.member, [goods(1000)], now)
    await buy(resources, scene.till, scene.member, [goods(200)], now, points=30, kind="GIFT_CARD")
    await give_back(resources, scene.till, first, now)
    await buy(resources, scene.till, scene.member, [goods(1000)], now)
    scene.house.later(days=40)
    scene.token = await make_token(scene.member, scene.house.now)
    await database.fetchval("SELECT settle_points($1, $2)", scene.member.id, scene.house.now)
    moves = (await scene.at_phone(HISTORY, {"first": 50}))["pointsHistory"]["items"]
    assert {move["kind"] for move in moves} == {"EARNED", "HELD", "SPENT", "TAKEN_BACK", "EXPIRED"}
    expired = next(move for move in moves if move["kind"] == "EXPIRED")
    assert (expired["points"], expired["partner"]) == (-70, {"id": "shop"})
    assert sum(move["points"] for move in moves) == 0
    assert all(move["reason"]["text"] for move in moves)


async def test_a_large_spending_waits_for_the_guests_yes(scene: Scene) -> None:
    """Security 3.6, A-242: partner and sum on the phone, sixty seconds, one answer; the till hears why it must wait."""
    await grant(scene.member.id, 1000, scene.house.now)
    quote = await scene.quote(400)
    assert quote["points"]["hold"]["confirmation"] == "ASKED"
    before = await state()
    refused = await scene.post(quote)
    assert (refused["code"], refused["retryable"], refused["retryAfterSeconds"]) == ("SPENDING_NOT_CONFIRMED", True, 1)
    assert await state() == before
    (asked,) = (await scene.at_phone(MINE))["points"]["asked"]
    assert (asked["partner"], asked["outlet"], asked["points"], asked["worth"]) == (
        {"id": "shop"},
        {"id": "shop-one"},
        400,
        "400.00",
    )
    assert await database.fetchval("SELECT count(*) FROM card_activity WHERE kind = 'SPENDING_ASKED'") == 1
    stranger = await make_token(await make_member(scene.house.now), scene.house.now)
    before = await state()
    for answer in (CONFIRM, DECLINE):
        told = await scene.house.ask(answer, {"id": asked["id"]}, Authorization=f"Bearer {stranger}")
        assert (told["code"], told["field"]) == ("NOT_FOUND", "id")
    assert await state() == before
    for _ in range(2):
        assert (await scene.at_phone(CONFIRM, {"id": asked["id"]}))["__typename"] == "SpendingConfirmed"
    assert (await scene.at_till(HOLD, {"quote": quote["id"]}))["confirmation"] == "GIVEN"
    assert (await scene.post(quote))["__typename"] == "PurchasePosted"
    before = await state()
    assert (await scene.at_phone(DECLINE, {"id": asked["id"]}))["code"] == "HOLD_EXPIRED"
    assert await state() == before
    assert await check_books(scene.house.now) == []


async def test_a_no_frees_the_points_at_once(scene: Scene) -> None:
    """Security 3.6."""
    await grant(scene.member.id, 1000, scene.house.now)
    quote = await scene.quote(400)
    for _ in range(2):
        declined = await scene.at_phone(DECLINE, {"id": quote["points"]["hold"]["id"]})
        assert declined["points"] == {"available": 1000, "held": 0}
    told = await scene.at_till(HOLD, {"quote": quote["id"]})
    assert (told["status"], told["confirmation"]) == ("RELEASED", "DECLINED")
    before = await state()
    refused = await scene.post(quote)
    assert refused["code"] == "HOLD_EXPIRED"
    assert "отказался" in refused["message"]
    assert (await scene.at_phone(CONFIRM, {"id": quote["points"]["hold"]["id"]}))["code"] == "HOLD_EXPIRED"
    assert await state() == before
    assert await check_books(scene.house.now) == []


async def test_no_answer_within_a_minute_is_a_no(scene: Scene) -> None:
    """Security 3.6: sixty seconds."""
    await grant(scene.member.id, 1000, scene.house.now)
    quote = await scene.quote(400)
    scene.house.later(seconds=60)
    before = await state()
    for answer in (CONFIRM, DECLINE):
        assert (await scene.at_phone(answer, {"id": quote["points"]["hold"]["id"]}))["code"] == "HOLD_EXPIRED"
    assert (await scene.post(quote))["code"] == "HOLD_EXPIRED"
    assert await state() == before
    assert (await scene.at_till(HOLD, {"quote": quote["id"]}))["status"] == "EXPIRED"
    assert (await scene.at_phone(MINE))["points"]["available"] == 1000
    assert (await scene.post(quote))["code"] == "HOLD_EXPIRED"


async def test_a_told_number_earns_and_neither_spends_nor_shows(scene: Scene) -> None:
    """A-223, A-242: the balance is nobody's business who knows a phone number."""
    await grant(scene.member.id, 1000, scene.house.now)
    ticket = await make_ticket(scene.till, scene.member, scene.house.now)
    await database.execute("UPDATE scan_ticket SET by_phone = true")
    quote = await scene.quote(100, ticket=ticket)
    points = quote["points"]
    assert (points["available"], points["max"], points["hold"], points["earns"]) == (0, 0, None, 100)
    assert [reason["code"] for reason in points["reasons"]] == ["points_by_phone"]
    body = {
        "idempotencyKey": "told",
        "quote": quote["id"],
        "receiptNumber": "1",
        "closedAt": scene.house.now.isoformat(),
        "tenders": [{"kind": "CARD", "amount": "1000.00"}],
    }
    for _ in range(2):
        posted = await scene.at_till(POST, {"input": body})
        assert posted["points"] is None
    assert await stored(scene.member.id) == (1100, 0, 0, 0)


async def test_the_rules_are_told_in_both_languages(scene: Scene, tmp_path: Path) -> None:
    terms = (await scene.house.ask(RULES))["points"]
    assert terms["unit"] == {"name": "Бонусы", "one": "бонус", "few": "бонуса", "many": "бонусов"}
    assert (terms["worth"], terms["lifeDays"], terms["confirmAbove"], terms["confirmSharePercent"]) == (
        "1.00",
        30,
        1000,
        "30",
    )
    assert terms["tenders"] == [{"kind": "GIFT_CARD", "percent": "0"}, {"kind": "INSTALMENT", "percent": "50"}]
    assert terms["confirmNewDeviceHours"] is None
    assert (await scene.house.ask(RULES, Accept_Language="en"))["points"]["unit"]["name"] == "Bonus points"
    written, _ = CONFIRMED
    await apply_points(tmp_path, scene.house.now, (written, f"{written}  confirm: {{new_device_hours: 72}}\n"))
    terms = (await scene.house.ask(RULES))["points"]
    assert (terms["confirmAbove"], terms["confirmNewDeviceHours"]) == (None, 72)


async def test_a_programme_without_points_says_so(db: None, now: datetime, resources: Resources) -> None:
    await make_programme(now)
    place = House(httpx2.AsyncClient(), resources, now)
    token = await make_token(await make_member(now), now)
    app = create_app(Settings(), resources=resources, clock=lambda: now + timedelta(), documents={})
    async with client_of(app) as client:
        place.client = client
        assert (await place.ask(RULES))["points"] is None
        mine = await place.ask(MINE, Authorization=f"Bearer {token}")
        assert mine["points"] is None
        history = await place.ask(HISTORY, {"first": 5}, Authorization=f"Bearer {token}")
        assert history["pointsHistory"] == {"items": [], "next": None}
