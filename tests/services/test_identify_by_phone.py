"""A told phone number: a ticket that earns, one refusal for everything else, and limits that a search runs into."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest

from loyalty.programme import Identification
from loyalty.refusals import Code, Refusal
from models import database
from models.ids import uuid7
from services import programmes
from services.identify import Identified, identify
from services.identify_by_phone import identify_by_phone
from services.resources import Resources
from services.tills import TillFacts
from tests.makers.patience import rivals
from tests.makers.people import make_member, make_phone, make_till
from tests.makers.programme import make_programme
from tests.makers.programme_files import FILES
from tests.makers.resources import make_resources

UNKNOWN = "+7 999 000-00-{:02}"


@pytest.fixture
async def till(db: None, now: datetime) -> AsyncIterator[TillFacts]:
    """A till of a programme that takes phones."""
    programmes.forget()
    await programmes.apply(FILES / "askona.yaml", now)
    made, _ = await make_till(now, partner="askona", outlet="omsk-01")
    yield made
    programmes.forget()


async def tell(
    resources: Resources, till: TillFacts, number: str, now: datetime, *, scan_id: UUID | None = None
) -> Identified:
    """A number told at a till."""
    return await identify_by_phone(resources, till, scan_id=scan_id or uuid4(), number=number, now=now)


async def refused(resources: Resources, till: TillFacts, number: str, now: datetime) -> Refusal:
    """The refusal of a number that must give no ticket."""
    tickets = await database.fetchval("SELECT count(*) FROM scan_ticket")
    with pytest.raises(Refusal) as caught:
        await tell(resources, till, number, now)
    assert await database.fetchval("SELECT count(*) FROM scan_ticket") == tickets
    return caught.value


async def verify(member: UUID, now: datetime) -> None:
    """The member has proved to own the number."""
    await database.execute("UPDATE contact SET verified_at = $2 WHERE member_id = $1 AND kind = 'PHONE'", member, now)


async def hold_too(member: UUID, phone: str) -> None:
    """Another member gives the same number."""
    await database.execute("UPDATE contact SET value = $2 WHERE member_id = $1 AND kind = 'PHONE'", member, phone)


async def test_a_told_number_gives_a_ticket_that_earns_and_a_letter_of_the_name(
    till: TillFacts, resources: Resources, now: datetime
) -> None:
    """A-223, A-240: however the number is spelt; the ticket says that it came by phone, and the guest's phone hears it."""
    member = await make_member(now)
    for spelling in (member.phone, "8" + member.phone[2:], f"{member.phone[2:5]} {member.phone[5:]}"):
        found = await tell(resources, till, spelling, now)
        assert (found.first_name, found.by, found.tier.id) == ("А•••", Identification.PHONE, "member")
        assert found.expires_at == now + timedelta(minutes=10)
    rows = await database.fetch("SELECT member_id, card_id, by_phone FROM scan_ticket")
    assert {tuple(row) for row in rows} == {(member.id, member.card, True)}
    assert await database.fetchval("SELECT array_agg(DISTINCT kind) FROM card_activity") == ["PHONE_TOLD"]


async def test_a_programme_may_show_the_whole_name(resources: Resources, till: TillFacts, now: datetime) -> None:
    member = await make_member(now, first_name="Анна")
    document = "jsonb_set(document, '{name_by_phone}', '\"SHOWN\"')"
    await database.execute(
        "INSERT INTO programme_version (version, sha256, document, applied_at)"
        f" SELECT 2, sha256, {document}, applied_at FROM programme_version"
    )
    programmes.forget()
    assert (await tell(resources, till, member.phone, now)).first_name == "Анна"


async def test_a_code_still_shows_the_name_and_may_spend(till: TillFacts, resources: Resources, now: datetime) -> None:
    """A-223: the code stays; its ticket is none of a told number."""
    member = await make_member(now)
    phone = await make_phone(resources, member.id, now)
    found = await identify(resources, till, scan_id=uuid4(), code=phone.code(now), now=now)
    assert (found.first_name, found.by) == ("Анна", Identification.QR)
    assert await database.fetchval("SELECT by_phone FROM scan_ticket") is False


