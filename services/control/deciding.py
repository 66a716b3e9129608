"""What the staff decides about a signal: a note, that it is nothing, or that its card works no more."""

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from loyalty.refusals import Code, Refusal
from models.ids import uuid7
from services.audit import Actor
from services.control import signals
from services.control.signals import REVIEW, Signal
from services.resources import Resources
from services.staff.acting import Act, acting, lacking, reason_of

Decision = Literal["NOTE", "DISMISS", "BLOCK_CARD"]
MANAGE_CARDS: Final = "card.manage"
STATES: Final = {"NOTE": None, "DISMISS": "DISMISSED", "BLOCK_CARD": "CARD_BLOCKED"}
_LOCK: Final = "SELECT state, card_id FROM fraud_signal WHERE id = $1 FOR UPDATE"
_NOTE: Final = """
INSERT INTO signal_note (id, signal_id, decision, note, author, at) VALUES ($1, $2, $3, $4, $5, $6)
"""
_DECIDED: Final = "UPDATE fraud_signal SET state = $2, decided_at = $3 WHERE id = $1"
# Its codes end with it at every till: a scan and a posting look at the card. One that is blocked already is locked all the
# same: whoever gives it back at this moment does so before this decision, or sees it.
_BLOCK: Final = "UPDATE card SET status = 'BLOCKED' WHERE id = $1 AND status IN ('ACTIVE', 'BLOCKED')"


async def decide(
    actor: Actor, signal: UUID, decision: Decision, note: str, *, resources: Resources, now: datetime
) -> Signal:
    """Write a note, or decide an open signal, once. Blocking a card needs the right to manage cards of the place too.

    Raises INVALID_INPUT for a note that says nothing, for a second decision and for a card where there is none,
    NOT_FOUND for a signal of another place.
    """
    reason = reason_of(note, field="note")
    async with acting(actor, REVIEW, f"signal.{decision.lower()}", resources=resources, now=now, reason=reason) as act:
        found = await signals.one(act.actor.access, signal)
        act.require(found.scope)
        await _write(act, found, decision, reason, now)
    return await signals.one(act.actor.access, signal)


async def _write(act: Act, found: Signal, decision: Decision, note: str, now: datetime) -> None:
    locked = await act.tx.fetchrow(_LOCK, found.id)
    assert locked is not None  # noqa: S101 - signals are never deleted
    state = STATES[decision]
    if state is not None and locked["state"] != "OPEN":
        raise Refusal(Code.INVALID_INPUT, "control.signal_decided", field="decision")
    if decision == "BLOCK_CARD":
        if not act.actor.access.within(MANAGE_CARDS, found.scope):
            raise lacking(MANAGE_CARDS)
        if found.card is None:
            raise Refusal(Code.INVALID_INPUT, "control.signal_no_card", field="decision")
        await act.tx.execute(_BLOCK, found.card)
    await act.tx.execute(_NOTE, uuid7(), found.id, decision, note, act.actor.name, now)
    if state is not None:
        await act.tx.execute(_DECIDED, found.id, state, now)
    act.record(
        "signal",
        found.id,
        scope=found.scope,
        before={"state": locked["state"]},
        after={"state": state or locked["state"], "decision": decision},
    )
