"""How much a member may still earn: what is left of the day's points, and of the most that a member has."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from loyalty.business_days import business_date
from loyalty.points import PointsTerms, day_begins
from models import database

# Of a day counts what its receipts earned by rates, whenever they came and whatever was returned since: a return frees
# none of it, and gifts have bounds of their own. What receipts wait for with a bank has its place from the beginning; in
# what a member has it is less what came back meanwhile (`loyalty/instalments.py`).
_DAY: Final = """
SELECT coalesce(sum(greatest(coalesce(i.earned, l.points_earned, 0) - coalesce(g.points, 0), 0)), 0)::bigint
FROM purchase AS p JOIN purchase_line AS l ON l.purchase_id = p.id
LEFT JOIN (instalment_line AS i JOIN instalment AS w ON w.purchase_id = i.purchase_id AND w.state = 'WAITING')
    ON i.line_id = l.id
LEFT JOIN LATERAL (SELECT sum(a.points) AS points FROM discount_application AS a
    WHERE a.purchase_id = p.id AND a.line_id = l.id) AS g ON true
WHERE p.member_id = $1 AND p.closed_at >= $2 AND p.closed_at < $3
"""
_HAS: Final = """
SELECT coalesce(p.version, 0) AS version,
    (coalesce(p.available + p.pending + p.held - p.debt, 0) + coalesce(w.points, 0))::bigint AS balance
FROM (SELECT $1::uuid AS id) AS m LEFT JOIN member_points AS p ON p.member_id = m.id CROSS JOIN LATERAL (
    SELECT sum(l.earned - div(l.earned::numeric * s.refunded_part,
        greatest(CASE s.refund_measure WHEN 'NET' THEN s.net ELSE s.quantity END, 1))) AS points
    FROM instalment AS i JOIN instalment_line AS l ON l.purchase_id = i.purchase_id JOIN purchase_line AS s ON s.id = l.line_id
    WHERE i.member_id = m.id AND i.state = 'WAITING') AS w
"""


@dataclass(frozen=True, slots=True)
class Room:
    """The most that may be earned now, and the version of the balances that says so."""

    points: int
    version: int


async def room_of(member: UUID, terms: PointsTerms, at: datetime, time_zone: str) -> Room | None:
    """What the limits leave a member on the local day of a moment; None where the programme has none, and nothing is read."""
    if terms.earn_max_day is None and terms.balance_max is None:
        return None
    # The version first: whoever posts between the two statements changes it, and is noticed at the end.
    row = await database.fetchrow(_HAS, member)
    assert row is not None  # noqa: S101 - one row, whether there are points or not
    left = [] if terms.balance_max is None else [terms.balance_max - row["balance"]]
    if terms.earn_max_day is not None:
        day = business_date(at, time_zone)
        ends = day_begins(day, time_zone), day_begins(day + timedelta(days=1), time_zone)
        left.append(terms.earn_max_day - await database.fetchval(_DAY, member, *ends))
    return Room(max(min(left), 0), row["version"])