async def test_a_repeated_scan_id_gets_its_ticket_again(till: TillFacts, resources: Resources, now: datetime) -> None:
    """A lost answer costs no try, and no code turns the ticket into one that may spend."""
    member = await make_member(now)
    phone = await make_phone(resources, member.id, now)
    scan_id = uuid4()
    answers = await rivals(*(partial(tell, resources, till, member.phone, now, scan_id=scan_id) for _ in range(12)))
    answers.append(await identify(resources, till, scan_id=scan_id, code=phone.code(now), now=now))
    assert len({answer.ticket for answer in answers}) == 1
    assert {(answer.first_name, answer.by) for answer in answers} == {("А•••", Identification.PHONE)}
    assert await database.fetchval("SELECT max(hits) FROM limit_counter") == 1


async def test_whoever_verified_the_number_has_it(till: TillFacts, resources: Resources, now: datetime) -> None:
    """INV-12: an unverified number blocks nobody; of several who gave one without proof, nobody has it."""
    first, second = await make_member(now, first_name="Анна"), await make_member(now, first_name="Борис")
    await hold_too(second.id, first.phone)
    assert (await refused(resources, till, first.phone, now)).code is Code.CARD_NOT_ACCEPTED
    await verify(second.id, now)
    assert (await tell(resources, till, first.phone, now)).first_name == "Б•••"
    await database.execute("UPDATE member SET status = 'BLOCKED' WHERE id = $1", second.id)
    assert (await refused(resources, till, first.phone, now)).code is Code.CARD_NOT_ACCEPTED


async def test_everything_that_opens_no_card_is_refused_alike(
    till: TillFacts, resources: Resources, now: datetime
) -> None:
    """T2: unknown, shared, blocked, unconfirmed, without a card: one sentence, and each counts as one try and one miss."""
    blocked, waiting, shared, twin, cardless = [await make_member(now) for _ in range(5)]
    await hold_too(twin.id, shared.phone)
    await database.execute("UPDATE member SET status = 'BLOCKED' WHERE id = $1", blocked.id)
    await database.execute("UPDATE member SET status = 'PENDING_CONFIRMATION' WHERE id = $1", waiting.id)
    await database.execute("UPDATE card SET status = 'BLOCKED' WHERE id = $1", cardless.card)
    numbers = [UNKNOWN.format(1), blocked.phone, waiting.phone, shared.phone, cardless.phone]
    told = [await refused(resources, till, number, now) for number in numbers]
    assert {(one.code, one.words, one.field, one.retryable) for one in told} == {
        (Code.CARD_NOT_ACCEPTED, "phone.not_accepted", "phone", False)
    }
    counted = await database.fetch(
        "SELECT key, hits FROM limit_counter WHERE key LIKE 'phone%' ORDER BY hits DESC, key"
    )
    assert [row["hits"] for row in counted] == [5, 5, 1, 1, 1, 1, 1]


async def test_what_is_no_number_is_said_so_and_counts_nowhere(
    till: TillFacts, resources: Resources, now: datetime
) -> None:
    for text in ("", "12", "не номер", "+7 (800) 555-35-35", "1" * 40):
        refusal = await refused(resources, till, text, now)
        assert (refusal.code, refusal.field) == (Code.INVALID_INPUT, "phone")
    assert await database.fetchval("SELECT count(*) FROM limit_counter") == 0


async def test_a_programme_that_takes_no_phones_says_so(db: None, resources: Resources, now: datetime) -> None:
    """A-223: only where the programme says so."""
    await make_programme(now)
    member, (till, _) = await make_member(now), await make_till(now)
    refusal = await refused(resources, till, member.phone, now)
    assert (refusal.code, refusal.words) == (Code.FORBIDDEN, "phone.not_taken")


