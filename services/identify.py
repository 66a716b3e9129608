"""A scan at a till: 24 digits are exchanged for a ticket, once, or refused in one sentence that tells nothing."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from loyalty import codes
from loyalty.people import masked
from loyalty.programme import Identification, NameByPhone, Programme, Rule, Tier
from loyalty.refusals import Code, Refusal
from models import database
from models.database import Record, statement
from services import programmes, scan_log
from services.cards import KEY_LIFE, aad
from services.keyring import Unopenable
from services.resources import Resources
from services.tiers.reading import grant_of, stands
from services.tills import TillFacts, place_of
from services.work import Work

TICKET_LIFE: Final = timedelta(minutes=10)
# Opened and matched for a handle nobody has, so that the answer takes as long as for one somebody has.
_DUMMY_ROOT: Final = bytes(codes.ROOT_BYTES)

_GIVEN: Final = """
SELECT t.id AS ticket_id, t.expires_at, t.by_phone, t.member_id, m.first_name, b.amount AS accumulated,
    s.granted_tier, s.granted_until
FROM scan_ticket AS t JOIN member AS m ON m.id = t.member_id JOIN member_standing AS s ON s.member_id = m.id
JOIN balance AS b ON b.account_id = s.qualifying_account WHERE t.id = $1
"""
_ACCEPT: Final = "SELECT * FROM accept_scan($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
_COUNT_WRONG: Final = "SELECT * FROM count_wrong_code($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
_BESIDE_GUESSES: Final = "SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))"
_WAITS_UNTIL: Final = "SELECT max(locked_until) FROM limit_counter WHERE key = ANY ($1) AND locked_until > $2"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Identified:
    """A ticket, and the little a cashier sees of the guest: first name, tier, and what this till gives that tier."""

    ticket: UUID
    expires_at: datetime
    first_name: str
    tier: Tier
    rules: tuple[Rule, ...]
    programme: Programme
    by: Identification = Identification.QR


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan on its way: what was asked where, and what the database knew of it."""

    till: TillFacts
    id: UUID
    handle: str
    found: Record
    now: datetime

    def drift(self, step: int) -> int:
        """How many steps the phone was off our clock."""
        return step - codes.step_at(int(self.now.timestamp()))

    def note(self, reason: scan_log.Reason, step: int | None = None) -> None:
        """Write down why it is refused."""
        drift = None if step is None else self.drift(step)
        current = codes.step_at(int(self.now.timestamp())) if step is None else step
        scan_log.note_refused(self.till.id, reason, self.handle, step=current, drift=drift)


def not_accepted() -> Refusal:
    """The one answer for unknown, wrong, used, revoked and blocked alike."""
    return Refusal(Code.CARD_NOT_ACCEPTED, "card.not_accepted", retryable=True)


async def identify(resources: Resources, till: TillFacts, *, scan_id: UUID, code: str, now: datetime) -> Identified:
    """Exchange a rotating code for a ticket of ten minutes. A repeated `scan_id` of the till gets its ticket again.

    Raises CARD_NOT_ACCEPTED for every code that does not open a card, LIMIT_REACHED after too many wrong ones,
    FORBIDDEN for a key without the scope EARN.
    """
    till.require("EARN")
    read = codes.read_code(code)
    handle, password = read or ("", "")
    keys = f"scan:{till.id}:{handle}", f"scan:{till.id}"
    found = await database.fetchrow(statement("scan"), till.id, scan_id, handle, *keys)
    assert found is not None  # noqa: S101 - the statement always has one row
    if found["ticket"] is not None:
        return await given_again(till, found["ticket"], now)
    scan = Scan(till, scan_id, handle, found, now)
    if read is None:
        scan.note("unreadable")
        raise not_accepted()
    if found["locked_until"] is not None and found["locked_until"] > now:
        scan.note("waits")
        raise _wait(found["locked_until"], now)
    try:
        step = _match(resources, found, password, now)
    except Unopenable:
        # No guess of the till's, so it counts against nobody: the phone gets another root when it opens the card.
        log.warning(
            "a root does not open under the keys of this process", extra={"credential": str(found["credential"])}
        )
        scan.note("unopenable")
        raise not_accepted() from None
    if step is None:
        raise await _wrong(resources, scan, keys)
    if reason := _over(found, step):
        scan.note(reason, step)
        raise not_accepted()
    return await _accept(resources, scan, keys, step)


@dataclass(frozen=True, slots=True)
class Recognised:
    """Whose code it was, of which step, and the counters of wrong codes beside which it was recognised."""

    credential: UUID
    member: UUID
    card: UUID
    step: int
    keys: tuple[str, str]


async def recognise(
    resources: Resources, till: TillFacts, *, scan_id: UUID, code: str, moments: Sequence[datetime], now: datetime
) -> Recognised:
    """Whose code was shown at one of these moments, which have passed. Gives no ticket; a used step is told all the same.

    Raises what `identify` raises, and counts a wrong code as it does.
    """
    read = codes.read_code(code)
    handle, password = read or ("", "")
    keys = f"scan:{till.id}:{handle}", f"scan:{till.id}"
    found = await database.fetchrow(statement("scan"), till.id, scan_id, handle, *keys)
    assert found is not None  # noqa: S101 - the statement always has one row
    scan = Scan(till, scan_id, handle, found, now)
    if read is None:
        scan.note("unreadable")
        raise not_accepted()
    if found["locked_until"] is not None and found["locked_until"] > now:
        scan.note("waits")
        raise _wait(found["locked_until"], now)
    try:
        steps = [_match(resources, found, password, moment) for moment in moments]
    except Unopenable:
        scan.note("unopenable")
        raise not_accepted() from None
    step = next((one for one in steps if one is not None), None)
    if step is None:
        raise await _wrong(resources, scan, keys)
    if (reason := _over(found, step)) not in {None, "used"}:
        scan.note(reason or "ended", step)
        raise not_accepted()
    return Recognised(found["credential"], found["member_id"], found["card_id"], step, keys)


