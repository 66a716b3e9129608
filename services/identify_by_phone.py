"""A phone number told at a till: exchanged for a ticket that may only earn, where the programme says so.

A number is no secret and may be anybody's, so the till learns next to nothing by it, everything that opens no card gets
one refusal and the same work, and the limits hold in PostgreSQL: a search through numbers ends after a few.
"""

import logging
from datetime import datetime
from typing import Final, Literal
from uuid import UUID, uuid4

from prometheus_client import Counter

from loyalty.programme import Identification
from loyalty.refusals import Code, Refusal
from models import database
from models.database import Record
from services import programmes
from services.identify import TICKET_LIFE, Identified, given_again
from services.phones import phone
from services.resources import Resources
from services.tills import TillFacts

Outcome = Literal["ACCEPTED", "SAME", "UNKNOWN", "WAIT"]

_ACCEPT: Final = "SELECT * FROM accept_phone($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
_OUTCOMES: Final = Counter("kunak_phones_told_total", "Phone numbers told at tills, by what came of it.", ["outcome"])
log = logging.getLogger(__name__)


async def identify_by_phone(
    resources: Resources, till: TillFacts, *, scan_id: UUID, number: str, now: datetime
) -> Identified:
    """Exchange a told number for a ticket of ten minutes that earns. A repeated `scan_id` gets its ticket again.

    Raises FORBIDDEN where the programme takes no phones, INVALID_INPUT for what is no number, CARD_NOT_ACCEPTED for a
    number that is not one active member's, LIMIT_REACHED after too many of a till or of one number.
    """
    till.require("EARN")
    programme = await programmes.current(now)
    if Identification.PHONE not in programme.identify:
        raise Refusal(Code.FORBIDDEN, "phone.not_taken", field="phone")
    answer = await _accept(resources, till, scan_id=scan_id, number=phone(number, field="phone"), now=now)
    outcome: Outcome = answer["outcome"]
    _note(till, outcome, answer["member"])
    if outcome == "UNKNOWN":
        raise Refusal(Code.CARD_NOT_ACCEPTED, "phone.not_accepted", field="phone")
    if outcome == "WAIT":
        wait = int((answer["waits_until"] - now).total_seconds()) + 1
        raise Refusal(
            Code.LIMIT_REACHED, "phone.wait", retryable=True, retry_after_seconds=wait, minutes=-(-wait // 60)
        )
    if outcome == "ACCEPTED":
        resources.bus.publish(answer["member"], "PHONE_TOLD", None, now)
    return await given_again(till, answer["ticket_id"], now)


async def _accept(resources: Resources, till: TillFacts, *, scan_id: UUID, number: str, now: datetime) -> Record:
    policy = resources.policy
    is_system = till.kind == "SYSTEM"
    # The number itself stands in no counter: a list of counters would be a list of customers.
    told = resources.keyring.mac("phone-told", number.encode()).hex()
    answer = await database.fetchrow(
        _ACCEPT,
        *(number, f"phone:{till.id}", f"phone-missed:{till.id}", f"phone-told:{told}", uuid4(), till.id, scan_id),
        *(now, now + TICKET_LIFE),
        policy.phones_per_system_hour if is_system else policy.phones_per_till_hour,
        policy.phones_unknown_per_system_hour if is_system else policy.phones_unknown_per_till_hour,
        *(policy.phones_per_number_day, policy.tickets_per_member_hour),
    )
    assert answer is not None  # noqa: S101 - the function always answers
    return answer


def _note(till: TillFacts, outcome: Outcome, member: UUID | None) -> None:
    """Who asked for whom, for a later complaint; never the number."""
    _OUTCOMES.labels(outcome).inc()
    level, whom = logging.WARNING if outcome == "WAIT" else logging.INFO, None if member is None else str(member)
    log.log(level, "phone told", extra={"till": str(till.id), "outcome": outcome, "member": whom})
