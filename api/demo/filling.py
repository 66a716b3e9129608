"""Filling an empty demo: tills, members and their year, written by the same statements that real purchases use."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import orjson

from api.demo import families, staff
from api.demo.keys import Keys
from api.demo.scene import ORDINARY, ROUBLE, SYSTEM, Person, Scene
from api.demo.year import Receipt, year_of
from loyalty.business_days import business_date
from loyalty.cardnumbers import RANDOM_PART_END, card_number
from loyalty.points import spendable
from loyalty.programme import Programme
from loyalty.purchases import BasketLine, price
from loyalty.tiers import Facts
from models import database
from models.ids import uuid7
from services import programmes
from services.cards import issue_card
from services.ledger import open_books
from services.points import holding
from services.points.holding import Hold, Spender
from services.promotions.making import Order, make
from services.purchases.paying import earning_of
from services.purchases.writing import item_of
from services.refunds import RefundCommand, RefundWish, refund_purchase
from services.resources import Resources
from services.tiers.writing import guard_of
from services.tills import TillFacts, add_till
from services.work import work

DEMO_USES: Final = 1000
_MEMBER: Final = """
INSERT INTO member (id, number, status, last_name, first_name, patronymic, birth_date, locale, plastic_number,
    created_at, confirmed_at)
VALUES ($1, $2, 'ACTIVE', $3, $4, $5, $6, $7, $8, $9, $9)
"""
_CONTACT: Final = """
INSERT INTO contact (id, member_id, kind, value, verified_at, created_at) VALUES ($1, $2, $3, $4, $5, $6)
"""
_CONSENT: Final = """
INSERT INTO consent (id, member_id, kind, act, document, document_version, text_sha256, at, address, agent, channel)
VALUES ($1, $2, $3, 'GIVEN', $4, $5, $6, $7, '127.0.0.1', 'demo', 'CABINET')
"""
_POST: Final = "SELECT outcome, answer FROM post_purchases($1::jsonb, $2)"


@dataclass(frozen=True, slots=True)
class Guest:
    """A member that was just written."""

    person: Person
    member: UUID
    card: UUID


async def fill(
    resources: Resources, scene: Scene, keys: Keys, *, now: datetime, tell: Callable[[str, int, int], None]
) -> None:
    """Write tills, members and their purchases. `tell` hears (what, done, of how many)."""
    programme = await programmes.current(now)
    joined = now - timedelta(days=400)
    tell("tills", 0, len(programme.outlets_by_id))
    tills = await _tills(programme, scene, keys, joined)
    await staff.hire(resources, scene, keys, joined)
    for campaign, code in scene.promo_codes:
        async for _ in make(resources.keyring, Order(campaign, code, uses=DEMO_USES, code=code), joined):
            pass
    everybody = scene.people
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    written: dict[str, UUID] = {}
    for place, person in enumerate(everybody):
        tell("members and their year", place, len(everybody))
        guest = await _member(resources, programme, person, keys, joined)
        written[person.login] = guest.member
        if place == 0 and scene.first_story:
            await _told_story(guest, scene, programme, tills, today)
            continue
        for number, receipt in enumerate(year_of(person, scene, programme, today), start=1):
            await _write(
                resources, guest, tills[receipt.place.outlet], receipt, current=programme, number=f"{number:06d}"
            )
    await families.settle_in(resources, scene.households, written, now)
    tell("members and their year", len(everybody), len(everybody))


async def _tills(programme: Programme, scene: Scene, keys: Keys, now: datetime) -> dict[str, TillFacts]:
    made: dict[str, TillFacts] = {}
    for partner in programme.partners:
        for outlet in partner.outlets:
            system = outlet.id in scene.system_outlets
            made[outlet.id], _ = await add_till(
                f"{outlet.name.ru}, {'система' if system else 'касса 1'}",
                partner.id,
                outlet.id,
                kind="SYSTEM" if system else "ORDINARY",
                channels=list(SYSTEM if system else ORDINARY),
                now=now,
                key=keys.till(outlet.id),
            )
    return made


async def _member(resources: Resources, programme: Programme, person: Person, keys: Keys, joined: datetime) -> Guest:
    member, number = uuid7(), card_number(uuid4().int % RANDOM_PART_END)
    password = await resources.hasher.hash(keys.password(person.login))
    # Lately, since a number that nobody used for long opens nothing.
    proved = joined + timedelta(days=390) if person.phone_proved else None
    async with work() as tx:
        names = (person.last_name, person.first_name, person.patronymic, person.birth_date, person.locale)
        await tx.execute(_MEMBER, member, number, *names, person.plastic, joined)
        await tx.execute(_CONTACT, uuid7(), member, "EMAIL", person.login, joined, joined)
        await tx.execute(_CONTACT, uuid7(), member, "PHONE", person.phone, proved, joined)
        await tx.execute(
            "INSERT INTO credential (member_id, password_hash, changed_at) VALUES ($1, $2, $3)",
            member,
            password,
            joined,
        )
        for document in programme.documents:
            row = (document.kind.value, document.id, document.version, document.sha256, joined)
            await tx.execute(_CONSENT, uuid7(), member, *row)
        await open_books(tx, member, joined)
        card = await issue_card(tx, member, number, person.plastic, joined)
    return Guest(person, member, card)


async def _write(
    resources: Resources,
    guest: Guest,
    till: TillFacts,
    receipt: Receipt,
    *,
    current: Programme,
    number: str,
) -> None:
    purchase = await _post(guest, till, receipt, priced_by=current, current=current, number=number)
    if receipt.returned is None:
        return
    later = receipt.closed_at + timedelta(days=2)
    line = await database.fetchrow(
        "SELECT id, quantity FROM purchase_line WHERE purchase_id = $1 AND position = $2", purchase, receipt.returned
    )
    assert line is not None  # noqa: S101 - it was written two statements ago
    command = RefundCommand(
        key=f"demo-{purchase}",
        purchase=purchase,
        receipt_number=None,
        business_date=None,
        refund_number=f"R-{number}-{guest.person.login.split('@')[0]}",
        refunded_at=later,
        lines=[RefundWish(line["id"], line["quantity"], None)],
    )
    await refund_purchase(resources, till, command, now=later)


async def _post(
    guest: Guest, till: TillFacts, receipt: Receipt, *, priced_by: Programme, current: Programme, number: str
) -> UUID:
    zone = current.outlets_by_id[till.outlet].time_zone
    hold = await _put_aside(guest, till, receipt, priced_by)
    worth = 0 if hold is None else hold.worth
    tenders = [("POINTS", worth), (receipt.tender, receipt.priced.net - worth)]
    money = [(kind, amount) for kind, amount in tenders[1:] if amount]
    points = await earning_of(
        priced_by, guest.member, receipt.priced, money, spent=0 if hold is None else hold.points, at=receipt.closed_at
    )
    found: dict[str, Any] = {
        "quote": None,
        "member_id": guest.member,
        "card_id": guest.card,
        "channel": receipt.place.channel,
    }
    item = item_of(
        till=till,
        found=found,
        claim=uuid4(),
        body=b"demo",
        receipt=f"{guest.person.login.split('@')[0][:4].upper()}-{number}",
        day=business_date(receipt.closed_at, zone),
        closed_at=receipt.closed_at,
        programme=priced_by,
        tier=priced_by.tiers_by_id[receipt.tier],
        priced=receipt.priced,
        tenders=[(kind, amount) for kind, amount in tenders if amount],
        # What was priced by an older version still stands in the books of today: its guard is the version in force.
        guard=guard_of(
            current,
            Facts(receipt.before),
            0,
            counted=receipt.priced.accumulated,
            closed_at=receipt.closed_at,
            now=receipt.closed_at,
        ),
        points=points if hold is None else replace(points, item={**(points.item or {}), "hold": hold.id}),
    )
    item["priced_by"] = current.version
    row = await database.fetchrow(_POST, orjson.dumps([item], default=str).decode(), receipt.closed_at)
    assert row is not None and row["outcome"] == "POSTED", row  # noqa: S101, PT018 - an empty demo has no rivals
    posted: UUID = item["purchase"]
    return posted


async def _put_aside(guest: Guest, till: TillFacts, receipt: Receipt, programme: Programme) -> Hold | None:
    """What a guest pays with points where the story says so: as many as the rules allow and are there at that moment."""
    terms, moment = programme.points, receipt.closed_at
    if terms is None or not receipt.spends:
        return None
    spender = Spender(guest.member, uuid4(), till.id, till.partner, till.outlet)
    async with work() as tx:
        await holding.lock(tx, guest.member, holding.LOCK_SECONDS)
        await holding.settle(tx, guest.member, moment)
        most = spendable(terms, receipt.priced.points_lines)
        return await holding.reserve(
            tx, spender, uuid4(), terms, zone=programme.time_zone, most=most, agreed=True, now=moment
        )


async def _told_story(
    guest: Guest, scene: Scene, current: Programme, tills: dict[str, TillFacts], today: datetime
) -> None:
    """The receipts of the first guest, which a published screen tells to the kopeck."""
    place, before = scene.closing, 0
    for number, told in enumerate(scene.first_story, start=1):
        programme = await programmes.version(current.version - told.versions_back)
        tier = programme.tiers[0]
        lines = [BasketLine(place.service, told.line, 1000, told.roubles * ROUBLE)]
        priced = price(programme, partner=place.partner, channel=place.channel, tier=tier.id, lines=lines)
        moment = today - timedelta(days=told.days_ago) + timedelta(hours=16, minutes=20)
        receipt = Receipt(place, moment, priced, tier.id, before, None)
        await _post(guest, tills[place.outlet], receipt, priced_by=programme, current=current, number=f"{number:06d}")
        before += priced.accumulated