async def hold_against_guesses(tx: Work, found: Recognised, now: datetime) -> None:
    """Put a recognised code in one order with the wrong ones of its till, as `accept_scan` does, before it opens anything.

    Raises LIMIT_REACHED where they have used up the tries meanwhile.
    """
    await tx.execute(_BESIDE_GUESSES, found.keys[1])
    until = await tx.fetchval(_WAITS_UNTIL, list(found.keys), now)
    if until is not None:
        raise _wait(until, now)


def _match(resources: Resources, found: Record, password: str, now: datetime) -> int | None:
    known = found["credential"] is not None
    root = (
        resources.keyring.open(found["sealed"], aad(found["credential"], found["member_id"])) if known else _DUMMY_ROOT
    )
    step = codes.match_step(root, password, int(now.timestamp()))
    return step if known else None


def _over(found: Record, step: int) -> scan_log.Reason | None:
    """Why a code that fits opens nothing, or None."""
    if step * codes.STEP_SECONDS > (found["keys_issued_at"] + KEY_LIFE).timestamp():
        return "late"
    if (found["state"], found["member_status"], found["card_status"]) != ("ACTIVE", "ACTIVE", "ACTIVE"):
        return "ended"
    return "used" if step <= found["last_step"] else None


def _wait(until: datetime, now: datetime) -> Refusal:
    wait = int((until - now).total_seconds()) + 1
    return Refusal(Code.LIMIT_REACHED, "scan.wait", retryable=True, retry_after_seconds=wait, seconds=wait)


async def _wrong(resources: Resources, scan: Scan, keys: tuple[str, str]) -> Refusal:
    """Count a wrong code and give its refusal: once the tries are used up, one that no longer tells right from wrong."""
    policy = resources.policy
    credential = scan.found["credential"]
    counted = await database.fetchrow(
        _COUNT_WRONG,
        *(*keys, f"scan-credential:{credential}", credential, scan.now),
        *(policy.scan_wrong_before_wait, policy.scan_wait_seconds, policy.scan_wait_seconds_max),
        *(policy.scan_wrong_per_till_hour, policy.scan_wrong_per_card_day),
    )
    assert counted is not None  # noqa: S101 - the function always answers
    if counted["waits_until"] is not None:
        scan.note("waits")
        return _wait(counted["waits_until"], scan.now)
    scan.note("unknown" if credential is None else "wrong")
    if counted["till_throttled"]:
        scan_log.note_throttled(scan.till.id)
    if counted["code_ended"]:
        scan_log.note_ended(credential)
    return not_accepted()


async def _accept(resources: Resources, scan: Scan, keys: tuple[str, str], step: int) -> Identified:
    found, till, now = scan.found, scan.till, scan.now
    member = found["member_id"]
    answer = await database.fetchrow(
        _ACCEPT,
        *(*keys, found["credential"], step, uuid4(), till.id, scan.id, member, found["card_id"]),
        *(now, now + TICKET_LIFE, resources.policy.tickets_per_member_hour),
    )
    assert answer is not None  # noqa: S101 - the function always answers
    if answer["outcome"] == "WAIT":
        scan.note("waits", step)
        raise _wait(answer["waits_until"], now)
    if answer["outcome"] == "LIMIT_REACHED":
        scan.note("hourly", step)
        raise Refusal(Code.LIMIT_REACHED, "scan.too_many", retryable=True, retry_after_seconds=600)
    if answer["outcome"] == "USED":
        scan.note("used", step)
        raise not_accepted()
    if answer["outcome"] == "SAME":
        # Given since we looked, perhaps for another guest's code: who is shown must be whose ticket it is.
        return await given_again(till, answer["ticket_id"], now)
    scan_log.note_accepted(scan.drift(step))
    resources.bus.publish(member, "SCANNED", None, now)
    programme = await programmes.current(now)
    tier = (await stands(programme, member, found["accumulated"], grant_of(found), now)).tier
    return _guest(programme, till, answer["ticket_id"], answer["expires_at"], first_name=found["first_name"], tier=tier)


async def given_again(till: TillFacts, ticket: UUID, now: datetime) -> Identified:
    """The answer to a ticket as it was given: of a told number, no more of the name than the programme says."""
    given = await database.fetchrow(_GIVEN, ticket)
    assert given is not None  # noqa: S101 - tickets are kept for a day, and only given to members with open books
    programme = await programmes.current(now)
    name = given["first_name"]
    if given["by_phone"] and programme.name_by_phone is NameByPhone.MASKED:
        name = masked(name)
    tier = (await stands(programme, given["member_id"], given["accumulated"], grant_of(given), now)).tier
    found = _guest(programme, till, given["ticket_id"], given["expires_at"], first_name=name, tier=tier)
    return replace(found, by=Identification.PHONE) if given["by_phone"] else found


def _guest(
    programme: Programme, till: TillFacts, ticket: UUID, ends: datetime, *, first_name: str, tier: Tier
) -> Identified:
    partner, _ = place_of(till, programme)
    rules = tuple(rule for rule in partner.rules if rule.tier == tier.id and rule.channel in till.channels)
    return Identified(ticket, ends, first_name, tier, rules, programme)
