"""How much a member may still earn: what is left of the day's points, and of the most that a member has."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from loyalty.points import PointsTerms
from models import database

# What receipts wait for with a bank has its place in both limits from the beginning: in the day's whole, as a return frees
# none of it, and in what a member has less what came back meanwhile (`loyalty/instalments.py`).
_EARNED: Final = """
SELECT coalesce(p.version, 0) AS version,
    (coalesce(p.available + p.pending + p.held - p.debt, 0) + coalesce(w.points, 0))::bigint AS balance,
    (CASE WHEN p.earned_on = $2 THEN p.earned ELSE 0 END + coalesce(w.of_day, 0))::bigint AS earned
FROM (SELECT $1::uuid AS id) AS m LEFT JOIN member_points AS p ON p.member_id = m.id CROSS JOIN LATERAL (
    SELECT sum(l.earned) FILTER (WHERE i.day = $2) AS of_day, sum(l.earned - div(l.earned::numeric * s.refunded_part,
        greatest(CASE s.refund_measure WHEN 'NET' THEN s.net ELSE s.quantity END, 1))) AS points
    FROM instalment AS i JOIN instalment_line AS l ON l.purchase_id = i.purchase_id JOIN purchase_line AS s ON s.id = l.line_id
    WHERE i.member_id = m.id AND i.state = 'WAITING') AS w
"""


@dataclass(frozen=True, slots=True)
class Room:
    """The most that may be earned now, and the version of the balances that says so."""

    points: int
    version: int


async def room_of(member: UUID, terms: PointsTerms, day: date) -> Room | None:
    """What the limits leave a member on a local day; None where the programme has none, and nothing is read."""
    if terms.earn_max_day is None and terms.balance_max is None:
        return None
    row = await database.fetchrow(_EARNED, member, day)
    assert row is not None  # noqa: S101 - one row, whether there are points or not
    version, balance, earned = row["version"], row["balance"], row["earned"]
    left = [] if terms.earn_max_day is None else [terms.earn_max_day - earned]
    left += [] if terms.balance_max is None else [terms.balance_max - balance]
    return Room(max(min(left), 0), version)
