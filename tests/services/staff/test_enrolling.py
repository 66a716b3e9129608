"""The first time: a link, a password that nobody guesses, an app, and ten codes; each link once, in its time."""

import asyncio
import re
from datetime import datetime, timedelta

import orjson
import pyotp
import pytest

from integrations.ports import Letter
from loyalty.refusals import Code, Refusal
from models import database
from services.resources import Resources
from services.staff import enrolling, inviting, letters, operating, passwords, sessions
from services.staff.inviting import Form
from services.staff.signing_in import Entered
from tests.makers.joining import Mailbox, link_in, make_caller
from tests.makers.staff import PASSWORD, make_actor, make_staff, open_token, sign_in


async def delivered(resources: Resources, now: datetime) -> list[Letter]:
    """Do the worker's part for the staff's letters."""
    box = Mailbox()
    for row in await database.fetch(
        "SELECT payload FROM job WHERE name = 'letter.staff' AND status = 'READY' ORDER BY id"
    ):
        await letters.send(orjson.loads(row["payload"]), resources, box, now)
        await letters.send(orjson.loads(row["payload"]), resources, box, now)
    await database.execute("UPDATE job SET status = 'DONE', finished_at = $1 WHERE name = 'letter.staff'", now)
    assert [letter.text for letter in box.letters[::2]] == [letter.text for letter in box.letters[1::2]]
    return box.letters[::2]


async def invited(resources: Resources, now: datetime, locale: str = "ru") -> str:
    """The token of an invitation's letter."""
    owner = await make_actor(await make_staff(resources, now), now)
    form = Form(email="new@example.ru", name="Нина Новая", phone="8 921 123-45-67", partner="igora", comment="смена 2")
    await inviting.invite(
        owner, form, locale="en" if locale == "en" else "ru", reason="новый человек", resources=resources, now=now
    )
    (letter,) = await delivered(resources, now)
    assert letter.to == "new@example.ru"
    assert bool(re.search("[а-яё]", letter.subject)) is (locale == "ru")
    return link_in(letter)


async def begin(resources: Resources, token: str, now: datetime, password: str = PASSWORD) -> enrolling.Enrolment:
    return await enrolling.start(token, password, caller=make_caller(), resources=resources, now=now)


async def finish(
    resources: Resources, begun: enrolling.Enrolment, now: datetime, code: str | None = None
) -> tuple[object, list[str]]:
    digits = code or pyotp.TOTP(begun.secret).at(now)
    return await enrolling.confirm(begun.token, digits, caller=make_caller(), resources=resources, now=now)


@pytest.mark.parametrize("locale", ["ru", "en"])
async def test_an_invitation_ends_with_a_session_and_ten_codes(
    resources: Resources, now: datetime, locale: str
) -> None:
    """A-113..A-117: the letter, the link, a password of one's own, the app; the letter repeats itself word for word."""
    token = await invited(resources, now, locale)
    found = await enrolling.invitation(token, now)
    assert found is not None
    assert (found.email, found.name) == ("new@example.ru", "Нина Новая")
    begun = await begin(resources, token, now)
    assert pyotp.parse_uri(begun.uri).secret == begun.secret
    entered, codes = await finish(resources, begun, now)
    assert isinstance(entered, Entered)
    assert len(set(codes)) == 10
    session = await sessions.find_session(entered.token, now)
    assert session is not None
    assert (session.partner, session.phone, session.access.pairs) == ("igora", "+79211234567", ())
    assert await enrolling.invitation(token, now) is None
    with pytest.raises(Refusal) as refused:
        await begin(resources, token, now)
    assert (refused.value.code, refused.value.field) == (Code.TOKEN_NOT_ACCEPTED, "token")


async def test_nothing_counts_before_the_first_code(resources: Resources, now: datetime) -> None:
    token = await invited(resources, now)
    begun = await begin(resources, token, now)
    row = "SELECT status, password_hash, totp_sealed FROM staff WHERE email = 'new@example.ru'"
    assert tuple(await database.fetchrow(row) or ()) == ("INVITED", None, None)
    with pytest.raises(Refusal) as refused:
        await finish(resources, begun, now, "000000")
    assert refused.value.code is Code.TOKEN_NOT_ACCEPTED
    assert tuple(await database.fetchrow(row) or ()) == ("INVITED", None, None)
    await finish(resources, begun, now)


async def test_ten_rivals_on_one_link_are_one_enrolment(resources: Resources, now: datetime) -> None:
    token = await invited(resources, now)
    begun = [await begin(resources, token, now) for _ in range(5)]
    answers = await asyncio.gather(*(finish(resources, each, now) for each in begun), return_exceptions=True)
    assert sum(isinstance(answer, tuple) for answer in answers) == 1
    # Whoever reads the link before the quickest has used it, behind that, and whoever finds its own enrolment over.
    lost = {Code.TOKEN_NOT_ACCEPTED, Code.UNAUTHENTICATED, Code.BUSY}
    assert {answer.code for answer in answers if isinstance(answer, Refusal)} <= lost
    assert await database.fetchval("SELECT count(*) FROM staff_recovery_code WHERE used_at IS NULL") == 10 + 10


