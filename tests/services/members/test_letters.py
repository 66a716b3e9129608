"""Letters: what stands in them, what is kept of their secrets, and what happens when they are sent twice."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import orjson
import pytest

from integrations.ports import Unavailable
from loyalty.programme import Programme
from loyalty.refusals import Code, Refusal
from models import database
from services import confirming, joining, letters, recovery
from services.letter_words import WORDS, Kind, compose, first_benefit
from services.resources import Resources
from tests.makers.joining import (
    Mailbox,
    code_in,
    deliver,
    link_in,
    make_caller,
    make_form,
    make_joined,
    make_pending,
    waiting_letters,
)
from tests.makers.programme import make_programme
from tests.makers.resources import make_keyring


async def test_the_confirmation_letter_has_one_link_and_one_code(resources: Resources, now: datetime) -> None:
    """A-042, A-045: the code is the only run of six digits, so a letter can be read by a program too."""
    for _ in range(30):
        form, letter = await make_pending(resources, now)
        assert letter.to == form.email
        assert re.findall(r"\d{6}", letter.text) == [code_in(letter)]
        assert re.findall(r"https?://\S+", letter.text) == [f"http://kunak.test/confirm?token={link_in(letter)}"]
        assert re.fullmatch("[a-p]{64}", link_in(letter))
        assert letter.html is not None
        assert f'href="http://kunak.test/confirm?token={link_in(letter)}"' in letter.html
        assert code_in(letter) in letter.html


async def test_a_letter_is_in_the_language_of_the_form(
    resources: Resources, programme: Programme, now: datetime
) -> None:
    await joining.register(make_form(), make_caller(locale="en"), resources, now)
    (letter,) = await deliver(resources, now)
    assert letter.subject == "Confirm your address and the card is yours"
    assert "Hello Пётр," in letter.text
    assert programme.name.in_locale("en") in letter.text


async def test_no_secret_is_kept_in_clear(resources: Resources, now: datetime) -> None:
    """T37, T40: neither the jobs nor the tables hold a token or a code, in any spelling of theirs."""
    form, letter = await make_pending(resources, now)
    kept = ""
    for table in ("job", "mail_token", "mail_code", "member", "contact", "credential", "consent", "limit_counter"):
        for row in await database.fetch(f"SELECT to_jsonb(t)::text AS line FROM {table} AS t"):
            kept += row["line"]
    assert link_in(letter) not in kept
    assert code_in(letter) not in kept.replace(form.phone.removeprefix("+"), "")
    jobs = " ".join(
        orjson.dumps(dict(row)["payload"]).decode() for row in await database.fetch("SELECT payload FROM job")
    )
    assert form.email not in jobs
    assert form.first_name not in jobs


@pytest.mark.parametrize("broken", ["before", "after"])
async def test_a_letter_that_is_sent_again_repeats_itself(resources: Resources, now: datetime, broken: str) -> None:
    """A lost answer of the mail server ends neither the link nor the code that may have arrived."""
    form = make_form()
    await joining.register(form, make_caller(), resources, now)
    (payload,) = await waiting_letters()
    box = Mailbox(broken=broken)
    with pytest.raises(Unavailable):
        await letters.send(payload, resources, box, now)
    box.broken = None
    await letters.send(payload, resources, box, now + timedelta(minutes=5))
    assert len({letter.text for letter in box.letters}) == 1
    assert await database.fetchval("SELECT count(*) FROM mail_token") == 1
    assert await database.fetchval("SELECT expires_at FROM mail_token") == now + timedelta(hours=24)
    code = code_in(box.letters[0])
    assert await confirming.confirm_by_code(form.email, code, make_caller(), resources, now) == form.email


async def test_a_letter_that_is_sent_again_gives_no_new_tries(resources: Resources, now: datetime) -> None:
    """T3."""
    form = make_form()
    await joining.register(form, make_caller(), resources, now)
    (payload,) = await waiting_letters()
    box = Mailbox()
    await letters.send(payload, resources, box, now)
    for _ in range(5):
        with pytest.raises(Refusal):
            await confirming.confirm_by_code(
                form.email, "000000" if code_in(box.letters[0]) != "000000" else "000001", make_caller(), resources, now
            )
    await letters.send(payload, resources, box, now)
    assert await database.fetchval("SELECT tries_left FROM mail_code") == 0


async def test_an_older_letter_that_comes_late_leaves_the_newer_code_alone(resources: Resources, now: datetime) -> None:
    """Rule 2: its link works, and it shows no code, since only the newest letter's counts."""
    form = make_form()
    await joining.register(form, make_caller(), resources, now)
    later = now + timedelta(seconds=61)
    await joining.resend_confirmation(form.email, make_caller(), resources, later)
    older, newer = await waiting_letters()
    box = Mailbox()
    await letters.send(newer, resources, box, later)
    await letters.send(older, resources, box, later)
    new, old = box.letters
    assert re.findall(r"\d{6}", old.text) == []
    assert link_in(old) != link_in(new)
    assert await confirming.confirm_by_code(form.email, code_in(new), make_caller(), resources, later) == form.email
    assert await confirming.confirm_by_link(link_in(old), later) == form.email


