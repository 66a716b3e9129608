"""What the staff does about money that waits: with a right at its place, a reason, and a line in the log."""

from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.payments import PaymentState, RefundState
from loyalty.refusals import Code, Refusal
from services.audit import Actor
from services.payments import mending, rows, waiting
from services.payments.subjects import Subjects
from services.payments.waiting import Decision, Matter, Waiting
from services.resources import Resources
from services.staff.acting import Act, acting, reason_of

MANAGE: Final = "operation.manage"
_STANDS: Final = {
    Matter.REFUND_REFUSED: {RefundState.CANCELED},
    Matter.REFUND_UNANSWERED: {RefundState.ASKING},
}


async def decide(
    actor: Actor,
    matter: UUID,
    decision: Decision,
    reason: str,
    *,
    subjects: Subjects,
    resources: Resources,
    now: datetime,
) -> Waiting:
    """Have money that waits looked at, given back or given back anew, or noted as done. Nothing is decided twice.

    Raises NOT_FOUND for what does not wait or waits at another place, INVALID_INPUT for a decision that is none of its own
    and for one that came meanwhile, REFUND_EXCEEDS_SALE for a sum that was given back otherwise meanwhile.
    """
    why = reason_of(reason)
    async with acting(actor, MANAGE, f"payment.{decision.lower()}", resources=resources, now=now, reason=why) as act:
        found = await waiting.one(act.actor.access, matter, MANAGE, now)
        if decision not in found.decisions:
            raise Refusal(Code.INVALID_INPUT, "payment.decision", field="decision")
        if decision is Decision.TRY:
            await act.tx.enqueue(found.job, {found.named: str(found.id)}, run_at=now)
        elif decision is Decision.CLOSE:
            await _close(act, found, now)
        elif decision is Decision.REFUND:
            await _give_up(act, found, subjects, now)
        else:
            await _refund(act, found, decision, subjects, now)
        facts = {"amount": found.amount, "payment": found.number, "fault": found.fault}
        act.record(
            "payment",
            found.id,
            scope=found.scope,
            before={"matter": found.matter.value},
            after=facts | {"decision": decision.value},
        )
    return found


async def _refund(act: Act, found: Waiting, decision: Decision, subjects: Subjects, now: datetime) -> None:
    paid, held = await mending.locked(act.tx, found.id, subjects)
    if held.state not in _STANDS[found.matter]:
        raise _decided()
    if decision is Decision.AGAIN:
        await mending.ask_anew(act.tx, paid, held, subjects, now)
    else:
        await mending.note_given(act.tx, paid, held, subjects, now)


async def _give_up(act: Act, found: Waiting, subjects: Subjects, now: datetime) -> None:
    """Nobody waits for it any more: its money goes back, and what may still come of it is undone by whoever does it."""
    paid = await rows.find(found.payment)
    assert paid is not None  # noqa: S101 - payments are never deleted
    subject = subjects[paid.kind]
    await subject.lock(act.tx, paid.subject)
    if not await subject.give_up(act.tx, found.id, now):
        raise _decided()


async def _close(act: Act, found: Waiting, now: datetime) -> None:
    """Nobody asks for it any more. Should it be paid all the same, it goes back in full as before."""
    held = await rows.locked(act.tx, found.id)
    if held is None or held.state is not PaymentState.EXPIRED:
        raise _decided()
    await rows.change(act.tx, found.id, now, state="CANCELED")


def _decided() -> Refusal:
    return Refusal(Code.INVALID_INPUT, "payment.decided", field="id")
