"""Another address: asked with a proof, told to both, done by whoever reads the new one, and to one of all who want it."""

import asyncio
import re
from datetime import datetime, timedelta

import pytest

from loyalty.refusals import Code, Refusal
from models import database
from services import confirming, email_changing, recovery, sessions
from services.audit import Actor
from services.cards import issue_card_key
from services.email_changing import Sent
from services.merging import merging
from services.resources import Resources
from tests.makers.joining import PASSWORD, code_in, deliver, link_in, make_caller, make_joined, signed_in
from tests.makers.own_data import NEW, Home, make_home, refused, to
from tests.makers.resources import make_resources
from tests.makers.state import state
from tests.makers.statements import statements_of

MINUTE = timedelta(seconds=61)


@pytest.fixture
async def home(resources: Resources, now: datetime) -> Home:
    return await make_home(resources, now)


async def test_the_new_address_counts_once_its_letter_is_answered(
    home: Home, resources: Resources, now: datetime
) -> None:
    """A-224, T6, ASVS 7.5.1: the old one stays until then and hears of both steps; other sessions and card keys end."""
    elsewhere = await signed_in(resources, home.email, now)
    await issue_card_key(resources.keyring, member_id=home.member, session_id=home.session, device="phone", now=now)
    sent = await home.ask(now, " Novy@Petrov.RU ")
    assert (sent.pending.address, sent.resend_after) == (NEW, now + timedelta(seconds=60))
    letters = await deliver(resources, now)
    assert {(letter.to, letter.subject) for letter in letters} == {
        (NEW, "Подтвердите новый адрес"),
        (home.email, "Адрес почты хотят сменить"),
    }
    assert "n•••@petrov.ru" in to(letters, home.email).text
    assert NEW not in to(letters, home.email).text
    assert await home.contact() == (home.email, True)
    await signed_in(resources, home.email, now)
    assert await email_changing.pending_of(home.member, now) == sent.pending
    assert await home.say(code_in(to(letters, NEW)), now) == NEW
    assert await home.contact() == (NEW, True)
    assert await email_changing.pending_of(home.member, now) is None
    (told,) = await deliver(resources, now)
    assert (told.to, told.subject) == (home.email, "Адрес почты изменён")
    assert [one.id for one in await sessions.devices_of(home.member, now)] == [home.session]
    assert await sessions.find_session(elsewhere.token, now) is None
    assert await database.fetchval("SELECT state FROM qr_credential WHERE member_id = $1", home.member) == "REVOKED"
    assert (await signed_in(resources, NEW, now)).member_id == home.member
    with pytest.raises(Refusal) as refusal:
        await signed_in(resources, home.email, now)
    assert refusal.value.code == Code.SIGN_IN_FAILED


async def test_the_link_does_what_the_digits_do_and_twice_is_fine(
    home: Home, resources: Resources, now: datetime
) -> None:
    """The link opens nothing without the member's own session: whoever gets a letter by a typo gets no account."""
    stranger = await make_home(resources, now)
    await home.ask(now)
    letter = to(await deliver(resources, now), NEW)
    assert await refused(stranger.follow(letter, now)) == (Code.TOKEN_NOT_ACCEPTED, "token")
    with pytest.raises(Refusal):
        await confirming.confirm_by_link(link_in(letter), now)
    assert await home.follow(letter, now) == NEW
    before = await state()
    assert await home.follow(letter, now) == NEW
    assert await state() == before
    assert re.findall(r"https?://\S+", letter.text) == [f"http://kunak.test/profile/address?token={link_in(letter)}"]


async def test_whether_an_address_is_taken_is_told_to_its_owner_alone(
    home: Home, resources: Resources, now: datetime
) -> None:
    """T2: the same answer and the same statements; the letter to its owner changes nothing and holds no secret."""
    owner, _ = await make_joined(resources, now, first_name="Ольга")
    later = now + MINUTE
    spent, answers = [], []
    for address in (owner.email, NEW):

        async def attempt(address: str = address) -> None:
            answers.append(await home.ask(later, address))

        spent.append(tuple(await statements_of(attempt())))
        letters = await deliver(resources, later)
        assert to(letters, home.email).subject == "Адрес почты хотят сменить"
        if address == owner.email:
            letter = to(letters, owner.email)
            assert letter.subject == "Этот адрес уже в вашем профиле"
            assert "Ольга" in letter.text
            assert "Пётр" not in letter.text
            assert not re.search(r"\d{6}|token", letter.text)
    assert len(set(spent)) == 1
    assert len({(type(one), one.resend_after, one.pending.expires_at) for one in answers}) == 1
    assert await home.contact() == (home.email, True)


