"""Scanning: one ticket a code, steps that only rise, limits, and one refusal for everything that is no open card."""

import asyncio
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest

from loyalty.refusals import Code, Refusal
from models import database
from services import cards, tills
from services.cards import DEVICES_MAX, issue_card_key, revoke_credentials
from services.identify import Identified, identify
from services.resources import Resources
from services.tills import TillFacts
from services.work import work
from tests.makers.joining import make_caller
from tests.makers.patience import rivals, rivals_told
from tests.makers.people import MadeMember, Phone, make_member, make_phone, make_session, make_till
from tests.makers.programme import make_programme
from tests.makers.scans import refused, scan, waiting

STEP = timedelta(seconds=30)


@pytest.fixture
async def scene(db: None, resources: Resources, now: datetime) -> tuple[TillFacts, MadeMember, Phone]:
    await make_programme(now)
    member = await make_member(now)
    till, _ = await make_till(now)
    return till, member, await make_phone(resources, member.id, now)


async def test_scan_shows_first_name_tier_and_rules_of_this_till(
    scene: tuple[TillFacts, MadeMember, Phone], resources: Resources, now: datetime
) -> None:
    """A-128: an accepted scan is the check of the card's status; nothing more personal reaches the till."""
    till, _, phone = scene
    found = await scan(resources, till, phone.code(now), now)
    assert (found.first_name, found.tier.id) == ("Анна", "dreamer")
    assert found.expires_at == now + timedelta(minutes=10)
    channels = {(rule.service, rule.channel.value, rule.accumulates) for rule in found.rules}
    assert ("restaurants", "TILL", True) in channels
    assert ("stay", "PHONE", False) in channels
    assert all(channel in till.channels for _, channel, _ in channels)


async def test_fifty_scans_of_one_code_give_one_ticket(
    scene: tuple[TillFacts, MadeMember, Phone], resources: Resources, now: datetime
) -> None:
    """T16, I-29."""
    till, _, phone = scene
    answers = await rivals_told(*(partial(scan, resources, till, phone.code(now), now) for _ in range(50)))
    won = [answer for answer in answers if isinstance(answer, Identified)]
    lost = [answer for answer in answers if isinstance(answer, Refusal)]
    assert (len(won), len(lost)) == (1, 49)
    assert {refusal.code for refusal in lost} == {Code.CARD_NOT_ACCEPTED}
    assert await database.fetchval("SELECT count(*) FROM scan_ticket") == 1
    assert await database.fetchval("SELECT count(*) FROM limit_counter") == 0


async def test_a_repeated_scan_id_gets_its_ticket_again(
    scene: tuple[TillFacts, MadeMember, Phone], resources: Resources, now: datetime
) -> None:
    """A lost answer costs nothing: not a step, not a limit, not a second ticket."""
    till, _, phone = scene
    scan_id = uuid4()
    answers = await rivals(
        *(partial(identify, resources, till, scan_id=scan_id, code=phone.code(now), now=now) for _ in range(12))
    )
    again = await identify(resources, till, scan_id=scan_id, code=phone.code(now), now=now + timedelta(minutes=5))
    assert len({answer.ticket for answer in [*answers, again]}) == 1


