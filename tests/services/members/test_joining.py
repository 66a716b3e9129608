"""Registering: A-030..A-041, A-012, A-013, A-019, and the equal answers of T2."""

import asyncio
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from loyalty.cardnumbers import card_number, is_card_number
from loyalty.programme import DocumentKind, Programme
from loyalty.refusals import Code, Refusal
from models import database
from services import confirming, joining, signin
from services.resources import Resources
from tests.makers.joining import (
    BOTH,
    PASSWORD,
    code_in,
    deliver,
    link_in,
    make_caller,
    make_form,
    make_joined,
    make_pending,
    waiting_letters,
)
from tests.makers.resources import make_resources
from tests.makers.statements import statements_of

TABLES = ("member", "contact", "credential", "consent", "mail_token", "mail_code", "card", "account", "job", "session")


async def counted() -> dict[str, int]:
    return {table: await database.fetchval(f"SELECT count(*) FROM {table}") for table in TABLES}


async def test_a_form_becomes_a_profile_that_waits(resources: Resources, now: datetime) -> None:
    """A-030..A-037, A-044."""
    form = make_form(last_name=" Римский-Корсаков ", email=" Petr@Petrov.RU ", phone="8 (921) 123-45-67", patronymic="")
    sent = await joining.register(form, make_caller("198.51.100.4"), resources, now)
    assert (sent.email, sent.resend_after) == ("petr@petrov.ru", now + timedelta(seconds=60))
    member = await database.fetchrow("SELECT * FROM member")
    assert member is not None
    assert (member["status"], member["last_name"], member["first_name"], member["patronymic"]) == (
        *("PENDING_CONFIRMATION", "Римский-Корсаков", "Пётр"),
        None,
    )
    assert (member["birth_date"], member["created_at"], member["confirmed_at"]) == (date(1990, 1, 1), now, None)
    assert is_card_number(member["number"])
    contacts = await database.fetch("SELECT kind, value, verified_at FROM contact ORDER BY kind")
    assert [tuple(row) for row in contacts] == [("EMAIL", "petr@petrov.ru", None), ("PHONE", "+79211234567", None)]
    assert (await database.fetchval("SELECT password_hash FROM credential")).startswith(
        "$argon2id$v=19$m=19456,t=2,p=1$"
    )
    assert (await counted())["card"] == (await counted())["account"] == 0


async def test_each_consent_is_kept_with_text_version_time_and_address(
    resources: Resources, programme: Programme, now: datetime
) -> None:
    """A-039, A-040: one row for each purpose, and none for what was not ticked."""
    accepted = (*BOTH, DocumentKind.MARKETING)
    await joining.register(make_form(accepted=accepted), make_caller("198.51.100.4"), resources, now)
    rows = await database.fetch("SELECT * FROM consent ORDER BY kind")
    assert [row["kind"] for row in rows] == ["MARKETING", "OFFER", "PERSONAL_DATA"]
    for row in rows:
        document = programme.documents_by_kind[DocumentKind(row["kind"])]
        assert (row["act"], row["document"], row["document_version"]) == ("GIVEN", document.id, document.version)
        assert (row["text_sha256"], row["at"], row["address"]) == (document.sha256, now, "198.51.100.4")
        assert (row["agent"], row["channel"]) == ("Mozilla/5.0", "REGISTRATION")


