"""Passwords forgotten and changed: T2, T4, T40, and that every old door is locked afterwards."""

import asyncio
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import pytest

from integrations.ports import Letter
from loyalty.refusals import Code, Refusal
from models import database
from services import recovery, sessions
from services.cards import issue_card_key
from services.joining import LetterSent
from services.resources import Resources
from tests.makers.joining import (
    PASSWORD,
    deliver,
    link_in,
    make_caller,
    make_joined,
    make_pending,
    signed_in,
    waiting_letters,
)
from tests.makers.patience import rivals_told
from tests.makers.resources import make_resources
from tests.makers.statements import statements_of

FRESH = "совсем другой пароль"


async def reset_letter(resources: Resources, email: str, now: datetime) -> Letter:
    await recovery.request_reset(email, make_caller(), resources, now)
    (letter,) = await deliver(resources, now)
    return letter


async def reset(resources: Resources, letter: Letter, now: datetime, password: str = FRESH) -> str:
    return await recovery.reset_password(link_in(letter), password, make_caller(), resources, now)


async def state(member: UUID) -> tuple[str, int, int]:
    """(password hash, open sessions, live card keys)."""
    return (
        await database.fetchval("SELECT password_hash FROM credential WHERE member_id = $1", member),
        await database.fetchval("SELECT count(*) FROM session WHERE member_id = $1 AND revoked_at IS NULL", member),
        await database.fetchval("SELECT count(*) FROM qr_credential WHERE member_id = $1 AND state = 'ACTIVE'", member),
    )


async def signed_in_with_card_key(resources: Resources, email: str, now: datetime, device: str) -> UUID:
    opened = await signed_in(resources, email, now)
    await issue_card_key(
        resources.keyring, member_id=opened.member_id, session_id=opened.session_id, device=device, now=now
    )
    return opened.session_id


async def test_a_reset_sets_the_password_and_ends_every_session_and_card_key(
    resources: Resources, now: datetime
) -> None:
    """T40, rule 4: and its owner is told by letter."""
    form, member = await make_joined(resources, now)
    for device in ("phone", "tablet"):
        await signed_in_with_card_key(resources, form.email, now, device)
    letter = await reset_letter(resources, form.email, now)
    before = await state(member)
    assert before[1:] == (2, 2)
    assert await reset(resources, letter, now) == form.email
    after = await state(member)
    assert after[1:] == (0, 0)
    assert after[0] != before[0]
    assert [told.subject for told in await deliver(resources, now)] == ["Пароль изменён"]
    await signed_in(resources, form.email, now, password=FRESH)
    with pytest.raises(Refusal) as refusal:
        await signed_in(resources, form.email, now)
    assert refusal.value.code == Code.SIGN_IN_FAILED


async def test_a_link_resets_once_for_ten_rivals(resources: Resources, now: datetime) -> None:
    form, member = await make_joined(resources, now)
    letter = await reset_letter(resources, form.email, now)
    answers = await asyncio.gather(
        *(reset(resources, letter, now, f"{FRESH} {place}") for place in range(12)), return_exceptions=True
    )
    assert answers.count(form.email) == 1
    refusals = {answer.code for answer in answers if isinstance(answer, Refusal)}
    assert refusals == {Code.TOKEN_NOT_ACCEPTED}
    winner = next(place for place, answer in enumerate(answers) if answer == form.email)
    assert (await signed_in(resources, form.email, now, password=f"{FRESH} {winner}")).member_id == member
    assert await database.fetchval("SELECT count(*) FROM job WHERE payload->>'letter' = 'PASSWORD_CHANGED'") == 1


async def test_a_link_lives_half_an_hour(resources: Resources, now: datetime) -> None:
    form, member = await make_joined(resources, now)
    letter = await reset_letter(resources, form.email, now)
    before = await state(member)
    with pytest.raises(Refusal) as refusal:
        await reset(resources, letter, now + timedelta(minutes=30))
    assert (refusal.value.code, refusal.value.field) == (Code.TOKEN_NOT_ACCEPTED, "token")
    assert await state(member) == before
    assert await reset(resources, letter, now + timedelta(minutes=29)) == form.email


