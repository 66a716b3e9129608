"""Making two profiles of one person one, and two again. Each is one short transaction; no entry of before is touched."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson

from loyalty.refusals import Code, Refusal
from loyalty.scopes import PROGRAMME
from models.ids import uuid7
from services import letters, once, sessions
from services.audit import Actor
from services.letter_words import Kind
from services.merging import contacts, locking, moving
from services.merging.reading import MergeFacts, evidence_of, find
from services.resources import Resources
from services.staff.acting import Act, acting, claim_of, reason_of
from services.work import Work, again

RIGHT: Final = "merge.decide"
KEY: Final = "idempotencyKey"

_STANDS_IN_THE_WAY: Final = """
SELECT EXISTS (SELECT 1 FROM family_seat WHERE member_id = $1 AND left_at IS NULL)
    OR EXISTS (SELECT 1 FROM points_lot WHERE contributor_id = $1) AS shares,
    coalesce((SELECT granted_until > $3 FROM member_standing WHERE member_id = $1), false) AS granted,
    EXISTS (SELECT 1 FROM member_points WHERE member_id = ANY (ARRAY[$1, $2]) AND debt > 0) AS owes,
    (SELECT id FROM card WHERE member_id = $2 AND status = 'ACTIVE') AS card
"""
_SUMS: Final = """
SELECT b.amount AS counted, s.purchases AS bought, s.saved, coalesce(p.available, 0) AS available,
    coalesce(p.pending, 0) AS pending, coalesce(p.held, 0) AS held
FROM member_standing AS s JOIN balance AS b ON b.account_id = s.qualifying_account
LEFT JOIN member_points AS p ON p.member_id = s.member_id WHERE s.member_id = $1
"""
_CARRY: Final = "SELECT carry_books($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
_AMOUNTS: Final = ("counted", "bought", "saved", "available", "pending", "held")
_MARK: Final = "UPDATE member SET status = 'MERGED', merged_into = $2 WHERE id = $1"
_UNMARK: Final = "UPDATE member SET status = 'ACTIVE', merged_into = NULL WHERE id = $1"
_KEEP: Final = """
INSERT INTO merge_case (id, survivor_id, duplicate_id, state, evidence, reason, decided_by, merged_at, undoable_until, moved)
VALUES ($1, $2, $3, 'MERGED', $4::jsonb, $5, $6, $7, $8, $9::jsonb)
"""
_CASE: Final = "SELECT * FROM merge_case WHERE id = $1 FOR UPDATE"
_UNDO: Final = """
UPDATE merge_case SET state = 'UNDONE', undone_at = $2, undone_by = $3, undo_reason = $4 WHERE id = $1
"""
# What is left of a lot, and what ended of it, against what it had when it came.
_LACKING: Final = """
SELECT coalesce(sum(greatest(m.remaining - l.remaining - coalesce(e.ended, 0), 0)), 0)::bigint
FROM unnest($1::uuid[], $2::bigint[]) AS m (id, remaining) JOIN points_lot AS l ON l.id = m.id
LEFT JOIN LATERAL (
    SELECT -sum(v.amount) AS ended FROM points_lot_move AS v JOIN ledger_transaction AS t ON t.id = v.transaction_id
    WHERE v.lot_id = l.id AND t.kind = 'POINTS_EXPIRED' AND t.recorded_at >= $3
) AS e ON true
"""
# What receipts and points that go back have brought since: a bank's late yes, points of a return whose own end had come.
_GROWN: Final = """
SELECT id, issued FROM points_lot WHERE member_id = $1 AND (remaining > 0 OR remaining = 0) AND NOT id = ANY ($3::uuid[])
    AND (purchase_id = ANY ($2::uuid[]) OR restored_from = ANY ($3::uuid[]))
"""
_HOLDS: Final = "SELECT EXISTS (SELECT 1 FROM points_hold WHERE member_id = $1 AND status = 'ACTIVE')"
_LEFT: Final = """
SELECT coalesce(sum(p.accumulated - p.refunded_accumulated), 0)::bigint AS counted,
    coalesce(sum(p.net - p.refunded_net), 0)::bigint AS bought,
    coalesce(sum(p.discount - p.refunded_discount), 0)::bigint AS saved,
    (SELECT coalesce(sum(qualifying), 0) FROM opening WHERE id = ANY ($2::uuid[]))::bigint AS opened,
    (SELECT coalesce(sum(remaining) FILTER (WHERE status = 'ACTIVE'), 0) FROM points_lot WHERE id = ANY ($3::uuid[]))::bigint
        AS available,
    (SELECT coalesce(sum(remaining) FILTER (WHERE status = 'PENDING'), 0) FROM points_lot WHERE id = ANY ($3::uuid[]))::bigint
        AS pending
