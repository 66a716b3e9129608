"""Erasing a person and keeping the books (INV-20, I-34, C-12): nothing of him is found in any column, and no sum moves."""

import asyncio
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from loyalty.refusals import Code, Refusal
from models import database
from models.database import Violation
from models.ids import uuid7
from services import audit, programmes, sessions
from services.audit import Actor
from services.erasing import act, erasing, rows
from services.identify import identify
from services.ledger import check_books
from services.purchases import Posted, post_purchase
from services.resources import Resources
from services.tills import TillFacts
from tests.makers.erasing import (
    EMAIL,
    FIRST,
    FORMER,
    LAST,
    PHONE,
    TRACES,
    erasures,
    found,
    insert,
    leave_changes_of_address,
    leave_traces,
    make_known,
    sums,
)
from tests.makers.families import FAMILY, give, invited, join
from tests.makers.families import found as found_family
from tests.makers.joining import PASSWORD, make_joined, signed_in
from tests.makers.people import make_member, make_phone, make_till
from tests.makers.points import buy, give_back, goods, grant, paid, quote, stored
from tests.makers.settlement import MARCH, apply_settled, matrix
from tests.makers.state import state

WHY = "требование участника от 14 марта"


@pytest.fixture
async def till(db: None, now: datetime, tmp_path: Path) -> TillFacts:
    await apply_settled(tmp_path, now, ("partners:\n  - id: shop", f"{FAMILY}partners:\n  - id: shop"))
    return (await make_till(now, partner="shop", outlet="shop-one"))[0]


async def test_nothing_of_him_is_found_anywhere_and_no_sum_moves(
    till: TillFacts, resources: Resources, now: datetime
) -> None:
    """INV-20, I-34, C-12: text, bytes and digests of every column of every table; totals, settlement and books stay."""
    made = await make_known(resources, now)
    await leave_traces(resources, made, now)
    bought = await buy(resources, till, made, [goods(2_000), goods(500)], now)
    await give_back(resources, till, bought, now + timedelta(minutes=1), (1, 1000))
    await grant(made.id, 70, now, days=None)
    there = await found()
    assert set(there) >= {
        *("member", "contact", "session", "consent", "card", "qr_credential", "message", "delivery_attempt"),
        *("delivery_report", "one_time_code", "stopped_address", "sandbox_message", "job", "email_change"),
    }
    before, settled, points = await sums(), await matrix(MARCH, now), (await stored(made.id))[0]
    assert points == 270

    later = now + timedelta(minutes=2)
    told = await erasing.erase(Actor.operator(), made.id, reason=WHY, resources=resources, now=later)
    await erasing.wipe_again(made.id, later)
    assert await found() == {}
    assert await stored(made.id) == (0, 0, 0, 0)
    after = await sums()
    assert after.pop("PROGRAMME programme breakage PTS") == told.forfeited == points
    assert after == before
    now_settled = await matrix(MARCH, later)
    assert {place: cell for place, cell in now_settled.items() if place[1]} == {
        place: cell for place, cell in settled.items() if place[1]
    }
    assert await check_books(later) == []
    assert (await audit.check()).findings == []

    facts = await rows.of_member(made.id)
    assert facts is not None
    assert (facts.asked_by, facts.number, facts.repeated_at) == ("OPERATOR", made.number, later)
    text = act.text_of(facts, await programmes.current(later), "ru")
    assert str(made.id) in text
    assert WHY in text
    assert "270" in text
    assert not [trace for trace in TRACES if trace in text]


async def test_an_address_of_before_is_his_until_somebody_else_proves_it(
    till: TillFacts, resources: Resources, now: datetime
) -> None:
    """I-34: that a stranger stopped adverts to it is the stranger's own word."""
    made = await make_known(resources, now)
    await leave_changes_of_address(made.id, now)
    await make_joined(resources, now, email=FORMER)
    stop = {"id": uuid7(), "channel": "EMAIL", "address": FORMER, "scope": "MARKETING", "source": "letter", "at": now}
    await insert("stopped_address", stop)
    await erasing.erase(Actor.operator(), made.id, reason=WHY, resources=resources, now=now)
    assert set(await found(FORMER)) == {"contact", "stopped_address"}
    assert await found(EMAIL) == {}


