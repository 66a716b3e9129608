"""The rows that follow a person from one profile to the other, by name, so that the same rows find the way back."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from services.work import Work

# What somebody bought, claimed, booked and holds. Each is one statement: from $1 to $2.
_MOVES: Final[Mapping[str, str]] = {
    "purchase": "UPDATE purchase SET member_id = $2 WHERE member_id = $1 RETURNING id",
    "instalment": "UPDATE instalment SET member_id = $2 WHERE member_id = $1 RETURNING purchase_id AS id",
    "points_hold": "UPDATE points_hold SET member_id = $2 WHERE member_id = $1 RETURNING id",
    "opening": "UPDATE opening SET member_id = $2 WHERE member_id = $1 RETURNING id",
    "member_identity": "UPDATE member_identity SET member_id = $2 WHERE member_id = $1 RETURNING id",
    "booking": "UPDATE booking SET member_id = $2 WHERE member_id = $1 RETURNING id",
    "payment": "UPDATE payment SET member_id = $2 WHERE member_id = $1 RETURNING id",
    "shop_order": "UPDATE shop_order SET member_id = $2 WHERE member_id = $1 RETURNING id",
    "purchase_claim": "UPDATE purchase_claim SET member_id = $2 WHERE member_id = $1 RETURNING id",
    "coupon": "UPDATE coupon SET holder_id = $2 WHERE holder_id = $1 RETURNING id",
    "campaign_hold": "UPDATE campaign_hold SET member_id = $2 WHERE member_id = $1 RETURNING id",
}
# What a till has begun goes on with the other profile's card. $3 is that card.
_BEGUN: Final[Mapping[str, str]] = {
    "quote": """
        UPDATE quote SET member_id = $2, card_id = CASE WHEN purchase_id IS NULL THEN $3 ELSE card_id END
        WHERE member_id = $1 RETURNING id""",
    "scan_ticket": "UPDATE scan_ticket SET member_id = $2, card_id = $3 WHERE member_id = $1 RETURNING id",
    "pos_order": "UPDATE pos_order SET member_id = $2, card_id = $3 WHERE member_id = $1 RETURNING id",
}
# What has happened since belongs to the survivor: only rows that say the same as then go back. $3 names the rows, $4 the
# purchases that go back.
_BACK: Final[Mapping[str, str]] = {
    "purchase": "UPDATE purchase SET member_id = $2 WHERE member_id = $1 AND id = ANY ($3) AND id = ANY ($4)",
    "instalment": """
        UPDATE instalment SET member_id = $2 WHERE member_id = $1 AND purchase_id = ANY ($3) AND purchase_id = ANY ($4)""",
    "points_hold": """
        UPDATE points_hold SET member_id = $2
        WHERE member_id = $1 AND id = ANY ($3) AND (purchase_id IS NULL OR purchase_id = ANY ($4))""",
    "opening": "UPDATE opening SET member_id = $2 WHERE member_id = $1 AND id = ANY ($3) AND $4::uuid[] IS NOT NULL",
    "member_identity": """
        UPDATE member_identity SET member_id = $2 WHERE member_id = $1 AND id = ANY ($3) AND $4::uuid[] IS NOT NULL""",
    "booking": """
        UPDATE booking SET member_id = $2
        WHERE member_id = $1 AND id = ANY ($3) AND (purchase_id IS NULL OR purchase_id = ANY ($4))""",
    "payment": "UPDATE payment SET member_id = $2 WHERE member_id = $1 AND id = ANY ($3) AND $4::uuid[] IS NOT NULL",
    "shop_order": """
        UPDATE shop_order SET member_id = $2
        WHERE member_id = $1 AND id = ANY ($3) AND (purchase_id IS NULL OR purchase_id = ANY ($4))""",
    "purchase_claim": """
        UPDATE purchase_claim SET member_id = $2
        WHERE member_id = $1 AND id = ANY ($3) AND (purchase_id IS NULL OR purchase_id = ANY ($4))""",
    "coupon": "UPDATE coupon SET holder_id = $2 WHERE holder_id = $1 AND id = ANY ($3) AND $4::uuid[] IS NOT NULL",
    "campaign_hold": """
        UPDATE campaign_hold SET member_id = $2 WHERE member_id = $1 AND id = ANY ($3) AND $4::uuid[] IS NOT NULL""",
    "quote": """
        UPDATE quote SET member_id = $2,
            card_id = CASE WHEN purchase_id IS NULL THEN (SELECT id FROM card WHERE member_id = $2 AND status = 'ACTIVE')
                ELSE card_id END
        WHERE member_id = $1 AND id = ANY ($3) AND (purchase_id IS NULL OR purchase_id = ANY ($4))""",
}

MOVED: Final = frozenset({*_MOVES, *_BEGUN, "points_lot", "campaign_use", "card", "contact"})
"""Tables whose rows follow the person."""
_OWN: Final = "of the profile: whoever signs in, is written to or has agreed does so as the survivor"
_BOOKS: Final = "its sums are carried, and its past stays where it was"
STAYS: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        ("credential", "mail_token", "mail_code", "email_change", "site_grant", "session", "qr_credential"), _OWN
    ),
    **dict.fromkeys(("channel_preference", "consent", "message", "one_time_code", "card_activity"), _OWN),
    **dict.fromkeys(
        ("member_standing", "member_points", "tier_period", "tier_grant", "settlement_line", "points_grant"), _BOOKS
    ),
    "member": "it names the survivor",
    "restaurant_guest": "what the cloud was told of whom; the id there goes along by member_identity",
    "family": "whoever sits in one or was offered its head is not merged, or it has passed",
    "family_seat": "who sat where and when",
    "family_invite": "who invited whom",
    "fraud_signal": "what was suspicious about a profile",
    "erasure": "that it was done",
    "merge_case": "which profile became which",
    "dismissed_pair": "who was said to be two people",
}
"""Tables that name a member and stay as they are, with the reason."""

_LOTS: Final = """
UPDATE points_lot SET member_id = $2 WHERE member_id = $1 RETURNING id, remaining
"""
_LOTS_BACK: Final = "UPDATE points_lot SET member_id = $2 WHERE member_id = $1 AND id = ANY ($3)"
_USES: Final = "SELECT campaign, uses FROM campaign_use WHERE member_id = $1 AND uses > 0"
_USE: Final = """
INSERT INTO campaign_use AS c (id, campaign, member_id, uses)
SELECT gen_random_uuid(), u.campaign, $1, u.uses FROM unnest($2::text[], $3::bigint[]) AS u (campaign, uses)
ON CONFLICT (member_id, campaign) DO UPDATE SET uses = c.uses + EXCLUDED.uses
"""
_UNUSE: Final = """
UPDATE campaign_use AS c SET uses = greatest(c.uses - u.uses, 0)
FROM unnest($2::text[], $3::bigint[]) AS u (campaign, uses) WHERE c.member_id = $1 AND c.campaign = u.campaign
"""
_CARDS: Final = "SELECT id, status FROM card WHERE member_id = $1"
_CARDS_MOVE: Final = """
UPDATE card SET member_id = $2, replaced_by = CASE WHEN status IN ('ACTIVE', 'BLOCKED') THEN $3 ELSE replaced_by END,
    status = CASE WHEN status IN ('ACTIVE', 'BLOCKED') THEN 'REPLACED' ELSE status END