async def test_a_link_lives_three_days_and_an_enrolment_half_an_hour(resources: Resources, now: datetime) -> None:
    token = await invited(resources, now)
    late = now + timedelta(hours=resources.policy.staff_link_hours)
    assert await enrolling.invitation(token, late - timedelta(seconds=1)) is not None
    assert await enrolling.invitation(token, late) is None
    begun = await begin(resources, token, now)
    with pytest.raises(Refusal) as refused:
        await finish(resources, begun, now + timedelta(minutes=30))
    assert refused.value.words == "staff.step_over"
    for unknown in ("", "a" * 64, "ё", "\ud800"):
        assert await enrolling.invitation(unknown, now) is None


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("gfhjkmgfhjkm", "people.password_common"),
        ("короткий 1", "people.password_short"),
        ("a" * 12, "people.password_common"),
        ("abcdefabcdef12", "staff.password_weak"),
        ("new@example.ru", "people.password_about"),
        ("x" * 129, "people.password_long"),
        ("passwordpassword1", "staff.password_weak"),
    ],
)
async def test_a_password_that_guessers_reach_is_refused_and_the_link_lives(
    resources: Resources, now: datetime, password: str, words: str
) -> None:
    """D15, A-117: twelve characters, none of the common ones, not one's own data, and no guess of zxcvbn."""
    token = await invited(resources, now)
    with pytest.raises(Refusal) as refused:
        await begin(resources, token, now, password)
    assert (refused.value.code, refused.value.words, refused.value.field) == (Code.INVALID_INPUT, words, "password")
    assert await enrolling.invitation(token, now) is not None


async def test_the_operator_adds_the_first_administrator(resources: Resources, now: datetime) -> None:
    """A-090: with a link instead of a letter, and the roles of the start are there."""
    opened = await operating.add(Form(email="first@example.ru", name="Вера"), "owner", resources=resources, now=now)
    assert opened.staff.access.everywhere("grant.manage")
    assert await database.fetchval("SELECT count(*) FROM job") == 0
    begun = await begin(resources, opened.link.partition("token=")[2], now)
    await finish(resources, begun, now)
    for faulty, code in (
        (("first@example.ru", "owner", None), Code.INVALID_INPUT),
        (("x@example.ru", "nobody", None), Code.NOT_FOUND),
        (("x@example.ru", "owner", "igora"), Code.INVALID_INPUT),
        (("x@example.ru", "analyst", "nowhere"), Code.INVALID_INPUT),
    ):
        with pytest.raises(Refusal) as refused:
            form = Form(email=faulty[0], name="Вера", partner=faulty[2])
            await operating.add(form, faulty[1], resources=resources, now=now)
        assert refused.value.code is code
    assert [one.email for one in await operating.everybody()] == ["first@example.ru"]


async def test_a_reset_locks_every_old_door_and_opens_one_new(resources: Resources, now: datetime) -> None:
    """A lost phone: password, app, codes and sessions are void; letter and terminal give one way in between them."""
    made = await make_staff(resources, now)
    token = await open_token(made, now)
    opened = await operating.reset(made.email, reason="телефон утонул", resources=resources, now=now)
    assert await sessions.find_session(token, now) is None
    with pytest.raises(Refusal) as refused:
        await sign_in(resources, made, now)
    assert refused.value.code is Code.SIGN_IN_FAILED
    assert await database.fetchval("SELECT count(*) FROM staff_recovery_code WHERE staff_id = $1", made.id) == 0
    (letter,) = await delivered(resources, now)
    begun = await begin(resources, opened.link.partition("token=")[2], now, "другой надёжный пароль 9")
    entered, _ = await finish(resources, begun, now)
    assert isinstance(entered, Entered)
    with pytest.raises(Refusal) as refused:
        await begin(resources, link_in(letter), now)
    assert refused.value.code is Code.TOKEN_NOT_ACCEPTED


async def test_a_changed_password_is_told_by_letter(resources: Resources, now: datetime) -> None:
    made = await make_staff(resources, now)
    actor = await make_actor(made, now)
    fresh = "лиловый чайник под дождём 4"
    await passwords.change(
        actor, made.id, current=PASSWORD, password=fresh, code=made.code(now), resources=resources, now=now
    )
    (letter,) = await delivered(resources, now)
    assert letter.subject == "Пароль от панели изменён"
    assert "token=" not in letter.text


async def test_a_letter_that_has_lost_its_sense_is_not_sent(resources: Resources, now: datetime) -> None:
    made = await make_staff(resources, now)
    owner = await make_actor(await make_staff(resources, now), now)
    await inviting.reset_access(owner, made.id, reason="телефон утонул", resources=resources, now=now)
    await inviting.block(owner, made.id, reason="и уволен", resources=resources, now=now)
    assert await delivered(resources, now) == []
