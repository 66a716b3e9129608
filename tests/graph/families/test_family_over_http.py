"""Families over HTTP: invited on one phone, joined on another, the pool pays at a till, leaving brings home what is left."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

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
from tests.makers.families import FAMILY as FAMILY_FILE
from tests.makers.families import apply_family
from tests.makers.people import MadeMember, make_member, make_till
from tests.makers.points import buy, goods, grant
from tests.makers.purchases import make_ticket
from tests.makers.state import state

FAMILY = """id role seats { id name role mine given spent left showsPurchases offeredHead purchases { items { net } } }
  invites { id role token expiresAt } returns { points nextExpiry { day points } }
  pool { available held worth obstacle spendsFrom nextExpiry { day points } }
  history { next items { kind points name mine text partner { id } outlet { id } } }"""
MINE = f"{{ me {{ family {{ {FAMILY} }} }} }}"
LOOK = "query($token: String!) { familyInvitation(token: $token) { invitedBy role state } }"
POINTS = "{ me { points { available held } pointsHistory(first: 5) { items { kind points reason { text } } } } }"
QUOTE = """mutation($input: QuoteInput!) { quotePurchase(input: $input) { __typename ... on Quote { id net points {
  available max toPay family { available max usable } reasons { code text }
  hold { id points fromFamily confirmation worth } } } ... on Problem { ...problem } } }"""
POST = """mutation($input: PurchaseInput!) { postPurchase(input: $input) { __typename
  ... on PurchasePosted { points purchase { points { spent paid } } } ... on Problem { ...problem } } }"""
ASKED = "{ me { points { asked { id points fromFamily } } } }"
CONFIRM = """mutation($id: UUID!) { confirmSpending(id: $id) { __typename
  ... on SpendingConfirmed { spending { points fromFamily } } ... on Problem { ...problem } } }"""
RULES = "{ programme { family { seats pool inviteHours spendAfterDays } } }"


def command(name: str, kind: str, done: str) -> str:
    """The document of a command about a family."""
    return (
        f"mutation($input: {kind}!) {{ {name}(input: $input) {{ __typename {done} ... on Problem {{ ...problem }} }} }}"
    )


CHANGED = f"... on FamilyChanged {{ family {{ {FAMILY} }} }}"
FOUND = command("foundFamily", "FamilyCommandInput", CHANGED)
INVITE = command(
    "inviteToFamily", "InviteToFamilyInput", f"... on FamilyInvited {{ invite {{ id token }} family {{ {FAMILY} }} }}"
)
REVOKE = command("revokeFamilyInvite", "FamilyInviteInput", CHANGED)
JOIN = command("joinFamily", "JoinFamilyInput", CHANGED)
GIVE = command("contributeToFamily", "ContributeToFamilyInput", CHANGED)
SHOW = command("showFamilyPurchases", "ShowPurchasesInput", CHANGED)
OFFER = command("offerFamilyHead", "OfferFamilyHeadInput", CHANGED)
TAKE = command("takeFamilyHead", "FamilyCommandInput", CHANGED)
REMOVE = command("removeFamilySeat", "FamilySeatInput", CHANGED)
LEFT = "... on FamilyLeft { returned points { available } }"
LEAVE = command("leaveFamily", "FamilyCommandInput", LEFT)
END = command("dissolveFamily", "FamilyCommandInput", LEFT)


@dataclass
class Scene:
    """A till and two phones before the application."""

    house: House
    till: TillFacts
    key: str
    people: list[tuple[MadeMember, str]]

    async def ask(self, who: int, query: str, variables: dict[str, Any] | None = None, **headers: str) -> Any:
        return await self.house.ask(query, variables, Authorization=f"Bearer {self.people[who][1]}", **headers)

    async def family(self, who: int) -> Any:
        return (await self.ask(who, MINE))["family"]

    async def order(self, who: int, query: str, **fields: Any) -> Any:
        return await self.ask(who, query, {"input": {"idempotencyKey": str(uuid4()), **fields}})

    async def at_till(self, query: str, variables: dict[str, Any]) -> Any:
        return await self.house.ask(query, variables, Authorization=f"Till {self.key}")

    async def quote(self, who: int, points: int, *, family: bool = True) -> Any:
        ticket = await make_ticket(self.till, self.people[who][0], self.house.now)
        line = {"service": "furniture", "name": "Матрас", "quantity": "1", "amount": "1000.00"}
        return await self.at_till(
            QUOTE, {"input": {"ticket": ticket, "lines": [line], "points": points, "family": family}}
        )

    async def post(self, quote: Any) -> Any:
        tenders = [
            {"kind": "POINTS", "amount": quote["points"]["hold"]["worth"]},
            {"kind": "CARD", "amount": quote["points"]["toPay"]},
        ]
        body = {
            "idempotencyKey": str(uuid4()),
            "quote": quote["id"],
            "receiptNumber": uuid4().hex[:8],
            "closedAt": self.house.now.isoformat(),
            "tenders": tenders,
        }
        return await self.at_till(POST, {"input": body})

    async def refused(self, who: int, query: str, **fields: Any) -> tuple[str, str | None]:
        """(code, field) of a refusal that moves nothing and has a sentence in both languages."""
        before = await state()
        told = []
        for language in ("ru", "en"):
            body = {"input": {"idempotencyKey": str(uuid4()), **fields}}
            answer = await self.ask(who, query, body, **{"Accept-Language": language})
            assert answer["__typename"] == "Problem", answer
            told.append(answer)
        assert await state() == before
        assert told[0]["message"] != told[1]["message"]
        return told[0]["code"], told[0]["field"]


@pytest.fixture
async def scene(db: None, now: datetime, tmp_path: Path, resources: Resources) -> AsyncIterator[Scene]:
    await apply_family(tmp_path, now)
    till, key = await make_till(now, partner="shop", outlet="shop-one")
    members = [await make_member(now, first_name=name) for name in ("Анна", "Борис")]
    people = [(member, await make_token(member, now)) for member in members]
    place = House(httpx2.AsyncClient(), resources, now)
    app = create_app(Settings(), resources=resources, clock=lambda: place.now, documents={})
    async with client_of(app) as client:
        place.client = client
        yield Scene(place, till, key, people)


async def test_invited_joined_given_spent_and_left(scene: Scene) -> None:
    """A-053, C-10, INV-18: the whole way of a family with a pool, told to both phones."""
    now = scene.house.now
    rules = {"seats": 4, "pool": True, "inviteHours": 72, "spendAfterDays": 0}
    assert (await scene.house.ask(RULES))["family"] == rules
    assert await scene.family(0) is None
    family = (await scene.order(0, FOUND))["family"]
    assert (family["role"], [seat["name"] for seat in family["seats"]]) == ("HEAD", ["Анна П."])
    made = await scene.order(0, INVITE, role="ADULT")
    token = made["invite"]["token"]
    assert made["family"]["invites"][0]["token"] == token
    assert await scene.house.ask(LOOK, {"token": token}) == {"invitedBy": "Анна", "role": "ADULT", "state": "OPEN"}
    joined = (await scene.order(1, JOIN, token=token))["family"]
    assert ([seat["mine"] for seat in joined["seats"]], joined["invites"]) == ([False, True], [])
    await grant(scene.people[1][0].id, 100, now, days=10)
    await grant(scene.people[1][0].id, 200, now, days=20)
    given = (await scene.order(1, GIVE, points=250))["family"]
    assert (given["pool"]["available"], given["pool"]["worth"], given["returns"]["points"]) == (250, "250.00", 250)
    assert given["returns"]["nextExpiry"]["points"] == 100
    quote = await scene.quote(0, 130)
    assert quote["points"]["family"] == {"available": 250, "max": 250, "usable": True}
    assert (quote["points"]["hold"]["fromFamily"], quote["points"]["hold"]["confirmation"]) == (130, "ASKED")
    before = await state()
    assert (await scene.post(quote))["code"] == "SPENDING_NOT_CONFIRMED"
    assert await state() == before
    asked = (await scene.ask(0, ASKED))["points"]["asked"][0]
    assert (asked["points"], asked["fromFamily"]) == (130, 130)
    await scene.ask(0, CONFIRM, {"id": asked["id"]})
    assert (await scene.post(quote))["purchase"]["points"] == {"spent": 130, "paid": "130.00"}
    seen = await scene.family(1)
    assert [(seat["given"], seat["spent"], seat["left"]) for seat in seen["seats"]] == [(0, 130, 0), (250, 0, 120)]
    assert [(move["kind"], move["points"], move["mine"]) for move in seen["history"]["items"]] == [
        ("SPENT", -130, False),
        ("CONTRIBUTED", 250, True),
    ]
    assert seen["history"]["items"][0]["text"] == "Анна П.: оплата покупки"
    scene.house.now += timedelta(seconds=1)  # of one moment the order of changes is nobody's promise
    left = await scene.order(1, LEAVE)
    assert (left["returned"], left["points"]["available"]) == (120, 170)
    assert await scene.family(1) is None
    kinds = [move["kind"] for move in (await scene.ask(1, POINTS))["pointsHistory"]["items"]]
    assert kinds[:2] == ["FAMILY_RETURNED", "FAMILY_CONTRIBUTED"]
    assert await check_books(now) == []


async def test_others_see_sums_and_no_purchase_unless_shown(scene: Scene, resources: Resources) -> None:
    """A-053, T10: the place of a purchase and the purchase itself are private until their owner shows them, and again after."""
    now = scene.house.now
    await scene.order(0, FOUND)
    token = (await scene.order(0, INVITE))["invite"]["token"]
    await scene.order(1, JOIN, token=token)
    await grant(scene.people[0][0].id, 100, now)
    await scene.order(0, GIVE, points=100)
    quote = await scene.quote(0, 40)
    await scene.ask(0, CONFIRM, {"id": quote["points"]["hold"]["id"]})
    await scene.post(quote)
    await buy(resources, scene.till, scene.people[0][0], [goods(300)], now)

    async def seen(who: int) -> tuple[Any, Any]:
        family = await scene.family(who)
        purchases = family["seats"][0]["purchases"]
        place = family["history"]["items"][0]["partner"]
        return None if purchases is None else len(purchases["items"]), None if place is None else place["id"]

    assert (await seen(0), await seen(1)) == ((2, "shop"), (None, None))
    shown = await scene.order(0, SHOW, shows=True)
    assert shown["family"]["seats"][0]["showsPurchases"] is True
    assert await seen(1) == (2, "shop")
    await scene.order(0, SHOW, shows=False)
    assert await seen(1) == (None, None)
    await scene.order(0, SHOW, shows=True)
    await scene.order(1, LEAVE)
    assert await scene.family(1) is None


async def test_the_pool_is_shown_lot_by_lot(scene: Scene, resources: Resources) -> None:
    """C-13, A-053: ends in the order they are spent, how many are mine, and a partner only where its buyer shows purchases."""
    now, (head, kin) = scene.house.now, (person for person, _ in scene.people)
    lots = "{ me { family { pool { available lots { points mine lastDay issuer { id name } } } } } }"

    async def seen(who: int, language: str = "ru") -> list[tuple[int, int, str | None, str | None]]:
        pool = (await scene.ask(who, lots, None, **{"Accept-Language": language}))["family"]["pool"]
        assert sum(lot["points"] for lot in pool["lots"]) == pool["available"]
        return [
            (lot["points"], lot["mine"], lot["lastDay"], None if lot["issuer"] is None else lot["issuer"]["name"])
            for lot in pool["lots"]
        ]

    await scene.order(0, FOUND)
    await scene.order(1, JOIN, token=(await scene.order(0, INVITE))["invite"]["token"])
    assert await seen(0) == []
    # Of the head: 40 earned in the shop; 70 without an end. Of the other: 25 earned there, 10 in the café, 5 given.
    await buy(resources, scene.till, head, [goods(400)], now)
    await grant(head.id, 70, now, days=None)
    await buy(resources, scene.till, kin, [goods(250)], now)
    cafe, _ = await make_till(now, partner="cafe", outlet="cafe")
    await buy(resources, cafe, kin, [goods(100, service="food")], now)
    await grant(kin.id, 5, now, days=3)
    await scene.order(0, GIVE, points=110)
    await scene.order(1, GIVE, points=40)
    zone = ZoneInfo("Europe/Moscow")
    soon, month = ((now + timedelta(days=days)).astimezone(zone).date().isoformat() for days in (3, 30))
    assert (await seen(0))[0] == (5, 0, soon, None)
    assert set((await seen(0))[1:3]) == {(40, 40, month, "Магазин"), (35, 0, month, None)}
    assert (await seen(0))[3:] == [(70, 70, None, None)]
    own = {(25, 25, month, "Магазин"), (10, 10, month, "Кафе")}
    assert set((await seen(1))[1:4]) == {(40, 0, month, None), *own}
    await scene.order(1, SHOW, shows=True)
    assert set((await seen(0, "en"))[1:3]) == {(65, 40, month, "Shop"), (10, 0, month, "Café")}
    await scene.order(1, SHOW, shows=False)
    assert (35, 0, month, None) in await seen(0)
    quote = await scene.quote(0, 20)
    await scene.ask(0, CONFIRM, {"id": quote["points"]["hold"]["id"]})
    await scene.post(quote)
    assert sum(points for points, _, day, _ in await seen(0) if day != month) == 70  # the first end went first
    assert sum(points for points, *_ in await seen(0)) == 130


async def test_refusals_say_why_in_both_languages(scene: Scene) -> None:
    """C-10: each no has its code, a field, two sentences, and moves nothing."""
    nobody = "0190a0b0-0000-7000-8000-000000000000"
    for query, fields in (
        (LEAVE, {}),
        (END, {}),
        (INVITE, {}),
        (TAKE, {}),
        (GIVE, {"points": 1}),
        (SHOW, {"shows": True}),
    ):
        assert await scene.refused(0, query, **fields) == ("NOT_IN_FAMILY", None)
    assert await scene.refused(0, JOIN, token="a" * 43) == ("TOKEN_NOT_ACCEPTED", "input.token")
    await scene.order(0, FOUND)
    assert await scene.refused(0, FOUND) == ("ALREADY_IN_FAMILY", None)
    assert await scene.refused(0, INVITE, role="HEAD") == ("INVALID_INPUT", "input.role")
    token = (await scene.order(0, INVITE, role="CHILD"))["invite"]["token"]
    joined = (await scene.order(1, JOIN, token=token))["family"]
    head, child = (seat["id"] for seat in joined["seats"])
    assert (joined["pool"]["obstacle"], joined["role"]) == ("CHILD", "CHILD")
    assert await scene.refused(0, LEAVE) == ("HEAD_CANNOT_LEAVE", None)
    assert await scene.refused(0, OFFER, seat=child) == ("INVALID_INPUT", "input.seat")
    assert await scene.refused(0, REMOVE, seat=head) == ("INVALID_INPUT", "input.seat")
    assert await scene.refused(0, REMOVE, seat=nobody) == ("NOT_FOUND", "input.seat")
    assert await scene.refused(0, REVOKE, invite=nobody) == ("NOT_FOUND", "input.invite")
    assert await scene.refused(0, GIVE, points=0) == ("INVALID_INPUT", "input.points")
    assert await scene.refused(0, GIVE, points=5) == ("NOT_ENOUGH_POINTS", "input.points")
    for query, fields in ((INVITE, {}), (END, {}), (REMOVE, {"seat": head}), (OFFER, {}), (TAKE, {})):
        assert (await scene.refused(1, query, **fields))[0] == "FORBIDDEN"
    assert (await scene.order(0, REMOVE, seat=child))["family"]["seats"][0]["id"] == head
    assert (await scene.order(0, END))["returned"] == 0


async def test_a_stranger_reads_nothing(scene: Scene) -> None:
    """T10, T2: who is not signed in has no family, an unknown link is nothing, and no id of another family helps."""
    answer = await scene.house.client.post("/graphql", json={"query": MINE})
    assert answer.json()["data"]["me"] is None
    assert await scene.house.ask(LOOK, {"token": "b" * 43}) is None
    await scene.order(0, FOUND)
    assert await scene.family(1) is None
    kept = await database.fetchval("SELECT string_agg(c::text, ' ') FROM card_activity AS c")
    assert str(scene.people[1][0].id) not in kept


async def test_each_seat_says_what_it_brings_to_the_next_tier(
    scene: Scene, resources: Resources, tmp_path: Path
) -> None:
    """A-053, A-054: where the programme says so, both stand at the sum of both, and each part of it is told."""
    brings = "{ me { progress { accumulated left } family { seats { name counted } } } }"
    await scene.order(0, FOUND)
    await scene.order(1, JOIN, token=(await scene.order(0, INVITE))["invite"]["token"])
    await buy(resources, scene.till, scene.people[0][0], [goods(300)], scene.house.now)
    await buy(resources, scene.till, scene.people[1][0], [goods(200)], scene.house.now)
    alone = await scene.ask(1, brings)
    assert (alone["progress"]["accumulated"], [seat["counted"] for seat in alone["family"]["seats"]]) == (
        "200.00",
        [None, None],
    )
    scene.house.now += timedelta(seconds=2)
    await apply_family(
        tmp_path, scene.house.now, family=FAMILY_FILE.replace("pool: true", "pool: true, progress: true")
    )
    assert (await scene.house.ask("{ programme { family { sharesProgress } } }"))["family"] == {"sharesProgress": True}
    for who in (0, 1):
        together = await scene.ask(who, brings)
        assert together["progress"] == {"accumulated": "500.00", "left": "99500.00"}
        assert {seat["name"]: seat["counted"] for seat in together["family"]["seats"]} == {
            "Анна П.": "300.00",
            "Борис П.": "200.00",
        }
