"""Two profiles of one person, and what is seen of both from outside."""

from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson

from models import database
from services.audit import Actor
from services.merging import merging
from services.merging.reading import MergeFacts
from services.resources import Resources
from services.tills import TillFacts
from tests.makers.families import FAMILY
from tests.makers.people import MadeMember, make_till
from tests.makers.points import apply_points

WHY = "два профиля одного человека"
# Everything that says what somebody has. Moments and versions of writing are other ones after every command.
_SIDE = """
SELECT jsonb_build_object(
    'member', (SELECT to_jsonb(m) FROM member AS m WHERE m.id = $1),
    'contacts', (SELECT jsonb_agg(to_jsonb(c) ORDER BY c.kind) FROM contact AS c WHERE c.member_id = $1),
    'cards', (SELECT jsonb_agg(to_jsonb(c) ORDER BY c.id) FROM card AS c WHERE c.member_id = $1),
    'standing', (SELECT jsonb_build_array(s.purchases, s.saved, b.amount) FROM member_standing AS s
        JOIN balance AS b ON b.account_id = s.qualifying_account WHERE s.member_id = $1),
    'points', coalesce((SELECT jsonb_build_array(available, pending, held, debt) FROM member_points WHERE member_id = $1),
        '[0, 0, 0, 0]'),
    'lots', (SELECT jsonb_agg(jsonb_build_array(l.id, l.issuer, l.remaining, l.status, l.expires_at, l.purchase_id)
        ORDER BY l.id) FROM points_lot AS l WHERE l.member_id = $1),
    'purchases', (SELECT jsonb_agg(p.id ORDER BY p.id) FROM purchase AS p WHERE p.member_id = $1),
    'quotes', (SELECT jsonb_agg(jsonb_build_array(q.id, q.card_id) ORDER BY q.id) FROM quote AS q WHERE q.member_id = $1),
    'holds', (SELECT jsonb_agg(h.id ORDER BY h.id) FROM points_hold AS h WHERE h.member_id = $1),
    'tier', (SELECT tier FROM tier_period WHERE member_id = $1 AND until IS NULL)
)::text
"""
_TOTALS = """
SELECT e.unit, sum(e.amount)::bigint AS amount FROM account AS a JOIN entry AS e ON e.account_id = a.id
WHERE a.owner_kind = 'MEMBER' GROUP BY e.unit
"""


async def make_shop(now: datetime, folder: Path) -> TillFacts:
    """A till of a programme with points and families."""
    await apply_points(folder, now, ("partners:\n  - id: shop", f"{FAMILY}partners:\n  - id: shop"))
    return (await make_till(now, partner="shop", outlet="shop-one"))[0]


async def side(member: UUID) -> str:
    """What one profile has."""
    seen: str = await database.fetchval(_SIDE, member)
    return seen


async def totals() -> dict[str, Any]:
    """What all members have together, by unit."""
    return {row["unit"]: row["amount"] for row in await database.fetch(_TOTALS)}


async def make_one(resources: Resources, survivor: MadeMember, duplicate: MadeMember, now: datetime) -> MergeFacts:
    """Merge, by the operator."""
    return await merging.merge(Actor.operator(), survivor.id, duplicate.id, reason=WHY, resources=resources, now=now)


async def make_two(resources: Resources, merge: MergeFacts, now: datetime) -> MergeFacts:
    """Undo, by the operator."""
    return await merging.undo(Actor.operator(), merge.id, reason=WHY, resources=resources, now=now)


async def lots_of(case: UUID) -> dict[str, int]:
    """What each lot of a duplicate had when it was merged."""
    text = await database.fetchval("SELECT moved->>'lots' FROM merge_case WHERE id = $1", case)
    return dict(orjson.loads(text))