async def test_rivals_find_no_more_than_the_misses_of_an_hour(till: TillFacts, now: datetime) -> None:
    """A-242: a search through numbers ends after a few, exactly, whatever comes at once; a right one then waits too."""
    member = await make_member(now)
    resources = make_resources(phones_unknown_per_till_hour=7)
    answers = await asyncio.gather(
        *(tell(resources, till, UNKNOWN.format(place), now) for place in range(40)), return_exceptions=True
    )
    codes = [answer.code for answer in answers if isinstance(answer, Refusal)]
    assert (codes.count(Code.CARD_NOT_ACCEPTED), codes.count(Code.LIMIT_REACHED)) == (7, 33)
    refusal = await refused(resources, till, member.phone, now)
    assert (refusal.code, refusal.retryable, refusal.retry_after_seconds) == (Code.LIMIT_REACHED, True, 3601)
    elsewhere, _ = await make_till(now, partner="askona", outlet="magadan-01")
    assert (await tell(resources, elsewhere, member.phone, now)).by is Identification.PHONE
    assert (await tell(resources, till, member.phone, now + timedelta(minutes=61))).by is Identification.PHONE


async def test_one_number_is_told_so_often_a_day_at_all_tills_together(till: TillFacts, now: datetime) -> None:
    """The limit counts a number that nobody has just as well, and shows it in no table."""
    member = await make_member(now)
    resources = make_resources(phones_per_number_day=3)
    tills = [till, *[(await make_till(now, partner="askona", outlet=f"tula-0{place}"))[0] for place in range(1, 5)]]
    for number, expected in ((member.phone, 0), (UNKNOWN.format(1), 3)):
        answers = await asyncio.gather(
            *(tell(resources, one, number, now) for one in tills for _ in range(2)), return_exceptions=True
        )
        codes = [answer.code for answer in answers if isinstance(answer, Refusal)]
        assert (codes.count(Code.CARD_NOT_ACCEPTED), codes.count(Code.LIMIT_REACHED)) == (expected, 7)
    keys = await database.fetch("SELECT key FROM limit_counter")
    assert not any(member.phone[2:] in row["key"] for row in keys)


async def test_a_till_and_a_member_have_their_hours(till: TillFacts, now: datetime) -> None:
    member = await make_member(now)
    for resources in (make_resources(phones_per_till_hour=4), make_resources(tickets_per_member_hour=4)):
        await database.execute("DELETE FROM scan_ticket")
        await database.execute("DELETE FROM limit_counter")
        answers = await asyncio.gather(
            *(tell(resources, till, member.phone, now) for _ in range(12)), return_exceptions=True
        )
        assert sum(isinstance(answer, Identified) for answer in answers) == 4
        assert {answer.code for answer in answers if isinstance(answer, Refusal)} == {Code.LIMIT_REACHED}


async def test_a_web_shop_knows_its_guests_by_phone_under_limits_of_its_own(
    till: TillFacts, resources: Resources, now: datetime
) -> None:
    """A-240: offline and online."""
    shop, _ = await make_till(now, partner="askona", outlet="web-shop", kind="SYSTEM", channels=("SHOP",))
    member = await make_member(now)
    strict = make_resources(phones_per_till_hour=1, phones_unknown_per_till_hour=1)
    for place in (till, shop, shop):
        assert (await tell(strict, place, member.phone, now)).by is Identification.PHONE
    assert (await refused(strict, till, member.phone, now)).code is Code.LIMIT_REACHED


async def test_the_log_names_the_till_and_the_member_and_never_the_number(
    till: TillFacts, resources: Resources, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    member = await make_member(now)
    with caplog.at_level(logging.INFO):
        await tell(resources, till, member.phone, now)
        await refused(resources, till, UNKNOWN.format(7), now)
    written = [record for record in caplog.records if record.message == "phone told"]
    assert [(vars(one)["outcome"], vars(one).get("member")) for one in written] == [
        ("ACCEPTED", str(member.id)),
        ("UNKNOWN", None),
    ]
    assert {vars(one)["till"] for one in written} == {str(till.id)}
    everything = " ".join(str(vars(record)) for record in caplog.records)
    assert member.phone[2:] not in everything
    assert "9990000007" not in everything


async def test_a_number_of_another_country_is_as_good(till: TillFacts, resources: Resources, now: datetime) -> None:
    """A-205."""
    member = await make_member(now)
    await database.execute(
        "INSERT INTO contact (id, member_id, kind, value, verified_at, created_at) VALUES ($1, $2, 'PHONE', $3, $4, $4)",
        *(uuid7(), member.id, "+351910000001", now),
    )
    assert (await tell(resources, till, "+351 910 000 001", now)).first_name == "А•••"
