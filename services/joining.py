"""Joining: an application becomes a profile that waits for its owner to answer a letter."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from secrets import randbelow
from typing import Final
from uuid import UUID

from loyalty import cardnumbers, people
from loyalty.business_days import business_date
from loyalty.programme import Document, DocumentKind, Programme
from loyalty.refusals import Code, Refusal
from models import database
from models.database import Violation
from models.ids import uuid7
from services import callers, consents, letters, programmes
from services.callers import Caller
from services.consents import At
from services.letter_words import Kind
from services.passwords import common_passwords
from services.phones import phone
from services.resources import Resources
from services.work import Work, work

HOUR_SECONDS: Final = 3600
DAY_SECONDS: Final = 86_400

_MEMBER: Final = """
INSERT INTO member (id, number, status, last_name, first_name, patronymic, birth_date, locale, plastic_number, created_at)
VALUES ($1, $2, 'PENDING_CONFIRMATION', $3, $4, $5, $6, $7, $8, $9)
"""
_CONTACTS: Final = """
INSERT INTO contact (id, member_id, kind, value, created_at) VALUES ($1, $2, 'EMAIL', $3, $4), ($5, $2, 'PHONE', $6, $4)
"""
_CREDENTIAL: Final = "INSERT INTO credential (member_id, password_hash, changed_at) VALUES ($1, $2, $3)"
_OWNER: Final = "SELECT member_id FROM contact WHERE kind = 'EMAIL' AND value = $1 AND verified_at IS NOT NULL"
# Whoever joined at a till by a code on the phone has the address to prove yet.
_NEWEST_PENDING: Final = """
SELECT m.id FROM contact AS c JOIN member AS m ON m.id = c.member_id
WHERE c.kind = 'EMAIL' AND c.value = $1 AND c.verified_at IS NULL
    AND m.status IN ('PENDING_CONFIRMATION', 'ACTIVE', 'BLOCKED')
ORDER BY m.created_at DESC, m.id DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """The registration form as it was filled in (A-030..A-040)."""

    last_name: str
    first_name: str
    patronymic: str | None
    birth_date: date
    email: str
    phone: str
    password: str | None
    """None at a till: nobody chooses a secret there, and who wants one sets it by letter later."""
    accepted: tuple[DocumentKind, ...]
    documents: tuple[str, ...] | None = None
    plastic_number: str | None = None


@dataclass(frozen=True, slots=True)
class LetterSent:
    """What everybody is told: where the letter went, and when another may be asked for."""

    email: str
    resend_after: datetime


async def register(form: Application, caller: Caller, resources: Resources, now: datetime) -> LetterSent:
    """Make a profile that waits for its owner's letter. The answer is the same whether or not the address is known.

    For a known address the same rows are written and taken back, and its owner gets a letter that says so: the words,
    the statements and the password hash are those of everybody else. Raises INVALID_INPUT, LIMIT_REACHED, BUSY.
    """
    programme = await programmes.current(now)
    profile = checked(form, programme, now)
    assert profile.password is not None  # noqa: S101 - the form asks for one
    documents = consents.agreed(programme, form.accepted, form.documents)
    await refuse_taken_plastic(profile.plastic_number)
    await _spend_letter(profile.email, caller, resources, now)
    await resources.limits.hit(  # a wait for the next letter, not for this one
        callers.key("letter.again", profile.email), limit=1, window_seconds=resources.policy.resend_seconds, now=now
    )
    password_hash = await resources.hasher.hash(profile.password)

    async def keep() -> None:
        async with work() as tx:
            owner = await tx.fetchval(_OWNER, profile.email)
            await tx.execute("SAVEPOINT profile")
            member_id = await write(tx, profile, documents, At(caller), now, password_hash=password_hash)
            if owner is None:
                await tx.execute("RELEASE SAVEPOINT profile")
                await letters.ask(tx, Kind.CONFIRMATION, member_id, now)
            else:
                await tx.execute("ROLLBACK TO SAVEPOINT profile")
                await letters.ask(tx, Kind.ALREADY_REGISTERED, owner, now)

    await unless_number_taken(keep)
    return LetterSent(profile.email, now + timedelta(seconds=resources.policy.resend_seconds))