FROM purchase AS p WHERE p.id = ANY ($1::uuid[])
"""


@dataclass(frozen=True, slots=True)
class _Wish:
    case: UUID
    survivor: UUID
    duplicate: UUID
    reason: str
    undoable_until: datetime


async def merge(
    actor: Actor,
    survivor: UUID,
    duplicate: UUID,
    *,
    reason: str,
    resources: Resources,
    now: datetime,
    key: str | None = None,
) -> MergeFacts:
    """Make the duplicate one with the survivor: receipts, points with their ends, progress, cards, bookings and claims.

    With a key the same command hears of the same merge again, as it stands by then; KEY_REUSED for another command.
    Raises FORBIDDEN; INVALID_INPUT for one and the same; NOT_FOUND for whoever is not an active member; UNFINISHED where
    the duplicate sits or sat in a family with a pool or has a given tier, or one of them owes points.
    """
    why = reason_of(reason, field="input.reason")
    if survivor == duplicate:
        raise Refusal(Code.INVALID_INPUT, "merging.same", field="input.duplicate")
    case = uuid7() if key is None else claim_of(actor, "mergeMembers", key)
    wish = _Wish(case, survivor, duplicate, why, now + timedelta(days=resources.policy.merge_undo_days))

    async def unit() -> None:
        async with acting(actor, RIGHT, "member.merge", resources=resources, now=now, reason=why) as act:
            act.require(PROGRAMME)
            if await act.is_first("mergeMembers", key, survivor, duplicate, why, about=case, field=once.FIELD):
                await _merge(act, wish)

    await again(unit)
    return await find(case, now)


async def undo(
    actor: Actor, case: UUID, *, reason: str, resources: Resources, now: datetime, key: str | None = None
) -> MergeFacts:
    """Make them two again: what came with the duplicate goes back, what was made since stays with the survivor.

    With a key the same command hears the same again; KEY_REUSED for another command.
    Raises FORBIDDEN; NOT_FOUND; INVALID_INPUT for one undone or sealed by time; UNFINISHED where points that came with the
    duplicate have been spent or taken back since, a till holds some, or somebody else has proved one of his contacts.
    """
    why = reason_of(reason)

    async def unit() -> None:
        async with acting(actor, RIGHT, "member.unmerge", resources=resources, now=now, reason=why) as act:
            act.require(PROGRAMME)
            if await act.is_first("undoMerge", key, case, why, about=case, field=KEY):
                await _undo(act, case, why)

    await again(unit)
    return await find(case, now)


async def _merge(act: Act, wish: _Wish) -> None:
    tx, now, case, survivor, duplicate = act.tx, act.now, wish.case, wish.survivor, wish.duplicate
    await locking.lock(tx, [survivor, duplicate], now)
    there = await locking.statuses(tx, [survivor, duplicate])
    for member, field in ((survivor, "input.survivor"), (duplicate, "input.duplicate")):
        if there.get(member) != "ACTIVE":
            raise Refusal(Code.NOT_FOUND, "member.not_found", field=field)
    card = await _card_of(tx, survivor, duplicate, now)
    evidence = await evidence_of(tx, survivor, duplicate)
    sums = await tx.fetchrow(_SUMS, duplicate)
    assert sums is not None  # noqa: S101 - its row is locked
    moved: dict[str, Any] = await moving.move(tx, duplicate, survivor, card)
    await tx.execute(_CARRY, case, "MERGED", duplicate, survivor, *(sums[name] for name in _AMOUNTS), now)
    moved["contacts"] = await contacts.join(tx, survivor, duplicate)
    await sessions.end_sessions(tx, duplicate, now)
    await tx.execute(_MARK, duplicate, survivor)
    await locking.place(tx, [survivor, duplicate], now, evidence=case)
    told, rows = orjson.dumps(evidence).decode(), orjson.dumps(moved).decode()
    await tx.execute(_KEEP, case, survivor, duplicate, told, wish.reason, act.actor.id, now, wish.undoable_until, rows)
    await letters.ask(tx, Kind.PROFILE_CHANGED, survivor, now)
    act.record("member", survivor, after={"merged": str(duplicate), "evidence": evidence})
    act.record("member", duplicate, after={"merged_into": str(survivor)})


async def _undo(act: Act, case: UUID, why: str) -> None:
    tx, now = act.tx, act.now
    found = await tx.fetchrow("SELECT survivor_id, duplicate_id FROM merge_case WHERE id = $1", case)
    if found is None:
        raise Refusal(Code.NOT_FOUND, "merging.unknown", field="merge")
    survivor, duplicate = found["survivor_id"], found["duplicate_id"]
    await locking.lock(tx, [survivor, duplicate], now)
    there = await locking.statuses(tx, [survivor, duplicate])
    row = await tx.fetchrow(_CASE, case)
    assert row is not None  # noqa: S101 - cases are never deleted
    if row["state"] != "MERGED" or now >= row["undoable_until"]:
        raise Refusal(Code.INVALID_INPUT, "merging.sealed", field="merge")
    if there.get(survivor) not in {"ACTIVE", "BLOCKED"} or there.get(duplicate) != "MERGED":
        raise Refusal(Code.UNFINISHED, "merging.survivor_gone")
    moved = orjson.loads(row["moved"])
    purchases, lots = moving.ids_of(moved["rows"]["purchase"]), moving.ids_of(moved["lots"])
    moved["lots"] |= {str(lot["id"]): lot["issued"] for lot in await tx.fetch(_GROWN, survivor, purchases, lots)}
    await _unless_spent(tx, survivor, moved, row["merged_at"])
    sums = await _sums_back(tx, moved)
    await contacts.part(tx, survivor, duplicate, moved["contacts"])
    await tx.execute(_UNMARK, duplicate)
    await moving.move_back(tx, survivor, duplicate, moved)
    await tx.execute(_CARRY, case, "UNMERGED", survivor, duplicate, *(sums[name] for name in _AMOUNTS), now)
    # Whoever came in by a contact of the other stays in no longer.
    await sessions.end_sessions(tx, survivor, now)
    await locking.place(tx, [survivor, duplicate], now, evidence=case)
    await tx.execute(_UNDO, case, now, act.actor.id, why)
    act.record("member", survivor, before={"merged": str(duplicate)})
    act.record("member", duplicate, before={"merged_into": str(survivor)})


async def _card_of(tx: Work, survivor: UUID, duplicate: UUID, now: datetime) -> UUID:
    """The survivor's card. Raises UNFINISHED for what has to be ended first."""
    row = await tx.fetchrow(_STANDS_IN_THE_WAY, duplicate, survivor, now)
    assert row is not None  # noqa: S101 - one row of facts
    for fact, words in (("shares", "merging.shares"), ("granted", "merging.granted"), ("owes", "merging.owes")):
        if row[fact]:
            raise Refusal(Code.UNFINISHED, words)
    if row["card"] is None:
        raise Refusal(Code.UNFINISHED, "merging.card")
    card: UUID = row["card"]
    return card


async def _unless_spent(tx: Work, survivor: UUID, moved: dict[str, Any], since: datetime) -> None:
    if await tx.fetchval(_HOLDS, survivor):
        raise Refusal(Code.UNFINISHED, "merging.held", retryable=True, retry_after_seconds=60)
    lots = moved["lots"]
    lacking: int = await tx.fetchval(_LACKING, moving.ids_of(lots), list(lots.values()), since)
    if lacking:
        raise Refusal(Code.UNFINISHED, "merging.spent", points=lacking)


async def _sums_back(tx: Work, moved: dict[str, Any]) -> dict[str, int]:
    """What the rows that go back are worth now: returns and ends since are theirs."""
    rows = moved["rows"]
    names = [moving.ids_of(part) for part in (rows["purchase"], rows["opening"], moved["lots"])]
    left = await tx.fetchrow(_LEFT, *names)
    assert left is not None  # noqa: S101 - sums have one row
    return dict(left) | {"counted": left["counted"] + left["opened"], "held": 0}
