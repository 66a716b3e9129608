"""Confirming an address: A-042, A-044, A-047, A-127, and the codes of T3, T4."""

import asyncio
from datetime import datetime, timedelta
from functools import partial

import pytest

from loyalty.refusals import Code, Refusal
from models import database
from models.database import Violation
from services import confirming, joining, recovery, signin
from services.resources import Resources
from tests.makers.joining import (
    PASSWORD,
    code_in,
    deliver,
    link_in,
    make_caller,
    make_joined,
    make_pending,
)
from tests.makers.patience import rivals, rivals_told
from tests.makers.resources import make_resources


def other_than(code: str, nth: int = 1) -> str:
    return f"{(int(code) + nth) % 1_000_000:06d}"


async def state() -> tuple[int, int, int, int]:
    """(active members, cards, books, welcome letters)."""
    return (
        await database.fetchval("SELECT count(*) FROM member WHERE status = 'ACTIVE'"),
        await database.fetchval("SELECT count(*) FROM card"),
        await database.fetchval("SELECT count(*) FROM member_standing"),
        await database.fetchval("SELECT count(*) FROM job WHERE payload->>'letter' = 'WELCOME'"),
    )


async def test_the_link_activates_the_profile_and_issues_the_card(resources: Resources, now: datetime) -> None:
    """A-042, A-047, A-069, A-127: one transaction makes the member, the card, the books and the first tier."""
    form, letter = await make_pending(resources, now)
    assert await state() == (0, 0, 0, 0)
    assert await confirming.confirm_by_link(link_in(letter), now) == form.email
    member = await database.fetchrow("SELECT id, status, confirmed_at FROM member")
    assert member is not None
    assert (member["status"], member["confirmed_at"]) == ("ACTIVE", now)
    assert await state() == (1, 1, 1, 1)
    assert await database.fetchval("SELECT tier FROM tier_period WHERE member_id = $1", member["id"]) == "dreamer"
    verified = await database.fetch("SELECT kind, verified_at FROM contact ORDER BY kind")
    assert [(row["kind"], row["verified_at"]) for row in verified] == [("EMAIL", now), ("PHONE", None)]
    assert await database.fetchval("SELECT count(*) FROM session") == 0  # confirming opens none
    assert await database.fetchval("SELECT count(*) FROM mail_code") == 0


async def test_confirming_twice_by_link_says_so_again_and_issues_no_second_card(
    resources: Resources, now: datetime
) -> None:
    """Rule 2."""
    form, letter = await make_pending(resources, now)
    for _ in range(3):
        assert await confirming.confirm_by_link(link_in(letter), now) == form.email
        assert await state() == (1, 1, 1, 1)


async def test_twenty_rivals_confirm_one_link_and_one_card_is_issued(resources: Resources, now: datetime) -> None:
    """A-207: one member, one card, however often the link is opened at once."""
    form, letter = await make_pending(resources, now)
    answers = await rivals(*(partial(confirming.confirm_by_link, link_in(letter), now) for _ in range(20)))
    assert set(answers) == {form.email}
    assert await state() == (1, 1, 1, 1)


async def test_the_link_lives_a_day(resources: Resources, now: datetime) -> None:
    """Rule 2."""
    form, letter = await make_pending(resources, now)
    with pytest.raises(Refusal) as refusal:
        await confirming.confirm_by_link(link_in(letter), now + timedelta(hours=24))
    assert (refusal.value.code, refusal.value.field) == (Code.TOKEN_NOT_ACCEPTED, "token")
    assert await state() == (0, 0, 0, 0)
    assert await confirming.confirm_by_link(link_in(letter), now + timedelta(hours=23, minutes=59)) == form.email


@pytest.mark.parametrize("token", ["", "x", "a" * 64, "я" * 64, "\ud800"])
async def test_what_is_no_link_is_refused(resources: Resources, now: datetime, token: str) -> None:
    await make_pending(resources, now)
    with pytest.raises(Refusal) as refusal:
        await confirming.confirm_by_link(token, now)
    assert refusal.value.code == Code.TOKEN_NOT_ACCEPTED
    assert await state() == (0, 0, 0, 0)


