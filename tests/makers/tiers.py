"""A programme whose tiers live in time, and what moves them in as few words as a test needs."""

from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from loyalty.programme import Programme
from models import database
from services import programmes
from services.audit import Actor
from services.purchases import Posted, Repriced, post_purchase
from services.refunds import RefundCommand, Refunded, RefundWish, refund_purchase
from services.resources import Resources
from services.tiers import granting
from services.tiers.granting import Granted
from services.tills import TillFacts
from tests.makers.people import MadeMember
from tests.makers.purchases import command, dinner, make_quote

LIFETIME = "LIFETIME"
MONTH = "{kind: ROLLING, days: 30}"
SLOW_MONTH = "{kind: ROLLING, days: 30, grace_days: 10, fall: ONE_STEP}"
YEAR = "{kind: CALENDAR, grace_days: 14}"
KEPT = ("tier_after_refund: AT_ONCE", "tier_after_refund: PERIOD_END")
SLOW_YEAR = "{kind: CALENDAR, from_month: 4, grace_days: 14, fall: ONE_STEP}"

TIERS = """\
id: tiers
name: {ru: Уровни, en: Tiers}
currency: RUB
time_zone: Europe/Moscow
minimum_age: 18
names_cyrillic_only: false
tier_window: LIFETIME
tier_after_refund: AT_ONCE
tiers:
  - {id: guest, name: {ru: Гость, en: Guest}, threshold: 0}
  - {id: white, name: {ru: Белая, en: White}, threshold: 1000}
  - {id: silver, name: {ru: Серебряная, en: Silver}, threshold: 3000}
  - {id: gold, name: {ru: Золотая, en: Gold}, threshold: 10000}
partners:
  - id: inn
    name: {ru: Гостиница, en: Inn}
    kind: HOTEL
    outlets:
      - {id: inn, name: Стойка}
    services:
      - {id: bar, name: Бар, channels: [TILL]}
      - {id: stay, name: Проживание, channels: [TILL]}
    rules:
      - {services: [bar], channels: [TILL], discount: {guest: 0, white: 5, silver: 10, gold: 15}, accumulates: true}
      - {services: [stay], channels: [TILL], discount: 0, accumulates: true}
documents:
  - {id: offer, kind: OFFER, version: "1", title: Оферта, text: Текст.}
  - {id: data, kind: PERSONAL_DATA, version: "1", title: Данные, text: Текст.}
  - {id: transfer, kind: PARTNER_TRANSFER, version: "1", title: Партнёрам, text: Текст.}
  - {id: mail, kind: MARKETING, version: "1", title: Письма, text: Текст.}
"""


async def apply_tiers(folder: Path, now: datetime, window: str, *changes: tuple[str, str]) -> Programme:
    """Put the programme in force with a window, and with changes of its text."""
    text = TIERS.replace("tier_window: LIFETIME", f"tier_window: {window}")
    for written, instead in changes:
        assert text.count(written) == 1, written
        text = text.replace(written, instead)
    file = folder / "tiers.yaml"
    file.write_text(text, encoding="utf-8")
    programmes.forget()
    applied = await programmes.apply(file, now)
    assert applied.version is not None, applied.checked
    return await programmes.current(now)


async def buy(
    resources: Resources,
    till: TillFacts,
    member: MadeMember,
    roubles: int,
    now: datetime,
    *,
    closed_at: datetime | None = None,
    service: str = "bar",
) -> Posted:
    """A posted purchase: roubles before the discount, which a stay never has."""
    quoted = await make_quote(till, member, [dinner(roubles, service=service)], now)
    made = await post_purchase(resources, till, command(quoted.id, quoted.priced.net, closed_at or now), now=now)
    assert not isinstance(made, Repriced)
    return made


async def give_back(
    resources: Resources, till: TillFacts, made: Posted, now: datetime, *, net: int | None = None
) -> Refunded:
    """A purchase returned in whole, or by a sum of kopecks."""
    lines = None if net is None else [RefundWish(made.purchase.lines[0].id, None, net)]
    wanted = RefundCommand(str(uuid4()), made.purchase.id, None, None, str(uuid4()), now, lines)
    return await refund_purchase(resources, till, wanted, now=now)


async def give_tier(resources: Resources, member: MadeMember, tier: str, last_day: datetime, now: datetime) -> Granted:
    """A tier given from the terminal to the end of a day."""
    return await granting.grant(
        Actor.operator(),
        member.id,
        tier=tier,
        last_day=last_day.date(),
        reason="перенос из другой программы",
        resources=resources,
        now=now,
    )


async def take_tier(resources: Resources, granted: Granted, now: datetime) -> Granted:
    """A grant taken back from the terminal."""
    return await granting.withdraw(Actor.operator(), granted.id, reason="выдан по ошибке", resources=resources, now=now)


async def price_of(till: TillFacts, member: MadeMember, now: datetime) -> int:
    """The basis points of the member's discount at this moment, as a quote finds them."""
    quoted = await make_quote(till, member, [dinner(100, service="bar")], now)
    return quoted.priced.discount


async def periods(member: UUID) -> list[tuple[str, str, datetime, datetime | None]]:
    """(tier, reason, since, until) of a member's history, oldest first."""
    rows = await database.fetch(
        "SELECT tier, reason, since, until FROM tier_period WHERE member_id = $1 ORDER BY since, until NULLS LAST",
        member,
    )
    return [(row["tier"], row["reason"], row["since"], row["until"]) for row in rows]


async def letters_about_tiers() -> list[str]:
    """The kinds of letters about tiers that wait to be sent, oldest first."""
    rows = await database.fetch(
        "SELECT payload ->> 'letter' AS letter FROM job WHERE name = 'letter.send' AND payload ->> 'letter' LIKE 'TIER%'"
        " ORDER BY id"
    )
    return [row["letter"] for row in rows]
