"""How often a till may be wrong and a member be scanned: the same numbers one after another and all at once."""

import asyncio
from datetime import datetime, timedelta

import pytest

from loyalty.refusals import Code, Refusal
from models import database
from services.identify import Identified
from services.resources import Resources
from services.tills import TillFacts
from tests.makers.people import MadeMember, Phone, make_member, make_phone, make_till
from tests.makers.programme import make_programme
from tests.makers.scans import refused, scan, waiting

STEP = timedelta(seconds=30)


@pytest.fixture
async def scene(db: None, resources: Resources, now: datetime) -> tuple[TillFacts, MadeMember, Phone]:
    await make_programme(now)
    member = await make_member(now)
    till, _ = await make_till(now)
    return till, member, await make_phone(resources, member.id, now)


async def test_wrong_codes_make_the_till_wait_and_the_wait_doubles(
    scene: tuple[TillFacts, MadeMember, Phone], resources: Resources, now: datetime
) -> None:
    till, _, phone = scene
    far = phone.code(now, later=50)
    for _ in range(5):
        assert (await refused(resources, till, far, now)).code is Code.CARD_NOT_ACCEPTED
    must_wait = await refused(resources, till, phone.code(now), now)
    assert (must_wait.code, must_wait.retry_after_seconds) == (Code.LIMIT_REACHED, 61)
    then = now + timedelta(seconds=62)
    assert (await refused(resources, till, far, then)).code is Code.CARD_NOT_ACCEPTED
    assert (await refused(resources, till, phone.code(then), then)).retry_after_seconds == 121
    other, _ = await make_till(now, outlet="igora-bar")
    assert (await scan(resources, other, phone.code(then), then)).first_name == "Анна"


async def test_twenty_wrong_codes_a_day_end_the_credential(
    scene: tuple[TillFacts, MadeMember, Phone], resources: Resources, now: datetime
) -> None:
    _, member, phone = scene
    for place in range(20):
        till, _ = await make_till(now, outlet="igora-bar")
        await refused(resources, till, phone.code(now, later=50 + place), now)
    fresh, _ = await make_till(now)
    assert (await refused(resources, fresh, phone.code(now), now)).code is Code.CARD_NOT_ACCEPTED
    again = await make_phone(resources, member.id, now)
    assert again.handle != phone.handle
    assert (await scan(resources, fresh, again.code(now), now)).first_name == "Анна"


async def test_a_till_that_guesses_is_throttled(
    scene: tuple[TillFacts, MadeMember, Phone], resources: Resources, now: datetime
) -> None:
    """T19."""
    till, _, phone = scene
    for place in range(30):
        unknown = Phone(phone.credential, f"{place:012d}", phone.root, phone.session)
        assert (await refused(resources, till, unknown.code(now), now)).code is Code.CARD_NOT_ACCEPTED
    assert (await refused(resources, till, phone.code(now), now)).code is Code.LIMIT_REACHED


async def test_a_burst_of_wrong_codes_gets_as_many_answers_as_one_after_another(
    scene: tuple[TillFacts, MadeMember, Phone], resources: Resources, now: datetime
) -> None:
    """T19: fifty rivals on one card and till; five hear that they were wrong, and the right one among the last nothing."""
    till, _, phone = scene
    async with database.lease() as elsewhere, elsewhere.transaction():
        # Every rival has looked, and found nothing counted, before the first of them is counted.
        await elsewhere.execute("SELECT 1 FROM qr_credential FOR UPDATE")
        early = [asyncio.create_task(scan(resources, till, phone.code(now, later=50 + at), now)) for at in range(8)]
        await waiting(elsewhere, len(early))
        right = asyncio.create_task(scan(resources, till, phone.code(now), now))
        await waiting(elsewhere, len(early) + 1)
    late = [scan(resources, till, phone.code(now, later=60 + at), now) for at in range(42)]
    told = await asyncio.gather(*early, *late, right, return_exceptions=True)
    codes = [answer.code if isinstance(answer, Refusal) else None for answer in told]
    assert codes.count(Code.CARD_NOT_ACCEPTED) == 5
    assert codes.count(Code.LIMIT_REACHED) == 46
    rows = await database.fetch("SELECT key, hits FROM limit_counter ORDER BY length(key)")
    assert [row["hits"] for row in rows] == [5, 5, 5]  # of the till, of the till and the handle, of the card
    assert await database.fetchval("SELECT count(*) FROM scan_ticket") == 0


