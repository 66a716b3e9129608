"""Signing in: A-046, the equal answers of T2, the limits of T1 and T41."""

import asyncio
import logging
from datetime import datetime, timedelta
from time import perf_counter

import pytest
from argon2 import PasswordHasher

from loyalty.refusals import Code, Refusal
from models import database
from services import sessions, signin
from services.resources import Resources
from tests.makers.joining import PASSWORD, make_caller, make_joined, make_pending, signed_in
from tests.makers.resources import make_resources
from tests.makers.statements import statements_of

WRONG = "не тот пароль"


async def refused(resources: Resources, login: str, now: datetime, password: str = WRONG, **more: object) -> Refusal:
    before = await database.fetchval("SELECT count(*) FROM session")
    with pytest.raises(Refusal) as refusal:
        await signed_in(resources, login, now, password=password, **more)
    assert await database.fetchval("SELECT count(*) FROM session") == before
    return refusal.value


async def test_an_address_or_a_phone_in_any_spelling_signs_in(resources: Resources, now: datetime) -> None:
    """A-046, rule 3."""
    form, member = await make_joined(resources, now, email="petr@petrov.ru", phone="+79211234567")
    for login in ("petr@petrov.ru", " Petr@Petrov.RU ", "+7 (921) 123-45-67", "89211234567", "9211234567"):
        opened = await signed_in(resources, login, now)
        assert opened.member_id == member
        found = await sessions.find_session(opened.token, now)
        assert found == sessions.SessionFacts(opened.session_id, member, "COOKIE")
    assert form.email == "petr@petrov.ru"


async def test_a_foreign_phone_signs_in(resources: Resources, now: datetime) -> None:
    """Rule 3."""
    _, member = await make_joined(resources, now, phone="+358 40 1234567")
    assert (await signed_in(resources, "+358401234567", now)).member_id == member


async def test_known_and_unknown_are_refused_alike_and_cost_the_same(resources: Resources, now: datetime) -> None:
    """T2: one answer, one hash and the same statements, whoever is or is not behind the login."""
    active, _ = await make_joined(resources, now)
    pending, _ = await make_pending(resources, now)
    told: set[tuple[object, ...]] = set()
    spent: set[tuple[str, ...]] = set()
    for login in (active.email, pending.email, "nobody@petrov.ru", "somebody.else@petrov.ru"):
        hashes = resources.hasher.hashes

        async def attempt(login: str = login) -> None:
            refusal = await refused(resources, login, now)
            told.add((refusal.code, refusal.words, refusal.field, refusal.retryable, refusal.retry_after_seconds))

        statements = await statements_of(attempt())
        spent.add(tuple(statements))
        assert resources.hasher.hashes - hashes == 1
    assert told == {(Code.SIGN_IN_FAILED, "sign_in.failed", None, False, None)}
    assert len(spent) == 1
    for login in (active.phone, "+79990001122", "no login at all"):
        assert (await refused(resources, login, now)).code == Code.SIGN_IN_FAILED


async def test_finding_somebody_takes_as_long_as_finding_nobody(resources: Resources, now: datetime) -> None:
    """T2: what stands before the hash is hidden behind one pause, and ends with it for both."""
    form, _ = await make_joined(resources, now)
    paused: dict[str, list[float]] = {}
    for login in (form.email, "nobody@petrov.ru", form.phone, "+79990001122"):
        took = paused.setdefault(login, [])
        for _ in range(3):
            begun = perf_counter()
            await signin._holder(signin.spelling(login))
            took.append(perf_counter() - begun)
    least = [min(took) for took in paused.values()]
    assert min(least) >= signin.LOOKUP_SECONDS - 0.001  # the loop's clock counts milliseconds


@pytest.mark.parametrize(
    ("login", "password", "field"), [("", "x", "login"), ("a" * 255, "x", "login"), ("a", "", "password")]
)
async def test_what_is_no_login_costs_no_hash(
    resources: Resources, now: datetime, login: str, password: str, field: str
) -> None:
    hashes = resources.hasher.hashes
    refusal = await refused(resources, login, now, password)
    assert (refusal.code, refusal.field) == (Code.INVALID_INPUT, field)
    assert resources.hasher.hashes == hashes


