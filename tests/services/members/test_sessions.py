"""Sessions: opaque, server-side, ended at once everywhere (T8), each with the card keys it issued."""

import re
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from loyalty.refusals import Code, Refusal
from models import database
from services import sessions
from services.cards import issue_card_key
from services.resources import Resources
from tests.makers.joining import make_caller, make_joined, signed_in


async def card_key(resources: Resources, member: UUID, session: UUID, now: datetime, device: str = "phone") -> None:
    await issue_card_key(resources.keyring, member_id=member, session_id=session, device=device, now=now)


async def live_keys(member: UUID) -> int:
    return int(
        await database.fetchval("SELECT count(*) FROM qr_credential WHERE member_id = $1 AND state = 'ACTIVE'", member)
    )


async def test_only_the_hash_of_a_token_is_kept(resources: Resources, now: datetime) -> None:
    """T8, T37: 256 bits, told once."""
    form, _ = await make_joined(resources, now)
    opened = await signed_in(resources, form.email, now)
    assert re.fullmatch(r"ks_[\w-]{43}", opened.token)
    kept = await database.fetchrow("SELECT *, to_jsonb(s)::text AS line FROM session AS s")
    assert kept is not None
    assert opened.token not in kept["line"]
    assert kept["token_sha256"] == sessions.digest(opened.token)
    assert (kept["address"], kept["agent"], kept["transport"]) == ("203.0.113.7", "Mozilla/5.0", "COOKIE")
    assert kept["expires_at"] == now + timedelta(days=90)


@pytest.mark.parametrize("token", ["", "x", "ks_", "ks_" + "a" * 43, "\ud800", "я" * 500])
async def test_no_other_token_opens_anything(resources: Resources, now: datetime, token: str) -> None:
    form, _ = await make_joined(resources, now)
    await signed_in(resources, form.email, now)
    assert await sessions.find_session(token, now) is None


async def test_a_session_ends_when_it_is_not_used(resources: Resources, now: datetime) -> None:
    """Idle for thirty days."""
    form, _ = await make_joined(resources, now)
    opened = await signed_in(resources, form.email, now)
    assert await sessions.find_session(opened.token, now + timedelta(days=29, hours=23)) is not None
    late = now + timedelta(days=29, hours=23) + timedelta(days=30)
    assert await sessions.find_session(opened.token, late) is None


async def test_a_session_ends_however_much_it_is_used(resources: Resources, now: datetime) -> None:
    """After ninety days."""
    form, _ = await make_joined(resources, now)
    opened = await signed_in(resources, form.email, now)
    for day in range(0, 90, 10):
        assert await sessions.find_session(opened.token, now + timedelta(days=day)) is not None
    assert await sessions.find_session(opened.token, now + timedelta(days=90)) is None


async def test_that_it_was_seen_is_written_every_few_minutes(resources: Resources, now: datetime) -> None:
    """A read must not cost a write each time."""
    form, _ = await make_joined(resources, now)
    opened = await signed_in(resources, form.email, now)
    seen = []
    for minute in (1, 4, 6, 7, 12):
        await sessions.find_session(opened.token, now + timedelta(minutes=minute))
        seen.append(await database.fetchval("SELECT last_seen_at FROM session") - now)
    assert seen == [timedelta(minutes=minute) for minute in (0, 0, 6, 6, 12)]


async def test_signing_out_ends_the_session_and_the_card_key_it_issued(resources: Resources, now: datetime) -> None:
    """T8, rule 4: and no other."""
    form, member = await make_joined(resources, now)
    here, there = await signed_in(resources, form.email, now), await signed_in(resources, form.email, now)
    await card_key(resources, member, here.session_id, now, "phone")
    await card_key(resources, member, there.session_id, now, "tablet")
    await sessions.sign_out(here.session_id, now)
    await sessions.sign_out(here.session_id, now)
    assert await sessions.find_session(here.token, now) is None
    assert await sessions.find_session(there.token, now) is not None
    devices = await database.fetch("SELECT device, state FROM qr_credential ORDER BY device")
    assert [tuple(row) for row in devices] == [("phone", "REVOKED"), ("tablet", "ACTIVE")]


async def test_a_browser_that_signs_in_again_has_one_session_and_keeps_its_card_key(
    resources: Resources, now: datetime
) -> None:
    form, member = await make_joined(resources, now)
    first = await signed_in(resources, form.email, now)
    await card_key(resources, member, first.session_id, now)
    caller = make_caller(member_id=member, session_id=first.session_id, transport="COOKIE")
    second = await signed_in(resources, form.email, now, caller=caller)
    assert await sessions.find_session(first.token, now) is None
    assert await sessions.find_session(second.token, now) is not None
    assert await live_keys(member) == 1
    await sessions.sign_out(second.session_id, now)
    assert await live_keys(member) == 0


