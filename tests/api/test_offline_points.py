"""Receipts taken without network in a programme with points: limits of the day, gifts and a last day, whatever the order of a batch."""

import random
from datetime import datetime, timedelta
from pathlib import Path

from models import database
from services.ledger import check_books
from services.resources import Resources
from tests.makers.offline import kept, till_page
from tests.makers.people import make_member, make_phone, make_till
from tests.makers.plugins import Clock
from tests.makers.points import apply_points, stored

LIMITS = ("  rounding: DOWN\n", "  rounding: DOWN\n  earn_max: {day: 250, receipt: 120}\n")
GIFT = "    - {id: gift, name: Подарок, per_member: 2, when: {basket_min: 400}, gives: {gift_points: 30}}\n"
CAMPAIGNS = ("documents:\n", f"promotions:\n  campaigns:\n{GIFT}documents:\n")
ROUBLES = (900, 1500, 300, 450, 2000, 800, 399, 700)


async def test_a_batch_of_two_days_earns_the_same_in_any_order(
    resources: Resources, now: datetime, tmp_path: Path, db: None
) -> None:
    """C-05, INV-24, I-30: each receipt's points, every lot's end and what campaigns gave, of six guests with one batch each."""
    begun = now - timedelta(hours=30)
    await apply_points(tmp_path, begun, LIMITS, CAMPAIGNS)
    _, key = await make_till(begun, partner="shop", outlet="shop-one")
    clock, seeded, told = Clock(now), random.Random(24), []
    async with till_page(resources, key, clock) as page:
        for _ in range(6):
            member = await make_member(begun)
            phone = await make_phone(resources, member.id, begun)
            receipts = [
                kept(phone, begun + timedelta(hours=3 * place + 1), f"{roubles}.00", service="furniture")
                for place, roubles in enumerate(ROUBLES)
            ]
            batch = seeded.sample(receipts, len(receipts))
            answers = {one["idempotencyKey"]: one["posted"] for one in await page.send(*batch)}
            earned = [answers[one["idempotencyKey"]]["purchase"]["points"]["earned"] for one in receipts]
            lots = await database.fetch(
                "SELECT expires_at, sum(remaining)::int AS points FROM points_lot WHERE member_id = $1 GROUP BY 1 ORDER BY 1",
                member.id,
            )
            told.append((earned, [tuple(lot.values()) for lot in lots], await stored(member.id)))
            await page.send(*seeded.sample(receipts, len(receipts)))
            assert await stored(member.id) == told[-1][2]
    assert told == [told[0]] * 6
    assert told[0][0] == [90 + 30, 120 + 30, 30, 10, 0, 0, 39, 70]
    assert told[0][2] == (419, 0, 0, 0)
    assert len(told[0][1]) == 2
    assert await check_books(now) == []