@pytest.mark.parametrize(
    ("changes", "words", "field"),
    [
        ({"last_name": "Petrov"}, "people.name_cyrillic", "input.lastName"),
        ({"first_name": "Пётр1"}, "people.name_letters", "input.firstName"),
        ({"patronymic": "Petrovich"}, "people.name_cyrillic", "input.patronymic"),
        ({"birth_date": date(2012, 3, 15)}, "people.too_young", "input.birthDate"),
        ({"email": "petr@"}, "people.email", "input.email"),
        ({"phone": "921 123"}, "people.phone", "input.phone"),
        ({"phone": "8 800 555 35 35"}, "people.phone", "input.phone"),
        ({"password": "short"}, "people.password_short", "input.password"),
        ({"password": "qwerty123"}, "people.password_common", "input.password"),
        ({"email": "kapibara@petrov.ru", "password": "Kapibara"}, "people.password_about", "input.password"),
        ({"accepted": (DocumentKind.PERSONAL_DATA,)}, "consent.offer_required", "input.acceptOffer"),
        ({"accepted": (DocumentKind.OFFER,)}, "consent.personal_data_required", "input.acceptPersonalData"),
        ({"documents": ("offer-of-last-year",)}, "consent.outdated", "input.documents.0"),
        ({"documents": ()}, "consent.not_shown", "input.documents"),
        ({"plastic_number": "no. 12"}, "join.plastic", "input.plasticNumber"),
        ({"plastic_number": card_number(1)}, "join.plastic", "input.plasticNumber"),
    ],
)
async def test_a_poor_form_changes_nothing(
    resources: Resources, now: datetime, changes: dict[str, Any], words: str, field: str
) -> None:
    """A-031..A-040: the field is named, and neither a row nor a try is spent."""
    with pytest.raises(Refusal) as refusal:
        await joining.register(make_form(**changes), make_caller(), resources, now)
    assert (refusal.value.code, refusal.value.words) == (Code.INVALID_INPUT, words)
    assert refusal.value.field == field
    assert set((await counted()).values()) == {0}
    assert await database.fetchval("SELECT count(*) FROM limit_counter") == 0


async def test_the_minimum_age_counts_by_the_programmes_wall_clock(resources: Resources, now: datetime) -> None:
    """A-034: fourteen today in Saint Petersburg, where it is three hours later."""
    evening = now.replace(hour=22)
    await joining.register(make_form(birth_date=date(2012, 3, 15)), make_caller(), resources, evening)


async def test_the_texts_that_were_shown_may_be_named(
    resources: Resources, programme: Programme, now: datetime
) -> None:
    """A-039, A-040."""
    shown = tuple(document.id for document in programme.documents)
    await joining.register(make_form(documents=shown), make_caller(), resources, now)
    assert (await counted())["consent"] == 2


async def test_a_known_address_gets_the_same_answer_and_a_letter_that_says_so(
    resources: Resources, now: datetime
) -> None:
    """T2, A-044: nothing is created for a known address."""
    known, _ = await make_joined(resources, now)
    before, hashes = await counted(), resources.hasher.hashes
    answer = await joining.register(make_form(email=known.email, phone=known.phone), make_caller(), resources, now)
    after = await counted()
    assert resources.hasher.hashes - hashes == 1
    assert {table: after[table] - before[table] for table in TABLES if after[table] != before[table]} == {"job": 1}
    assert (answer.email, answer.resend_after) == (known.email, now + timedelta(seconds=60))
    (letter,) = await deliver(resources, now)
    assert (letter.to, letter.subject) == (known.email, "У вас уже есть карта")
    assert "/sign-in" in letter.text
    assert "token" not in letter.text


async def test_known_and_unknown_cost_the_same_work(resources: Resources, now: datetime) -> None:
    """T2: one hash, one letter asked for, and the same statements but one: a profile is kept or taken back."""
    known, _ = await make_joined(resources, now)
    await joining.register(make_form(), make_caller(), resources, now)  # whatever is read once is read now
    spent: list[list[str]] = []
    for email in (known.email, "somebody.new@petrov.ru"):
        hashes = resources.hasher.hashes
        spent.append(await statements_of(joining.register(make_form(email=email), make_caller(), resources, now)))
        assert resources.hasher.hashes - hashes == 1
    for_known, for_new = spent
    assert "ROLLBACK TO SAVEPOINT profile" in for_known
    assert [statement.replace("ROLLBACK TO", "RELEASE") for statement in for_known] == for_new


async def test_a_known_phone_with_a_new_address_joins_as_usual(resources: Resources, now: datetime) -> None:
    """Rule 1 of joining."""
    known, _ = await make_joined(resources, now)
    form, letter = await make_pending(resources, now, phone=known.phone)
    assert await confirming.confirm_by_link(link_in(letter), now) == form.email
    assert await database.fetchval("SELECT count(*) FROM member WHERE status = 'ACTIVE'") == 2


