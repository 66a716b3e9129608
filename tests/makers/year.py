"""Everything that a year does something to, planted in a sandbox: points, tiers, claims, banks, families, stays, vouchers."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from integrations.standins.travelline.server import TravelLineStandin
from integrations.standins.yookassa.server import YooKassaStandin
from models import database
from models.ids import uuid7
from services.audit import Actor
from services.bookings import hotels
from services.bookings.rows import BookingFacts
from services.claims.claiming import ClaimForm, claim_purchase
from services.purchases import Posted, TenderPaid, post_purchase
from services.resources import Resources
from services.shop.rows import Ordered, OrderFacts
from services.tiers import granting
from services.tills import TillFacts
from tests.makers import bookings, shop
from tests.makers.families import FAMILY, give, make_family
from tests.makers.people import MadeMember, make_member, make_till
from tests.makers.points import POINTS, buy, goods, grant, paid, quote

PHONE = "UPDATE contact SET verified_at = $2 WHERE member_id = $1 AND kind = 'PHONE'"
BORN = "UPDATE member SET birth_date = $2 WHERE id = $1"
PENDING = """
INSERT INTO member (id, number, status, last_name, first_name, birth_date, locale, created_at)
VALUES ($1, '7012000000000000', 'PENDING_CONFIRMATION', 'П', 'П', '1990-01-01', 'ru', $2)
"""
INN = """\
  - id: inn
    name: {ru: Отель, en: Hotel}
    kind: HOTEL
    outlets:
      - {id: inn-web, name: Отель}
    services:
      - {id: stay, name: Проживание, channels: [CABINET]}
      - {id: pass, name: Ски-пасс, channels: [SHOP, TILL]}
    rules:
      - {services: [stay], channels: [CABINET], discount: 0, accumulates: true}
      - {services: [pass], channels: [SHOP, TILL], discount: 0, accumulates: true}
    booking: {property: "41007", outlet: inn-web, service: stay, counts: DEPARTURE, delay_days: 5}
    shop:
      outlet: inn-web
      items:
        - {id: ski-day, service: pass, name: {ru: Ски-пасс, en: Ski pass}, about: {ru: День, en: A day}, price: 2500, valid_days: 180}
"""
CAMPAIGNS = """\
promotions:
  campaigns:
    - {id: lift, name: {ru: Подъём, en: Lift}, when: {services: [food], basket_min: 1000}, gives: {tier: friend, days: 10}}
    - {id: welcome, name: {ru: Подарок, en: Gift}, when: {services: [food], basket_min: 1000}, gives: {gift_points: 40}}
    - {id: cake, name: {ru: Торт, en: Cake}, when: {services: [food], birthday: {before: 3, after: 3}}, gives: {gift_points: 300}}
"""


def year_text() -> str:
    """A programme in which everything has an end: points, tiers of half a year, months of settlement, vouchers."""
    text = POINTS
    for written, instead in (
        ("  hold_minutes: 10\n", "  hold_minutes: 10\n  announce_days: [30, 7, 1]\n"),
        ("tier_window: LIFETIME", "tier_window: {kind: ROLLING, months: 6, announce_days: [30, 7]}"),
        (
            "partners:\n",
            f"{FAMILY}settlement: {{mode: POSTPAID, price: 0.80, close_after_days: 1}}\n{CAMPAIGNS}partners:\n{INN}",
        ),
    ):
        assert text.count(written) == 1, written
        text = text.replace(written, instead)
    return text


@dataclass
class Planted:
    """What was planted, by what has to become of it."""

    lots: MadeMember  # 100 points that end in 100 days, 7 that do not within the year
    risen: MadeMember  # a tier by a purchase
    claim: UUID
    claimer: MadeMember
    instalment: Posted
    debtor: MadeMember
    family: UUID
    giver: MadeMember
    granted: MadeMember  # a tier by the staff
    lifted: MadeMember  # a tier and points by campaigns
    held: MadeMember  # points that a till put aside and never took
    stay: BookingFacts
    store: shop.Store
    bought: Ordered
    unpaid: OrderFacts
    cafe: TillFacts
    unborn: MadeMember  # whose birthday is the last day


async def plant(
    resources: Resources, inns: TravelLineStandin, acquirer: YooKassaStandin, now: datetime, birthday: date
) -> Planted:
    """Everything once."""
    await hotels.sync(resources, now)
    traveller = await make_member(now)
    desk, key = await make_till(now, partner="inn", outlet="inn-web", channels=("TILL",))
    store = shop.Store(resources, acquirer, bookings.Clock(now), traveller, desk, key)
    bought = await store.bought(partner="inn")
    unpaid = await store.ordered(partner="inn")
    inn = bookings.House(resources, inns, bookings.Clock(now), traveller)
    stay = await inn.book(partner="inn")

    counter, _ = await make_till(now, partner="shop", outlet="shop-one", channels=("TILL",))
    cafe, _ = await make_till(now, partner="cafe", outlet="cafe", channels=("TILL",))
    await database.execute(PENDING, uuid7(), now)
    family, (head, giver) = await make_family(resources, now, "Пётр")
    people = [await make_member(now) for _ in range(8)]
    for member in (head, giver, traveller, *people):
        await database.execute(BORN, member.id, _far_from(now))
    lots, risen, claimer, debtor, granted, lifted, held, unborn = people
    for member in (lots, risen):
        await database.execute(PHONE, member.id, now)
    await grant(lots.id, 100, now, days=100)
    await grant(lots.id, 7, now, days=500)
    await buy(resources, counter, risen, [goods(120_000)], now)
    form = ClaimForm(str(uuid4()), "shop-one", "000777", now.date(), 990_00, None)
    claim = await claim_purchase(resources, claimer.id, form, now=now)
    await grant(giver.id, 50, now, days=200)
    await give(resources, giver, 50, now)
    until = now.date() + timedelta(days=60)
    why = "для проверки"
    await granting.grant(
        Actor.operator(), granted.id, tier="friend", last_day=until, reason=why, resources=resources, now=now
    )
    await buy(resources, cafe, lifted, [goods(2_000, service="food")], now)
    await grant(held.id, 30, now, days=90)
    await quote(counter, held, [goods(100)], now, points=30)
    await database.execute(BORN, unborn.id, birthday.replace(year=1992))
    return Planted(
        lots=lots,
        risen=risen,
        claim=claim.id,
        claimer=claimer,
        instalment=await _waiting(resources, counter, debtor, now),
        debtor=debtor,
        family=family,
        giver=giver,
        granted=granted,
        lifted=lifted,
        held=held,
        stay=stay,
        store=store,
        bought=bought,
        unpaid=unpaid,
        cafe=cafe,
        unborn=unborn,
    )


async def _waiting(resources: Resources, till: TillFacts, member: MadeMember, now: datetime) -> Posted:
    """A receipt whose bank never answers."""
    command = paid(await quote(till, member, [goods(1_000)], now), now, kind="INSTALMENT")
    tenders = [TenderPaid(one.kind, one.amount, waits=True) for one in command.tenders]
    made = await post_purchase(resources, till, replace(command, tenders=tenders), now=now)
    assert isinstance(made, Posted)
    return made


def _far_from(now: datetime) -> date:
    """A birthday of a grown-up that is neither today nor in four hundred days."""
    day = now + timedelta(days=100)
    return date(1990, day.month, min(day.day, 28))
