"""A partner's own site: whose pages may ask what, with which token, and for how long (A-058, A-088; security.md T28)."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest
from graphql import GraphQLObjectType, get_named_type, is_leaf_type

from api.app import create_app
from api.settings import Settings
from graph.permissions import Guard
from graph.schema import schema
from models import database
from services.sessions import sign_out
from services.sites.granting import CODE_LIFE, TOKEN_LIFE, challenge_of, sweep
from tests.makers.app import ORIGIN, client_of
from tests.makers.credentials import make_token
from tests.makers.people import MadeMember, make_member
from tests.makers.programme import make_programme
from tests.makers.resources import make_resources
from tests.makers.state import state

IGORA, DACHA, TRIAL = "https://igora.example", "https://dacha-vintera.example", "http://127.0.0.1:8001"
STRANGERS = [
    "https://igora.example.evil.test", "https://evil.test", "http://igora.example", "https://igora.example:8443",
    "https://IGORA.example", "https://igora.example/", "null", "https://www.igora.example",
]  # fmt: skip
PROBLEM = "... on Problem { code field message }"
ALLOW = f"mutation($input: AllowSiteInput!) {{ allowSite(input: $input) {{ __typename ... on SiteAllowed {{ grant expiresAt }} {PROBLEM} }} }}"
EXCHANGE = f"mutation($code: String!, $verifier: String!) {{ exchangeSiteCode(code: $code, verifier: $verifier) {{ __typename ... on SiteToken {{ token expiresAt }} {PROBLEM} }} }}"
SITE = "query($partner: ID!) { site(partner: $partner) { programme bookingLink tier { id } offers { service { id } channel discount { mine { discountPercent } byTier { discountPercent } } } } }"
DISCOUNT = 'query($partner: ID!) { discount(partner: $partner, service: "stay", channel: CABINET) { mine { discountPercent tier { id } } } }'


@dataclass
class Clock:
    at: datetime

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Scene:
    """A member at home, and pages of partners' sites that ask."""

    client: httpx2.AsyncClient
    clock: Clock
    member: MadeMember
    cookie: str
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    async def post(self, query: str, variables: dict[str, Any], **headers: str) -> httpx2.Response:
        return await self.client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)

    async def at_home(self, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        """The cabinet's own page asks, with the member's cookie."""
        ours = {"cookie": f"__Host-session={self.cookie}", "x-kunak": "1", "origin": ORIGIN}
        told: dict[str, Any] = (await self.post(query, variables, **ours)).json()
        return told

    async def at_site(self, query: str, variables: dict[str, Any], token: str = "", origin: str = IGORA) -> Any:
        """A page of a site asks."""
        headers = {"origin": origin} | ({"authorization": f"Bearer {token}"} if token else {})
        return (await self.post(query, variables, **headers)).json()

    async def allowed(self, partner: str = "igora", origin: str = IGORA) -> dict[str, Any]:
        """What the member's yes gives."""
        wish = {"partner": partner, "origin": origin, "challenge": challenge_of(self.verifier)}
        told: dict[str, Any] = (await self.at_home(ALLOW, {"input": wish}))["data"]["allowSite"]
        return told

    async def exchanged(self, code: str, verifier: str | None = None, origin: str = IGORA) -> dict[str, Any]:
        """What a page gets for a code."""
        wish = {"code": code, "verifier": verifier or self.verifier}
        told: dict[str, Any] = (await self.at_site(EXCHANGE, wish, origin=origin))["data"]["exchangeSiteCode"]
        return told

    async def token(self, partner: str = "igora", origin: str = IGORA) -> str:
        """A token as a widget gets it."""
        token: str = (await self.exchanged((await self.allowed(partner, origin))["grant"], origin=origin))["token"]
        return token

    async def mine(self, token: str, partner: str = "igora", origin: str = IGORA) -> Any:
        """The tier that a widget is told."""
        told = await self.at_site(SITE, {"partner": partner}, token, origin)
        return told["errors"][0]["extensions"]["code"] if "errors" in told else told["data"]["site"]["tier"]


@pytest.fixture
async def scene(db: None, now: datetime) -> AsyncIterator[Scene]:
    await make_programme(now)
    member, clock = await make_member(now), Clock(now)
    cookie = await make_token(member, now, "COOKIE")
    resources = replace(make_resources(), trial_origins={TRIAL: frozenset({"dacha-vintera"})})
    app = create_app(Settings(introspection=True), resources=resources, clock=clock, documents={})
    async with client_of(app) as client:
        yield Scene(client, clock, member, cookie)


async def test_a_widget_tells_guests_what_members_get(scene: Scene) -> None:
    """A-088: without a token every tier's discount, the way in, and where to book."""
    told = (await scene.at_site(SITE, {"partner": "igora"}))["data"]["site"]
    assert told["programme"] == "Знак Качества"
    assert told["tier"] is None
    stay = told["offers"][0]
    assert (stay["service"]["id"], stay["channel"]) == ("stay", "CABINET")
    assert stay["discount"]["mine"] is None
    assert [cell["discountPercent"] for cell in stay["discount"]["byTier"]] == ["0", "5", "10", "15"]
    assert told["bookingLink"] == "http://kunak.test/booking?hotel=igora"


async def test_a_member_lets_a_site_know_the_tier_and_the_link_carries_its_code(scene: Scene) -> None:
    """A-058, A-088: yes, code, token; then the member's own discount, and the link with the tier's code for the engine."""
    await database.execute("UPDATE balance SET amount = 60000000")
    token = await scene.token("dacha-vintera", DACHA)
    told = (await scene.at_site(SITE, {"partner": "dacha-vintera"}, token, DACHA))["data"]["site"]
    assert told["tier"] == {"id": "traveller"}
    assert told["offers"][0]["discount"]["mine"] == {"discountPercent": "10"}
    assert told["bookingLink"] == f"{DACHA}/booking?tl-booking-open=true&access-code=KUNAK-10"
    token = await scene.token()
    asked = await scene.at_site(DISCOUNT, {"partner": "igora"}, token)
    assert asked["data"]["discount"]["mine"] == {"discountPercent": "10", "tier": {"id": "traveller"}}


async def test_a_token_is_for_one_partner_one_origin_and_ten_minutes(scene: Scene) -> None:
    token = await scene.token()
    assert await scene.mine(token) == {"id": "dreamer"}
    assert await scene.mine(token, "dacha-vintera") == "FORBIDDEN"
    assert await scene.mine(token, "dacha-vintera", DACHA) is None
    for origin in STRANGERS:
        assert "data" in await scene.at_site(SITE, {"partner": "igora"}, token, origin)
        assert await scene.mine(token, origin=origin) is None
    ours = {"authorization": f"Bearer {token}", "origin": ORIGIN}
    assert (await scene.post(SITE, {"partner": "igora"}, **ours)).json()["data"]["site"]["tier"] is None
    scene.clock.at += TOKEN_LIFE - timedelta(seconds=1)
    assert await scene.mine(token) == {"id": "dreamer"}
    scene.clock.at += timedelta(seconds=1)
    assert await scene.mine(token) is None


def test_three_doors_of_the_schema_are_open_to_sites() -> None:
    """The guard of every question and command says whether a site may knock; it refuses before arguments are looked at."""
    opened = set()
    for root in (schema()._schema.query_type, schema()._schema.mutation_type, schema()._schema.subscription_type):
        assert isinstance(root, GraphQLObjectType)
        for name, one in root.fields.items():
            guards = [part for part in one.extensions["strawberry-definition"].extensions if isinstance(part, Guard)]
            assert len(guards) == 1, name
            opened |= {name} if guards[0].for_sites else set()
    assert opened == {"discount", "site", "exchangeSiteCode"}


async def test_nothing_else_is_open_to_a_site(scene: Scene) -> None:
    """With no token, with the site's and with a member's own: every door that needs no arguments, and signing in."""
    token, session = await scene.token(), await make_token(scene.member, scene.clock.at)
    before, tried = await state(), 0
    for kind, root in (("query", schema()._schema.query_type), ("mutation", schema()._schema.mutation_type)):
        assert isinstance(root, GraphQLObjectType)
        for name, one in root.fields.items():
            if any(str(argument.type).endswith("!") for argument in one.args.values()):
                continue
            inside = "" if is_leaf_type(get_named_type(one.type)) else "{ __typename %s }"
            text = f"{kind} {{ {name} {inside % (PROBLEM if kind == 'mutation' else '') if inside else ''} }}"
            for shown in ("", token, session):
                tried += 1
                assert "FORBIDDEN" in str(await scene.at_site(text, {}, shown)), (name, shown)
    assert tried > 30
    assert await state() == before
    signing = f'mutation {{ signIn(login: "a@example.ru", password: "12345678", transport: BEARER) {{ {PROBLEM} }} }}'
    assert (await scene.at_site(signing, {}))["data"]["signIn"]["code"] == "FORBIDDEN"
    # Neither does the token open anything at home or for a program without an origin.
    for headers in ({"origin": ORIGIN}, {}):
        told = (await scene.post("{ me { id } }", {}, authorization=f"Bearer {token}", **headers)).json()
        assert told["data"] == {"me": None}


async def test_a_code_is_exchanged_once_among_ten_rivals(scene: Scene) -> None:
    """security.md T28: one of ten gets a token, and because the code came again, that token is dead too."""
    code = (await scene.allowed())["grant"]
    told = await asyncio.gather(*(scene.exchanged(code) for _ in range(12)))
    won = [one for one in told if one["__typename"] == "SiteToken"]
    assert len(won) <= 1
    assert {one["code"] for one in told if one["__typename"] == "Problem"} == {"TOKEN_NOT_ACCEPTED"}
    assert await database.fetchval("SELECT count(*) FROM site_grant WHERE token_sha256 IS NOT NULL") == 1
    assert await scene.mine(won[0]["token"]) is None


async def test_a_code_lives_for_a_minute_and_fits_one_page_alone(scene: Scene) -> None:
    scene_codes = [(await scene.allowed())["grant"] for _ in range(5)]
    late, other_page, other_secret, unknown_page, good = scene_codes
    assert (await scene.exchanged(other_page, origin=DACHA))["code"] == "TOKEN_NOT_ACCEPTED"
    assert (await scene.exchanged(other_secret, verifier="a" * 43))["code"] == "TOKEN_NOT_ACCEPTED"
    for stranger in STRANGERS:
        assert (await scene.exchanged(unknown_page, origin=stranger))["code"] == "TOKEN_NOT_ACCEPTED"
    home = await scene.post(EXCHANGE, {"code": unknown_page, "verifier": scene.verifier})
    assert home.json()["data"]["exchangeSiteCode"]["code"] == "TOKEN_NOT_ACCEPTED"
    # What was tried in vain is spoilt, also for the page it was made for.
    for spoilt in (other_page, other_secret, unknown_page):
        assert (await scene.exchanged(spoilt))["code"] == "TOKEN_NOT_ACCEPTED"
    scene.clock.at += CODE_LIFE - timedelta(seconds=1)
    assert (await scene.exchanged(good))["__typename"] == "SiteToken"
    scene.clock.at += timedelta(seconds=1)
    assert (await scene.exchanged(late))["code"] == "TOKEN_NOT_ACCEPTED"


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"origin": DACHA}, "FORBIDDEN", "input.origin"),
        *[({"origin": stranger}, "FORBIDDEN", "input.origin") for stranger in STRANGERS],
        ({"partner": "favorit"}, "NOT_FOUND", "input.partner"),
        ({"partner": "nobody"}, "NOT_FOUND", "input.partner"),
        ({"challenge": "a" * 42}, "INVALID_INPUT", "input.challenge"),
        ({"challenge": "a" * 44}, "INVALID_INPUT", "input.challenge"),
        ({"challenge": "ж" * 43}, "INVALID_INPUT", "input.challenge"),
        ({"challenge": "a" * 42 + "="}, "INVALID_INPUT", "input.challenge"),
    ],
)
async def test_what_no_site_of_the_partner_asked_is_refused(
    scene: Scene, change: dict[str, str], code: str, field: str
) -> None:
    before = await state()
    wish = {"partner": "igora", "origin": IGORA, "challenge": challenge_of(scene.verifier)} | change
    told = (await scene.at_home(ALLOW, {"input": wish}))["data"]["allowSite"]
    assert (told["code"], told["field"]) == (code, field)
    assert await state() == before


