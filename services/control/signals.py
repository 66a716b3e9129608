"""Signals as the staff read them: those of the places where they review, the newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson

from loyalty.refusals import Code, Refusal
from loyalty.scopes import PROGRAMME, Access, Scope
from models import database
from models.database import Record

REVIEW: Final = "signal.review"
_SIGNALS: Final = """
SELECT s.id, s.kind, s.at, s.found_at, s.partner, s.outlet, s.till_id, s.facts, s.state, s.decided_at, s.member_id,
    s.card_id, c.number AS card_number, c.status AS card_status, t.name AS till_name,
    ARRAY(SELECT concat_ws('/', b.partner, b.outlet) FROM fraud_signal AS b
        WHERE b.card_id = s.card_id AND b.state = 'CARD_BLOCKED' AND s.state = 'CARD_BLOCKED') AS blocked_at,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('decision', n.decision, 'note', n.note, 'author', n.author, 'at', n.at)
        ORDER BY n.at, n.id), '[]') FROM signal_note AS n WHERE n.signal_id = s.id) AS notes
FROM fraud_signal AS s LEFT JOIN card AS c ON c.id = s.card_id LEFT JOIN till AS t ON t.id = s.till_id
"""
# A signal of no place, such as one of a device, is for whoever reviews the whole programme.
_MINE: Final = "($1::text[] IS NULL OR concat_ws('/', s.partner, s.outlet) || '/' LIKE ANY ($1))"
_PAGE: Final = f"""{_SIGNALS}
WHERE {_MINE} AND ($2::text IS NULL OR s.state = $2) AND ($3::text IS NULL OR s.kind = $3)
    AND ($4::timestamptz IS NULL OR (s.found_at, s.id) < ($4, $5))
ORDER BY s.found_at DESC, s.id DESC LIMIT $6
"""
_ONE: Final = f"{_SIGNALS} WHERE {_MINE} AND s.id = $2"


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote or decided."""

    decision: str
    note: str
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Signal:
    """Facts that somebody should look at. `facts` are numbers and slugs, never names.

    `blocked_at` are the places by whose signals its card is blocked, where this is one of them.
    """

    id: UUID
    kind: str
    at: datetime
    found_at: datetime
    partner: str | None
    outlet: str | None
    till: UUID | None
    till_name: str | None
    member: UUID | None
    card: UUID | None
    card_number: str | None
    card_is_blocked: bool
    blocked_at: tuple[Scope, ...]
    facts: Mapping[str, Any]
    state: str
    decided_at: datetime | None
    notes: tuple[Note, ...]

    @property
    def scope(self) -> Scope:
        """Where it happened."""
        if self.partner is None:
            return PROGRAMME
        return Scope((self.partner,) if self.outlet is None else (self.partner, self.outlet))


async def page(
    access: Access, *, rows: int, after: tuple[datetime, UUID] | None, state: str | None, kind: str | None
) -> list[Signal]:
    """At most `rows` signals of the places where the reader reviews, behind the place `after`."""
    at, last = after or (None, None)
    return [_signal(row) for row in await database.fetch(_PAGE, _places(access), state, kind, at, last, rows)]


async def one(access: Access, signal: UUID) -> Signal:
    """One of them. Raises NOT_FOUND for anybody else's."""
    row = await database.fetchrow(_ONE, _places(access), signal)
    if row is None:
        raise Refusal(Code.NOT_FOUND, "control.signal_unknown", field="signal")
    return _signal(row)


def _places(access: Access) -> list[str] | None:
    """Patterns of the places that are reviewed; None for everywhere."""
    if access.everywhere(REVIEW):
        return None
    return [f"{scope}/%" for scope in access.scopes.get(REVIEW, ())]


def _signal(row: Record) -> Signal:
    return Signal(
        id=row["id"],
        kind=row["kind"],
        at=row["at"],
        found_at=row["found_at"],
        partner=row["partner"],
        outlet=row["outlet"],
        till=row["till_id"],
        till_name=row["till_name"],
        member=row["member_id"],
        card=row["card_id"],
        card_number=row["card_number"],
        card_is_blocked=row["card_status"] == "BLOCKED",
        blocked_at=tuple(Scope.parse(place) for place in row["blocked_at"]),
        facts=orjson.loads(row["facts"]),
        state=row["state"],
        decided_at=row["decided_at"],
        notes=tuple(
            Note(note["decision"], note["note"], note["author"], datetime.fromisoformat(note["at"]))
            for note in orjson.loads(row["notes"])
        ),
    )
