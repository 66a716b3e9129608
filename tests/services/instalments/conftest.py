"""A shop whose instalments earn a half, and a bank that answers when it likes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import pytest

from loyalty.business_days import business_date
from loyalty.instalments import Decision
from loyalty.purchases import BasketLine
from models import database
from services.instalments import deciding
from services.instalments.deciding import Decided, Word
from services.ledger import standing_of
from services.purchases import Posted, PurchaseCommand, Repriced, TenderPaid, post_purchase
from services.resources import Resources
from services.tills import TillFacts
from tests.makers.people import MadeMember, make_member, make_till
from tests.makers.points import apply_points, paid, quote, sums


@dataclass
class Bank:
    """A till, a member, and what a bank says of their receipts."""

    resources: Resources
    folder: Path
    till: TillFacts
    member: MadeMember

    async def command(
        self,
        now: datetime,
        *lines: BasketLine,
        waits: bool = True,
        points: int | None = None,
        member: MadeMember | None = None,
    ) -> PurchaseCommand:
        """A receipt to be paid by an instalment."""
        quoted = await quote(self.till, member or self.member, lines, now, points=points)
        command = paid(quoted, now, kind="INSTALMENT")
        tenders = [TenderPaid(one.kind, one.amount, waits and one.kind == "INSTALMENT") for one in command.tenders]
        return replace(command, tenders=tenders)

    async def sell(self, now: datetime, *lines: BasketLine, waits: bool = True, points: int | None = None) -> Posted:
        made = await post_purchase(
            self.resources, self.till, await self.command(now, *lines, waits=waits, points=points), now=now
        )
        assert not isinstance(made, Repriced)
        return made

    async def says(
        self,
        made: Posted,
        now: datetime,
        decision: Decision = Decision.CONFIRMED,
        *,
        key: str | None = None,
        at: datetime | None = None,
    ) -> Decided:
        """The bank's word about a receipt of `now`, which comes then or at a later moment."""
        return await self.word(made.purchase.receipt_number, now, decision, key=key, at=at)

    async def word(
        self,
        receipt: str,
        now: datetime,
        decision: Decision = Decision.CONFIRMED,
        *,
        key: str | None = None,
        outlet: str | None = None,
        at: datetime | None = None,
    ) -> Decided:
        said = Word(key or str(uuid4()), decision, outlet, receipt, business_date(now, "Europe/Moscow"))
        return await deciding.decide(self.resources, self.till, said, now=at or now)

    async def reached(self, now: datetime) -> tuple[int, int, str]:
        """(roubles that count, points, tier)."""
        tier = await database.fetchval(
            "SELECT tier FROM tier_period WHERE member_id = $1 AND until IS NULL", self.member.id
        )
        available, pending, _, debt = await sums(self.member.id, now)
        return (await standing_of(self.member.id)).accumulated // 100, available + pending - debt, tier


@pytest.fixture
async def bank(db: None, resources: Resources, now: datetime, tmp_path: Path) -> Bank:
    await apply_points(tmp_path, now)
    till, _ = await make_till(now, partner="shop", outlet="shop-one", channels=("TILL",))
    return Bank(resources, tmp_path, till, await make_member(now))


def told(made: Posted) -> Sequence[tuple[bool, int]]:
    """(counts, points earned) of each line as a till was told it."""
    return [(line.accumulates, 0 if line.points is None else line.points[2]) for line in made.purchase.lines]