async def test_a_site_on_trial_is_the_partners_it_was_named_for(scene: Scene) -> None:
    token = await scene.token("dacha-vintera", TRIAL)
    told = (await scene.at_site(SITE, {"partner": "dacha-vintera"}, token, TRIAL))["data"]["site"]
    assert told["bookingLink"].startswith(f"{TRIAL}/booking?")
    assert (await scene.allowed("igora", TRIAL))["code"] == "FORBIDDEN"


async def test_signing_out_ends_what_was_allowed(scene: Scene) -> None:
    token, code = await scene.token(), (await scene.allowed())["grant"]
    session = await database.fetchval("SELECT session_id FROM site_grant LIMIT 1")
    await sign_out(session, scene.clock.at)
    assert await scene.mine(token) is None
    assert await scene.mine((await scene.exchanged(code))["token"]) is None


async def test_a_blocked_member_is_nobody_on_a_site(scene: Scene) -> None:
    token = await scene.token()
    await database.execute("UPDATE member SET status = 'BLOCKED' WHERE id = $1", scene.member.id)
    assert await scene.mine(token) is None
    told = await scene.allowed()
    assert (told["__typename"], told["code"]) == ("Problem", "FORBIDDEN")


async def test_a_site_that_was_struck_off_asks_no_more(scene: Scene, now: datetime) -> None:
    token = await scene.token()
    await make_programme(now, "znak-kachestva-2022.yaml")
    answer = await scene.post(SITE, {"partner": "igora"}, origin=IGORA, authorization=f"Bearer {token}")
    assert "access-control-allow-origin" not in answer.headers
    assert answer.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"