async def test_an_unconfirmed_profile_blocks_nobody(resources: Resources, now: datetime) -> None:
    """INV-12, A-044: whoever reads the letters gets the card; the other profile loses."""
    _, stranger = await make_pending(resources, now, email="petr@petrov.ru", password="чужой пароль 1")
    _, owner = await make_pending(resources, now, email="petr@petrov.ru")
    assert await confirming.confirm_by_link(link_in(owner), now) == "petr@petrov.ru"
    with pytest.raises(Refusal) as refusal:
        await confirming.confirm_by_link(link_in(stranger), now)
    assert (refusal.value.code, refusal.value.words) == (Code.TOKEN_NOT_ACCEPTED, "join.address_taken")
    assert await database.fetchval("SELECT count(*) FROM member WHERE status = 'ACTIVE'") == 1
    assert await database.fetchval("SELECT count(*) FROM card") == 1


async def test_ten_rivals_register_one_address_and_one_becomes_a_member(resources: Resources, now: datetime) -> None:
    """A-206, INV-12, with ten at once from form to card."""
    form = make_form()
    answers = await asyncio.gather(
        *(joining.register(form, make_caller(), resources, now) for _ in range(10)), return_exceptions=True
    )
    assert {type(answer) for answer in answers} == {joining.LetterSent}
    letters = await deliver(resources, now)
    assert len(letters) == 10
    told = await asyncio.gather(
        *(confirming.confirm_by_link(link_in(letter), now) for letter in letters), return_exceptions=True
    )
    assert sum(answer == form.email for answer in told) == 1
    refusals = [answer for answer in told if isinstance(answer, Refusal)]
    assert {refusal.words for refusal in refusals} == {"join.address_taken"}
    assert len(refusals) == 9
    assert await database.fetchval("SELECT count(*) FROM card") == 1
    assert await database.fetchval("SELECT count(*) FROM contact WHERE verified_at IS NOT NULL") == 1


async def test_an_old_card_is_kept_and_replaced_by_the_virtual_one(resources: Resources, now: datetime) -> None:
    """A-012, A-013, A-019, A-127."""
    _, member = await make_joined(resources, now, plastic_number="12 345-678")
    cards = await database.fetch("SELECT id, number, kind, status, replaced_by FROM card ORDER BY kind")
    plastic, virtual = cards
    assert (plastic["number"], plastic["status"], plastic["replaced_by"]) == ("12345678", "REPLACED", virtual["id"])
    assert virtual["status"] == "ACTIVE"
    assert virtual["number"] == await database.fetchval("SELECT number FROM member WHERE id = $1", member)


async def test_an_old_card_is_accepted_once(resources: Resources, now: datetime) -> None:
    """A-012, A-019: refused at the form where it is known, left out where two raced, and the letter says so."""
    _, first = await make_pending(resources, now, plastic_number="12345678")
    _, second = await make_pending(resources, now, plastic_number="12345678")
    await confirming.confirm_by_link(link_in(first), now)
    await confirming.confirm_by_link(link_in(second), now)
    assert await database.fetchval("SELECT count(*) FROM card WHERE kind = 'PLASTIC'") == 1
    assert await database.fetchval("SELECT count(*) FROM card WHERE kind = 'VIRTUAL'") == 2
    taken, left_out = await deliver(resources, now)
    assert "старой карты" not in taken.text
    assert "Номер старой карты мы не приняли" in left_out.text
    before = await counted()
    with pytest.raises(Refusal) as refusal:
        await joining.register(make_form(plastic_number="1234 5678"), make_caller(), resources, now)
    assert (refusal.value.words, refusal.value.field) == ("join.plastic_taken", "input.plasticNumber")
    assert await counted() == before


async def test_an_old_card_never_identifies(resources: Resources, now: datetime) -> None:
    """A-012: its number opens no session."""
    await make_joined(resources, now, plastic_number="12345678")
    with pytest.raises(Refusal) as refusal:
        await signin.sign_in("12345678", PASSWORD, "COOKIE", caller=make_caller(), resources=resources, now=now)
    assert refusal.value.code == Code.SIGN_IN_FAILED


