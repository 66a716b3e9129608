"""Whoever told a number says a code that was sent to them, and from then on the same ticket may spend, too.

A told number alone earns: it may be anybody's. A code from a text or a letter shows the member as a scanned card does (a
phone that is empty or at home), so the ticket becomes one of theirs; what asks for a yes on the phone goes on asking for it.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.messages import Channel
from loyalty.refusals import Code, Refusal
from models import database
from services import callers, onetime, programmes
from services.entry.doors import below_input
from services.identify import Identified, given_again
from services.onetime import HOUR_SECONDS, Asked, Purpose
from services.resources import Resources
from services.tickets import expired, ticket_id
from services.tills import TillFacts, place_of
from services.work import work

_TICKET: Final = """
SELECT t.member_id, t.by_phone, c.value AS number FROM scan_ticket AS t
JOIN member AS m ON m.id = t.member_id AND m.status = 'ACTIVE'
LEFT JOIN contact AS c ON c.member_id = m.id AND c.kind = 'PHONE' AND c.verified_at IS NOT NULL
WHERE t.id = $1 AND t.till_id = $2 AND t.expires_at > $3
"""
_LOCK: Final = "SELECT 1 FROM member WHERE id = $1 AND status = 'ACTIVE' FOR NO KEY UPDATE"
_SHOWN: Final = "UPDATE scan_ticket SET by_phone = false WHERE id = $1 AND by_phone AND expires_at > $2"


async def request(
    till: TillFacts, ticket: str, resources: Resources, now: datetime, *, again: str | None = None
) -> Asked:
    """Send the member of a told number a code, to the phone they have proved or by letter.

    With the request of an earlier answer the same code is sent again. Raises FORBIDDEN for a key that lets nobody spend,
    INVALID_INPUT for a ticket that may spend already and in a programme without points, TICKET_EXPIRED, LIMIT_REACHED, BUSY.
    """
    shown, member, number, by_phone = await _opened(till, ticket, now)
    if not by_phone:
        raise Refusal(Code.INVALID_INPUT, "spending_code.not_needed", field="input.ticket")
    policy = resources.policy
    limit = policy.joins_per_system_hour if till.kind == "SYSTEM" else policy.joins_per_till_hour
    await callers.spend(resources, "spending.till", str(till.id), limit=limit, window_seconds=HOUR_SECONDS, now=now)
    subjects = {"member": str(member)} | ({} if number is None else {"number": number})
    await onetime.spend_subjects("otp.spend", subjects, resources, now)
    return await onetime.ask(
        Purpose.SPEND,
        member_id=member,
        binding=_binding(till, shown),
        resources=resources,
        now=now,
        channels=(Channel.SMS, Channel.EMAIL),
        request=again,
    )


async def confirm(
    till: TillFacts, ticket: str, *, handle: str, code: str, resources: Resources, now: datetime
) -> Identified:
    """Take the code as the guest said it; the guest as a scan would have shown them. The same again hears the same.

    Raises FORBIDDEN, TICKET_EXPIRED, INVALID_INPUT, TOKEN_NOT_ACCEPTED, LIMIT_REACHED, BUSY.
    """
    shown, member, _, _ = await _opened(till, ticket, now)
    with below_input():
        onetime.digits_of(code)
        if not await _is_done(till, shown, handle):
            await _count_try(till, handle, resources, now)
            try:
                await _use(till, shown, member, handle=handle, code=code, resources=resources, now=now)
            except Refusal:
                # Pressed twice: the other one may have been quicker, with the same code.
                if not await _is_done(till, shown, handle):
                    raise
    return await given_again(till, shown, now)


async def _use(
    till: TillFacts, ticket: UUID, member: UUID, *, handle: str, code: str, resources: Resources, now: datetime
) -> None:
    async with work() as tx:
        if await tx.fetchval(_LOCK, member) is None:
            raise onetime.not_accepted()
        binding = _binding(till, ticket)
        proved = await onetime.use(*(tx, handle, code, Purpose.SPEND), binding=binding, resources=resources, now=now)
        if proved.member_id != member or await tx.execute(_SHOWN, ticket, now) != "UPDATE 1":
            raise onetime.not_accepted()


async def _is_done(till: TillFacts, ticket: UUID, handle: str) -> bool:
    is_told: bool = await database.fetchval("SELECT by_phone FROM scan_ticket WHERE id = $1", ticket)
    return not is_told and await onetime.was_used(handle, Purpose.SPEND, binding=_binding(till, ticket))


async def _count_try(till: TillFacts, handle: str, resources: Resources, now: datetime) -> None:
    policy = resources.policy
    limit = policy.code_tries_per_system_hour if till.kind == "SYSTEM" else policy.code_tries_per_till_hour
    await callers.spend(resources, "spending.try", str(till.id), limit=limit, window_seconds=HOUR_SECONDS, now=now)
    await onetime.take_try(handle, Purpose.SPEND, now)


async def _opened(till: TillFacts, ticket: str, now: datetime) -> tuple[UUID, UUID, str | None, bool]:
    """(ticket, member, proved number, whether the number was only told)."""
    till.require("SPEND")
    programme = await programmes.current(now)
    place_of(till, programme)
    if programme.points is None:
        raise Refusal(Code.INVALID_INPUT, "purchase.no_points", field="input.ticket")
    shown = ticket_id(ticket)
    row = await database.fetchrow(_TICKET, shown, till.id, now)
    if row is None:
        raise expired()
    return shown, row["member_id"], row["number"], row["by_phone"]


def _binding(till: TillFacts, ticket: UUID) -> bytes:
    return f"{till.id}|{ticket}".encode()