async def test_only_registered_sites_read_answers_and_never_with_cookies(scene: Scene) -> None:
    """CORS: the origin itself and never a star, no credentials, one header; a preflight of strangers is refused as ever."""
    ask = {"access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type"}
    for origin in (IGORA, DACHA, TRIAL):
        asked = await scene.client.options("/graphql", headers={"origin": origin} | ask)
        assert asked.status_code == 204
        assert asked.headers["access-control-allow-origin"] == origin
        assert asked.headers["access-control-allow-headers"] == "authorization, content-type"
        assert asked.headers["vary"] == "Origin"
        assert "access-control-allow-credentials" not in asked.headers
        wrong = await scene.client.post(
            "/graphql", content=b"{", headers={"origin": origin, "content-type": "application/json"}
        )
        assert (wrong.status_code, wrong.headers["access-control-allow-origin"]) == (400, origin)
    for origin in (*STRANGERS, ORIGIN):
        asked = await scene.client.options("/graphql", headers={"origin": origin} | ask)
        answer = await scene.post(SITE, {"partner": "igora"}, origin=origin)
        for one in (asked, answer):
            assert not [name for name in one.headers if name.startswith("access-control")], origin
        assert asked.status_code == 405
    cookie = {"cookie": f"__Host-session={scene.cookie}", "x-kunak": "1", "origin": IGORA}
    assert (await scene.post(SITE, {"partner": "igora"}, **cookie)).status_code == 403


