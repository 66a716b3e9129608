"""Every message of an installation as its readers get it, filled with somebody who does not exist.

The words come from where the real ones come from, so a preview cannot say anything else than what is sent.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import partial
from typing import Final, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from integrations.ports import Letter
from loyalty.messages import Cause, Channel
from loyalty.money import tell_money
from loyalty.programme import Programme
from loyalty.segments import Segments, segments
from loyalty.tiers import Keep
from loyalty.vouchers import code_of
from services import letter_words
from services.address_letters import masked_address
from services.letter_words import PLASTIC_TAKEN, filled_in, first_benefit
from services.messages.writing import Written, code_words, with_way
from services.onetime import Purpose
from services.points import announcement_words as points_words
from services.resources import Resources
from services.shop.telling import dictated
from services.staff import letter_words as staff_words
from services.tiers import announcement_words as tier_words

VIEW: Final = "settings.manage"
LOCALES: Final = ("ru", "en")
CODE: Final = "482913"
VOUCHER: Final = ", ".join(dictated(code_of(part)) for part in (1, 2))
NUMBER_TAIL: Final = "9000000001"
READER: Final = "anna@example.ru"
AHEAD: Final = timedelta(days=7)
MISSING: Final = 12_500_00
POINTS: Final = 1_250


class Sort(StrEnum):
    """What a message is: a letter to a member, one to the staff, a one-time code, or a notice."""

    LETTER = "LETTER"
    STAFF = "STAFF"
    CODE = "CODE"
    NOTICE = "NOTICE"


@dataclass(frozen=True, slots=True)
class Cost:
    """What a text costs by one gateway: kopecks, or None where the tariff has no price for it."""

    gateway: str
    channel: Channel
    kopecks: int | None


@dataclass(frozen=True, slots=True)
class Short:
    """A message as a text by SMS or Viber, how operators count it, and what it costs."""

    text: str
    segments: Segments
    costs: tuple[Cost, ...]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A message in one language: as a letter, and as a text where it goes by SMS or Viber too."""

    locale: str
    letter: Letter
    short: Short | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """A message in every language. The id is the sort and the name of the kind, such as `LETTER.WELCOME`."""

    id: str
    sort: Sort
    spoken: tuple[Spoken, ...]


Speak: TypeAlias = Callable[[str], Spoken]


def previews(programme: Programme, resources: Resources, now: datetime) -> list[Preview]:
    """Every message that this programme sends, in one order."""
    return [
        Preview(f"{sort}.{name}", sort, tuple(speak(locale) for locale in LOCALES))
        for sort, name, speak in _kinds(programme, resources, now)
    ]


def preview(name: str, programme: Programme, resources: Resources, now: datetime) -> Preview | None:
    """The message of an id; None where the programme sends no such message."""
    return next((one for one in previews(programme, resources, now) if one.id == name), None)


def _kinds(programme: Programme, resources: Resources, now: datetime) -> Iterator[tuple[Sort, str, Speak]]:
    def letter(words: Mapping[str, letter_words.Words]) -> Speak:
        return lambda locale: Spoken(
            locale, filled_in(words[locale], locale, READER, facts_of(programme, resources, locale, now))
        )

    for kind, words in letter_words.WORDS.items():
        yield Sort.LETTER, kind.value, letter(words)
    for purpose in Purpose:
        yield Sort.CODE, purpose.value, partial(_code, purpose, programme, resources)
    for name, said in _notices(programme, now):
        yield Sort.NOTICE, name, partial(_notice, said, resources)
    for staff_kind, words in staff_words.WORDS.items():
        yield Sort.STAFF, staff_kind.value, letter(words)


def _code(purpose: Purpose, programme: Programme, resources: Resources, locale: str) -> Spoken:
    facts = {
        "code": CODE,
        "programme": programme.name.in_locale(locale),
        "minutes": str(resources.policy.code_seconds // 60),
    }
    long, short = (code_words(purpose, channel, locale, facts) for channel in (Channel.EMAIL, Channel.SMS))
    return Spoken(locale, _letter(long), _short(short.text, resources))


def _notices(programme: Programme, now: datetime) -> Iterator[tuple[str, Callable[[str], Written]]]:
    """Notices that the programme's file asks for, with an end in a week, at midnight where the programme is."""
    zone = ZoneInfo(programme.time_zone)
    day = (now + AHEAD).astimezone(zone).date()
    ends = datetime.combine(day + timedelta(days=1), time.min, zone)
    if programme.points is not None and programme.points.announce_days:
        points = points_words.Ending(POINTS, day, ends)
        yield "POINTS_END", lambda locale: points_words.words(points, programme, locale, now)
    if programme.tier_window.announce_days and len(programme.tiers) > 1:
        tiers = programme.tiers
        tier = tier_words.Ending(tiers[-1], day, ends, tiers[-2], Keep(MISSING, day))
        yield "TIER_ENDS", lambda locale: tier_words.words(tier, programme, locale, now)


def _notice(say: Callable[[str], Written], resources: Resources, locale: str) -> Spoken:
    said = say(locale)
    long = with_way(said, Channel.EMAIL, Cause.SERVICE, resources.base_url)
    return Spoken(locale, _letter(long), _short(said.text, resources))


def _letter(written: Written) -> Letter:
    """What the mail gateway makes of it."""
    return Letter(READER, written.subject, f"{written.text}\n", written.html)


def _short(text: str, resources: Resources) -> Short:
    number = resources.policy.sms_prefixes.partition(",")[0] + NUMBER_TAIL
    costs = tuple(
        Cost(gateway, channel, resources.tariff.cost(gateway, channel, number, text))
        for channel, gateways in resources.routes.items()
        if channel is not Channel.EMAIL
        for gateway in gateways
    )
    return Short(text, segments(text), costs)


def facts_of(programme: Programme, resources: Resources, locale: str, now: datetime) -> dict[str, str | None]:
    """What stands in the places of any letter's words, for a reader called Anna."""
    policy, base = resources.policy, resources.base_url
    tiers = programme.tiers
    return {
        "name": "Анна" if locale == "ru" else "Anna",
        "programme": programme.name.in_locale(locale),
        "base": base,
        "link": f"{base}/confirm?token=example",
        "code": CODE,
        "link_hours": str(policy.link_hours),
        "code_minutes": str(policy.code_minutes),
        "reset_minutes": str(policy.reset_minutes),
        "tier": tiers[0].name.in_locale(locale),
        "benefit": first_benefit(programme, locale) or "",
        "plastic": PLASTIC_TAKEN[locale],
        "phone": "•••0001",
        "address": masked_address(READER),
        "next": tiers[min(1, len(tiers) - 1)].name.in_locale(locale),
        "left": tell_money(MISSING, locale),
        "goods": "Ски-пасс на день × 2" if locale == "ru" else "Day ski pass × 2",
        "partner": programme.partners[0].name.in_locale(locale),
        "codes": VOUCHER,
        "order": str(UUID(int=0)),
        "until": f"{(now + AHEAD).astimezone(ZoneInfo(programme.time_zone)):%d.%m.%Y}",
    }
