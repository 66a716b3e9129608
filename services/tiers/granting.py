"""Tiers given by hand: until a day, for a reason that stays in the log. A grant lifts and never lowers; it is withdrawn once."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from loyalty.business_days import business_date
from loyalty.points import day_ends
from loyalty.programme import Programme
from loyalty.refusals import Code, Refusal
from loyalty.scopes import PROGRAMME
from loyalty.tiers import Grant, stand
from models import database
from models.database import Record
from models.ids import uuid7
from services import letters, programmes
from services.audit import Actor
from services.letter_words import Kind
from services.resources import Resources
from services.staff.acting import Act, acting, reason_of
from services.tiers import clockwork, writing
from services.tiers.reading import facts_of, grant_of

RIGHT: Final = "user.manage"
YEARS_MAX: Final = 10

_LOCK: Final = "SELECT 1 FROM member_standing WHERE member_id = $1 FOR UPDATE"
_STANDING: Final = """
SELECT b.amount AS accumulated, s.granted_tier, s.granted_until, m.status
FROM member_standing AS s JOIN balance AS b ON b.account_id = s.qualifying_account JOIN member AS m ON m.id = s.member_id
WHERE s.member_id = $1
"""
_GIVE: Final = """
INSERT INTO tier_grant (id, member_id, tier, until, reason, granted_at, granted_by, withdrawn_at, withdrawn_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, NULL)
"""
_SET: Final = """
UPDATE member_standing SET granted_tier = $2, granted_until = $3, version = version + 1 WHERE member_id = $1
"""
_GRANT: Final = "SELECT id, member_id, tier, until, withdrawn_at FROM tier_grant WHERE id = $1"
_TAKE: Final = "UPDATE tier_grant SET withdrawn_at = $2, withdrawn_by = $3 WHERE id = $1"
_IN_FORCE: Final = "SELECT id FROM tier_grant WHERE member_id = $1 AND withdrawn_at IS NULL AND until > $2"


@dataclass(frozen=True, slots=True)
class Granted:
    """A grant as it was given or taken back, and the tier the member has afterwards."""

    id: UUID
    member: UUID
    tier: str
    until: datetime
    stands_at: str


async def grant(
    actor: Actor, member: UUID, *, tier: str, last_day: date, reason: str, resources: Resources, now: datetime
) -> Granted:
    """Give a member a tier to the end of a local day.

    Raises INVALID_INPUT for a tier the programme has not, a day that is over or more than ten years away, a member who
    has a grant in force (withdraw it first), NOT_FOUND for an unknown member or one without books.
    """
    why = reason_of(reason, field="input.reason")
    async with acting(actor, RIGHT, "tier.grant", resources=resources, now=now, reason=why) as act:
        programme, row = await _locked(act, member, "input.member")
        until = _end_of(programme, last_day, now)
        if tier not in programme.tiers_by_id:
            raise Refusal(Code.INVALID_INPUT, "tiers.unknown", field="input.tier")
        if grant_of(row) is not None:
            raise Refusal(Code.INVALID_INPUT, "tiers.granted_already", field="input.member")
        given = uuid7()
        await act.tx.execute(_GIVE, given, member, tier, until, why, now, act.actor.id)
        await act.tx.execute(_SET, member, tier, until)
        before, after = await _place(act, programme, member, row, Grant(tier, until), reason="GRANT", evidence=given)
        act.record("member", member, scope=PROGRAMME, before={"tier": before}, after=_told(tier, until, after))
        if after != before:
            await letters.ask(act.tx, Kind.TIER_GRANTED, member, now)
        return Granted(given, member, tier, until, after)


async def withdraw(actor: Actor, grant_id: UUID, *, reason: str, resources: Resources, now: datetime) -> Granted:
    """End a grant before its day. What the member's purchases say holds at once.

    Raises NOT_FOUND for an unknown grant, INVALID_INPUT for one that has ended.
    """
    why = reason_of(reason)
    async with acting(actor, RIGHT, "tier.withdraw", resources=resources, now=now, reason=why) as act:
        found = await act.tx.fetchrow(_GRANT, grant_id)
        if found is None:
            raise Refusal(Code.NOT_FOUND, "tiers.grant_unknown", field="grant")
        member = found["member_id"]
        programme, row = await _locked(act, member, "grant")
        found = await act.tx.fetchrow(_GRANT, grant_id)  # as it is behind the lock
        if found is None or found["withdrawn_at"] is not None or found["until"] <= now:
            raise Refusal(Code.INVALID_INPUT, "tiers.grant_over", field="grant")
        await act.tx.execute(_TAKE, grant_id, now, act.actor.id)
        await act.tx.execute(_SET, member, None, None)
        before, after = await _place(act, programme, member, row, None, reason="GRANT_ENDED", evidence=grant_id)
        act.record(
            "member",
            member,
            scope=PROGRAMME,
            before=_told(found["tier"], found["until"], before),
            after={"tier": after},
        )
        return Granted(grant_id, member, found["tier"], found["until"], after)


async def withdraw_of(actor: Actor, member: UUID, *, reason: str, resources: Resources, now: datetime) -> Granted:
    """End the grant in force of a member. Raises NOT_FOUND where there is none, and what `withdraw` raises."""
    found = await database.fetchval(_IN_FORCE, member, now)
    if found is None:
        raise Refusal(Code.NOT_FOUND, "tiers.grant_unknown", field="member")
    return await withdraw(actor, found, reason=reason, resources=resources, now=now)


async def _locked(act: Act, member: UUID, field: str) -> tuple[Programme, Record]:
    """The programme and the member's standing behind its lock, with everything written that time has done."""
    await act.tx.execute(_LOCK, member)
    programme = await programmes.settled(act.tx)
    await clockwork.settle(act.tx, programme, [member], act.now)
    row = await act.tx.fetchrow(_STANDING, member)
    if row is None or row["status"] not in {"ACTIVE", "BLOCKED"}:
        raise Refusal(Code.NOT_FOUND, "member.not_found", field=field)
    return programme, row


async def _place(
    act: Act, programme: Programme, member: UUID, row: Record, given: Grant | None, *, reason: str, evidence: UUID
) -> tuple[str, str]:
    """Write the tier that holds with or without a grant; the tiers before and after."""
    held = await facts_of(programme, member, row["accumulated"], grant_of(row), act.now)
    before = stand(programme, held, act.now)
    facts = replace(held, grant=given)
    after = stand(programme, facts, act.now)
    await writing.begin(act.tx, member, after.tier, act.now, reason=reason, evidence=evidence)
    await writing.wake(act.tx, member, writing.looks_at(facts, after, act.now), act.now)
    return before.tier.id, after.tier.id


def _end_of(programme: Programme, last_day: date, now: datetime) -> datetime:
    today = business_date(now, programme.time_zone)
    if not today <= last_day <= today + timedelta(days=366 * YEARS_MAX):
        raise Refusal(Code.INVALID_INPUT, "tiers.until", field="input.until", years_max=YEARS_MAX)
    return day_ends(last_day, programme.time_zone)


def _told(tier: str, until: datetime, stands_at: str) -> dict[str, str]:
    return {"granted": tier, "until": until.isoformat(), "tier": stands_at}
