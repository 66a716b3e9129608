"""Every message as a preview: in both languages, with nothing left open, in the words that are sent."""

from dataclasses import replace
from datetime import datetime, timedelta
from string import Formatter

import pytest

from graph.words import catalogue
from loyalty.messages import Channel
from loyalty.segments import segments
from loyalty.tariffs import Price, Tariff
from models import database
from services import letter_words, letters, programmes
from services.messages import samples, writing
from services.messages.previews import CODE, Preview, facts_of, previews
from services.onetime import Purpose
from services.resources import Resources
from services.staff import letter_words as staff_words
from tests.makers.joining import make_joined
from tests.makers.mail import RememberingMailer
from tests.makers.points import POINTS
from tests.makers.programme_files import compiled

ANNOUNCED = ("  hold_minutes: 10\n", "  hold_minutes: 10\n  announce_days: [30, 7, 1]\n")
ROUTES = {Channel.SMS: ("smsaero", "smsc"), Channel.VIBER: ("smsaero",), Channel.EMAIL: ("smtp",)}


async def shown(resources: Resources, now: datetime) -> dict[str, Preview]:
    return {one.id: one for one in previews(await programmes.current(now), resources, now)}


async def test_every_kind_of_message_is_shown_in_both_languages(resources: Resources, now: datetime) -> None:
    """A-219, A-227: letters to members and staff, and codes; each has a name, a subject and no place left open."""
    found = await shown(resources, now)
    wanted = {f"LETTER.{kind}" for kind in letter_words.Kind if kind is not letter_words.Kind.NOBODY}
    wanted |= {f"STAFF.{kind}" for kind in staff_words.Kind} | {f"CODE.{purpose}" for purpose in Purpose}
    assert wanted <= found.keys()
    for one in found.values():
        assert [spoken.locale for spoken in one.spoken] == ["ru", "en"]
        assert f"preview.{one.id}" in catalogue(), "name it in graph/previews/words.py"
        for spoken in one.spoken:
            assert spoken.letter.subject
            assert not set("{}") & set(spoken.letter.subject + spoken.letter.text)
            assert (spoken.short is None) == one.id.startswith(("LETTER.", "STAFF."))


@pytest.mark.parametrize("locale", ["ru", "en"])
async def test_no_paragraph_is_missing_from_a_preview(resources: Resources, now: datetime, locale: str) -> None:
    """A paragraph whose fact is unknown is left out of a letter: of a preview, none may be."""
    facts = facts_of(await programmes.current(now), resources, locale, now)
    for words in (*letter_words.WORDS.values(), *staff_words.WORDS.values()):
        spoken = words[locale]
        for text in (spoken.subject, *spoken.before, spoken.link, *spoken.after):
            assert {name for _, name, _, _ in Formatter().parse(text) if name} <= facts.keys()


async def test_a_preview_says_what_is_sent(resources: Resources, now: datetime) -> None:
    """The letter of a real member differs from its preview by the member alone."""
    _, member = await make_joined(resources, now)
    asked = letters.Asked(letter_words.Kind.PASSWORD_CHANGED, member, member, now)
    real = await letters.written(asked, resources, now)
    assert real is not None
    name = await database.fetchval("SELECT first_name FROM member WHERE id = $1", member)
    sample = (await shown(resources, now))["LETTER.PASSWORD_CHANGED"].spoken[0].letter
    assert sample.text.replace("Анна", name) == real.text
    assert sample.html is not None
    assert sample.html.replace("Анна", name) == real.html


async def test_texts_are_counted_and_priced_by_gateway(resources: Resources, now: datetime) -> None:
    """A-227: parts by GSM-7 and UCS-2; kopecks by the tariff, in the order in which gateways are asked."""
    tariff = Tariff((Price("smsaero", Channel.SMS, 520), Price("smsaero", Channel.VIBER, 310)))
    found = await shown(replace(resources, routes=ROUTES, tariff=tariff), now)
    short = found["CODE.SIGN_IN"].spoken[0].short
    assert short is not None
    programme = (await programmes.current(now)).name.ru
    assert short.text == writing.SHORT[Purpose.SIGN_IN]["ru"].format(code=CODE, programme=programme)
    assert short.segments == segments(short.text)
    assert [(one.gateway, one.channel, one.kopecks) for one in short.costs] == [
        ("smsaero", Channel.SMS, 520),
        ("smsc", Channel.SMS, None),
        ("smsaero", Channel.VIBER, 310),
    ]


async def test_notices_are_those_of_the_programme(resources: Resources, now: datetime) -> None:
    """Points that end are announced where the programme has points and says how long ahead: one part of an SMS."""
    assert not [one for one in await shown(resources, now) if one.startswith("NOTICE.")]
    found = {one.id: one for one in previews(compiled(POINTS.replace(*ANNOUNCED)), resources, now)}
    for spoken in found["NOTICE.POINTS_END"].spoken:
        assert spoken.short is not None
        assert spoken.short.segments.parts == 1
        assert "1\u00a0250" in spoken.short.text or "1,250" in spoken.short.text
        assert spoken.letter.text == f"{spoken.short.text}\n\n{resources.base_url}\n\n"


async def test_an_address_of_a_page_is_told_by_us_and_for_a_day(resources: Resources, now: datetime) -> None:
    keyring = resources.keyring
    token = samples.path_of("LETTER.WELCOME", "ru", keyring, now).rpartition("/")[2]
    assert samples.is_token(token, "LETTER.WELCOME", "ru", keyring, now)
    assert samples.is_token(token, "LETTER.WELCOME", "ru", keyring, now + timedelta(hours=23))
    assert not samples.is_token(token, "LETTER.WELCOME", "ru", keyring, now + timedelta(days=2))
    assert not samples.is_token(token, "LETTER.WELCOME", "en", keyring, now)
    assert not samples.is_token(token, "LETTER.RESET", "ru", keyring, now)
    assert not samples.is_token("", "LETTER.WELCOME", "ru", keyring, now)


async def test_a_sample_goes_to_nobody_who_has_left(resources: Resources, now: datetime) -> None:
    mailer = RememberingMailer()
    payload = {"preview": "LETTER.WELCOME", "locale": "ru", "staff_id": "0190a0b0-0000-7000-8000-000000000000"}
    await samples.send(payload, resources, mailer, now)
    assert mailer.sent == []
