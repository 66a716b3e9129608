"""The programme over HTTP: whole and in both languages, its table row by row, and the discount to expect."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import httpx2
import pytest

from api.app import create_app
from api.settings import Settings
from graph.programme.reasons import tell
from graph.programme.words import WORDS
from graph.words import sentence
from loyalty.programme import Programme
from loyalty.reasons import Reason, ReasonCode
from services import programmes, sessions
from services.work import work
from tests.conftest import empty_all_tables
from tests.makers.app import client_of
from tests.makers.joining import make_caller
from tests.makers.people import make_member
from tests.makers.points import POINTS
from tests.makers.programme import make_programme
from tests.makers.programme_files import FILES, compiled, plastic_past, znak_kachestva
from tests.makers.resources import make_resources

PROGRAMME = """{ programme {
  name groupName currency version minimumAge namesCyrillicOnly
  tiers { id name threshold }
  partners { id name kind city about outlets { id name timeZone } services { id name channels }
    rules { service { id } channel tier { id } discountPercent accumulates note } }
  documents { id kind version title text }
} }"""
DISCOUNT = """query($partner: ID!, $service: ID!, $channel: Channel!, $amount: Money) {
  discount(partner: $partner, service: $service, channel: $channel, amount: $amount) {
    mine { ...cell } byTier { ...cell } } }
  fragment cell on DiscountCell { tier { id } discountPercent accumulates discount net }"""


@pytest.fixture
async def in_force(db: None, now: datetime) -> Programme:
    """«Знак Качества» applied."""
    return await make_programme(now)


@pytest.fixture
async def client(in_force: Programme, now: datetime) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the application at one moment."""
    app = create_app(Settings(), resources=make_resources(), clock=lambda: now, documents={})
    async with client_of(app) as client:
        yield client


async def ask(client: httpx2.AsyncClient, query: str, variables: dict[str, Any] | None = None, **headers: str) -> Any:
    """The answer of a query."""
    answer = await client.post("/graphql", json={"query": query, "variables": variables or {}}, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_anybody_reads_the_programme(client: httpx2.AsyncClient) -> None:
    """A-055, A-068, A-076: the whole programme without signing in, in Russian by default."""
    told = (await ask(client, PROGRAMME))["data"]["programme"]
    assert {name: told[name] for name in ("name", "groupName", "currency", "version", "minimumAge")} == {
        "name": "Знак Качества",
        "groupName": "Группа Банка Россия",
        "currency": "RUB",
        "version": 1,
        "minimumAge": 14,
    }
    assert told["namesCyrillicOnly"] is True
    assert told["tiers"] == [
        {"id": "dreamer", "name": "Мечтатель", "threshold": "0.00"},
        {"id": "pioneer", "name": "Первооткрыватель", "threshold": "100000.00"},
        {"id": "traveller", "name": "Путешественник", "threshold": "500000.00"},
        {"id": "collector", "name": "Коллекционер", "threshold": "1000000.00"},
    ]
    assert [partner["id"] for partner in told["partners"]] == [partner.id for partner in znak_kachestva().partners]
    assert {document["kind"] for document in told["documents"]} == {
        "OFFER",
        "PERSONAL_DATA",
        "PARTNER_TRANSFER",
        "MARKETING",
    }


async def test_a_partner_is_told_with_its_whole_table(client: httpx2.AsyncClient) -> None:
    """A-077, A-085: every row of Дача Винтера."""
    told = (await ask(client, PROGRAMME))["data"]["programme"]["partners"][1]
    assert (told["name"], told["kind"], told["city"]) == ("Дача Винтера", "HOTEL", "Сортавала")
    assert told["outlets"][0] == {
        "id": "dacha-vintera-desk",
        "name": "Стойка размещения",
        "timeZone": "Europe/Moscow",
    }
    assert told["services"][0] == {
        "id": "stay",
        "name": "Проживание",
        "channels": ["PHONE", "EMAIL", "DESK", "PARTNER_SITE", "CABINET"],
    }
    rows = {(rule["service"]["id"], rule["channel"], rule["accumulates"]) for rule in told["rules"]}
    assert rows == {
        ("stay", "PHONE", False),
        ("stay", "EMAIL", False),
        ("stay", "DESK", False),
        ("stay", "PARTNER_SITE", False),
        ("stay", "CABINET", True),
        ("restaurant", "TILL", True),
    }
    by_phone = [rule for rule in told["rules"] if rule["channel"] == "PHONE"]
    assert [(rule["tier"]["id"], rule["discountPercent"]) for rule in by_phone] == [
        ("dreamer", "0"),
        ("pioneer", "5"),
        ("traveller", "10"),
        ("collector", "15"),
    ]
    assert {rule["note"] for rule in by_phone} == {
        "Бронирование по телефону, e-mail и на стойке в накопление не входит; через личный кабинет входит."
    }


async def test_an_english_reader_reads_english(client: httpx2.AsyncClient) -> None:
    told = (await ask(client, PROGRAMME, None, **{"Accept-Language": "en"}))["data"]["programme"]
    assert [tier["name"] for tier in told["tiers"]] == ["Dreamer", "Pioneer", "Traveller", "Collector"]
    assert told["partners"][1]["name"] == "Winter’s Dacha"
    assert told["documents"][0]["title"] == "Terms of the loyalty programme"


async def test_a_guest_asks_for_a_discount(client: httpx2.AsyncClient) -> None:
    """A-074, A-075: every tier, with sums; nobody's own without signing in."""
    asked = {"partner": "leningrad-center", "service": "all", "channel": "TILL", "amount": "1000.10"}
    told = (await ask(client, DISCOUNT, asked))["data"]["discount"]
    assert told["mine"] is None
    cells = [(cell["tier"]["id"], cell["discountPercent"], cell["discount"], cell["net"]) for cell in told["byTier"]]
    assert cells == [
        ("dreamer", "0", "0.00", "1000.10"),
        ("pioneer", "5", "50.01", "950.09"),
        ("traveller", "10", "100.01", "900.09"),
        ("collector", "10", "100.01", "900.09"),
    ]


async def test_a_member_is_told_the_own_discount(client: httpx2.AsyncClient, now: datetime) -> None:
    """A-050: the tier follows from the member's sum."""
    member = await make_member(now)
    async with work() as tx:
        _, token = await sessions.open_session(tx, member.id, "BEARER", make_caller(), now)
    asked = {"partner": "igora", "service": "stay", "channel": "CABINET"}
    told = (await ask(client, DISCOUNT, asked, Authorization=f"Bearer {token}"))["data"]["discount"]
    assert told["mine"] == {
        "tier": {"id": "dreamer"},
        "discountPercent": "0",
        "accumulates": True,
        "discount": None,
        "net": None,
    }


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"partner": "nobody"}, "NOT_FOUND"),
        ({"service": "sauna"}, "SERVICE_NOT_SOLD_HERE"),
        ({"channel": "SHOP"}, "CHANNEL_NOT_ALLOWED"),
        ({"amount": "-1"}, "INVALID_INPUT"),
    ],
)
async def test_what_is_not_sold_is_refused_by_code(
    client: httpx2.AsyncClient, change: dict[str, str], code: str
) -> None:
    asked = {"partner": "igora", "service": "spa", "channel": "TILL", "amount": "1"} | change
    answer = await ask(client, DISCOUNT, asked)
    assert answer["errors"][0]["extensions"]["code"] == code
    assert answer["data"] is None