async def test_a_secret_opens_only_what_it_was_made_for(resources: Resources, now: datetime) -> None:
    """T4: of link, code and reset link, each with each, only the diagonal passes."""
    form, letter = await make_pending(resources, now)
    member, _ = await make_joined(resources, now)
    later = now + timedelta(seconds=61)
    await recovery.request_reset(member.email, make_caller(), resources, later)
    (reset,) = await deliver(resources, later)
    caller = make_caller()
    with pytest.raises(Refusal) as refusal:
        await confirming.confirm_by_link(link_in(reset), later)
    assert refusal.value.code == Code.TOKEN_NOT_ACCEPTED
    with pytest.raises(Refusal) as refusal:
        await confirming.confirm_by_link(code_in(letter), later)
    assert refusal.value.code == Code.TOKEN_NOT_ACCEPTED
    for wrong in (link_in(letter), code_in(letter)):
        with pytest.raises(Refusal) as refusal:
            await recovery.reset_password(wrong, "совсем другой пароль", caller, resources, later)
        assert refusal.value.code == Code.TOKEN_NOT_ACCEPTED
    for wrong in (link_in(letter), link_in(reset)):
        with pytest.raises(Refusal) as refusal:
            await confirming.confirm_by_code(form.email, wrong, caller, resources, later)
        assert (refusal.value.code, refusal.value.field) == (Code.INVALID_INPUT, "code")
    with pytest.raises(Refusal) as refusal:  # another profile's code
        await confirming.confirm_by_code(member.email, code_in(letter), caller, resources, later)
    assert refusal.value.code == Code.TOKEN_NOT_ACCEPTED
    assert await state() == (1, 1, 1, 1)
    assert await confirming.confirm_by_code(form.email, code_in(letter), caller, resources, later) == form.email
    assert await recovery.reset_password(link_in(reset), "совсем другой пароль", caller, resources, later)


async def test_the_six_digits_do_the_same_as_the_link(resources: Resources, now: datetime) -> None:
    """A-042: for whoever reads letters on another device; spaces in the code are the mail program's."""
    form, letter = await make_pending(resources, now)
    code = f" {code_in(letter)[:3]} {code_in(letter)[3:]} "
    assert await confirming.confirm_by_code(form.email.upper(), code, make_caller(), resources, now) == form.email
    assert await state() == (1, 1, 1, 1)


async def test_the_code_is_used_once_by_twenty_rivals(resources: Resources, now: datetime) -> None:
    form, letter = await make_pending(resources, now)
    answers = await rivals_told(
        *(
            partial(confirming.confirm_by_code, form.email, code_in(letter), make_caller(), resources, now)
            for _ in range(20)
        ),
    )
    assert answers.count(form.email) == 1
    refusals = [answer for answer in answers if isinstance(answer, Refusal)]
    assert len(refusals) == 19
    assert {refusal.code for refusal in refusals} == {Code.TOKEN_NOT_ACCEPTED}
    assert await state() == (1, 1, 1, 1)


async def test_the_code_has_five_tries_whoever_tries_at_once(resources: Resources, now: datetime) -> None:
    """Rule 2, T3: twenty wrong codes at once spend five tries, and the right one comes too late."""
    form, letter = await make_pending(resources, now)
    wrong = [other_than(code_in(letter), place) for place in range(1, 16)]
    answers = await asyncio.gather(
        *(confirming.confirm_by_code(form.email, code, make_caller(), resources, now) for code in wrong),
        return_exceptions=True,
    )
    assert {answer.code for answer in answers if isinstance(answer, Refusal)} == {Code.TOKEN_NOT_ACCEPTED}
    assert await database.fetchval("SELECT tries_left FROM mail_code") == 0
    with pytest.raises(Refusal) as refusal:
        await confirming.confirm_by_code(form.email, code_in(letter), make_caller(), resources, now)
    assert refusal.value.code == Code.TOKEN_NOT_ACCEPTED
    assert await state() == (0, 0, 0, 0)
    assert await confirming.confirm_by_link(link_in(letter), now) == form.email  # the link still works


async def test_four_wrong_codes_leave_one_try(resources: Resources, now: datetime) -> None:
    form, letter = await make_pending(resources, now)
    for place in range(1, 5):
        with pytest.raises(Refusal):
            await confirming.confirm_by_code(
                form.email, other_than(code_in(letter), place), make_caller(), resources, now
            )
    assert await confirming.confirm_by_code(form.email, code_in(letter), make_caller(), resources, now) == form.email


async def test_the_code_lives_half_an_hour(resources: Resources, now: datetime) -> None:
    form, letter = await make_pending(resources, now)
    with pytest.raises(Refusal) as refusal:
        await confirming.confirm_by_code(
            form.email, code_in(letter), make_caller(), resources, now + timedelta(minutes=30)
        )
    assert refusal.value.code == Code.TOKEN_NOT_ACCEPTED
    assert await confirming.confirm_by_code(
        form.email, code_in(letter), make_caller(), resources, now + timedelta(minutes=29)
    )


