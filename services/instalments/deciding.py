"""A bank's word about an instalment: carried out once, whenever it comes: before its receipt, after a part came back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import orjson

from loyalty.instalments import Credit, Decision, HeldBack, InstalmentState, after, credit
from loyalty.programme import Programme
from loyalty.refunds import Measure
from loyalty.refusals import Code, Refusal
from loyalty.texts import clean
from loyalty.tiers import stand
from models import database
from models.database import Contention, Record
from models.ids import uuid7
from services import once, programmes
from services.crowds import in_line
from services.ledger import QUALIFIED
from services.purchases.posting import RECEIPT_MAX
from services.resources import Resources
from services.tiers import clockwork
from services.tiers import writing as tiers
from services.tiers.reading import facts_of, grant_of
from services.tills import TillFacts, place_of
from services.webhooks import spreading
from services.work import Work, again, work

_ANSWER: Final = "SELECT body_sha256, answer FROM once_answer WHERE id = $1"
_CLAIM: Final = """
INSERT INTO once_answer (id, operation, body_sha256, answer, created_at) VALUES ($1, 'decideTender', $2, NULL, $3)
ON CONFLICT (id) DO NOTHING
"""
_KEEP: Final = "UPDATE once_answer SET answer = $2::jsonb WHERE id = $1"
_FIND: Final = """
SELECT p.id, p.member_id, i.state FROM purchase AS p LEFT JOIN instalment AS i ON i.purchase_id = p.id
WHERE p.outlet = $1 AND p.receipt_number = $2 AND p.business_date = $3 AND p.partner = $4
"""
# The posting takes the same lock, so that of a receipt and a word that come at once one finds the other.
_MEET: Final = """
SELECT pg_advisory_xact_lock(hashtextextended(concat_ws('|', 'instalment', $1::text, $2::text, $3::date), 0))
"""
_WORD: Final = """
INSERT INTO instalment_word (id, outlet, receipt_number, business_date, decision, till_id, at)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (outlet, receipt_number, business_date) DO NOTHING
"""
_SAID: Final = "SELECT decision FROM instalment_word WHERE outlet = $1 AND receipt_number = $2 AND business_date = $3"
_LOCK_RECEIPT: Final = "SELECT closed_at FROM purchase WHERE id = $1 FOR UPDATE"
_HELD: Final = "SELECT state, until FROM instalment WHERE purchase_id = $1 FOR UPDATE"
_LINES: Final = """
SELECT l.id, l.net, l.quantity, l.refund_measure, l.refunded_part, l.refunded_net, i.counts, i.earned
FROM purchase_line AS l JOIN instalment_line AS i ON i.line_id = l.id WHERE l.purchase_id = $1 ORDER BY l.position
"""
_CREDIT_LINES: Final = """
WITH back AS (
    UPDATE instalment_line AS i SET points_back = b.points FROM unnest($2::uuid[], $3::bigint[]) AS b (line, points)
    WHERE i.line_id = b.line RETURNING i.line_id, i.counts, i.earned, i.points_back
)
UPDATE purchase_line AS l SET accumulates = back.counts,
    points_paid = CASE WHEN $4 THEN coalesce(l.points_paid, 0) ELSE l.points_paid END,
    points_spent = CASE WHEN $4 THEN coalesce(l.points_spent, 0) ELSE l.points_spent END,
    points_earned = CASE WHEN $4 THEN back.earned ELSE l.points_earned END,
    refunded_points_paid = CASE WHEN $4 THEN coalesce(l.refunded_points_paid, 0) ELSE l.refunded_points_paid END,
    refunded_points_spent = CASE WHEN $4 THEN coalesce(l.refunded_points_spent, 0) ELSE l.refunded_points_spent END,
    refunded_points_earned = CASE WHEN $4 THEN back.points_back ELSE l.refunded_points_earned END