async def test_a_burst_at_many_tills_ends_the_credential_at_its_limit(
    scene: tuple[TillFacts, MadeMember, Phone], resources: Resources, now: datetime
) -> None:
    """The bound of a day holds for a card that forty tills guess at together."""
    _, _, phone = scene
    tills_of_thieves = [(await make_till(now))[0] for _ in range(40)]
    await asyncio.gather(
        *(scan(resources, till, phone.code(now, later=50), now) for till in tills_of_thieves), return_exceptions=True
    )
    assert await database.fetchval("SELECT state FROM qr_credential") == "REVOKED"
    fresh, _ = await make_till(now)
    assert (await refused(resources, fresh, phone.code(now), now)).code is Code.CARD_NOT_ACCEPTED


async def test_a_till_that_guesses_with_many_hands_is_throttled_alike(
    scene: tuple[TillFacts, MadeMember, Phone], resources: Resources, now: datetime
) -> None:
    """T19: sixty handles nobody has, all at once; thirty are looked at."""
    till, _, phone = scene
    guesses = [Phone(phone.credential, f"{place:012d}", phone.root, phone.session).code(now) for place in range(60)]
    told = await asyncio.gather(*(scan(resources, till, code, now) for code in guesses), return_exceptions=True)
    refusals = [answer.code for answer in told if isinstance(answer, Refusal)]
    assert (refusals.count(Code.CARD_NOT_ACCEPTED), refusals.count(Code.LIMIT_REACHED)) == (30, 30)


async def test_tickets_of_a_member_are_limited_by_the_hour(
    scene: tuple[TillFacts, MadeMember, Phone], resources: Resources, now: datetime
) -> None:
    till, _, phone = scene
    at = now
    for _ in range(30):
        await scan(resources, till, phone.code(at), at)
        at += STEP
    assert (await refused(resources, till, phone.code(at), at)).code is Code.LIMIT_REACHED
    later = at + timedelta(hours=1)
    assert (await scan(resources, till, phone.code(later), later)).first_name == "Анна"


async def test_five_devices_together_get_no_ticket_more_than_one(
    scene: tuple[TillFacts, MadeMember, Phone], resources: Resources, now: datetime
) -> None:
    """Sixty scans of five phones side by side, every one of a fresh code: thirty tickets, to the last."""
    till, member, first = scene
    phones = [first, *[await make_phone(resources, member.id, now, device=f"phone {place}") for place in range(1, 5)]]

    async def hour_of(phone: Phone) -> list[Identified | Refusal]:
        answers: list[Identified | Refusal] = []
        for place in range(12):
            at = now + place * STEP
            try:
                answers.append(await scan(resources, till, phone.code(at), at))
            except Refusal as refusal:
                answers.append(refusal)
        return answers

    told = [answer for answers in await asyncio.gather(*map(hour_of, phones)) for answer in answers]
    assert len([answer for answer in told if isinstance(answer, Identified)]) == 30
    assert {answer.code for answer in told if isinstance(answer, Refusal)} == {Code.LIMIT_REACHED}
    assert await database.fetchval("SELECT count(*) FROM scan_ticket") == 30


async def test_the_last_ticket_of_the_hour_goes_to_one_device_of_five(
    scene: tuple[TillFacts, MadeMember, Phone], resources: Resources, now: datetime
) -> None:
    """All five are on their way before one of them has its ticket, which points at the card they share."""
    till, member, first = scene
    phones = [first, *[await make_phone(resources, member.id, now, device=f"phone {place}") for place in range(1, 5)]]
    await database.execute(
        "INSERT INTO scan_ticket (id, till_id, scan_id, member_id, card_id, created_at, expires_at)"
        " SELECT gen_random_uuid(), $1, gen_random_uuid(), $2, $3, $4, $4 FROM generate_series(1, 29)",
        *(till.id, member.id, member.card, now),
    )
    async with database.lease() as elsewhere, elsewhere.transaction():
        await elsewhere.execute("SELECT 1 FROM card FOR UPDATE")
        rivals = [asyncio.create_task(scan(resources, till, phone.code(now), now)) for phone in phones]
        await waiting(elsewhere, len(rivals))
    told = await asyncio.gather(*rivals, return_exceptions=True)
    assert len([answer for answer in told if isinstance(answer, Identified)]) == 1
    assert [answer.code for answer in told if isinstance(answer, Refusal)] == [Code.LIMIT_REACHED] * 4
    assert await database.fetchval("SELECT count(*) FROM scan_ticket") == 30
