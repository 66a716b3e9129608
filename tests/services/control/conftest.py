"""A programme that watches, two tills in two cities, and the staff of one of them."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest

from loyalty.purchases import BasketLine
from services.purchases import Posted, Repriced, post_purchase
from services.resources import Resources
from services.tills import TillFacts
from tests.makers.people import MadeMember, make_member, make_till
from tests.makers.points import apply_points, goods, grant, paid, quote

OUTLETS = (
    "      - {id: shop-one, name: Первый}\n      - {id: shop-two, name: Второй}\n",
    "      - {id: shop-one, name: Первый, city: Тверь}\n      - {id: shop-two, name: Второй, city: Казань}\n",
)
HARD = """\
control:
  limits:
    - {of: CARD, receipts: 3, hours: 24, then: REFUSE}
    - {of: TILL, amount: 5000, hours: 1, then: REFUSE}
    - {of: MEMBER, points: 150, hours: 24, then: REFUSE}
    - {of: TILL, refunds: 1, hours: 24, then: REFUSE}
  own_card: REFUSE
partners:
"""
SOFT = """\
control:
  limits:
    - {of: CARD, receipts: 2, minutes: 10, then: SIGNAL}
    - {of: TILL, amount: 5000, hours: 24, then: SIGNAL}
    - {of: CARD_AT_TILL, refunds: 1, hours: 24, then: SIGNAL}
    - {of: MEMBER, points: 150, hours: 24, then: SIGNAL}
  own_card: SIGNAL
  distant_outlets: {minutes: 30}
  refund_after_spend: {points: 50, hours: 24}
  cards_on_device: 2
  spent_at_once: {points: 120, minutes: 15}
partners:
"""


@dataclass
class Shop:
    """Two tills in two cities, and a member with 300 points."""

    resources: Resources
    folder: Path
    here: TillFacts
    there: TillFacts
    member: MadeMember

    async def watch(self, section: str, now: datetime) -> None:
        """Put a programme in force that watches for this."""
        await apply_points(self.folder, now, OUTLETS, ("partners:\n", section))

    async def sell(
        self,
        now: datetime,
        roubles: int = 100,
        *,
        till: TillFacts | None = None,
        member: MadeMember | None = None,
        points: int | None = None,
        lines: list[BasketLine] | None = None,
        cashier: str | None = None,
    ) -> Posted:
        """A receipt of furniture."""
        till = till or self.here
        quoted = await quote(till, member or self.member, lines or [goods(roubles)], now, points=points)
        made = await post_purchase(self.resources, till, replace(paid(quoted, now), cashier=cashier), now=now)
        assert not isinstance(made, Repriced)
        return made


@pytest.fixture
async def shop(db: None, resources: Resources, now: datetime, tmp_path: Path) -> Shop:
    await apply_points(tmp_path, now, OUTLETS)
    here, _ = await make_till(now, partner="shop", outlet="shop-one", channels=("TILL",))
    there, _ = await make_till(now, partner="shop", outlet="shop-two", channels=("TILL",))
    member = await make_member(now)
    await grant(member.id, 300, now)
    return Shop(resources, tmp_path, here, there, member)