@pytest.mark.parametrize(("later", "accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
async def test_a_code_lives_one_step_around_its_own(
    scene: tuple[TillFacts, MadeMember, Phone], resources: Resources, now: datetime, later: int, *, accepted: bool
) -> None:
    till, _, phone = scene
    code = phone.code(now, later=later)
    if accepted:
        assert (await scan(resources, till, code, now)).first_name == "Анна"
    else:
        assert (await refused(resources, till, code, now)).code is Code.CARD_NOT_ACCEPTED


async def test_steps_only_rise(scene: tuple[TillFacts, MadeMember, Phone], resources: Resources, now: datetime) -> None:
    """An older code inside the window is refused after a newer one, on any till."""
    till, _, phone = scene
    other, _ = await make_till(now, outlet="igora-bar")
    await scan(resources, till, phone.code(now), now)
    assert (await refused(resources, other, phone.code(now, later=-1), now)).retryable
    assert (await scan(resources, other, phone.code(now, later=1), now)).first_name == "Анна"


async def test_midnight_belongs_to_the_step(
    scene: tuple[TillFacts, MadeMember, Phone], resources: Resources, now: datetime
) -> None:
    till, _, phone = scene
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0)
    yesterday = phone.code(midnight - timedelta(seconds=1))
    assert (await refused(resources, till, yesterday, midnight + timedelta(seconds=61))).code is Code.CARD_NOT_ACCEPTED
    assert (await scan(resources, till, yesterday, midnight + timedelta(seconds=29))).first_name == "Анна"


async def test_keys_end_after_72_hours_whatever_the_day_says(
    scene: tuple[TillFacts, MadeMember, Phone], resources: Resources, now: datetime
) -> None:
    """T18."""
    till, _, phone = scene
    almost = now + timedelta(hours=71.9)
    assert (await scan(resources, till, phone.code(almost), almost)).first_name == "Анна"
    late = now + timedelta(hours=72, seconds=31)
    assert (await refused(resources, till, phone.code(late), late)).code is Code.CARD_NOT_ACCEPTED


@pytest.mark.parametrize("spoil", ["unknown", "blocked card", "blocked member", "revoked", "garbage", "check", "wide"])
async def test_one_refusal_for_all(
    scene: tuple[TillFacts, MadeMember, Phone], resources: Resources, now: datetime, spoil: str
) -> None:
    till, member, phone = scene
    code = phone.code(now)
    if spoil == "unknown":
        code = Phone(phone.credential, "000000000001", phone.root, phone.session).code(now)
    elif spoil == "blocked card":
        await database.execute("UPDATE card SET status = 'BLOCKED' WHERE id = $1", member.card)
    elif spoil == "blocked member":
        await database.execute("UPDATE member SET status = 'BLOCKED' WHERE id = $1", member.id)
    elif spoil == "revoked":
        async with work() as tx:
            await revoke_credentials(tx, now, session_id=phone.session)
    elif spoil == "garbage":
        code = "4006381333931"
    elif spoil == "check":
        code = code[:-2] + f"{(int(code[-2:]) + 1) % 97:02d}"
    else:
        code = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    refusal = await refused(resources, till, code, now)
    assert (refusal.code, refusal.words, refusal.facts, refusal.retryable) == (
        Code.CARD_NOT_ACCEPTED,
        "card.not_accepted",
        {},
        True,
    )


async def test_noise_of_scanners_is_stripped(
    scene: tuple[TillFacts, MadeMember, Phone], resources: Resources, now: datetime
) -> None:
    till, _, phone = scene
    code = phone.code(now)
    assert (await scan(resources, till, f"\ufeff{code[:12]} {code[12:]}\r\n", now)).first_name == "Анна"


async def test_a_sixth_device_ends_the_longest_unused(
    scene: tuple[TillFacts, MadeMember, Phone], resources: Resources, now: datetime
) -> None:
    till, member, first = scene
    rest = [
        await make_phone(resources, member.id, now + timedelta(minutes=place), device=f"phone {place}")
        for place in range(1, DEVICES_MAX)
    ]
    at = now + timedelta(minutes=10)
    await scan(resources, till, first.code(at), at)
    await make_phone(resources, member.id, at, device="the sixth")
    assert (await refused(resources, till, rest[0].code(at), at)).code is Code.CARD_NOT_ACCEPTED
    assert (await scan(resources, till, rest[1].code(at), at)).first_name == "Анна"


async def test_the_same_device_keeps_its_handle(
    scene: tuple[TillFacts, MadeMember, Phone], resources: Resources, now: datetime
) -> None:
    """A-048, A-127: fresh days for today and the three after it, valid for 72 hours."""
    _, member, phone = scene
    later = now + timedelta(hours=5)
    key = await issue_card_key(
        resources.keyring, member_id=member.id, session_id=phone.session, device="phone", now=later
    )
    assert key.handle == phone.handle
    assert key.valid_until == later + timedelta(hours=72)
    assert [day.isoformat() for day, _ in key.days] == ["2026-03-14", "2026-03-15", "2026-03-16", "2026-03-17"]
    assert await database.fetchval("SELECT count(*) FROM qr_credential") == 1


async def test_signing_out_while_a_key_is_issued_leaves_no_key_behind(
    scene: tuple[TillFacts, MadeMember, Phone], resources: Resources, now: datetime
) -> None:
    """T18: whoever comes first, an ended session holds no working credential."""
    _, member, _ = scene

    async def leave(session: UUID) -> None:
        async with work() as tx:
            await tx.execute("UPDATE session SET revoked_at = $2 WHERE id = $1", session, now)
            await revoke_credentials(tx, now, session_id=session)

    for place in range(12):
        session = await make_session(member.id, now)
        await asyncio.gather(
            make_phone(resources, member.id, now, device=f"leaving {place}", session=session),
            leave(session),
            return_exceptions=True,
        )
    left = await database.fetchval(
        "SELECT count(*) FROM qr_credential AS q JOIN session AS s ON s.id = q.session_id"
        " WHERE s.revoked_at IS NOT NULL AND q.state = 'ACTIVE'"
    )
    assert left == 0


async def test_a_scan_and_a_fresh_key_do_not_wait_for_each_other_in_a_ring(
    scene: tuple[TillFacts, MadeMember, Phone], resources: Resources, now: datetime
) -> None:
    """A phone renews its key while it is scanned: the ticket points at the card that the key's giver has locked."""
    till, member, phone = scene
    async with database.lease() as scanning, scanning.transaction():
        await scanning.execute("SELECT 1 FROM qr_credential WHERE id = $1 FOR UPDATE", phone.credential)
        renewed = asyncio.create_task(
            issue_card_key(
                resources.keyring, member_id=member.id, session_id=phone.session, device="phone", now=now + STEP
            )
        )
        await waiting(scanning, 1)
        await scanning.execute(
            "INSERT INTO scan_ticket (id, till_id, scan_id, member_id, card_id, created_at, expires_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $6)",
            *(uuid4(), till.id, uuid4(), member.id, member.card, now),
        )
    assert (await renewed).handle == phone.handle
    assert await database.fetchval("SELECT keys_issued_at FROM qr_credential") == now + STEP


async def test_one_scan_id_for_two_guests_shows_the_guest_of_its_ticket(
    scene: tuple[TillFacts, MadeMember, Phone], resources: Resources, now: datetime
) -> None:
    """Ten rivals looked before the ticket was given and ask after it: nobody's name stands on another's ticket."""
    till, _, first = scene
    other = await make_phone(resources, (await make_member(now, first_name="Борис")).id, now)
    scan_id = uuid4()
    async with database.lease() as elsewhere, elsewhere.transaction():
        await elsewhere.execute("SELECT 1 FROM qr_credential WHERE id = $1 FOR UPDATE", other.credential)
        rivals = [
            asyncio.create_task(identify(resources, till, scan_id=scan_id, code=other.code(now), now=now))
            for _ in range(10)
        ]
        await waiting(elsewhere, len(rivals))
        given = await identify(resources, till, scan_id=scan_id, code=first.code(now), now=now)
    told = {(answer.ticket, answer.first_name) for answer in await asyncio.gather(*rivals)}
    assert told == {(given.ticket, "Анна")}
    assert await database.fetchval("SELECT last_step FROM qr_credential WHERE id = $1", other.credential) == 0


async def test_rivals_for_one_device_make_one_credential(db: None, resources: Resources, now: datetime) -> None:
    await make_programme(now)
    member = await make_member(now)
    await rivals(*(partial(make_phone, resources, member.id, now, device=f"d{place % 7}") for place in range(21)))
    states = await database.fetch("SELECT state, count(*) AS n FROM qr_credential GROUP BY state")
    assert {row["state"]: row["n"] for row in states}["ACTIVE"] == DEVICES_MAX


@pytest.mark.parametrize("table", ["member", "card"])
async def test_a_blocked_card_or_member_gets_no_key(
    scene: tuple[TillFacts, MadeMember, Phone], resources: Resources, now: datetime, table: str
) -> None:
    """INV-13."""
    _, member, _ = scene
    await database.execute(f"UPDATE {table} SET status = 'BLOCKED'")
    with pytest.raises(Refusal) as caught:
        await make_phone(resources, member.id, now, device="another")
    assert caught.value.code is Code.CARD_NOT_ACCEPTED
    assert await database.fetchval("SELECT count(*) FROM qr_credential") == 1


async def test_ended_keys_and_pairings_are_swept_and_others_kept(
    scene: tuple[TillFacts, MadeMember, Phone], resources: Resources, now: datetime
) -> None:
    _, member, phone = scene
    gone = await make_phone(resources, member.id, now, device="another")
    async with work() as tx:
        await revoke_credentials(tx, now, session_id=gone.session)
    _, key = await make_till(now, outlet="igora-bar")
    paired = [await tills.pair(key, make_caller(), resources, now) for _ in range(2)]
    till = await tills.till_by_session(paired[0][1], now)
    assert till is not None
    await tills.unpair(till, now)
    later = now + timedelta(hours=73)
    assert (await cards.sweep(later), await tills.sweep(later)) == (1, 1)
    assert await database.fetchval("SELECT handle FROM qr_credential") == phone.handle
    assert await tills.till_by_session(paired[1][1], later) is not None
