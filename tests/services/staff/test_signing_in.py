"""Entering the panel: two factors always (D15), each code once, equal answers, limits without Redis, sessions that end."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pyotp
import pytest

from loyalty.refusals import Code, Refusal
from models import database
from services import audit
from services.keyring import Keyring
from services.passwords import Hasher
from services.resources import Resources
from services.staff import inviting, passwords, sessions, signing_in
from services.staff.sessions import ABSOLUTE, IDLE
from tests.makers.joining import make_caller
from tests.makers.resources import make_resources
from tests.makers.staff import PASSWORD, make_actor, make_staff, open_token, sign_in
from tests.makers.statements import statements_of

WRONG = "не тот пароль совсем"


async def first(resources: Resources, email: str, now: datetime, password: str = PASSWORD) -> signing_in.Step:
    return await signing_in.sign_in(email, password, caller=make_caller(), resources=resources, now=now)


async def second(resources: Resources, token: str, code: str, now: datetime) -> signing_in.Entered:
    return await signing_in.enter_by_code(token, code, caller=make_caller(), resources=resources, now=now)


async def sessions_open() -> int:
    count: int = await database.fetchval("SELECT count(*) FROM staff_session WHERE revoked_at IS NULL")
    return count


async def test_a_password_and_six_digits_open_a_session(resources: Resources, now: datetime) -> None:
    """A-089, D15: a password alone opens nothing."""
    made = await make_staff(resources, now)
    before = await sessions_open()
    step = await first(resources, f" {made.email.upper()} ", now)
    assert await sessions_open() == before
    assert await sessions.find_session(step.token, now) is None
    entered = await second(resources, step.token, made.code(now), now)
    found = await sessions.find_session(entered.token, now)
    assert found is not None
    assert (found.staff_id, found.id, found.email) == (made.id, entered.session_id, made.email)
    assert found.access.everywhere("admin.manage")


class Changing(Hasher):
    """Somebody chooses another password while this one is looked at."""

    async def verify(self, password_hash: str | None, password: str) -> bool:
        right = await super().verify(password_hash, password)
        await database.execute("UPDATE staff SET password_hash = $1", await self.hash("совсем другой пароль"))
        return right


async def test_a_password_that_is_changed_meanwhile_opens_no_second_step(resources: Resources, now: datetime) -> None:
    """A step holds to the password it was opened with: one that has ended opens none, not even for a moment."""
    made = await make_staff(resources, now)
    with pytest.raises(Refusal) as refused:
        await first(replace(resources, hasher=Changing(seconds=60)), made.email, now)
    assert refused.value.code is Code.BUSY
    assert await database.fetchval("SELECT count(*) FROM staff_step WHERE purpose = 'SIGN_IN'") == 0


async def test_known_and_unknown_are_refused_alike_and_cost_the_same(resources: Resources, now: datetime) -> None:
    """T2: an active, a blocked, an invited and an unknown address hear one answer after one hash and the same statements."""
    active, blocked = await make_staff(resources, now), await make_staff(resources, now)
    owner = await make_actor(active, now)
    await inviting.block(owner, blocked.id, reason="для проверки", resources=resources, now=now)
    form = inviting.Form(email="invited@example.ru", name="Пётр Ждун")
    await inviting.invite(owner, form, locale="ru", reason="для проверки", resources=resources, now=now)
    told: set[tuple[object, ...]] = set()
    spent: set[tuple[str, ...]] = set()
    for email in (active.email, blocked.email, "invited@example.ru", "nobody@example.ru"):
        hashes = resources.hasher.hashes

        async def attempt(email: str = email) -> None:
            with pytest.raises(Refusal) as refused:
                await first(resources, email, now, WRONG)
            told.add((refused.value.code, refused.value.words, refused.value.field, refused.value.retryable))

        spent.add(tuple(await statements_of(attempt())))
        assert resources.hasher.hashes - hashes == 1
    assert told == {(Code.SIGN_IN_FAILED, "staff.sign_in_failed", None, False)}
    assert len(spent) == 1
    for email in (blocked.email, "invited@example.ru"):
        with pytest.raises(Refusal) as refused:
            await first(resources, email, now)
        assert refused.value.code is Code.SIGN_IN_FAILED
    assert await database.fetchval("SELECT count(*) FROM staff_step WHERE used_at IS NULL") == 0


async def test_five_failures_make_an_address_wait_known_or_not(resources: Resources, now: datetime) -> None:
    """T1: the right password waits too; another address is not the worse for it."""
    made, other = await make_staff(resources, now), await make_staff(resources, now)
    for email in (made.email, "nobody@example.ru"):
        answers = await asyncio.gather(
            *(first(resources, email, now, WRONG) for _ in range(20)), return_exceptions=True
        )
        codes = [answer.code for answer in answers if isinstance(answer, Refusal)]
        assert (codes.count(Code.SIGN_IN_FAILED), codes.count(Code.LIMIT_REACHED)) == (5, 15)
        with pytest.raises(Refusal) as refused:
            await first(resources, email, now)
        assert (refused.value.code, refused.value.retryable) == (Code.LIMIT_REACHED, True)
    await first(resources, other.email, now)
    await first(resources, made.email, now + timedelta(seconds=301))


async def test_a_network_address_knocks_thirty_times_a_minute(programme: object, now: datetime) -> None:
    """T1: over many addresses."""
    resources = make_resources(sign_in_per_ip_minute=3)
    for place in range(3):
        with pytest.raises(Refusal) as refused:
            await first(resources, f"nobody{place}@example.ru", now)
        assert refused.value.code is Code.SIGN_IN_FAILED
    with pytest.raises(Refusal) as refused:
        await first(resources, "nobody9@example.ru", now)
    assert refused.value.code is Code.LIMIT_REACHED


async def test_a_code_works_once(resources: Resources, now: datetime) -> None:
    """T1: not again in its half minute, nor an earlier one after a later."""
    made = await make_staff(resources, now)
    await sign_in(resources, made, now)
    for moment in (now, now - timedelta(seconds=30)):
        step, before = await first(resources, made.email, now), await sessions_open()
        with pytest.raises(Refusal) as refused:
            await second(resources, step.token, made.code(moment), now)
        assert (refused.value.code, refused.value.field) == (Code.TOKEN_NOT_ACCEPTED, "code")
        assert await sessions_open() == before
    step = await first(resources, made.email, now)
    await second(resources, step.token, made.code(now + timedelta(seconds=30)), now)


async def test_fifty_rivals_with_one_code_are_one_session(now: datetime, programme: object) -> None:
    """T16 for the staff: fifty browsers that all know the password and the code, one of them gets in."""
    resources = make_resources(sign_in_per_ip_minute=10**6, sign_in_burst=10**6, sign_in_per_account_hour=10**6)
    made = await make_staff(resources, now)
    steps = [await first(resources, made.email, now) for _ in range(50)]
    before = await sessions_open()
    code = made.code(now)
    answers = await asyncio.gather(
        *(second(resources, step.token, code, now) for step in steps), return_exceptions=True
    )
    entered = [answer for answer in answers if isinstance(answer, signing_in.Entered)]
    refused = [answer for answer in answers if isinstance(answer, Refusal)]
    assert (len(entered), len(refused)) == (1, 49)
    assert {refusal.code for refusal in refused} <= {Code.TOKEN_NOT_ACCEPTED, Code.BUSY}
    assert await sessions_open() == before + 1


async def test_guessing_codes_ends_after_five(resources: Resources, now: datetime) -> None:
    """T1: tries are counted before they are compared, over every step of a person."""
    made = await make_staff(resources, now)
    tokens = [(await first(resources, made.email, now)).token for _ in range(3)]
    right = made.code(now)
    wrong = [f"{number:06d}" for number in range(20) if f"{number:06d}" != right]
    answers = await asyncio.gather(
        *(second(resources, tokens[place % 3], code, now) for place, code in enumerate(wrong)), return_exceptions=True
    )
    codes = [answer.code for answer in answers if isinstance(answer, Refusal)]
    assert codes.count(Code.TOKEN_NOT_ACCEPTED) == 5
    assert codes.count(Code.LIMIT_REACHED) == len(wrong) - 5
    with pytest.raises(Refusal) as refused:
        await second(resources, tokens[0], right, now)
    assert refused.value.code is Code.LIMIT_REACHED


@pytest.mark.parametrize("code", ["", "12345", "1234567", "12345a", "１２３４５６", "1" * 100])
async def test_what_is_no_code_costs_no_try(resources: Resources, now: datetime, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        await second(resources, "kp_nothing", code, now)
    assert (refused.value.code, refused.value.field) == (Code.INVALID_INPUT, "code")


async def test_a_step_is_over_after_five_minutes_or_a_new_password(resources: Resources, now: datetime) -> None:
    made = await make_staff(resources, now)
    step = await first(resources, made.email, now)
    later = step.expires_at
    with pytest.raises(Refusal) as refused:
        await second(resources, step.token, made.code(later), later)
    assert refused.value.words == "staff.step_over"
    step = await first(resources, made.email, now)
    await database.execute("UPDATE staff SET password_hash = password_hash || 'x' WHERE id = $1", made.id)
    with pytest.raises(Refusal) as refused:
        await second(resources, step.token, made.code(now), now)
    assert refused.value.words == "staff.step_over"


async def test_a_recovery_code_stands_in_for_the_phone_once(resources: Resources, now: datetime) -> None:
    """However it is typed; ten rivals with one code are one session."""
    made = await make_staff(resources, now)
    typed = made.recovery_codes[0].upper().replace("-", " ")
    steps = [await first(resources, made.email, now) for _ in range(4)]
    before = await sessions_open()
    answers = await asyncio.gather(
        *(
            signing_in.enter_by_recovery(step.token, typed, caller=make_caller(), resources=resources, now=now)
            for step in steps
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, signing_in.Entered) for answer in answers) == 1
    assert await sessions_open() == before + 1
    found = await sessions.find_session(
        next(answer.token for answer in answers if isinstance(answer, signing_in.Entered)), now
    )
    assert found is not None
    assert found.recovery_codes_left == 9


async def test_new_recovery_codes_void_the_old_ones(resources: Resources, now: datetime) -> None:
    made = await make_staff(resources, now)
    actor = await make_actor(made, now)
    with pytest.raises(Refusal) as refused:
        await passwords.regenerate_recovery_codes(actor, made.id, code="000000", resources=resources, now=now)
    assert refused.value.code is Code.TOKEN_NOT_ACCEPTED
    fresh = await passwords.regenerate_recovery_codes(actor, made.id, code=made.code(now), resources=resources, now=now)
    assert len(set(fresh)) == 10
    step = await first(resources, made.email, now)
    with pytest.raises(Refusal):
        await signing_in.enter_by_recovery(
            step.token, made.recovery_codes[1], caller=make_caller(), resources=resources, now=now
        )
    await signing_in.enter_by_recovery(step.token, fresh[3], caller=make_caller(), resources=resources, now=now)


async def test_a_session_ends_unused_after_fifteen_minutes_and_used_after_eight_hours(
    resources: Resources, now: datetime
) -> None:
    """security.md 7: idle 15 min, absolute 8 h."""
    made = await make_staff(resources, now)
    idle = await open_token(made, now)
    assert await sessions.find_session(idle, now + IDLE - timedelta(seconds=1)) is not None
    unused = await open_token(made, now)
    assert await sessions.find_session(unused, now + IDLE) is None
    used, moment = await open_token(made, now), now
    while moment < now + ABSOLUTE - timedelta(minutes=14):
        moment += timedelta(minutes=14)
        assert await sessions.find_session(used, moment) is not None
    assert await sessions.find_session(used, now + ABSOLUTE) is None


async def test_a_sixth_session_ends_the_longest_unused(resources: Resources, now: datetime) -> None:
    made = await make_staff(resources, now)
    tokens = [await open_token(made, now + timedelta(seconds=place)) for place in range(6)]
    later = now + timedelta(seconds=10)
    assert [await sessions.find_session(token, later) is not None for token in tokens] == [False] + [True] * 5


async def test_block_sign_out_and_a_new_password_end_sessions_at_once(resources: Resources, now: datetime) -> None:
    owner, other = await make_staff(resources, now), await make_staff(resources, now)
    mine, theirs = await open_token(other, now), await open_token(other, now)
    session = await sessions.find_session(mine, now)
    assert session is not None
    actor = audit.Actor(id=other.id, name="x", access=session.access, session_id=session.id)
    fresh = "лиловый чайник под дождём 4"
    await passwords.change(
        actor, other.id, current=PASSWORD, password=fresh, code=other.code(now), resources=resources, now=now
    )
    assert await sessions.find_session(mine, now) is not None
    assert await sessions.find_session(theirs, now) is None
    await sessions.sign_out(session.id, now)
    assert await sessions.find_session(mine, now) is None
    again = await open_token(other, now)
    await inviting.block(await make_actor(owner, now), other.id, reason="уволен", resources=resources, now=now)
    assert await sessions.find_session(again, now) is None


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"current": WRONG}, Code.SIGN_IN_FAILED, "current"),
        ({"code": "000000"}, Code.TOKEN_NOT_ACCEPTED, "code"),
        ({"password": "короткий 11"}, Code.INVALID_INPUT, "password"),
        ({"password": "passwordpassword"}, Code.INVALID_INPUT, "password"),
    ],
)
async def test_a_password_is_changed_by_both_factors_alone(
    resources: Resources, now: datetime, change: dict[str, str], code: Code, field: str
) -> None:
    """A-117: and only for one that is long and not guessed."""
    made = await make_staff(resources, now)
    actor = await make_actor(made, now)
    usual = {"current": PASSWORD, "password": "лиловый чайник под дождём 4", "code": made.code(now)}
    before = await database.fetchval("SELECT password_hash FROM staff WHERE id = $1", made.id)
    with pytest.raises(Refusal) as refused:
        await passwords.change(actor, made.id, **(usual | change), resources=resources, now=now)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert await database.fetchval("SELECT password_hash FROM staff WHERE id = $1", made.id) == before


async def test_a_lost_key_file_lets_nobody_in_and_breaks_nothing(resources: Resources, now: datetime) -> None:
    made = await make_staff(resources, now)
    step = await first(resources, made.email, now)
    object.__setattr__(resources, "keyring", Keyring({9: b"9" * 32}))
    with pytest.raises(Refusal) as refused:
        await second(resources, step.token, made.code(now), now)
    assert refused.value.code is Code.TOKEN_NOT_ACCEPTED


async def test_what_is_kept_opens_nothing(resources: Resources, now: datetime) -> None:
    """Neither secret, token nor code stands in the database as it is."""
    made = await make_staff(resources, now)
    entered = await sign_in(resources, made, now)
    tables = ["staff", "staff_session", "staff_step", "staff_link", "staff_recovery_code", "audit_event", "job"]
    text = "".join([str(await database.fetch(f"SELECT t::text FROM {table} AS t")) for table in tables])
    for secret in (
        made.secret,
        entered.token,
        made.recovery_codes[0],
        made.recovery_codes[0].replace("-", ""),
        PASSWORD,
    ):
        assert secret not in text
    assert pyotp.TOTP(made.secret).secret not in text


async def test_entering_and_failing_stand_in_the_log(resources: Resources, now: datetime) -> None:
    """INV-21: who entered from where, and who failed, with the address masked."""
    made = await make_staff(resources, now)
    with pytest.raises(Refusal):
        await first(resources, made.email, now, WRONG)
    await sign_in(resources, made, now)
    found = await audit.page(rows=2, after=None, filters=audit.Filters())
    assert [(one.action, one.outcome) for one in found] == [("staff.signed_in", "DONE"), ("staff.signed_in", "REFUSED")]
    assert (found[0].actor_id, found[0].address) == (made.id, "203.0.113.7")
    assert (found[1].actor_id, found[1].actor) == (None, "s•••@e•••.ru")