async def test_codes_are_counted_by_member_and_by_address(db: None, now: datetime) -> None:
    await make_programme(now)
    member = await make_member(now)
    resources = make_resources(site_codes_per_member_hour=2, site_codes_per_ip_minute=2)
    app = create_app(Settings(introspection=True), resources=resources, clock=lambda: now, documents={})
    async with client_of(app) as client:
        scene = Scene(client, Clock(now), member, await make_token(member, now, "COOKIE"))
        told = [(await scene.allowed()).get("code") for _ in range(3)]
        assert told[-1] == "LIMIT_REACHED"
        tries = [(await scene.exchanged(f"ka_{place}{'a' * 42}"))["code"] for place in range(3)]
    assert tries == ["TOKEN_NOT_ACCEPTED", "TOKEN_NOT_ACCEPTED", "LIMIT_REACHED"]


async def test_nothing_of_a_code_or_token_is_kept_but_its_hash(scene: Scene) -> None:
    """And a month later not even that."""
    code = (await scene.allowed())["grant"]
    token = (await scene.exchanged(code))["token"]
    rows = str(await database.fetch("SELECT row_to_json(g) FROM site_grant AS g"))
    assert code not in rows
    assert token not in rows
    assert scene.verifier not in rows
    assert await sweep(scene.clock.at + timedelta(days=30)) == 0
    assert await sweep(scene.clock.at + timedelta(days=31)) == 1
