"""Somebody whose every trace is known by heart, and a look through the whole database for them."""

from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import orjson

from models import database
from models.ids import uuid7
from services import consents
from services.callers import Caller
from services.resources import Resources
from tests.makers.joining import make_joined, signed_in
from tests.makers.people import MadeMember, make_phone

LAST, FIRST, PATRONYMIC = "Горностаев", "Аристарх", "Кондратьевич"
EMAIL, PHONE, BORN = "a.gornostaev@example.ru", "+79215550199", date(1987, 5, 14)
PLASTIC, ADDRESS, AGENT, DEVICE = "7700111122223333", "198.51.100.77", "Mozilla/5.0 (Zagreb)", "phone of aristarkh"
FORMER, NEXT = "gornostaev.former@example.ru", "gornostaev.next@example.ru"
TRACES = (
    *(LAST, FIRST, PATRONYMIC, EMAIL, FORMER, NEXT, PLASTIC, ADDRESS, AGENT, DEVICE),
    *(PHONE, "79215550199", "89215550199", "9215550199", "+7 (921) 555-01-99", "921 555-01-99"),
    *("1987-05-14", "14.05.1987", "19870514"),
)
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"


async def make_known(resources: Resources, now: datetime, **changes: object) -> MadeMember:
    """A member of that name, joined by the form, confirmed by the letter, both contacts proved, with an old plastic card."""
    form = {
        "last_name": LAST,
        "first_name": FIRST,
        "patronymic": PATRONYMIC,
        "birth_date": BORN,
        "email": EMAIL,
        "phone": PHONE,
        "plastic_number": PLASTIC,
    } | changes
    _, member = await make_joined(resources, now, **form)
    await database.execute("UPDATE contact SET verified_at = $2 WHERE member_id = $1 AND kind = 'PHONE'", member, now)
    card = await database.fetchrow("SELECT id, number FROM card WHERE member_id = $1 AND kind = 'VIRTUAL'", member)
    assert card is not None
    return MadeMember(member, card["number"], EMAIL, PHONE, card["id"])


async def leave_traces(resources: Resources, made: MadeMember, now: datetime) -> None:
    """Everything that people and machines write down of somebody beside the books."""
    browser = Caller(address=ADDRESS, agent=AGENT)
    await signed_in(resources, EMAIL, now, caller=browser)
    await consents.give(made.id, "mail", browser, now)
    await make_phone(resources, made.id, now, device=DEVICE)
    await _leave_messages(made, now)
    await _leave_the_rest(made, now)


async def _leave_messages(made: MadeMember, now: datetime) -> None:
    message, attempt = uuid7(), uuid7()
    await insert(
        "message",
        {
            "id": message,
            "member_id": made.id,
            "cause": "SERVICE",
            "subject": f"Для {FIRST}",
            "text": f"{FIRST} {PATRONYMIC}, ваша карта перевыпущена.",
            "channels": ["SMS"],
            "wait_seconds": 60,
            "by_day": False,
            "state": "DELIVERED",
            "created_at": now,
            "expires_at": now + timedelta(days=1),
            "changed_at": now,
        },
    )
    await insert(
        "delivery_attempt",
        {
            "id": attempt,
            "message_id": message,
            "step": 0,
            "channel": "SMS",
            "gateway": "scripted",
            "address": PHONE,
            "fate": "DELIVERED",
            "provider_id": "p-4711",
            "told": f"delivered to {PHONE}",
            "handed_at": now,
            "held_until": now,
            "changed_at": now,
        },
    )
    body = orjson.dumps({"id": "p-4711", "msisdn": "79215550199"})
    await database.execute(
        "INSERT INTO delivery_report (id, gateway, body, body_sha256, content_type, state, times, received_at)"
        " VALUES ($1, 'scripted', $2, $3, 'application/json', 'QUARANTINED', 1, $4)",
        *(uuid7(), body, sha256(body).digest(), now),
    )


