"""Pairs of profiles that may be one person's, over all members: looked for piece by piece, from those who joined last."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.masks import initial, masked_email, masked_phone
from models import database
from models.database import Record
from services.merging.reading import COMMON, signs_of

# How many members the first statement looks at, a later one, and one question: it ends in time however many members there
# are. Where everybody has pairs, few members fill a page; where hardly anybody has, the windows grow.
LOOKED_AT_FIRST: Final = 40
LOOKED_AT_ONCE: Final = 500
LOOKED_AT_MOST: Final = 2_000
OTHERS_MAX: Final = 10

_WINDOW: Final = """
SELECT id, created_at FROM member WHERE status = 'ACTIVE' AND ($1::uuid IS NULL OR id < $1) ORDER BY id DESC LIMIT $2
"""
# Each pair is found once, with the one who joined later. A merge that was undone has said that they are two people; so has
# whoever dismissed the pair, by what it had in common then.
_TWO_PEOPLE: Final = """
    EXISTS (SELECT 1 FROM merge_case AS c WHERE c.state = 'UNDONE'
        AND (c.survivor_id, c.duplicate_id) IN ((m.id, o.id), (o.id, m.id)))
    OR EXISTS (SELECT 1 FROM dismissed_pair AS d WHERE d.older_id = o.id AND d.newer_id = m.id AND d.restored_at IS NULL
        AND (d.signs @> '["PHONE"]' OR NOT common."PHONE") AND (d.signs @> '["EMAIL"]' OR NOT common."EMAIL")
        AND (d.signs @> '["NAMES"]' OR NOT common."NAMES") AND (d.signs @> '["BIRTH_DATE"]' OR NOT common."BIRTH_DATE"))
"""
# Namesakes, and those with one contact, are read from an index, newest first and no more than are told: a million of one
# name and one placeholder of a birth date are as quick as two.
_PAIRS: Final = f"""
SELECT m.id AS newer_id, near.* FROM member AS m CROSS JOIN LATERAL (
    (SELECT shared.* FROM contact AS a CROSS JOIN LATERAL (
        SELECT b.member_id AS older_id, common.* FROM contact AS b JOIN member AS o ON o.id = b.member_id
            CROSS JOIN LATERAL (SELECT {COMMON}) AS common
        WHERE b.kind = a.kind AND b.value = a.value AND b.member_id < m.id AND o.status = 'ACTIVE' AND NOT ({_TWO_PEOPLE})
        ORDER BY b.member_id DESC LIMIT $2
    ) AS shared WHERE a.member_id = m.id)
    UNION
    (SELECT o.id AS older_id, common.* FROM member AS o CROSS JOIN LATERAL (SELECT {COMMON}) AS common
    WHERE o.birth_date = m.birth_date AND o.last_name = m.last_name AND o.first_name = m.first_name
        AND o.status = 'ACTIVE' AND o.id < m.id AND NOT ({_TWO_PEOPLE})
    ORDER BY o.id DESC LIMIT $2)
    ORDER BY older_id DESC LIMIT $2
) AS near WHERE m.id = ANY ($1::uuid[]) ORDER BY m.id DESC, near.older_id DESC
"""  # noqa: S608 - a constant
_WHO: Final = """
SELECT m.id, m.number, m.last_name, m.first_name, m.created_at,
    (SELECT c.value FROM contact AS c WHERE c.member_id = m.id AND c.kind = 'EMAIL') AS email,
    (SELECT c.value FROM contact AS c WHERE c.member_id = m.id AND c.kind = 'PHONE') AS phone
FROM member AS m WHERE m.id = ANY ($1::uuid[])
"""


@dataclass(frozen=True, slots=True)
class Suspect:
    """One of a pair, masked as everywhere in the panel."""

    id: UUID
    number: str
    first_name: str
    last_name: str
    email: str | None
    phone: str | None
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class Pair:
    """Two active profiles, and what they have in common: PHONE, EMAIL, NAMES, BIRTH_DATE."""

    newer: Suspect
    older: Suspect
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Pairs among the members that were looked at; `next` is the last of those and when he joined, None when all were."""

    pairs: tuple[Pair, ...]
    looked: int
    next: tuple[datetime, UUID] | None


async def find(rows: int, after: UUID | None) -> Found:
    """Pairs whose newer profile joined before `after`: `rows` of them or a few more, since those of one member stay together.

    Looks at LOOKED_AT_MOST members at most, so a page may be empty and still have a next one.
    """
    found: list[Record] = []
    looked, size = 0, min(LOOKED_AT_FIRST, LOOKED_AT_ONCE, LOOKED_AT_MOST)
    place: tuple[datetime, UUID] | None = None
    while looked < LOOKED_AT_MOST and len(found) < rows:
        window = await database.fetch(_WINDOW, after if place is None else place[1], size)
        near = await database.fetch(_PAIRS, [row["id"] for row in window], OTHERS_MAX)
        cut = _end_of(near, rows - len(found))
        found += near[:cut]
        if cut < len(near):
            seen = [row["id"] for row in window].index(found[-1]["newer_id"]) + 1
        elif len(window) < size:
            return Found(await _pairs(found), looked + len(window), None)
        else:
            seen = len(window)
        looked, place = looked + seen, (window[seen - 1]["created_at"], window[seen - 1]["id"])
        size = min(2 * size, LOOKED_AT_ONCE, LOOKED_AT_MOST - looked)
    return Found(await _pairs(found), looked, place)


def _end_of(near: list[Record], wanted: int) -> int:
    """Where a page ends that has `wanted` pairs at least and parts those of no member."""
    end = min(wanted, len(near))
    while 0 < end < len(near) and near[end]["newer_id"] == near[end - 1]["newer_id"]:
        end += 1
    return end


async def _pairs(found: list[Record]) -> tuple[Pair, ...]:
    ids = {row[side] for row in found for side in ("newer_id", "older_id")}
    who = {row["id"]: _suspect(row) for row in await database.fetch(_WHO, list(ids))}
    return tuple(Pair(who[row["newer_id"]], who[row["older_id"]], signs_of(row)) for row in found)


def _suspect(row: Record) -> Suspect:
    return Suspect(
        id=row["id"],
        number=row["number"],
        first_name=row["first_name"],
        last_name=initial(row["last_name"]),
        email=None if row["email"] is None else masked_email(row["email"]),
        phone=None if row["phone"] is None else masked_phone(row["phone"]),
        joined_at=row["created_at"],
    )