async def test_the_same_person_may_join_anew_and_is_somebody_else(
    till: TillFacts, resources: Resources, now: datetime
) -> None:
    """INV-12, I-34: contacts and the plastic number are free again; the old books stay where they are."""
    made = await make_known(resources, now)
    await buy(resources, till, made, [goods(2_000)], now)
    await erasing.erase(Actor.operator(), made.id, reason=WHY, resources=resources, now=now)
    again = await make_known(resources, now + timedelta(hours=1))
    assert again.id != made.id
    assert again.number != made.number
    assert await stored(again.id) == (0, 0, 0, 0)
    assert await database.fetchval("SELECT purchases FROM member_standing WHERE member_id = $1", made.id) == 200_000
    assert await check_books(now) == []


async def test_an_erased_card_opens_nothing_and_its_session_has_ended(
    till: TillFacts, resources: Resources, now: datetime
) -> None:
    """INV-13, I-34: the code on the phone, the session and the login are nobody's."""
    made = await make_known(resources, now)
    entered = await signed_in(resources, EMAIL, now)
    phone = await make_phone(resources, made.id, now, session=entered.session_id)
    await erasing.erase_me(made.id, entered.session_id, PASSWORD, resources, now)
    assert await sessions.find_session(entered.token, now) is None
    with pytest.raises(Refusal, match="CARD_NOT_ACCEPTED"):
        await identify(resources, till, scan_id=uuid7(), code=phone.code(now), now=now)
    with pytest.raises(Refusal, match="SIGN_IN_FAILED"):
        await signed_in(resources, EMAIL, now)
    (event,) = await audit.page(rows=1, after=None, filters=audit.Filters(object=str(made.id)))
    assert (event.action, event.actor, event.address) == ("member.erase", "member", None)


async def test_what_is_refused_changes_nothing(till: TillFacts, resources: Resources, now: datetime) -> None:
    """I-34: a wrong password, a booking under way, somebody unknown, not confirmed or erased before."""
    made = await make_known(resources, now)
    entered = await signed_in(resources, EMAIL, now)
    before = await state()
    with pytest.raises(Refusal) as refused:
        await erasing.erase_me(made.id, entered.session_id, PASSWORD + "!", resources, now)
    assert (refused.value.code, refused.value.field) == (Code.SIGN_IN_FAILED, "password")
    with pytest.raises(Refusal, match="NOT_FOUND"):
        await erasing.erase(Actor.operator(), uuid7(), reason=WHY, resources=resources, now=now)
    assert await state() == before
    await insert("booking", booked(made.id, now))
    before = await state()
    with pytest.raises(Refusal, match="UNFINISHED"):
        await erasing.erase_me(made.id, entered.session_id, PASSWORD, resources, now)
    with pytest.raises(Refusal, match="UNFINISHED"):
        await erasing.erase(Actor.operator(), made.id, reason=WHY, resources=resources, now=now)
    assert await state() == before
    insisted = await erasing.erase(Actor.operator(), made.id, reason=WHY, resources=resources, now=now, insists=True)
    assert insisted.member == made.id
    before = await state()
    with pytest.raises(Refusal, match="NOT_FOUND"):
        await erasing.erase(Actor.operator(), made.id, reason=WHY, resources=resources, now=now)
    assert await state() == before