async def _leave_the_rest(made: MadeMember, now: datetime) -> None:
    code = uuid7()
    await database.execute(
        "INSERT INTO one_time_code (id, purpose, member_id, address, request_sha256, bound_sha256, code_sha256, tries_left,"
        " created_at, expires_at) VALUES ($1, 'BIND_PHONE', $2, $3, $4, $5, $4, 5, $6, $6)",
        *(code, made.id, PHONE, code.bytes, sha256(PHONE.encode()).digest(), now),
    )
    await insert(
        "stopped_address",
        {"id": uuid7(), "channel": "SMS", "address": PHONE, "scope": "MARKETING", "source": "letter", "at": now},
    )
    await insert(
        "sandbox_message",
        {"id": uuid7(), "at": now, "channel": "EMAIL", "address": EMAIL, "subject": FIRST, "text": f"Для {LAST}"},
    )
    await leave_changes_of_address(made.id, now)
    await insert(
        "sandbox_message",
        {"id": uuid7(), "at": now, "channel": "EMAIL", "address": FORMER, "subject": "Код", "text": "482913"},
    )
    await insert(
        "member_identity",
        {"id": uuid7(), "member_id": made.id, "system": "crm", "external_id": "crm-1", "at": now},
    )
    await insert(
        "job",
        {
            "id": uuid7(),
            "name": "letter.send",
            "payload": {"member_id": str(made.id)},
            "status": "DEAD",
            "run_at": now,
            "attempts": 1,
            "deaths": 0,
            "error": f"550 <{EMAIL}> unknown",
            "created_at": now,
            "finished_at": now,
        },
    )


async def leave_changes_of_address(member: UUID, now: datetime) -> None:
    """An address that was changed, and another one that waits for its letter."""
    for address, old, ended in ((EMAIL, FORMER, now), (NEXT, None, None)):
        await insert(
            "email_change",
            {
                "id": uuid7(),
                "member_id": member,
                "address": address,
                "old_address": old,
                "session_id": uuid7(),
                "token_sha256": f"\\x{uuid7().hex}",
                "code_sha256": f"\\x{uuid7().hex}",
                "tries_left": 5,
                "asked_at": now,
                "code_until": now,
                "expires_at": now + timedelta(hours=24),
                "ended_at": ended,
                "done_at": ended,
            },
        )


async def insert(table: str, facts: dict[str, object]) -> None:
    """A row of these facts; what is left out has its default."""
    body = orjson.dumps(facts, default=str).decode()
    names = ", ".join(facts)
    await database.execute(
        f"INSERT INTO {table} ({names}) SELECT {names} FROM jsonb_populate_record(NULL::{table}, $1::jsonb)", body
    )


async def found(*traces: str) -> dict[str, set[str]]:
    """The tables that hold any of these traces in any column, as text, as bytes, or a plain digest of them."""
    wanted = {trace: _spellings(trace) for trace in traces or TRACES}
    seen: dict[str, set[str]] = {}
    for table in [row["tablename"] for row in await database.fetch(TABLES)]:
        rows = [row["text"].casefold() for row in await database.fetch(f'SELECT t::text AS text FROM "{table}" AS t')]
        for trace, spellings in wanted.items():
            if any(spelling in row for row in rows for spelling in spellings):
                seen.setdefault(table, set()).add(trace)
    return seen


def _spellings(trace: str) -> tuple[str, ...]:
    digest = sha256(trace.encode()).hexdigest()
    return trace.casefold(), trace.encode().hex(), trace.casefold().encode().hex(), digest


async def sums() -> dict[str, object]:
    """What every account of partners and of the programme holds, and what receipts, refunds and standings add up to."""
    rows = await database.fetch(
        "SELECT a.owner_kind || ' ' || a.owner || ' ' || a.purpose || ' ' || a.unit AS name, sum(e.amount)::bigint AS amount"
        " FROM account AS a JOIN entry AS e ON e.account_id = a.id WHERE a.owner_kind <> 'MEMBER' GROUP BY 1"
    )
    totals = await database.fetchrow(
        "SELECT (SELECT count(*) FROM purchase) AS purchases, (SELECT sum(net - refunded_net) FROM purchase)::bigint AS net,"
        " (SELECT sum(discount) FROM purchase)::bigint AS discount, (SELECT sum(net) FROM refund)::bigint AS refunded,"
        " (SELECT sum(purchases) FROM member_standing)::bigint AS standing,"
        " (SELECT sum(amount) FROM balance)::bigint AS qualified,"
        " (SELECT coalesce(sum(amount), 0) FROM entry WHERE unit = 'PTS')::bigint AS points"
    )
    assert totals is not None
    return {row["name"]: row["amount"] for row in rows} | dict(totals)


async def erasures() -> list[UUID]:
    """Whoever was erased."""
    return [row["member_id"] for row in await database.fetch("SELECT member_id FROM erasure ORDER BY at")]