async def test_a_phone_signs_in_whoever_verified_it(resources: Resources, now: datetime) -> None:
    """Rule 3: whoever verified the number, else the only confirmed member who holds it, else nobody."""
    phone = "+79211234567"
    first, first_id = await make_joined(resources, now, phone=phone, password="пароль первого 1")
    assert (await signed_in(resources, phone, now, password="пароль первого 1")).member_id == first_id
    await make_pending(resources, now, phone=phone, password="пароль ждущего 1")
    assert (await signed_in(resources, phone, now, password="пароль первого 1")).member_id == first_id
    _, second_id = await make_joined(resources, now, phone=phone, password="пароль второго 2")
    for password in ("пароль первого 1", "пароль второго 2"):
        assert (await refused(resources, phone, now, password)).code == Code.SIGN_IN_FAILED
    await database.execute("DELETE FROM limit_counter")
    assert (await signed_in(resources, first.email, now, password="пароль первого 1")).member_id == first_id
    await database.execute(
        "UPDATE contact SET verified_at = $2 WHERE member_id = $1 AND kind = 'PHONE'", second_id, now
    )
    assert (await signed_in(resources, phone, now, password="пароль второго 2")).member_id == second_id
    assert (await refused(resources, phone, now, "пароль первого 1")).code == Code.SIGN_IN_FAILED


async def test_a_blocked_member_signs_in_to_read_why_and_a_closed_one_does_not(
    resources: Resources, now: datetime
) -> None:
    form, member = await make_joined(resources, now)
    await database.execute("UPDATE member SET status = 'BLOCKED' WHERE id = $1", member)
    opened = await signed_in(resources, form.email, now)
    assert await sessions.find_session(opened.token, now) is not None
    await database.execute("UPDATE member SET status = 'CLOSED' WHERE id = $1", member)
    assert await sessions.find_session(opened.token, now) is None
    assert (await refused(resources, form.email, now, PASSWORD)).code == Code.SIGN_IN_FAILED


async def test_five_failures_make_a_login_wait_whether_it_is_known_or_not(resources: Resources, now: datetime) -> None:
    """T1, T2: even the right password waits, and is then let in."""
    form, _ = await make_joined(resources, now)
    for login in (form.email, "nobody@petrov.ru"):
        for _ in range(5):
            assert (await refused(resources, login, now)).code == Code.SIGN_IN_FAILED
        refusal = await refused(resources, login, now + timedelta(seconds=100), PASSWORD)
        assert (refusal.code, refusal.retryable, refusal.retry_after_seconds) == (Code.LIMIT_REACHED, True, 200)
        assert refusal.facts == {"minutes": 4}
    await signed_in(resources, form.email, now + timedelta(seconds=301))


async def test_a_login_has_ten_tries_an_hour_and_a_hundred_in_a_row(resources: Resources, now: datetime) -> None:
    """T1, P25: whoever waits between tries meets the hour, and then the hundred."""
    form, _ = await make_joined(resources, now)
    minutes = [*range(0, 42, 3), 61]
    codes = [(await refused(resources, form.email, now + timedelta(minutes=minute))).code for minute in minutes]
    assert codes == [Code.SIGN_IN_FAILED] * 10 + [Code.LIMIT_REACHED] * 4 + [Code.SIGN_IN_FAILED]
    later = now + timedelta(days=2)
    few = make_resources(sign_in_in_a_row=3, sign_in_per_ip_minute=1000)
    await database.execute("DELETE FROM limit_counter")
    for place in range(3):
        assert (await refused(few, form.email, later + timedelta(days=place))).code == Code.SIGN_IN_FAILED
    assert (await refused(few, form.email, later + timedelta(days=4), PASSWORD)).code == Code.LIMIT_REACHED


async def test_a_right_password_forgives_the_failures_before_it(resources: Resources, now: datetime) -> None:
    form, _ = await make_joined(resources, now)
    for _ in range(3):
        for _ in range(4):
            assert (await refused(resources, form.email, now)).code == Code.SIGN_IN_FAILED
        await signed_in(resources, form.email, now)


async def test_thirty_rivals_with_wrong_passwords_get_five_tries(resources: Resources, now: datetime) -> None:
    """T1: a try is counted before the password is looked at."""
    form, _ = await make_joined(resources, now)
    answers = await asyncio.gather(
        *(signed_in(resources, form.email, now, password=WRONG) for _ in range(30)), return_exceptions=True
    )
    codes = [answer.code for answer in answers if isinstance(answer, Refusal)]
    assert len(codes) == 30
    assert codes.count(Code.SIGN_IN_FAILED) == 5
    assert codes.count(Code.LIMIT_REACHED) == 25


async def test_two_hundred_addresses_with_leaked_pairs_get_no_further(resources: Resources, now: datetime) -> None:
    """T1: changing the address buys no tries at one account."""
    form, _ = await make_joined(resources, now)
    codes = [
        (await refused(resources, form.email, now, caller=make_caller(f"198.51.100.{place}"))).code
        for place in range(1, 31)
    ]
    assert codes.count(Code.SIGN_IN_FAILED) == 5