async def test_another_letter_keeps_earlier_links_and_replaces_the_code(resources: Resources, now: datetime) -> None:
    """Rule 2, A-045."""
    form, first = await make_pending(resources, now)
    later = now + timedelta(seconds=61)
    sent = await joining.resend_confirmation(form.email, make_caller(), resources, later)
    assert sent.resend_after == later + timedelta(seconds=60)
    (second,) = await deliver(resources, later)
    assert link_in(first) != link_in(second)
    with pytest.raises(Refusal) as refusal:
        await confirming.confirm_by_code(form.email, code_in(first), make_caller(), resources, later)
    assert refusal.value.code == Code.TOKEN_NOT_ACCEPTED
    assert await confirming.confirm_by_link(link_in(first), later) == form.email


async def test_another_letter_is_answered_alike_for_every_address(resources: Resources, now: datetime) -> None:
    """T2, rule 1: pending, active and unknown; nobody's letter is written for nobody."""
    pending, _ = await make_pending(resources, now)
    active, _ = await make_joined(resources, now)
    later = now + timedelta(seconds=61)
    for email, subjects in (
        (pending.email, ["Подтвердите адрес — и карта ваша"]),
        (active.email, ["У вас уже есть карта"]),
        ("nobody@petrov.ru", []),
    ):
        sent = await joining.resend_confirmation(email, make_caller(), resources, later)
        assert (sent.email, sent.resend_after) == (email, later + timedelta(seconds=60))
        assert len(await waiting_letters()) == 1
        assert [letter.subject for letter in await deliver(resources, later)] == subjects
        with pytest.raises(Refusal) as refusal:
            await joining.resend_confirmation(email, make_caller(), resources, later + timedelta(seconds=59))
        assert (refusal.value.code, refusal.value.retryable) == (Code.LIMIT_REACHED, True)
        assert refusal.value.retry_after_seconds == 1
        assert await waiting_letters() == []


async def test_ten_rivals_ask_for_another_letter_and_one_is_sent(resources: Resources, now: datetime) -> None:
    form, _ = await make_pending(resources, now)
    later = now + timedelta(seconds=61)
    answers = await asyncio.gather(
        *(joining.resend_confirmation(form.email, make_caller(), resources, later) for _ in range(10)),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, joining.LetterSent) for answer in answers) == 1
    assert {answer.code for answer in answers if isinstance(answer, Refusal)} == {Code.LIMIT_REACHED}
    assert len(await waiting_letters()) == 1


async def test_an_address_gets_ten_letters_a_day(resources: Resources, now: datetime) -> None:
    """Known or not, the eleventh is refused."""
    known, _ = await make_joined(resources, now)
    await database.execute("DELETE FROM limit_counter")
    for email in (known.email, "somebody.new@petrov.ru"):
        for _ in range(10):
            await joining.register(make_form(email=email), make_caller(), resources, now)
        with pytest.raises(Refusal) as refusal:
            await joining.register(make_form(email=email), make_caller(), resources, now)
        assert refusal.value.code == Code.LIMIT_REACHED
        await joining.register(make_form(email=email), make_caller(), resources, now + timedelta(days=1))


async def test_an_address_of_the_network_registers_so_often_an_hour(programme: Programme, now: datetime) -> None:
    """Limits per address hold; this machine itself is left out only where the policy says so."""
    strict, kind = make_resources(joins_per_ip_hour=2), make_resources(joins_per_ip_hour=2, loopback_exempt=True)
    for address, resources, goes_on in (
        ("203.0.113.7", strict, False),
        ("203.0.113.8", kind, False),
        ("2001:db8::1", strict, False),
        ("127.0.0.1", strict, False),
        ("127.0.0.2", kind, True),
        ("::1", kind, True),
    ):
        for _ in range(2):
            await joining.register(make_form(), make_caller(address), resources, now)
        if goes_on:
            await joining.register(make_form(), make_caller(address), resources, now)
            continue
        with pytest.raises(Refusal) as refusal:
            await joining.register(make_form(), make_caller(address), resources, now)
        assert refusal.value.code == Code.LIMIT_REACHED
    with pytest.raises(Refusal):  # the same home
        await joining.register(make_form(), make_caller("2001:db8::ffff"), strict, now)
    await joining.register(make_form(), make_caller("2001:db8:0:1::1"), strict, now)