async def test_a_used_link_takes_the_others_with_it(resources: Resources, now: datetime) -> None:
    """An older letter in a mailbox that somebody else reads must not undo the new password."""
    form, member = await make_joined(resources, now)
    older = await reset_letter(resources, form.email, now)
    later = now + timedelta(seconds=61)
    newer = await reset_letter(resources, form.email, later)
    await reset(resources, newer, later)
    before = await state(member)
    with pytest.raises(Refusal) as refusal:
        await reset(resources, older, later, "пароль чужого 1")
    assert refusal.value.code == Code.TOKEN_NOT_ACCEPTED
    assert await state(member) == before


async def test_a_poor_password_leaves_the_link_alive(resources: Resources, now: datetime) -> None:
    """A-037: also one that repeats the person, which the link alone knows."""
    form, member = await make_joined(resources, now)
    letter = await reset_letter(resources, form.email, now)
    before, hashes = await state(member), resources.hasher.hashes
    for password, words in (
        ("short", "people.password_short"),
        ("qwerty123", "people.password_common"),
        (form.email, "people.password_about"),
        ("ПетровПётр", "people.password_about"),
    ):
        with pytest.raises(Refusal) as refusal:
            await reset(resources, letter, now, password)
        assert (refusal.value.code, refusal.value.words) == (Code.INVALID_INPUT, words)
        assert refusal.value.field == "password"
    assert await state(member) == before
    assert resources.hasher.hashes == hashes
    assert await reset(resources, letter, now) == form.email


async def test_a_wrong_link_costs_no_hash(resources: Resources, now: datetime) -> None:
    hashes = resources.hasher.hashes
    with pytest.raises(Refusal) as refusal:
        await recovery.reset_password("x" * 64, FRESH, make_caller(), resources, now)
    assert refusal.value.code == Code.TOKEN_NOT_ACCEPTED
    assert resources.hasher.hashes == hashes


async def test_asking_is_answered_alike_for_every_address(resources: Resources, now: datetime) -> None:
    """T2: confirmed, waiting and unknown; the statements are the same, and the letter tells the difference."""
    active, _ = await make_joined(resources, now)
    pending, _ = await make_pending(resources, now)
    later = now + timedelta(seconds=61)
    spent = []
    for email, subjects in (
        (active.email, ["Новый пароль для вашей карты"]),
        (pending.email, ["Подтвердите адрес — и карта ваша"]),
        ("nobody@petrov.ru", []),
    ):
        answers: list[object] = []

        async def attempt(email: str = email, answers: list[object] = answers) -> None:
            answers.append(await recovery.request_reset(email, make_caller(), resources, later))

        spent.append(tuple(await statements_of(attempt())))
        (answer,) = answers
        assert isinstance(answer, LetterSent)
        assert (answer.email, answer.resend_after) == (email, later + timedelta(seconds=60))
        assert len(await waiting_letters()) == 1
        assert [letter.subject for letter in await deliver(resources, later)] == subjects
        with pytest.raises(Refusal) as refusal:
            await recovery.request_reset(email, make_caller(), resources, later + timedelta(seconds=30))
        assert (refusal.value.code, refusal.value.retry_after_seconds) == (Code.LIMIT_REACHED, 30)
    assert len(set(spent)) == 1


async def test_asking_is_limited_by_address_of_the_network(programme: object, now: datetime) -> None:
    strict = make_resources(reset_per_ip_hour=2)
    for place in range(2):
        await recovery.request_reset(f"guest{place}@petrov.ru", make_caller(), strict, now)
    with pytest.raises(Refusal) as refusal:
        await recovery.request_reset("guest3@petrov.ru", make_caller(), strict, now)
    assert refusal.value.code == Code.LIMIT_REACHED


async def test_a_reset_forgives_the_failures_before_it(resources: Resources, now: datetime) -> None:
    """T41: whoever reads the letters is the owner."""
    form, _ = await make_joined(resources, now)
    for _ in range(6):
        with pytest.raises(Refusal):
            await signed_in(resources, form.email, now, password="не тот пароль")
    letter = await reset_letter(resources, form.email, now)
    await reset(resources, letter, now)
    await signed_in(resources, form.email, now, password=FRESH)


