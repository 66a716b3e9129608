"""The words of a message in the moment it goes, and the address it goes to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from loyalty.messages import Cause, Channel
from models.database import Record
from services import onetime, programmes
from services.messages.eligibility import NotYet, Reader, Suppressed, daytime, reader_of, unstopped
from services.onetime import Purpose
from services.resources import Resources
from services.work import Work

_CODE: Final = "SELECT id, purpose, address, used_at, expires_at FROM one_time_code WHERE id = $1"
_LOCALE: Final = "SELECT locale FROM member WHERE id = $1"
# A session, or the profile's confirmation where none was ever opened.
_LAST_SEEN: Final = """
SELECT greatest((SELECT max(last_seen_at) FROM session WHERE member_id = $1), confirmed_at,
    (SELECT max(verified_at) FROM contact WHERE member_id = $1)) FROM member WHERE id = $1
"""
# A text message costs by its length, so it says the code, what for, and the one warning.
SHORT: Final[Mapping[Purpose, Mapping[str, str]]] = {
    Purpose.SIGN_IN: {
        "ru": "{code} — код для входа, {programme}. Никому его не говорите.",
        "en": "{code} is your sign-in code, {programme}. Keep it secret.",
    },
    Purpose.BIND_PHONE: {
        "ru": "{code} — код, чтобы подтвердить номер, {programme}.",
        "en": "{code} is the code to confirm your number, {programme}.",
    },
    Purpose.SPEND: {
        "ru": "{code} — код для списания, {programme}. Назовите только кассиру.",
        "en": "{code} lets you spend, {programme}. Tell it to the cashier only.",
    },
    Purpose.JOIN: {
        "ru": "{code} — код карты {programme}. Назвать его — принять условия.",
        "en": "{code} is your {programme} card code. Telling it accepts the terms.",
    },
    Purpose.CHANGE: {
        "ru": "{code} — код правки данных, {programme}. Не просили? Не говорите.",
        "en": "{code} changes your data, {programme}. Not you? Do not tell it.",
    },
    Purpose.CHANGE_EMAIL: {
        "ru": "{code} — код для смены почты, {programme}. Не говорите его.",
        "en": "{code} changes your e-mail, {programme}. Not you? Do not tell it.",
    },
}
SUBJECT: Final[Mapping[Purpose, Mapping[str, str]]] = {
    Purpose.SIGN_IN: {"ru": "Код для входа", "en": "Your sign-in code"},
    Purpose.BIND_PHONE: {"ru": "Код для номера телефона", "en": "The code for your phone number"},
    Purpose.SPEND: {"ru": "Код для списания", "en": "The code to spend with"},
    Purpose.JOIN: {"ru": "Код для новой карты", "en": "The code for your new card"},
    Purpose.CHANGE: {"ru": "Код для изменения данных", "en": "The code to change your data"},
    Purpose.CHANGE_EMAIL: {"ru": "Код для смены почты", "en": "The code to change your e-mail"},
}
LONG: Final[Mapping[Purpose, Mapping[str, str]]] = {
    Purpose.SIGN_IN: {
        "ru": "Код для входа в программу «{programme}»: {code}.",
        "en": "Your code to sign in to {programme}: {code}.",
    },
    Purpose.BIND_PHONE: {
        "ru": "Код, чтобы подтвердить номер в программе «{programme}»: {code}.",
        "en": "The code to confirm your number in {programme}: {code}.",
    },
    Purpose.SPEND: {
        "ru": "Код, чтобы списать накопленное в программе «{programme}»: {code}. Назовите его кассиру, если вы сейчас на кассе.",
        "en": "The code to spend what you have in {programme}: {code}. Tell it to the cashier if you are at the till now.",
    },
    Purpose.JOIN: {
        "ru": "Код для карты программы «{programme}»: {code}. Называя его сотруднику, вы соглашаетесь с условиями участия.",
        "en": "The code for your {programme} card: {code}. By telling it to the staff you accept the terms.",
    },
    Purpose.CHANGE: {
        "ru": "Код для изменения данных в программе «{programme}»: {code}. Назовите его, только если об изменении просили вы.",
        "en": "The code to change your data in {programme}: {code}. Tell it only if you asked for the change.",
    },
    Purpose.CHANGE_EMAIL: {
        "ru": "Код, чтобы сменить адрес почты в программе «{programme}»: {code}.",
        "en": "The code to change your e-mail address in {programme}: {code}.",
    },
}
# A code that is said to a cashier, and one that is said to nobody.
TOLD: Final = frozenset({Purpose.SPEND, Purpose.JOIN, Purpose.CHANGE})
AFTER_TOLD: Final = {
    "ru": "Код действует {minutes} минут и только один раз.\n\nЕсли вы его не запрашивали, никому его не говорите.",
    "en": "The code works once, for {minutes} minutes.\n\nIf you did not ask for it, tell it to nobody.",
}
AFTER: Final = {
    "ru": "Код действует {minutes} минут и только один раз. Никому его не говорите, даже сотрудникам программы.\n\n"
    "Если вы его не запрашивали, ничего делать не нужно.",
    "en": "The code works once, for {minutes} minutes. Tell it to nobody, not even to our staff.\n\n"
    "If you did not ask for it, there is nothing to do.",
}


@dataclass(frozen=True, slots=True)
class Written:
    """What a message says by one channel."""

    text: str
    subject: str = ""
    html: str | None = None


async def addressed(
    tx: Work, message: Record, channel: Channel, resources: Resources, now: datetime
) -> tuple[str, Written] | str:
    """(address, words), or why this channel is left out. Raises `Suppressed` or `NotYet` for the message as a whole."""
    reader = await reader_of(tx, message, adverts_per_day=resources.policy.adverts_per_member_day, now=now)
    if message["by_day"] or message["cause"] == Cause.MARKETING:
        zone = reader.time_zone or ZoneInfo((await programmes.current(now)).time_zone)
        moment = daytime(now, zone)
        if moment > now:
            raise NotYet(moment)
    address: str | None
    if message["code_id"] is None:
        address = reader.addresses.get(channel)
    else:
        idle_days = resources.policy.idle_days
        address = await _address_of_code(tx, message, channel, reader, idle_days=idle_days, now=now)
    if address is None:
        return "NO_ADDRESS"
    return address, await _words(tx, message, channel, reader.locale, resources=resources, now=now)


async def repeated(tx: Work, message: Record, channel: Channel, resources: Resources, now: datetime) -> Written:
    """The words as they were handed over."""
    locale = await tx.fetchval(_LOCALE, message["member_id"])
    return await _words(tx, message, channel, str(locale), resources=resources, now=now)


async def _address_of_code(
    tx: Work, message: Record, channel: Channel, reader: Reader, *, idle_days: int, now: datetime
) -> str | None:
    code = await tx.fetchrow(_CODE, message["code_id"])
    if code is None or code["used_at"] is not None or code["expires_at"] <= now:
        raise Suppressed("OUTDATED")
    if code["address"] is not None:
        # The code proves this number or address, so it goes nowhere else.
        only = Channel.EMAIL if "@" in code["address"] else Channel.SMS
        mine = await unstopped(tx, {only: code["address"]}, is_advert=False)
        return mine.get(channel)
    if code["purpose"] == Purpose.SIGN_IN and channel is not Channel.EMAIL:
        # A number nobody used for long may have a new owner (T5): an account that slept opens by its letters alone.
        seen = await tx.fetchval(_LAST_SEEN, message["member_id"])
        if seen is None or seen < now - timedelta(days=idle_days):
            return None
    return reader.addresses.get(channel)


async def _words(
    tx: Work, message: Record, channel: Channel, locale: str, *, resources: Resources, now: datetime
) -> Written:
    if message["code_id"] is None:
        notice = Written(message["text"], message["subject"] or "")
        return with_way(notice, channel, Cause(message["cause"]), resources.base_url)
    purpose = Purpose(await tx.fetchval("SELECT purpose FROM one_time_code WHERE id = $1", message["code_id"]))
    programme = await programmes.current(now)
    facts = {
        "code": onetime.code_of(message["code_id"], resources),
        "programme": programme.name.in_locale(locale),
        "minutes": str(resources.policy.code_seconds // 60),
    }
    return code_words(purpose, channel, locale, facts)


def with_way(notice: Written, channel: Channel, cause: Cause, base_url: str) -> Written:
    """A notice as it goes by a channel: a letter has room for the way to the card, a text message costs by its length."""
    if channel is not Channel.EMAIL or cause is not Cause.SERVICE:
        return notice
    return Written(f"{notice.text}\n\n{base_url}\n", notice.subject)


def code_words(purpose: Purpose, channel: Channel, locale: str, facts: Mapping[str, str]) -> Written:
    """What carries a code of this purpose by a channel; facts are `code`, `programme` and `minutes`."""
    if channel is not Channel.EMAIL:
        return Written(SHORT[purpose][locale].format_map(facts))
    after = (AFTER_TOLD if purpose in TOLD else AFTER)[locale]
    return Written(f"{LONG[purpose][locale]}\n\n{after}".format_map(facts), SUBJECT[purpose][locale])