async def test_of_ten_who_want_one_address_one_gets_it(resources: Resources, now: datetime) -> None:
    """INV-12: every letter went to the same box, and every code is right."""
    homes = [await make_home(resources, now) for _ in range(10)]
    codes = []
    for place, one in enumerate(homes):
        at = now + MINUTE * place
        await one.ask(at)
        codes.append(code_in(to(await deliver(resources, at), NEW)))
    at = now + MINUTE * 10
    answers = await asyncio.gather(
        *(one.say(code, at) for one, code in zip(homes, codes, strict=True)), return_exceptions=True
    )
    assert answers.count(NEW) == 1
    assert {one.code for one in answers if isinstance(one, Refusal)} == {Code.TOKEN_NOT_ACCEPTED}
    for one, answer in zip(homes, answers, strict=True):
        assert await one.contact() == (NEW if answer == NEW else one.email, True)
        assert len(await sessions.devices_of(one.member, at)) == 1
    told = await deliver(resources, at)
    assert [letter.to for letter in told] == [
        one.email for one, answer in zip(homes, answers, strict=True) if answer == NEW
    ]


async def test_a_dozen_confirm_one_change_once(home: Home, resources: Resources, now: datetime) -> None:
    await home.ask(now)
    letter = to(await deliver(resources, now), NEW)
    answers = await asyncio.gather(*(home.follow(letter, now) for _ in range(12)), return_exceptions=True)
    assert NEW in answers
    assert {one if one == NEW else getattr(one, "code", one) for one in answers} <= {NEW, Code.TOKEN_NOT_ACCEPTED}
    assert await database.fetchval("SELECT count(*) FROM job WHERE payload->>'letter' = 'EMAIL_CHANGED'") == 1


@pytest.mark.parametrize("password", [None, "", "не тот пароль", "x" * 1000])
async def test_an_open_page_alone_changes_nothing(
    home: Home, resources: Resources, now: datetime, password: str | None
) -> None:
    """T8: a stolen session, and somebody at a page that was left open; a code in the place of the password is none."""
    code = Code.SIGN_IN_FAILED if password else Code.INVALID_INPUT
    assert await refused(home.ask(now, password=password)) == (code, "input.password")
    assert await refused(home.ask(now, password=password, request="a" * 32, code="123456")) == (code, "input.password")
    assert await refused(
        email_changing.ask_code(home.member, home.session, caller=make_caller(), resources=resources, now=now)
    ) == (Code.INVALID_INPUT, "request")


async def test_guessing_the_password_ends(home: Home, now: datetime) -> None:
    for _ in range(5):
        assert await refused(home.ask(now, password="не тот пароль")) == (Code.SIGN_IN_FAILED, "input.password")
    assert await refused(home.ask(now)) == (Code.LIMIT_REACHED, None)


async def test_guessing_the_code_ends(home: Home, resources: Resources, now: datetime) -> None:
    """Every try counts before it is looked at, the right one too."""
    await home.ask(now)
    code = code_in(to(await deliver(resources, now), NEW))
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _ in range(5):
        with pytest.raises(Refusal) as refusal:
            await home.say(wrong, now)
        assert (refusal.value.code, refusal.value.field) == (Code.TOKEN_NOT_ACCEPTED, "code")
    assert await refused(home.say(code, now)) == (Code.TOKEN_NOT_ACCEPTED, "code")
    assert await home.contact() == (home.email, True)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "12345x", "١٢٣٤٥٦"])
async def test_a_code_has_a_shape(home: Home, now: datetime, code: str) -> None:
    await home.ask(now)
    assert await refused(home.say(code, now)) == (Code.INVALID_INPUT, "code")


@pytest.mark.parametrize("address", ["", "петр@петров.рф", "a@b", "@petrov.ru", "x" * 255 + "@petrov.ru"])
async def test_an_address_has_a_shape(home: Home, now: datetime, address: str) -> None:
    assert await refused(home.ask(now, address)) == (Code.INVALID_INPUT, "input.email")


async def test_the_own_proved_address_is_no_change(home: Home, now: datetime) -> None:
    assert await refused(home.ask(now, home.email.upper())) == (Code.INVALID_INPUT, "input.email")


async def test_another_letter_needs_no_password_in_the_session_that_asked(
    home: Home, resources: Resources, now: datetime
) -> None:
    """And its code is new, with tries of its own; the letter before opens nothing any more."""
    await home.ask(now)
    first = to(await deliver(resources, now), NEW)
    assert await refused(home.ask(now + timedelta(seconds=30), password=None)) == (Code.LIMIT_REACHED, None)
    later = now + MINUTE
    elsewhere = Home(home.member, (await signed_in(resources, home.email, now)).session_id, home.email, resources)
    assert await refused(elsewhere.ask(later, password=None)) == (Code.INVALID_INPUT, "input.password")
    await home.ask(later, password=None)
    (second,) = await deliver(resources, later)
    assert second.to == NEW
    assert await refused(home.follow(first, later)) == (Code.TOKEN_NOT_ACCEPTED, "token")
    assert await home.say(code_in(second), later) == NEW