async def test_changing_a_password_ends_other_sessions_and_every_card_key(resources: Resources, now: datetime) -> None:
    form, member = await make_joined(resources, now)
    here = await signed_in_with_card_key(resources, form.email, now, "phone")
    await signed_in_with_card_key(resources, form.email, now, "tablet")
    await recovery.change_password(member, here, current=PASSWORD, password=FRESH, resources=resources, now=now)
    assert (await state(member))[1:] == (1, 0)
    assert [device.id for device in await sessions.devices_of(member, now)] == [here]
    assert [told.subject for told in await deliver(resources, now)] == ["Пароль изменён"]
    await signed_in(resources, form.email, now, password=FRESH)


async def test_a_wrong_current_password_changes_nothing_and_ends_the_tries(resources: Resources, now: datetime) -> None:
    form, member = await make_joined(resources, now)
    here = (await signed_in(resources, form.email, now)).session_id
    before = await state(member)
    codes = []
    for current in ("не тот пароль", "x" * 1000, "", "a", "b", PASSWORD):
        with pytest.raises(Refusal) as refusal:
            await recovery.change_password(member, here, current=current, password=FRESH, resources=resources, now=now)
        codes.append((refusal.value.code, refusal.value.field))
    assert codes == [(Code.SIGN_IN_FAILED, "current")] * 5 + [(Code.LIMIT_REACHED, None)]
    with pytest.raises(Refusal) as refusal:
        await recovery.change_password(
            member, here, current=PASSWORD, password="qwerty123", resources=resources, now=now
        )
    assert refusal.value.code == Code.INVALID_INPUT
    assert await state(member) == before
    assert await waiting_letters() == []


async def test_no_session_outlives_the_password_it_was_opened_with(resources: Resources, now: datetime) -> None:
    """T40: sign-ins with the old password and a reset at once, in any order, leave no open session."""
    for place in range(4):
        form, member = await make_joined(resources, now, password=f"{PASSWORD} {place}")
        letter = await reset_letter(resources, form.email, now)
        sign_ins = [signed_in(resources, form.email, now, password=f"{PASSWORD} {place}") for _ in range(5)]
        answers = await asyncio.gather(
            *sign_ins[:3], reset(resources, letter, now), *sign_ins[3:], return_exceptions=True
        )
        assert form.email in answers
        codes = {answer.code for answer in answers if isinstance(answer, Refusal)}
        assert codes <= {Code.BUSY, Code.SIGN_IN_FAILED}
        assert (await state(member))[1:] == (0, 0)


async def test_two_links_at_once_reset_once(resources: Resources, now: datetime) -> None:
    form, _ = await make_joined(resources, now)
    older = await reset_letter(resources, form.email, now)
    later = now + timedelta(seconds=61)
    newer = await reset_letter(resources, form.email, later)
    answers = await rivals_told(*(partial(reset, resources, letter, later) for letter in (older, newer) * 5))
    assert answers.count(form.email) == 1
    assert {answer.code for answer in answers if isinstance(answer, Refusal)} == {Code.TOKEN_NOT_ACCEPTED}


async def test_a_change_that_meets_a_reset_does_not_undo_it(resources: Resources, now: datetime) -> None:
    """Whoever holds an old session and the old password must not win against the letter."""
    for place in range(4):
        form, member = await make_joined(resources, now, password=f"{PASSWORD} {place}")
        here = (await signed_in(resources, form.email, now, password=f"{PASSWORD} {place}")).session_id
        letter = await reset_letter(resources, form.email, now)
        changing = recovery.change_password(
            member, here, current=f"{PASSWORD} {place}", password="пароль чужого 1", resources=resources, now=now
        )
        await asyncio.gather(changing, reset(resources, letter, now), return_exceptions=True)
        assert await resources.hasher.verify((await state(member))[0], FRESH)
        assert (await state(member))[1] == 0