async def test_new_letters_do_not_buy_endless_tries(resources: Resources, now: datetime) -> None:
    """T3: an address has twenty tries a day, however many profiles and letters it gets, known or not."""
    form, letter = await make_pending(resources, now)
    for email in (form.email, "nobody@petrov.ru"):
        for place in range(20):
            with pytest.raises(Refusal) as refusal:
                await confirming.confirm_by_code(
                    email, other_than(code_in(letter), place + 1), make_caller(), resources, now
                )
            assert refusal.value.code == Code.TOKEN_NOT_ACCEPTED
        with pytest.raises(Refusal) as refusal:
            await confirming.confirm_by_code(email, code_in(letter), make_caller(), resources, now)
        assert refusal.value.code == Code.LIMIT_REACHED
    assert await state() == (0, 0, 0, 0)


async def test_codes_are_limited_by_address_of_the_network_too(resources: Resources, now: datetime) -> None:
    """T3."""
    strict = make_resources(code_tries_per_ip_hour=3)
    for place in range(3):
        with pytest.raises(Refusal) as refusal:
            await confirming.confirm_by_code(f"guest{place}@petrov.ru", "123456", make_caller(), strict, now)
        assert refusal.value.code == Code.TOKEN_NOT_ACCEPTED
    with pytest.raises(Refusal) as refusal:
        await confirming.confirm_by_code("guest4@petrov.ru", "123456", make_caller(), strict, now)
    assert refusal.value.code == Code.LIMIT_REACHED


@pytest.mark.parametrize("code", ["", "12345", "1234567", "12345a", "１２３４５６", "٠١٢٣٤٥", "1" * 1000])
async def test_what_is_no_code_spends_no_try(resources: Resources, now: datetime, code: str) -> None:
    """Full-width and Arabic digits are not six digits."""
    form, _ = await make_pending(resources, now)
    with pytest.raises(Refusal) as refusal:
        await confirming.confirm_by_code(form.email, code, make_caller(), resources, now)
    assert (refusal.value.code, refusal.value.field) == (Code.INVALID_INPUT, "code")
    assert await database.fetchval("SELECT tries_left FROM mail_code") == 5


async def test_of_two_profiles_with_one_address_the_code_tells_which(resources: Resources, now: datetime) -> None:
    """INV-12: and the other's code is worth nothing afterwards."""
    first, older = await make_pending(resources, now, email="petr@petrov.ru", first_name="Павел")
    _, newer = await make_pending(resources, now, email="petr@petrov.ru", first_name="Пётр")
    assert await confirming.confirm_by_code(first.email, code_in(older), make_caller(), resources, now)
    assert await database.fetchval("SELECT first_name FROM member WHERE status = 'ACTIVE'") == "Павел"
    with pytest.raises(Refusal) as refusal:
        await confirming.confirm_by_code(first.email, code_in(newer), make_caller(), resources, now)
    assert refusal.value.words == "join.address_taken"
    assert await state() == (1, 1, 1, 1)


async def test_nothing_is_visible_before_confirmation(resources: Resources, now: datetime) -> None:
    """A-044: the right password of an unconfirmed profile opens nothing and says what to do."""
    form, _ = await make_pending(resources, now)
    for login in (form.email, form.phone):
        with pytest.raises(Refusal) as refusal:
            await signin.sign_in(login, PASSWORD, "COOKIE", caller=make_caller(), resources=resources, now=now)
        assert refusal.value.code == Code.NOT_CONFIRMED
        with pytest.raises(Refusal) as refusal:
            await signin.sign_in(login, "не тот пароль", "COOKIE", caller=make_caller(), resources=resources, now=now)
        assert refusal.value.code == Code.SIGN_IN_FAILED
    assert await database.fetchval("SELECT count(*) FROM session") == 0


async def test_a_closed_profile_is_not_opened_by_an_old_link(resources: Resources, now: datetime) -> None:
    _, letter = await make_pending(resources, now)
    await confirming.confirm_by_link(link_in(letter), now)
    await database.execute("UPDATE member SET status = 'CLOSED'")
    with pytest.raises(Refusal) as refusal:
        await confirming.confirm_by_link(link_in(letter), now)
    assert refusal.value.code == Code.TOKEN_NOT_ACCEPTED


async def test_a_card_number_that_is_taken_is_drawn_anew(resources: Resources, now: datetime) -> None:
    """Chance may draw a number twice; any other broken promise comes out."""
    tries: list[int] = []

    async def keep() -> None:
        tries.append(1)
        if len(tries) < 3:
            raise Violation("member_number")

    await joining.unless_number_taken(keep)
    assert len(tries) == 3
    tries.clear()

    async def never() -> None:
        raise Violation("something_else")

    with pytest.raises(Violation):
        await joining.unless_number_taken(never)