FROM back WHERE l.id = back.line_id AND l.purchase_id = $1
"""
_CREDIT: Final = "UPDATE purchase SET accumulated = $2, refunded_accumulated = $3 WHERE id = $1"
_LEDGER: Final = """
WITH booked AS (
    UPDATE balance SET booked_at = greatest(booked_at, $4) WHERE account_id = $6 RETURNING booked_at
), made AS (
    INSERT INTO ledger_transaction (id, kind, cause_id, reverses, occurred_at, recorded_at)
    SELECT $1, 'PURCHASE', $2, NULL, $3, booked_at FROM booked RETURNING id
)
INSERT INTO entry (transaction_id, account_id, unit, amount)
SELECT made.id, part.account, 'QRUB', part.amount
FROM made, (VALUES ($5::uuid, -($7::bigint)), ($6::uuid, $7::bigint)) AS part (account, amount)
"""
_BALANCE: Final = """
UPDATE balance SET amount = amount + $2, version = version + 1 WHERE account_id = $1 RETURNING amount
"""
_STANDING: Final = """
UPDATE member_standing SET version = version + 1 WHERE member_id = $1
RETURNING qualifying_account, granted_tier, granted_until
"""
_POINTS: Final = "SELECT credit_instalment($1, $2, $3)"
_DECIDED: Final = """
UPDATE instalment SET state = $2, decided_at = $3, decided_by = $4, counted_back = $5, points_back = $6 WHERE purchase_id = $1
"""
_ACTIVITY: Final = """
INSERT INTO card_activity (member_id, kind, purchase_id, at) VALUES ($1, 'PURCHASE_POSTED', $2, $3)
"""
_WITHDRAW: Final = "SELECT withdraw_promotions(ARRAY[$1::uuid], $2)"
NOTHING: Final = credit(())


@dataclass(frozen=True, slots=True)
class Word:
    """What a till passes on of a bank: the decision, and the receipt it is about."""

    key: str
    decision: Decision
    outlet: str | None
    receipt_number: str
    business_date: date


@dataclass(frozen=True, slots=True)
class Decided:
    """How the payment stands afterwards, and its receipt; None while the receipt has not come."""

    state: InstalmentState
    purchase: UUID | None


@dataclass(frozen=True, slots=True)
class _Said:
    """A word that was read: where, about which receipt, brought by which till."""

    decision: Decision
    partner: str
    outlet: str
    number: str
    day: date
    till: UUID

    @property
    def place(self) -> tuple[str, str, date]:
        """By what a receipt is found."""
        return self.outlet, self.number, self.day


async def decide(resources: Resources, till: TillFacts, word: Word, *, now: datetime) -> Decided:
    """Carry a bank's word out, or keep it for a receipt that has not come. The same word again is the same.

    Raises INVALID_INPUT for a receipt that waits for nothing and for a word against the one before, HOLD_EXPIRED for one
    that was waited for too long, NOT_FOUND for an outlet of another partner, FORBIDDEN for a key without the scope, KEY_REUSED, BUSY.
    """
    till.require("EARN")
    number = clean(word.receipt_number, field="input.receiptNumber", length_max=RECEIPT_MAX)
    partner, own = place_of(till, await programmes.current(now))
    outlet = word.outlet or own.id
    if outlet not in {one.id for one in partner.outlets}:
        raise Refusal(Code.NOT_FOUND, "instalment.outlet", field="input.outlet")
    said = _Said(word.decision, till.partner, outlet, number, word.business_date, till.id)
    claim = once.claim_of(till.id, "decideTender", once.key_text(word.key))
    body = once.body_of(word.decision.value, outlet, number, word.business_date)
    heard = await _told(claim, body)
    if heard is None:
        heard = await _decided(resources, said, (claim, body), now)
    return Decided(InstalmentState(heard["state"]), None if heard["purchase"] is None else UUID(str(heard["purchase"])))


async def carry_out(resources: Resources, said: Record, *, now: datetime) -> None:
    """Carry out a word that was kept, now that its receipt has come."""
    place = (said["outlet"], said["receipt_number"], said["business_date"], said["till_id"])
    await _decided(resources, _Said(Decision(said["decision"]), said["partner"], *place), None, now)


async def _decided(resources: Resources, said: _Said, key: tuple[UUID, bytes] | None, now: datetime) -> dict[str, Any]:
    found = await database.fetchrow(_FIND, *said.place, said.partner)

    async def once_only(patience: float) -> dict[str, Any] | None:
        async with work() as tx:
            await tx.execute(f"SET LOCAL lock_timeout = '{round(patience * 1000)}ms'")
            if key is not None and await tx.execute(_CLAIM, *key, now) == "INSERT 0 0":
                return None
            answer = await (_keep(tx, said, now) if found is None else _apply(tx, resources, said, found, now))
            if key is not None:
                await tx.execute(_KEEP, key[0], orjson.dumps(answer, default=str).decode())
        return answer

    if found is None:
        try:
            made = await again(lambda: once_only(1.0))
        except Contention:  # the receipt came at this moment
            return await _decided(resources, said, key, now)
    else:
        async with in_line(found["member_id"]) as patience:
            made = await again(lambda: once_only(patience))
    made = made if made is not None or key is None else await _told(*key)
    if made is None:
        raise Refusal(Code.BUSY, "busy", retryable=True, retry_after_seconds=1)
    return made


async def _keep(tx: Work, said: _Said, now: datetime) -> dict[str, Any]:
    """Keep a word whose receipt has not come."""
    await tx.execute(_MEET, *said.place)
    if await tx.fetchrow(_FIND, *said.place, said.partner) is not None:
        raise Contention
    await tx.execute(_WORD, uuid7(), *said.place, said.decision.value, said.till, now)
    if await tx.fetchval(_SAID, *said.place) != said.decision.value:
        raise _against()
    return {"state": InstalmentState.WAITING.value, "purchase": None}


async def _apply(tx: Work, resources: Resources, said: _Said, found: Record, now: datetime) -> dict[str, Any]:
    member, purchase = found["member_id"], found["id"]
    family = await clockwork.lock_kin(tx, member)
    closed_at = await tx.fetchval(_LOCK_RECEIPT, purchase)
    held = await tx.fetchrow(_HELD, purchase)
    if held is None:
        raise Refusal(Code.INVALID_INPUT, "instalment.none", field="input.receiptNumber")
    state = InstalmentState(held["state"])
    if state is InstalmentState.EXPIRED or (state is InstalmentState.WAITING and held["until"] <= now):
        raise Refusal(Code.HOLD_EXPIRED, "instalment.expired", field="input.receiptNumber")
    moves = after(state, said.decision)
    if moves is None:
        raise _against()
    if moves:
        brought = NOTHING
        if said.decision is Decision.CONFIRMED:
            programme = await programmes.settled(tx)  # behind the lock, as a return does
            await clockwork.settle_kin(tx, programme, member, now, locked=family)
            brought, is_moved = await _credit(tx, programme, member, purchase, closed_at=closed_at, now=now)
            if is_moved:
                await spreading.tell_of_tier(tx, said.partner, purchase, now)
            await clockwork.move_kin(tx, programme, member, now)
        points_back = sum(back for _, back in brought.points_back)
        decided = (said.decision.value, now, said.till, brought.counted_back, points_back)
        await tx.execute(_DECIDED, purchase, *decided)
        if said.decision is Decision.CANCELLED:
            await tx.execute(_WITHDRAW, purchase, now)
        await tx.execute(_ACTIVITY, member, purchase, now)
        tx.after_commit(lambda: resources.bus.publish(member, "PURCHASE_POSTED", purchase, now))
    return {"state": said.decision.value, "purchase": purchase}


async def _credit(
    tx: Work, programme: Programme, member: UUID, purchase: UUID, *, closed_at: datetime, now: datetime
) -> tuple[Credit, bool]:
    """Write what the receipt brings: its lines, the ledger, the balance, the tier as of the purchase, the points.

    Gives what that is, and whether the tier is another one by it.
    """
    brought = credit([_line(row) for row in await tx.fetch(_LINES, purchase)])
    lines = ([UUID(line) for line, _ in brought.points_back], [back for _, back in brought.points_back])
    await tx.execute(_CREDIT_LINES, purchase, *lines, bool(brought.points))
    await tx.execute(_CREDIT, purchase, brought.counted, brought.counted_back)
    row = await tx.fetchrow(_STANDING, member)
    assert row is not None  # noqa: S101 - its row is locked
    account = row["qualifying_account"]
    if brought.counts:
        await tx.execute(_LEDGER, uuid7(), purchase, closed_at, now, QUALIFIED, account, brought.counts)
    total = await tx.fetchval(_BALANCE, account, brought.counts)
    facts = await facts_of(programme, member, total, grant_of(row), now)
    standing = stand(programme, facts, now)
    is_moved = await tiers.begin(tx, member, standing.tier, now, reason="PURCHASE", evidence=purchase)
    if facts.grant is not None or programme.tier_window.has_end:
        await tiers.wake(tx, member, tiers.looks_at(facts, standing, now), now)
    if brought.earns:
        await tx.execute(_POINTS, purchase, brought.earns, now)
    return brought, is_moved


def _line(row: Record) -> HeldBack:
    by_net = row["refund_measure"] == Measure.NET.value
    whole = row["net"] if by_net else row["quantity"]
    back = (row["refunded_net"], row["refunded_part"], max(whole, 1))
    return HeldBack(str(row["id"]), row["net"], row["counts"], row["earned"], *back)


async def _told(claim: UUID, body: bytes) -> dict[str, Any] | None:
    found = await database.fetchrow(_ANSWER, claim)
    if found is None or found["answer"] is None:
        return None
    if bytes(found["body_sha256"]) != body:
        raise once.key_reused()
    answer: dict[str, Any] = orjson.loads(found["answer"])
    return answer


def _against() -> Refusal:
    return Refusal(Code.INVALID_INPUT, "instalment.decided", field="input.receiptNumber")


__all__: Sequence[str] = ["Decided", "Word", "carry_out", "decide"]