async def test_money_that_is_on_its_way_back_keeps_where_its_receipt_goes(
    till: TillFacts, resources: Resources, now: datetime
) -> None:
    """I-34: refused while a refund is under way; the operator may insist, and the address goes once the refund has ended."""
    made = await make_known(resources, now)
    payment = uuid7()
    paid = {
        "id": payment,
        "subject_kind": "shelf",
        "subject_id": uuid7(),
        "member_id": made.id,
        "amount": 100,
        "refunded": 100,
    }
    rest = {
        "description": "тест",
        "return_path": "/",
        "lines": [],
        "contact": EMAIL,
        "state": "SUCCEEDED",
        "provider_id": "p-1",
    }
    times = {"tries": 1, "opened_at": now, "expires_at": now, "paid_at": now, "changed_at": now}
    await insert("payment", paid | rest | times)
    back = {"id": uuid7(), "payment_id": payment, "amount": 100, "reason": "CANCELLED", "state": "ASKING", "tries": 0}
    await insert("payment_refund", back | {"asked_at": now, "changed_at": now})
    before = await state()
    with pytest.raises(Refusal, match="UNFINISHED"):
        await erasing.erase(Actor.operator(), made.id, reason=WHY, resources=resources, now=now)
    assert await state() == before
    await erasing.erase(Actor.operator(), made.id, reason=WHY, resources=resources, now=now, insists=True)
    assert await database.fetchval("SELECT contact FROM payment") == EMAIL
    await database.execute("UPDATE payment_refund SET state = 'SUCCEEDED'")
    await erasing.wipe_again(made.id, now + erasing.WIPED_AGAIN[-1])
    assert await database.fetchval("SELECT contact FROM payment") is None


async def test_passwords_are_not_guessed_through(till: TillFacts, resources: Resources, now: datetime) -> None:
    """I-34: tries are counted before they are looked at."""
    made = await make_known(resources, now)
    entered = await signed_in(resources, EMAIL, now)
    told = []
    for _ in range(resources.policy.sign_in_burst + 1):
        with pytest.raises(Refusal) as refused:
            await erasing.erase_me(made.id, entered.session_id, "not the password", resources, now)
        told.append(refused.value.code)
    assert told == [Code.SIGN_IN_FAILED] * resources.policy.sign_in_burst + [Code.LIMIT_REACHED]
    with pytest.raises(Refusal, match="LIMIT_REACHED"):
        await erasing.erase_me(made.id, entered.session_id, PASSWORD, resources, now)
    assert await erasures() == []


async def test_a_head_who_is_erased_ends_the_family_and_everybody_keeps_his_own(
    till: TillFacts, resources: Resources, now: datetime
) -> None:
    """INV-18, I-24, I-34: what others put into the pool is theirs again, the head's own part is written off."""
    head, other = await make_known(resources, now), await make_member(now)
    await found_family(resources, head, now)
    await join(resources, other, await invited(resources, head, now), now)
    await grant(head.id, 100, now)
    await grant(other.id, 50, now)
    await give(resources, head, 80, now)
    await give(resources, other, 30, now)
    told = await erasing.erase(Actor.operator(), head.id, reason=WHY, resources=resources, now=now)
    assert told.forfeited == 100
    assert await stored(other.id) == (50, 0, 0, 0)
    assert await database.fetchval("SELECT count(*) FROM family_seat WHERE left_at IS NULL") == 0
    assert await check_books(now) == []


async def test_ten_erasers_and_ten_tills_end_in_one_erasure(
    till: TillFacts, resources: Resources, now: datetime
) -> None:
    """I-34 among rivals: a purchase is before the erasure or refused, points are spent or written off, never both."""
    made = await make_known(resources, now)
    await grant(made.id, 100, now)
    quotes = [await quote(till, made, [goods(200)], now, points=10) for _ in range(10)]
    erasers = [erasing.erase(Actor.operator(), made.id, reason=WHY, resources=resources, now=now) for _ in range(10)]
    tills = [post_purchase(resources, till, paid(one, now), now=now) for one in quotes]
    answers = await asyncio.gather(*tills, *erasers, return_exceptions=True)
    refused = {answer.code for answer in answers if isinstance(answer, Refusal)}
    assert refused <= {Code.CARD_NOT_ACCEPTED, Code.HOLD_EXPIRED, Code.NOT_FOUND, Code.BUSY}
    assert [answer for answer in answers if not isinstance(answer, Refusal | Posted | rows.ErasureFacts)] == []
    assert len([answer for answer in answers if isinstance(answer, rows.ErasureFacts)]) == 1
    assert await erasures() == [made.id]
    posted = len([answer for answer in answers if isinstance(answer, Posted)])
    assert await database.fetchval("SELECT count(*) FROM purchase") == posted
    assert await stored(made.id) == (0, 0, 0, 0)
    assert await found(FIRST, LAST, EMAIL, PHONE) == {}
    assert await check_books(now) == []