@pytest.mark.parametrize("how", ["reset", "change", "cancel", "another"])
async def test_what_ends_a_change(home: Home, resources: Resources, now: datetime, how: str) -> None:
    """T6: whoever reads the letters of the address of before takes it back by a new password."""
    await home.ask(now)
    letter = to(await deliver(resources, now), NEW)
    if how == "reset":
        await recovery.request_reset(home.email, make_caller(), resources, now)
        (mail,) = await deliver(resources, now)
        await recovery.reset_password(link_in(mail), "совсем другой пароль", make_caller(), resources, now)
    elif how == "change":
        fresh = {"current": PASSWORD, "password": "совсем другой пароль"}
        await recovery.change_password(home.member, home.session, **fresh, resources=resources, now=now)
    elif how == "cancel":
        await email_changing.cancel(home.member, now)
    else:
        await home.ask(now, "drugoy@petrov.ru")
    assert await refused(home.follow(letter, now)) == (Code.TOKEN_NOT_ACCEPTED, "token")
    if how != "another":
        with pytest.raises(Refusal) as refusal:
            await home.say(code_in(letter), now)
        assert refusal.value.code == Code.TOKEN_NOT_ACCEPTED
        assert await email_changing.pending_of(home.member, now) is None
    assert await home.contact() == (home.email, True)


async def test_a_reset_that_meets_a_change_wins(resources: Resources, now: datetime) -> None:
    """Whoever holds an old session and the old password must not win against the letter, in any order of arrival."""
    for place in range(4):
        home = await make_home(resources, now)
        await recovery.request_reset(home.email, make_caller(), resources, now)
        (mail,) = await deliver(resources, now)
        reset = recovery.reset_password(link_in(mail), f"лиловый чайник {place}", make_caller(), resources, now)
        asked, _ = await asyncio.gather(home.ask(now, f"chuzhoy{place}@petrov.ru"), reset, return_exceptions=True)
        assert isinstance(asked, Sent) or (
            isinstance(asked, Refusal) and asked.code in {Code.BUSY, Code.SIGN_IN_FAILED}
        )
        assert await email_changing.pending_of(home.member, now) is None


async def test_the_letter_has_its_time(home: Home, resources: Resources, now: datetime) -> None:
    """The digits work half an hour, the link a day."""
    await home.ask(now)
    letter = to(await deliver(resources, now), NEW)
    at = now + timedelta(minutes=30)
    assert await refused(home.say(code_in(letter), at)) == (Code.TOKEN_NOT_ACCEPTED, "code")
    assert await refused(home.follow(letter, now + timedelta(hours=24))) == (Code.TOKEN_NOT_ACCEPTED, "token")
    assert await home.follow(letter, now + timedelta(hours=23)) == NEW


async def test_what_lies_in_the_old_box_opens_nothing_afterwards(
    home: Home, resources: Resources, now: datetime
) -> None:
    """T40: a link to a new password that went to the address of before."""
    await recovery.request_reset(home.email, make_caller(), resources, now)
    (old,) = await deliver(resources, now)
    await home.ask(now)
    await home.follow(to(await deliver(resources, now), NEW), now)
    reset = recovery.reset_password(link_in(old), "совсем другой пароль", make_caller(), resources, now)
    assert await refused(reset) == (Code.TOKEN_NOT_ACCEPTED, "token")


async def test_letters_have_a_limit_a_member(programme: object, now: datetime) -> None:
    resources = make_resources(profile_changes_per_member_day=2)
    home = await make_home(resources, now)
    for place in range(2):
        await home.ask(now, f"novy{place}@petrov.ru")
    assert await refused(home.ask(now, "novy3@petrov.ru")) == (Code.LIMIT_REACHED, None)


async def test_changes_of_long_ago_are_swept(home: Home, now: datetime) -> None:
    """They name addresses of people."""
    await home.ask(now)
    assert await email_changing.sweep(now + timedelta(days=30)) == 0
    assert await email_changing.sweep(now + timedelta(days=32)) == 1


async def test_a_change_ends_with_the_profile_that_asked_for_it(
    home: Home, resources: Resources, now: datetime
) -> None:
    """INV-19, INV-12: whoever was made one with another meanwhile gets no contact of his own any more."""
    await home.ask(now)
    letter = to(await deliver(resources, now), NEW)
    _, survivor = await make_joined(resources, now)
    await merging.merge(
        Actor.operator(), survivor, home.member, reason="два профиля одного человека", resources=resources, now=now
    )
    assert await refused(home.follow(letter, now)) == (Code.NOT_FOUND, None)
    assert await refused(home.ask(now + MINUTE, "drugoy@petrov.ru")) == (Code.NOT_FOUND, None)
