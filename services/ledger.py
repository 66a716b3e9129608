"""The books of the programme: opened for a member, read for the cabinet, checked by SQL against every promise they make."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import orjson

from loyalty.refusals import Code, Refusal
from loyalty.tiers import Grant
from models import database
from models.database import statement
from models.ids import uuid7
from services import programmes
from services.tiers.checking import misplaced
from services.tiers.reading import grant_of
from services.work import Work, work

# One shared account stands against every member's qualifying spend. Its balance is summed from its entries when asked
# for: a row kept up to date here would be the one row that every purchase of the programme waits for.
QUALIFIED: Final = UUID("00000000-0000-7000-8000-000000000001")
CHECK_SECONDS: Final = 3000.0

# What a purchase holds by the member's row: a version that is being applied places every member, this one too.
_HOLD: Final = "LOCK TABLE member_standing IN ROW SHARE MODE"
_OPEN: Final = """
WITH shared AS (
    INSERT INTO account (id, owner_kind, owner, purpose, unit)
    VALUES ($1, 'PROGRAMME', 'programme', 'qualified', 'QRUB') ON CONFLICT DO NOTHING
), own AS (
    INSERT INTO account (id, owner_kind, owner, purpose, unit) VALUES ($2, 'MEMBER', $3::uuid::text, 'qualified', 'QRUB')
), zero AS (
    INSERT INTO balance (account_id, amount, version) VALUES ($2, 0, 0)
), standing AS (
    INSERT INTO member_standing (member_id, qualifying_account, purchases, saved, version) VALUES ($3, $2, 0, 0, 0)
)
INSERT INTO tier_period (id, member_id, tier, since, until, reason, evidence) VALUES ($4, $3, $5, $6, NULL, 'JOINED', NULL)
"""

_STANDING: Final = """
SELECT b.amount, s.purchases, s.saved, s.granted_tier, s.granted_until FROM member_standing AS s JOIN balance AS b ON b.account_id = s.qualifying_account
WHERE s.member_id = $1
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a member has reached, in kopecks: all that ever counted, all net purchases, and discounts, less refunds."""

    accumulated: int
    purchases: int
    saved: int
    grant: Grant | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken promise of the books: which check, and the row that breaks it."""

    check: str
    subject: str
    detail: str


async def open_books(tx: Work, member_id: UUID, now: datetime) -> None:
    """Give a member accounts, a zero balance and the first tier, in the caller's transaction. Once a member, ever."""
    await tx.execute(_HOLD)
    programme = await programmes.settled(tx)
    await tx.execute(_OPEN, QUALIFIED, uuid7(), member_id, uuid7(), programme.tiers[0].id, now)


async def standing_of(member_id: UUID) -> Standing:
    """The standing of a confirmed member. Raises NOT_FOUND for somebody whose books were never opened."""
    row = await database.fetchrow(_STANDING, member_id)
    if row is None:
        raise Refusal(Code.NOT_FOUND, "member.not_found")
    return Standing(row["amount"], row["purchases"], row["saved"], grant_of(row))


async def check_books(now: datetime) -> list[Finding]:
    """Every row that breaks an invariant (docs/ledger.md lists them); an empty list means the books balance.

    Before the first programme there are no tiers, and nobody whose books could be open.
    """
    programme = await programmes.newest(now)
    steps = () if programme is None or programme.tier_window.has_end else programme.tiers
    shares = programme is not None and programme.shares_progress
    tiers = orjson.dumps([{"id": tier.id, "threshold": tier.threshold} for tier in steps]).decode()
    async with work(seconds=CHECK_SECONDS) as tx:
        # A look at all books takes longer than any command may, and longer every year.
        await tx.execute("SET LOCAL statement_timeout = 0")
        rows = await tx.connection.fetch(statement("check_books"), tiers, now, shares, timeout=CHECK_SECONDS)
        for more in ("check_points", "check_families", "check_settlement"):
            rows += await tx.connection.fetch(statement(more), timeout=CHECK_SECONDS)
        windows = [] if programme is None or steps else await misplaced(tx, programme, now, seconds=CHECK_SECONDS)
    found = [Finding(check=row["check"], subject=row["subject"], detail=row["detail"]) for row in rows]
    return found + [Finding(*one) for one in windows]