async def test_what_is_written_behind_an_erasure_goes_with_the_next_pass(
    till: TillFacts, resources: Resources, now: datetime
) -> None:
    """I-34: a sign-in that was under way, a report that comes late; and whoever is not erased loses nothing by it."""
    made, other = await make_known(resources, now), await make_joined(resources, now)
    await leave_traces(resources, made, now)
    await erasing.erase(Actor.operator(), made.id, reason=WHY, resources=resources, now=now)
    await database.execute(
        "INSERT INTO session (id, member_id, token_sha256, transport, created_at, last_seen_at, expires_at, address, agent)"
        " VALUES ($1, $2, $3, 'BEARER', $4, $4, $4, '198.51.100.77', 'late')",
        *(uuid7(), made.id, made.id.bytes, now),
    )
    assert set(await found()) == {"session", "delivery_report"}
    due = await database.fetch("SELECT payload, run_at FROM job WHERE name = 'member.wipe' ORDER BY run_at")
    assert [row["run_at"] - now for row in due] == list(erasing.WIPED_AGAIN)
    before = await database.fetchval("SELECT count(*) FROM contact")
    await erasing.wipe_again(made.id, now)
    await erasing.wipe_again(other[1], now)
    assert await found() == {}
    assert await database.fetchval("SELECT count(*) FROM contact") == before


async def test_a_consent_loses_its_address_by_an_erasure_alone(
    till: TillFacts, resources: Resources, now: datetime
) -> None:
    """INV-02, I-34: that he agreed stays for ever, and nobody else's act is touched."""
    made = await make_known(resources, now)
    with pytest.raises(Violation, match="consent_append_only"):
        await database.execute("UPDATE consent SET address = '', agent = '' WHERE member_id = $1", made.id)
    acts = "SELECT kind, act, document_version, text_sha256, at FROM consent WHERE member_id = $1 ORDER BY kind"
    before = await database.fetch(acts, made.id)
    await erasing.erase(Actor.operator(), made.id, reason=WHY, resources=resources, now=now)
    assert await database.fetch(acts, made.id) == before
    for change in ("act = 'WITHDRAWN'", "address = '127.0.0.1'", "at = now()"):
        with pytest.raises(Violation, match="consent_append_only"):
            await database.execute(f"UPDATE consent SET {change} WHERE member_id = $1", made.id)


async def test_whoever_a_restored_backup_knows_again_is_erased_again(
    till: TillFacts, resources: Resources, now: datetime
) -> None:
    """I-34: by the list that lies beside the backups; twice is once, and strangers in it harm nobody."""
    made, other = await make_known(resources, now), await make_member(now)
    listed = [made.id, uuid7()]
    assert await erasing.erase_again(listed, resources, now) == [made.id]
    assert await erasing.erase_again(listed, resources, now) == []
    assert await found(LAST, EMAIL, PHONE) == {}
    assert await rows.everybody() == [(made.id, now)]
    assert await database.fetchval("SELECT status FROM member WHERE id = $1", other.id) == "ACTIVE"


def booked(member: object, now: datetime) -> dict[str, object]:
    """A booking that a hotel expects."""
    return {
        "id": uuid7(),
        "body_sha256": "\\x00",
        "member_id": member,
        "partner": "shop",
        "property_id": "1",
        "state": "CONFIRMED",
        "arrival": date(2026, 4, 1),
        "departure": date(2026, 4, 3),
        "programme_version": 1,
        "tier": "guest",
        "stays": [],
        "terms": {},
        "remarks": [],
        "price": 100,
        "discount": 0,
        "tax": 0,
        "asked_price": 100,
        "number": "20260401-1",
        "tries": 0,
        "offered_at": now,
        "expires_at": now,
        "changed_at": now,
    }
