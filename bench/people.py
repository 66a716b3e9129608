"""Guests, tills and a year of receipts for the figures: invented by a seeded chance, written by the statements of real ones."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID, uuid4

import orjson

from loyalty.business_days import business_date
from loyalty.cardnumbers import card_number
from loyalty.programme import Channel, Programme
from loyalty.purchases import BasketLine, price
from loyalty.tiers import Facts, tier_at
from models import database
from models.ids import uuid7, uuid7_at
from services.callers import Caller
from services.cards import DEVICES_MAX, issue_card, issue_card_key
from services.keyring import Keyring
from services.ledger import open_books
from services.passwords import Hasher
from services.purchases.writing import item_of
from services.sessions import open_session
from services.tiers.writing import guard_of
from services.tills import TillFacts, add_till
from services.work import work

TILLS: Final = 16
PASSWORD: Final = "bench-2026-kunak"  # noqa: S105 - the database it opens lives for a minute
ROUBLE: Final = 100
# Where the year of every fourth guest ends, in roubles: inside a tier, so far from the next one that no figure gets there.
YEARS_END: Final = ((8_000, 60_000), (130_000, 380_000), (540_000, 860_000), (1_100_000, 1_600_000))
GOODS: Final = ("Ужин", "Завтрак", "Кофе и десерт", "Прокат комплекта", "СПА-комплекс, 3 часа", "Билет на шоу, партер")
ALWAYS_COUNTS: Final = 5  # the last receipts of a year count, so that it ends where it should
AT_ONCE: Final = 8
TICKET_LIFE: Final = timedelta(hours=2)  # longer than any run

_MEMBER: Final = """
INSERT INTO member (id, number, status, last_name, first_name, patronymic, birth_date, locale, created_at, confirmed_at)
VALUES ($1, $2, 'ACTIVE', 'Иванова', 'Анна', 'Сергеевна', $3, 'ru', $4, $4)
"""
_CONTACT: Final = """
INSERT INTO contact (id, member_id, kind, value, verified_at, created_at) VALUES ($1, $2, $3, $4, $5, $5)
"""
_CREDENTIAL: Final = "INSERT INTO credential (member_id, password_hash, changed_at) VALUES ($1, $2, $3)"
_TICKET: Final = """
INSERT INTO scan_ticket (id, till_id, scan_id, member_id, card_id, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
_POST: Final = "SELECT outcome, answer FROM post_purchases($1::jsonb, $2)"


@dataclass(slots=True)
class Phone:
    """A device that draws codes: its handle and its key of each day, and the last step it showed."""

    handle: str
    keys: dict[date, bytes]
    last_step: int = 0


@dataclass(slots=True)
class Guest:
    """A member with a card, a session and phones, who stands at a till with a ticket. Sums are in kopecks."""

    id: UUID
    card: UUID
    email: str
    session: UUID
    token: str
    counter: "Counter"
    ticket: UUID
    phones: list[Phone] = field(default_factory=list)
    reached: int = 0
    goal: int = 0


@dataclass(frozen=True, slots=True)
class Counter:
    """A till with its key, and what is sold there."""

    till: TillFacts
    key: str
    services: tuple[str, ...]


def sold_at_tills(programme: Programme) -> dict[str, tuple[str, ...]]:
    """The services each partner sells through the channel of tills."""
    return {
        partner.id: services
        for partner in programme.partners
        if (services := tuple(each.id for each in partner.services if Channel.TILL in each.channels))
    }


async def make_counters(programme: Programme, now: datetime) -> list[Counter]:
    """One till for each connection, at the partners in turn."""
    sold = sold_at_tills(programme)
    partners = [each for each in programme.partners if each.id in sold]
    counters = []
    for place in range(TILLS):
        partner = partners[place % len(partners)]
        outlet = partner.outlets[place // len(partners) % len(partner.outlets)]
        till, key = await add_till(
            f"Касса {place + 1}", partner.id, outlet.id, kind="ORDINARY", channels=["TILL"], now=now
        )
        counters.append(Counter(till, key, sold[partner.id]))
    return counters


async def make_guests(
    count: int,
    counters: list[Counter],
    keyring: Keyring,
    now: datetime,
    *,
    tell: Callable[[int], None] = lambda _done: None,
) -> list[Guest]:
    """Confirmed members with contacts, a password, books, a card, a session, five phones and a ticket at a till."""
    chance = Random(2026)  # noqa: S311 - invented people
    hasher = Hasher()
    try:
        password = await hasher.hash(PASSWORD)
    finally:
        hasher.close()
    made: list[Guest] = []
    room = asyncio.Semaphore(AT_ONCE)

    async def make(place: int, number: str, goal: int) -> Guest:
        async with room:
            guest = await _guest(place, number, password, counters[place % len(counters)], now)
            guest.goal = goal
            for device in range(DEVICES_MAX):
                guest.phones.append(await _phone(guest, device, keyring, now))
            made.append(guest)
            tell(len(made))
            return guest

    numbers = [card_number(chance.randrange(10**11)) for _ in range(count)]
    goals = [chance.randrange(*YEARS_END[place % len(YEARS_END)]) * ROUBLE for place in range(count)]
    return list(await asyncio.gather(*(make(place, numbers[place], goals[place]) for place in range(count))))


async def _guest(place: int, number: str, password: str, counter: Counter, now: datetime) -> Guest:
    member, ticket, joined, email = uuid7(), uuid4(), now - timedelta(days=400), f"guest{place}@bench.test"
    async with work() as tx:
        await tx.execute(_MEMBER, member, number, date(1990, 5, 1), joined)
        await tx.execute(_CONTACT, uuid7(), member, "EMAIL", email, joined)
        await tx.execute(_CONTACT, uuid7(), member, "PHONE", f"+7921{place:07d}", joined)
        await tx.execute(_CREDENTIAL, member, password, joined)
        await open_books(tx, member, joined)
        card = await issue_card(tx, member, number, None, joined)
        session, token = await open_session(tx, member, "BEARER", Caller(address="127.0.0.1", agent="bench"), now)
        times = (now, now + TICKET_LIFE)
        await tx.execute(_TICKET, ticket, counter.till.id, uuid4(), member, card, *times)
    return Guest(member, card, email, session, token, counter, ticket)


async def _phone(guest: Guest, device: int, keyring: Keyring, now: datetime) -> Phone:
    key = await issue_card_key(keyring, member_id=guest.id, session_id=guest.session, device=f"phone {device}", now=now)
    return Phone(key.handle, dict(key.days))


def basket(chance: Random, services: tuple[str, ...], *, lines: int, roubles: int) -> list[BasketLine]:
    """Lines of a receipt, each of about so many roubles."""
    return [
        BasketLine(
            chance.choice(services),
            chance.choice(GOODS),
            1000 * chance.randint(1, 3),
            max(ROUBLE, roubles * chance.randint(60, 140)),
        )
        for _ in range(lines)
    ]


async def write_year(
    programme: Programme,
    guests: list[Guest],
    counters: list[Counter],
    *,
    receipts: int,
    now: datetime,
    tell: Callable[[int], None] = lambda _done: None,
) -> None:
    """Receipts of 1-4 lines for every guest, evenly over the year before yesterday, each priced at the tier of its day."""
    chance = Random(1124)  # noqa: S311 - invented receipts
    for number in range(receipts):
        at = now - timedelta(days=2) - timedelta(days=363) * (receipts - number) / receipts
        for some in _batches(guests, 60):
            items = [_item(programme, guest, chance, counters, place=(number, receipts), at=at) for guest in some]
            rows = await database.fetch(_POST, orjson.dumps(items, default=str).decode(), at)
            for guest, row in zip(some, rows, strict=True):
                assert row["outcome"] == "POSTED", row  # noqa: S101 - an empty database has no rivals
                guest.reached = orjson.loads(row["answer"])["accumulated"]
        tell(number + 1)


def _batches(guests: list[Guest], size: int) -> Iterator[list[Guest]]:
    return (guests[start : start + size] for start in range(0, len(guests), size))


def _item(
    programme: Programme, guest: Guest, chance: Random, counters: list[Counter], *, place: tuple[int, int], at: datetime
) -> dict[str, Any]:
    number, of = place
    counter = chance.choice(counters)
    till, tier = counter.till, tier_at(programme, guest.reached)
    services = counter.services
    if of - number <= ALWAYS_COUNTS:
        services = tuple(
            each for each in services if programme.cells[till.partner, each, "TILL", tier.id].rule.accumulates
        )
    lines = chance.randint(1, 4)
    wanted = max(0, guest.goal * (number + 1) // of - guest.reached) // ROUBLE
    priced = price(
        programme,
        partner=till.partner,
        channel="TILL",
        tier=tier.id,
        lines=basket(chance, services or counter.services, lines=lines, roubles=wanted // lines),
    )
    item = item_of(
        till=till,
        found={"quote": None, "member_id": guest.id, "card_id": guest.card, "channel": "TILL"},
        claim=uuid4(),
        body=b"bench",
        receipt=f"Y{number}-{guest.email.partition('@')[0]}",
        day=business_date(at, programme.outlets_by_id[till.outlet].time_zone),
        closed_at=at,
        programme=programme,
        tier=tier,
        priced=priced,
        tenders=[("CARD", priced.net)] if priced.net else [],
        guard=guard_of(programme, Facts(guest.reached), 0, counted=priced.accumulated, closed_at=at, now=at),
    )
    # The id says when, as it does for a receipt that is written on its own day.
    return item | {"purchase": uuid7_at(int(at.timestamp() * 1000))}