WHERE member_id = $1
"""
_CARDS_BACK: Final = """
UPDATE card AS c SET member_id = $2, status = m.status,
    replaced_by = CASE WHEN m.status IN ('ACTIVE', 'BLOCKED') THEN NULL ELSE c.replaced_by END
FROM unnest($3::uuid[], $4::text[]) AS m (id, status) WHERE c.id = m.id AND c.member_id = $1
"""

Moved = dict[str, Any]


async def move(tx: Work, giver: UUID, taker: UUID, card: UUID) -> Moved:
    """Give every row of one profile to another, whose card is `card`; what is needed to find them again."""
    rows: dict[str, list[str]] = {}
    for table, statement in _MOVES.items():
        rows[table] = [str(row["id"]) for row in await tx.fetch(statement, giver, taker)]
    for table, statement in _BEGUN.items():
        rows[table] = [str(row["id"]) for row in await tx.fetch(statement, giver, taker, card)]
    lots = {str(row["id"]): row["remaining"] for row in await tx.fetch(_LOTS, giver, taker)}
    uses = {row["campaign"]: row["uses"] for row in await tx.fetch(_USES, giver)}
    await tx.execute(_USE, taker, list(uses), list(uses.values()))
    await tx.execute(_UNUSE, giver, list(uses), list(uses.values()))
    cards = {str(row["id"]): row["status"] for row in await tx.fetch(_CARDS, giver)}
    await tx.execute(_CARDS_MOVE, giver, taker, card)
    return {"rows": rows, "lots": lots, "uses": uses, "cards": cards}


async def move_back(tx: Work, giver: UUID, taker: UUID, moved: Moved) -> None:
    """Give the rows back that came with a merge, as far as nothing has been made of them since."""
    cards = moved["cards"]
    await tx.execute(_CARDS_BACK, giver, taker, ids_of(cards), list(cards.values()))
    purchases = ids_of(moved["rows"]["purchase"])
    for table, statement in _BACK.items():
        await tx.execute(statement, giver, taker, ids_of(moved["rows"][table]), purchases)
    await tx.execute(_LOTS_BACK, giver, taker, ids_of(moved["lots"]))
    uses = moved["uses"]
    await tx.execute(_UNUSE, giver, list(uses), list(uses.values()))
    await tx.execute(_USE, taker, list(uses), list(uses.values()))


def ids_of(names: Sequence[str] | Mapping[str, object]) -> list[UUID]:
    """The ids of what a merge has noted."""
    return [UUID(name) for name in names]