async def test_without_a_programme_the_answer_is_a_refusal(client: httpx2.AsyncClient, now: datetime) -> None:
    await empty_all_tables()
    programmes.forget()
    answer = await ask(client, "{ programme { name } }")
    assert answer["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    assert answer["errors"][0]["message"] == WORDS["programme.none"][0]


@pytest.mark.parametrize(
    ("reason", "russian", "english"),
    [
        (
            Reason(ReasonCode.DISCOUNT, tier="pioneer", basis_points=500),
            "Скидка 5\u00a0% по статусу «Первооткрыватель».",
            "5% off with the tier Pioneer.",
        ),
        (
            Reason(ReasonCode.NO_DISCOUNT_YET, tier="dreamer", next="pioneer", basis_points=500),
            (
                "Со статусом «Мечтатель» скидки пока нет. Со статуса «Первооткрыватель»"
                " (от 100\u00a0000\u00a0₽ покупок) будет 5\u00a0%."
            ),
            "No discount yet with the tier Dreamer. From Pioneer (100,000\u00a0₽ of purchases) it will be 5%.",
        ),
        (Reason(ReasonCode.NO_DISCOUNT), "На эту услугу скидки нет.", "There is no discount on this service."),
        (Reason(ReasonCode.COUNTS), "Входит в накопление.", "Counts towards the next tier."),
        (Reason(ReasonCode.DOES_NOT_COUNT), "В накопление не входит.", "Does not count towards a tier."),
        (
            Reason(ReasonCode.DOES_NOT_COUNT, note=2),
            "СПА-комплекс в накопление не входит.",
            "The spa does not count towards a tier.",
        ),
    ],
)
def test_reasons_are_told_in_both_languages(reason: Reason, russian: str, english: str) -> None:
    """A-073: an honest word about what is missing."""
    assert tell([reason.stored()], znak_kachestva(), "ru") == [(reason.code.value, russian)]
    assert tell([reason.stored()], znak_kachestva(), "en") == [(reason.code.value, english)]


MILES = POINTS.replace("ru: бонусов, en: points", "ru: миль, en: miles").replace(
    "partners:",
    "promotions: {campaigns: [{id: more, name: {ru: Ещё, en: More}, gives: {points_times: 2}}]}\npartners:",
    1,
)


@pytest.mark.parametrize(
    ("reason", "russian", "english"),
    [
        (
            Reason(ReasonCode.EARNS, basis_points=1000),
            "На счёт миль вернётся 10\u00a0% от суммы, оплаченной деньгами.",
            "10% of the money paid comes back as miles.",
        ),
        (
            Reason(ReasonCode.EARNS_NOT_YET, tier="guest", next="friend", basis_points=500),
            "Со статусом «Гость» миль за это пока нет. Со статуса «Друг» (от 100\u00a0000\u00a0₽ покупок) вернётся 5\u00a0%.",
            "No miles for this with the tier Guest yet. From Friend (100,000\u00a0₽ of purchases) 5% will come back.",
        ),
        (Reason(ReasonCode.EARNS_NOTHING), "За это миль не начисляют.", "This earns no miles."),
        (
            Reason(ReasonCode.REDEEMS, basis_points=5000),
            "За счёт миль можно оплатить до 50\u00a0%.",
            "Up to 50% of this may be paid with miles.",
        ),
        (Reason(ReasonCode.REDEEMS_NOTHING), "За счёт миль это не оплатить.", "This cannot be paid with miles."),
        (
            Reason(ReasonCode.CAMPAIGN_TIMES, campaign="more", basis_points=20_000),
            "Акция «Ещё»: миль в 2 раза больше.",
            "Offer “More”: 2 times the miles.",
        ),
    ],
)
def test_reasons_call_points_by_the_programmes_own_name(reason: Reason, russian: str, english: str) -> None:
    """C-06: one currency has one name, on the balance and on every line of a receipt."""
    programme = compiled(MILES)
    assert tell([reason.stored()], programme, "ru") == [(reason.code.value, russian)]
    assert tell([reason.stored()], programme, "en") == [(reason.code.value, english)]


def test_an_old_receipt_is_told_by_its_own_version() -> None:
    """A-014: the white card still explains what it gave."""
    told = tell([Reason(ReasonCode.DISCOUNT, tier="white", basis_points=500).stored()], plastic_past(), "ru")
    assert told == [("discount", "Скидка 5\u00a0% по статусу «Белая карта».")]


def test_every_reason_has_a_sentence() -> None:
    facts = {"tier": "а", "next": "б", "threshold": "в", "percent": "г", "campaign": "д", "other": "е", "amount": "ж"}
    facts |= {"times": "2", "points": "3", "when": "и", "quantity": "4", "count": "5", "many": "к"}
    for code in ReasonCode:
        for locale in ("ru", "en"):
            assert sentence(f"reason.{code.value}", "ru" if locale == "ru" else "en", facts)


OUTLETS = """query($partner: ID!, $search: String!, $first: Int!, $after: ID) {
  outlets(partner: $partner, search: $search, first: $first, after: $after) {
    next items { id name city address timeZone } } }"""


@pytest.fixture
async def chain(db: None, now: datetime) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of a programme with 900 shops."""
    programmes.forget()
    await programmes.apply(FILES / "askona.yaml", now)
    app = create_app(Settings(), resources=make_resources(), clock=lambda: now, documents={})
    async with client_of(app) as client:
        yield client
    programmes.forget()


async def test_the_places_of_a_chain_are_read_page_by_page(chain: httpx2.AsyncClient) -> None:
    """A-203: 900 addresses, none twice and none missed, in either language."""
    seen: list[str] = []
    after = None
    while after is not None or not seen:
        found = {"partner": "askona", "search": "", "first": 100, "after": after}
        page = (await ask(chain, OUTLETS, found))["data"]["outlets"]
        seen += [outlet["id"] for outlet in page["items"]]
        after = page["next"]
    assert (len(seen), len(set(seen))) == (900, 900)
    near = {"partner": "askona", "search": "magadan", "first": 1}
    page = (await ask(chain, OUTLETS, near, **{"accept-language": "en"}))["data"]["outlets"]
    assert (page["items"][0]["city"], page["items"][0]["timeZone"], page["next"]) == (
        "Magadan",
        "Asia/Magadan",
        "magadan-01",
    )
    assert (await ask(chain, "{ programme { partners { places } } }"))["data"]["programme"] == {
        "partners": [{"places": 900}, {"places": 0}]
    }


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"first": 101}, "INVALID_INPUT", "first"),
        ({"after": "no-such-place"}, "INVALID_INPUT", "after"),
        ({"partner": "nobody"}, "NOT_FOUND", "partner"),
    ],
)
async def test_a_page_of_places_that_is_none_is_refused(
    chain: httpx2.AsyncClient, more: dict[str, Any], code: str, field: str
) -> None:
    answer = await ask(chain, OUTLETS, {"partner": "askona", "search": "", "first": 20} | more)
    (error,) = answer["errors"]
    assert (error["extensions"]["code"], error["extensions"].get("field")) == (code, field)
