"""Programmes with campaigns, and occasions to try them on."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from loyalty.programme import Programme
from loyalty.promotions.evaluation import promote
from loyalty.promotions.occasion import Guest, Occasion, Outcome, Used
from loyalty.purchases import BasketLine, Priced, price
from services import programmes
from services.tills import TillFacts
from tests.makers.people import MadeMember, make_member, make_till
from tests.makers.programme_files import SMALL, compiled

MOSCOW = ZoneInfo("Europe/Moscow")
# A Wednesday afternoon in Moscow.
WEDNESDAY = datetime(2026, 3, 18, 12, 30, tzinfo=UTC).astimezone(MOSCOW)
GUEST = Guest(id="0190a0b0-0000-7000-8000-000000000001", joined=date(2025, 1, 1), born=date(1990, 3, 20))

SHOP = SMALL.replace(
    """      - {id: bar, name: Бар, channels: [TILL]}
""",
    """      - {id: bar, name: Бар, channels: [TILL]}
      - {id: spa, name: СПА, channels: [TILL]}
      - {id: delivery, name: Доставка, channels: [TILL]}
""",
).replace(
    """      - {services: [bar], channels: [TILL], discount: 3, accumulates: false, note: Бар не в счёт.}
""",
    """      - {services: [bar], channels: [TILL], discount: 0, accumulates: true, earns: 5, redeem_cap: 30}
      - {services: [spa], channels: [TILL], discount: 10, accumulates: true, earns: 5}
      - {services: [delivery], channels: [TILL], discount: 0, accumulates: false}
""",
)
POINTS = """\
points:
  unit:
    name: {ru: Бонусы, en: Points}
    one: {ru: бонус, en: point}
    few: {ru: бонуса, en: points}
    many: {ru: бонусов, en: points}
  worth: 1
  rounding: DOWN
  hold_minutes: 10
"""


def promotions_text(section: str) -> str:
    """The small shop with a section `promotions`, indented by two."""
    body = "\n".join(f"  {line}" for line in section.strip().splitlines())
    return SHOP.replace("partners:\n", f"{POINTS}promotions:\n{body}\npartners:\n", 1)


def with_campaigns(*campaigns: str, head: str = "") -> Programme:
    """The small shop with campaigns, one a line of flow YAML."""
    return compiled(campaigns_text(*campaigns, head=head))


def campaigns_text(*campaigns: str, head: str = "") -> str:
    """The text of it."""
    return promotions_text(f"{head}\ncampaigns:\n" + "\n".join(f"  - {{{one}}}" for one in campaigns))


def bought(*lines: tuple[str, int] | tuple[str, int, int]) -> list[BasketLine]:
    """(service, kopecks) or (service, kopecks, thousandths)."""
    return [BasketLine(one[0], one[0], one[2] if len(one) > 2 else 1000, one[1]) for one in lines]


def tried(
    programme: Programme,
    lines: list[BasketLine],
    *,
    tier: str = "first",
    at: datetime = WEDNESDAY,
    guest: Guest = GUEST,
    used: dict[str, Used] | None = None,
    codes: frozenset[str] = frozenset(),
) -> Priced:
    """The basket of a guest at the till of the small shop."""
    priced = price(programme, partner="inn", channel="TILL", tier=tier, lines=lines)
    occasion = Occasion("inn", "inn", "TILL", tier, at, guest, used or {}, codes)
    return promote(programme, priced, occasion)


def outcome_of(priced: Priced, campaign: str) -> Outcome:
    """What came of one campaign."""
    (found,) = [outcome for outcome in priced.outcomes if outcome.campaign == campaign]
    return found


def codes_of(priced: Priced, campaign: str) -> list[str]:
    """The codes of its reasons."""
    return [reason.code.value for reason in outcome_of(priced, campaign).reasons]


async def make_shop(now: datetime, folder: Path, *campaigns: str, head: str = "") -> Programme:
    """The small shop with these campaigns, in force."""
    file = folder / "shop.yaml"
    file.write_text(campaigns_text(*campaigns, head=head), encoding="utf-8")
    programmes.forget()
    applied = await programmes.apply(file, now)
    assert applied.version is not None, [finding.told("shop.yaml") for finding in applied.checked.faults]
    programmes.refresh()
    return await programmes.current(now)


async def make_desk(now: datetime) -> tuple[TillFacts, MadeMember]:
    """A till of the small shop and a guest."""
    till, _ = await make_till(now, partner="inn", outlet="inn")
    return till, await make_member(now)
