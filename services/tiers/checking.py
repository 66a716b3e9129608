"""The check of tiers whose window ends: recomputed from the ledger, not from the columns that posting reads."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

import orjson

from loyalty.business_days import business_date
from loyalty.points import day_begins
from loyalty.programme import Programme
from loyalty.tiers import Facts, stand
from loyalty.windows import Return
from models.database import Record
from services.tiers.reading import grant_of
from services.work import Work

MEMBERS_AT_ONCE: Final = 1_000
FOLLOWS: Final = "tier follows from facts"
CLOCK: Final = "the clock comes when a tier ends"

# One statement for each thousand, so that what is compared is of one moment. A refund is dated by what it reverses.
_MEMBERS: Final = """
SELECT s.member_id, k.amount AS accumulated, s.granted_tier, s.granted_until, s.tier_until, p.tier, (
    SELECT jsonb_agg(jsonb_build_array(d.day, d.returned, d.amount)) FROM (
        SELECT (coalesce(o.occurred_at, t.occurred_at) AT TIME ZONE $3)::date AS day,
            CASE WHEN o.id IS NOT NULL THEN (t.occurred_at AT TIME ZONE $3)::date END AS returned, sum(e.amount)::bigint AS amount
        FROM entry AS e JOIN ledger_transaction AS t ON t.id = e.transaction_id
        LEFT JOIN ledger_transaction AS o ON o.id = t.reverses
        WHERE e.account_id = ANY (k.accounts) AND coalesce(o.occurred_at, t.occurred_at) >= $4 GROUP BY 1, 2
    ) AS d
) AS days
FROM member_standing AS s CROSS JOIN LATERAL (
    SELECT array_agg(o.qualifying_account) AS accounts, sum(b.amount)::bigint AS amount
    FROM member_standing AS o JOIN balance AS b ON b.account_id = o.qualifying_account
    WHERE o.member_id = ANY (CASE WHEN $5::boolean THEN kin_of(s.member_id) ELSE ARRAY[s.member_id] END)
) AS k
LEFT JOIN tier_period AS p ON p.member_id = s.member_id AND p.until IS NULL
WHERE ($1::uuid IS NULL OR s.member_id > $1) ORDER BY s.member_id LIMIT $2
"""


async def misplaced(
    tx: Work, programme: Programme, now: datetime, *, seconds: float, members_at_once: int = MEMBERS_AT_ONCE
) -> list[tuple[str, str, str]]:
    """(check, subject, detail) of members whose tier is not what their facts say, or to whom the clock comes too late.

    Where time has changed a tier and the clock has not come yet, nothing is wrong: every command waits for it.
    """
    zone = programme.time_zone
    oldest = programme.tier_window.oldest_day(business_date(now, zone), len(programme.tiers))
    found: list[tuple[str, str, str]] = []
    after: UUID | None = None
    known = (members_at_once, zone, day_begins(oldest, zone), programme.shares_progress)
    while rows := await _rows(tx, (after, *known), seconds):
        for row in rows:
            if row["tier_until"] is None or row["tier_until"] > now:
                found += _findings(programme, row, now)
        after = rows[-1]["member_id"]
    return found


async def _rows(tx: Work, which: tuple[UUID | None, int, str, datetime, bool], seconds: float) -> Sequence[Record]:
    return await tx.connection.fetch(_MEMBERS, *which, timeout=seconds)


def _findings(programme: Programme, row: Record, now: datetime) -> list[tuple[str, str, str]]:
    days, returns = dict[date, int](), list[Return]()
    for bought, returned, amount in orjson.loads(row["days"] or "[]"):
        day = date.fromisoformat(bought)
        days[day] = days.get(day, 0) + amount
        if returned is not None:
            returns.append(Return(day, date.fromisoformat(returned), -amount))
    standing = stand(programme, Facts(row["accumulated"], days, grant_of(row), returns), now)
    subject, found = f"member {row['member_id']}", list[tuple[str, str, str]]()
    if row["tier"] != standing.tier.id:
        found.append((FOLLOWS, subject, f"{row['tier'] or 'none'} against {standing.tier.id}"))
    changes, looks = standing.changes_at, row["tier_until"]
    if changes is not None and (looks is None or looks > changes):
        found.append((CLOCK, subject, f"{looks or 'never'} after {changes}"))
    return found