async def test_a_letter_that_waited_for_the_post_lives_as_long_as_any(resources: Resources, now: datetime) -> None:
    """Its day begins when it is written, not when it was asked for."""
    form = make_form()
    await joining.register(form, make_caller(), resources, now)
    (letter,) = await deliver(resources, now + timedelta(hours=30))
    at = now + timedelta(hours=53)
    assert await confirming.confirm_by_link(link_in(letter), at) == form.email


async def test_a_letter_that_has_lost_its_sense_is_not_sent(resources: Resources, now: datetime) -> None:
    """Confirmed meanwhile, or purged: the job ends quietly."""
    form, letter = await make_pending(resources, now)
    later = now + timedelta(seconds=61)
    await joining.resend_confirmation(form.email, make_caller(), resources, later)
    await confirming.confirm_by_link(link_in(letter), later)
    sent = await deliver(resources, later)
    assert [letter.subject for letter in sent] == ["Ваша карта готова"]


async def test_the_welcome_letter_names_the_tier_and_the_first_benefit(resources: Resources, now: datetime) -> None:
    """A-047, A-069: no discount yet, and what it takes."""
    _, letter = await make_pending(resources, now)
    await confirming.confirm_by_link(link_in(letter), now)
    (welcome,) = await deliver(resources, now)
    text = welcome.text.replace("\u00a0", " ").replace("\u202f", " ")
    assert "Ваш уровень: Мечтатель." in text
    assert "Покупки на 100 000 ₽ — и скидка станет 5 %." in text
    assert "http://kunak.test/card" in text


async def test_the_first_benefit_may_come_at_once(db: None, now: datetime) -> None:
    """The first version of the programme gave 5 % from the first day."""
    programme = await make_programme(now, "znak-kachestva-2022.yaml")
    said = (first_benefit(programme, "ru") or "").replace("\u00a0", " ")
    assert said == "Ваша скидка — до 5 % у партнёров программы."
    assert "5" in (first_benefit(programme, "en") or "")


async def test_a_reset_letter_has_a_link_of_its_own_and_no_code(resources: Resources, now: datetime) -> None:
    """T40: its address is the configured one."""
    form, _ = await make_joined(resources, now)
    await recovery.request_reset(form.email, make_caller(), resources, now)
    (letter,) = await deliver(resources, now)
    assert re.findall(r"https?://\S+", letter.text) == [f"http://kunak.test/reset?token={link_in(letter)}"]
    assert not re.search(r"\d{6}", letter.text)


async def test_names_are_escaped_in_html() -> None:
    """T39."""
    facts = {
        "name": "<b>Пётр</b>",
        "programme": "А & Б",
        "base": "http://kunak.test",
        "link": "http://kunak.test/x?a=1&b",
    }
    letter = compose(Kind.RESET, "ru", "petr@petrov.ru", facts | {"reset_minutes": "30"})
    assert letter.html is not None
    assert "<b>" not in letter.html
    assert "А &amp; Б" in letter.html
    assert "<b>Пётр</b>" in letter.text


def test_every_letter_is_written_in_both_languages() -> None:
    assert set(WORDS) == set(Kind) - {Kind.NOBODY}
    for words in WORDS.values():
        assert set(words) == {"ru", "en"}
        for language in words.values():
            assert "!" not in "".join((language.subject, *language.before, language.button, *language.after))


async def test_a_changed_key_writes_another_letter_and_leaves_earlier_links_alone(
    resources: Resources, now: datetime
) -> None:
    """The key outside the database may be rotated while letters wait."""
    form = make_form()
    await joining.register(form, make_caller(), resources, now)
    (payload,) = await waiting_letters()
    box = Mailbox()
    await letters.send(payload, resources, box, now)
    rotated = replace(resources, keyring=make_keyring(2))
    await letters.send(payload, rotated, box, now)
    first, second = box.letters
    assert link_in(first) != link_in(second)
    assert await confirming.confirm_by_link(link_in(first), now) == form.email
    assert await confirming.confirm_by_link(link_in(second), now) == form.email
    with pytest.raises(Refusal) as refusal:
        await confirming.confirm_by_link(link_in(first)[:-1] + "z", now)
    assert refusal.value.code == Code.TOKEN_NOT_ACCEPTED


async def test_ended_links_are_deleted_after_a_month(resources: Resources, now: datetime) -> None:
    await make_pending(resources, now)
    assert await letters.sweep(now + timedelta(days=30)) == 0
    assert await letters.sweep(now + timedelta(days=32)) == 1