async def test_another_guest_in_the_same_browser_ends_the_earlier_session_whole(
    resources: Resources, now: datetime
) -> None:
    form, member = await make_joined(resources, now)
    other, _ = await make_joined(resources, now)
    first = await signed_in(resources, form.email, now)
    await card_key(resources, member, first.session_id, now)
    caller = make_caller(member_id=member, session_id=first.session_id, transport="COOKIE")
    await signed_in(resources, other.email, now, caller=caller)
    assert await sessions.find_session(first.token, now) is None
    assert await live_keys(member) == 0


async def test_the_twenty_first_session_ends_the_longest_unused(resources: Resources, now: datetime) -> None:
    form, member = await make_joined(resources, now)
    opened = [await signed_in(resources, form.email, now + timedelta(seconds=place)) for place in range(21)]
    found = [await sessions.find_session(each.token, now + timedelta(seconds=30)) for each in opened]
    assert [each is not None for each in found] == [False] + [True] * 20
    assert len(await sessions.devices_of(member, now)) == 20


async def test_devices_show_where_one_is_signed_in_and_until_when_the_card_works_there(
    resources: Resources, now: datetime
) -> None:
    form, member = await make_joined(resources, now)
    phone = await signed_in(resources, form.email, now)
    app = await signed_in(resources, form.email, now + timedelta(minutes=1), transport="BEARER")
    await card_key(resources, member, phone.session_id, now)
    shown = await sessions.devices_of(member, now)
    assert [(device.id, device.transport, device.card_key_until) for device in shown] == [
        (app.session_id, "BEARER", None),
        (phone.session_id, "COOKIE", now + timedelta(hours=72)),
    ]
    assert (await sessions.devices_of(member, now + timedelta(hours=73)))[1].card_key_until is None


async def test_a_device_is_revoked_by_its_owner_alone_and_once(resources: Resources, now: datetime) -> None:
    """T10, rule 4: another's id is as unknown as none at all."""
    form, member = await make_joined(resources, now)
    other, stranger = await make_joined(resources, now)
    mine, foreign = await signed_in(resources, form.email, now), await signed_in(resources, other.email, now)
    await card_key(resources, member, mine.session_id, now)
    for owner, session in ((stranger, mine.session_id), (member, foreign.session_id), (member, uuid4())):
        with pytest.raises(Refusal) as refusal:
            await sessions.revoke_device(owner, session, now)
        assert refusal.value.code == Code.NOT_FOUND
    assert await sessions.find_session(mine.token, now) is not None
    assert await live_keys(member) == 1
    await sessions.revoke_device(member, mine.session_id, now)
    assert await sessions.find_session(mine.token, now) is None
    assert await live_keys(member) == 0
    with pytest.raises(Refusal) as refusal:
        await sessions.revoke_device(member, mine.session_id, now)
    assert refusal.value.code == Code.NOT_FOUND


async def test_what_a_browser_calls_itself_is_kept_short_and_clean(resources: Resources, now: datetime) -> None:
    """T39."""
    form, _ = await make_joined(resources, now)
    odd = make_caller(address="not an address" * 20)
    caller = type(odd)(address=odd.address, agent="a\x00b\r\nc\ud800" + "x" * 1000)
    await signed_in(resources, form.email, now, caller=caller)
    row = await database.fetchrow("SELECT agent, address FROM session")
    assert row is not None
    assert row["agent"] == "abc" + "x" * 297
    assert len(row["address"]) == 64


async def test_ended_sessions_are_deleted_after_a_month(resources: Resources, now: datetime) -> None:
    """They hold addresses of people. What is open, or ended lately, stays."""
    form, _ = await make_joined(resources, now)
    opened = await signed_in(resources, form.email, now)
    ended = await signed_in(resources, form.email, now)
    await sessions.sign_out(ended.session_id, now)
    assert await sessions.sweep(now + timedelta(days=29)) == 0
    assert await sessions.find_session(opened.token, now + timedelta(days=29)) is not None
    assert await sessions.sweep(now + timedelta(days=31)) == 1
    assert await sessions.sweep(now + timedelta(days=29 + 61)) == 1
    assert await database.fetchval("SELECT count(*) FROM session") == 0