async def test_an_owner_is_not_locked_out_of_a_device_that_knows_him(resources: Resources, now: datetime) -> None:
    """T41: outside tries spend their own budget; the known device has one too, which ends as well."""
    form, member = await make_joined(resources, now)
    marker = (await signed_in(resources, form.email, now)).marker
    for place in range(40):
        await refused(resources, form.email, now, caller=make_caller(f"198.51.100.{place + 1}"))
    owner = make_caller("203.0.113.9", marker=marker)
    assert (await refused(resources, form.email, now, PASSWORD)).code == Code.LIMIT_REACHED
    assert (await signed_in(resources, form.email, now, caller=owner)).member_id == member
    for _ in range(5):
        assert (await refused(resources, form.email, now, caller=owner)).code == Code.SIGN_IN_FAILED
    assert (await refused(resources, form.email, now, PASSWORD, caller=owner)).code == Code.LIMIT_REACHED


async def test_a_live_session_is_a_known_device_too(resources: Resources, now: datetime) -> None:
    """T41: an app without cookies shows its token."""
    form, member = await make_joined(resources, now)
    opened = await signed_in(resources, form.email, now, transport="BEARER")
    for _ in range(6):
        await refused(resources, form.email, now)
    app = make_caller(member_id=member, session_id=opened.session_id, transport="BEARER")
    assert (await signed_in(resources, form.email, now, caller=app, transport="BEARER")).member_id == member
    assert await sessions.find_session(opened.token, now) is not None


async def test_a_marker_is_good_for_its_member_and_its_time(resources: Resources, now: datetime) -> None:
    """T41: a stranger's, a forged and an old one buy no tries."""
    form, _ = await make_joined(resources, now)
    other, _ = await make_joined(resources, now)
    mine = (await signed_in(resources, form.email, now)).marker
    strangers = (await signed_in(resources, other.email, now)).marker
    later = now + timedelta(days=401)
    for place, marker in enumerate(
        (strangers, mine[:-1] + "0" if mine[-1] != "0" else mine[:-1] + "1", "", "x.y", "я.я")
    ):
        moment = now + timedelta(hours=place * 2)
        for _ in range(5):
            await refused(resources, form.email, moment)
        refusal = await refused(resources, form.email, moment, PASSWORD, caller=make_caller(marker=marker))
        assert refusal.code == Code.LIMIT_REACHED
    for _ in range(5):
        await refused(resources, form.email, later)
    assert (await refused(resources, form.email, later, PASSWORD, caller=make_caller(marker=mine))).code == (
        Code.LIMIT_REACHED
    )


async def test_an_address_of_the_network_knocks_thirty_times_a_minute(resources: Resources, now: datetime) -> None:
    """T1: over many logins; this machine itself is left out where the policy says so."""
    strict, kind = (
        make_resources(sign_in_per_ip_minute=3),
        make_resources(sign_in_per_ip_minute=3, loopback_exempt=True),
    )
    for place in range(3):
        assert (await refused(strict, f"guest{place}@petrov.ru", now)).code == Code.SIGN_IN_FAILED
    assert (await refused(strict, "guest9@petrov.ru", now)).code == Code.LIMIT_REACHED
    assert (await refused(strict, "guest9@petrov.ru", now + timedelta(seconds=61))).code == Code.SIGN_IN_FAILED
    for place in range(5):
        refusal = await refused(kind, f"guest{place}@petrov.ru", now, caller=make_caller("127.0.0.1"))
        assert refusal.code == Code.SIGN_IN_FAILED


async def test_the_house_rings_when_too_much_fails(
    programme: object, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    """P25: an alarm and no lock, which would be one for everybody."""
    resources = make_resources(sign_in_global_hour=3, sign_in_per_ip_minute=1000)
    form, _ = await make_joined(resources, now)
    with caplog.at_level(logging.WARNING, "services.signin"):
        for place in range(8):
            await refused(resources, f"guest{place}@petrov.ru", now)
    assert [record.getMessage() for record in caplog.records] == ["sign-in failures beyond 3 an hour"]
    await signed_in(resources, form.email, now)


async def test_a_weaker_hash_is_made_anew_at_sign_in(resources: Resources, now: datetime) -> None:
    form, member = await make_joined(resources, now)
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    await database.execute("UPDATE credential SET password_hash = $2 WHERE member_id = $1", member, weak)
    await signed_in(resources, form.email, now)
    fresh = await database.fetchval("SELECT password_hash FROM credential WHERE member_id = $1", member)
    assert fresh.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    await signed_in(resources, form.email, now)