async def resend_confirmation(email: str, caller: Caller, resources: Resources, now: datetime) -> LetterSent:
    """Send another confirmation letter; earlier links stay alive, the newest code counts. One answer for every address."""
    address = people.email(email, field="email")
    seconds = resources.policy.resend_seconds
    await callers.spend(resources, "letter.again", address, limit=1, window_seconds=seconds, now=now)
    await _spend_letter(address, caller, resources, now)
    async with work() as tx:
        owner = await tx.fetchval(_OWNER, address)
        pending = await tx.fetchval(_NEWEST_PENDING, address)
        if owner is not None:
            await letters.ask(tx, Kind.ALREADY_REGISTERED, owner, now)
        elif pending is not None:
            await letters.ask(tx, Kind.CONFIRMATION, pending, now)
        else:
            await letters.ask_for_nobody(tx, now)
    return LetterSent(address, now + timedelta(seconds=seconds))


def checked(form: Application, programme: Programme, now: datetime) -> Application:
    """The form with every fact in its one spelling, whatever the channel. Nothing here depends on who is known."""
    cyrillic_only = programme.names_cyrillic_only
    last_name = people.name(form.last_name, field="input.lastName", cyrillic_only=cyrillic_only)
    first_name = people.name(form.first_name, field="input.firstName", cyrillic_only=cyrillic_only)
    patronymic = people.optional_name(form.patronymic, field="input.patronymic", cyrillic_only=cyrillic_only)
    today = business_date(now, programme.time_zone)
    born = people.birth_date(form.birth_date, today=today, minimum_age=programme.minimum_age, field="input.birthDate")
    email = people.email(form.email, field="input.email")
    number = phone(form.phone, field="input.phone")
    about = people.facts_about(
        email=email, phone=number, last_name=last_name, first_name=first_name, patronymic=patronymic
    )
    password = form.password
    if password is not None:
        password = people.password(password, common=common_passwords(), about=about, field="input.password")
    return Application(
        last_name=last_name,
        first_name=first_name,
        patronymic=patronymic,
        birth_date=born,
        email=email,
        phone=number,
        password=password,
        accepted=form.accepted,
        plastic_number=_plastic(form.plastic_number),
    )


def _plastic(text: str | None) -> str | None:
    """The board number of an old card (A-013). One of our own virtual cards is not one."""
    if text is None or not text.strip():
        return None
    try:
        number = cardnumbers.plastic_number(text)
    except ValueError:
        number = None
    if number is None or cardnumbers.is_card_number(number):
        raise Refusal(Code.INVALID_INPUT, "join.plastic", field="input.plasticNumber")
    return number


async def refuse_taken_plastic(number: str | None) -> None:
    """An old card is taken over once (A-012, A-019). That says nothing of a person: the number never names one."""
    if number is not None and await database.fetchval("SELECT 1 FROM card WHERE number = $1", number):
        raise Refusal(Code.INVALID_INPUT, "join.plastic_taken", field="input.plasticNumber")


async def _spend_letter(email: str, caller: Caller, resources: Resources, now: datetime) -> None:
    policy = resources.policy
    await callers.spend_of_address(
        resources, "join.ip", caller, limit=policy.joins_per_ip_hour, window_seconds=HOUR_SECONDS, now=now
    )
    limit = policy.letters_per_address_day
    await callers.spend(resources, "letter.day", email, limit=limit, window_seconds=DAY_SECONDS, now=now)


async def write(
    tx: Work,
    profile: Application,
    documents: list[Document],
    at: At,
    now: datetime,
    *,
    password_hash: str | None = None,
) -> UUID:
    """A profile that waits for its owner's answer, with what it agrees to and where; gives its id."""
    member_id = uuid7()
    number = cardnumbers.card_number(randbelow(cardnumbers.RANDOM_PART_END))
    named = (profile.last_name, profile.first_name, profile.patronymic, profile.birth_date)
    await tx.execute(_MEMBER, member_id, number, *named, at.caller.locale, profile.plastic_number, now)
    await tx.execute(_CONTACTS, uuid7(), member_id, profile.email, now, uuid7(), profile.phone)
    if password_hash is not None:
        await tx.execute(_CREDENTIAL, member_id, password_hash, now)
    for document in documents:
        await consents.record(tx, member_id, document, at, now)
    return member_id


async def unless_number_taken(keep: Callable[[], Awaitable[None]]) -> None:
    """Draw another card number where chance drew one that is taken: one registration in a hundred thousand at worst."""
    for _ in range(2):
        try:
            await keep()
        except Violation:
            continue
        return
    await keep()
