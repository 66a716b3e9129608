"""Samples of letters: sent to whoever of the staff asks, and shown as pages at addresses nobody can guess."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from integrations.ports import Letter, Mailer
from loyalty.refusals import Code, Refusal
from models import database
from services import programmes
from services.audit import Actor
from services.keyring import Keyring
from services.messages.previews import VIEW, preview
from services.resources import Resources
from services.staff.acting import acting

JOB: Final = "letter.sample"
PATH: Final = "/preview/letters"
TOKEN_CHARACTERS: Final = 32
PREVIEW: Final = "letter-preview"
PER_HOUR: Final = 20
HOUR_SECONDS: Final = 3600
SUBJECT: Final = {"ru": "Образец: {subject}", "en": "Sample: {subject}"}
_READER: Final = "SELECT email FROM staff WHERE id = $1 AND status = 'ACTIVE'"


async def ask(actor: Actor, name: str, locale: str, *, resources: Resources, now: datetime) -> str:
    """Have a sample sent to the address of whoever asks; gives the address.

    Raises NOT_FOUND for a message that this programme does not send, LIMIT_REACHED after twenty in an hour.
    """
    programme = await programmes.current(now)
    if preview(name, programme, resources, now) is None:
        raise Refusal(Code.NOT_FOUND, "preview.unknown", field="id")
    verdict = await resources.limits.hit(f"sample|{actor.id}", limit=PER_HOUR, window_seconds=HOUR_SECONDS, now=now)
    if not verdict.allowed:
        wait = verdict.retry_after_seconds
        raise Refusal(
            Code.LIMIT_REACHED, "preview.wait", retryable=True, retry_after_seconds=wait, minutes=-(-wait // 60)
        )
    async with acting(actor, VIEW, "letter.sample", resources=resources, now=now) as act:
        email: str = await act.tx.fetchval(_READER, actor.id)
        payload: dict[str, object] = {"preview": name, "locale": locale, "staff_id": str(actor.id)}
        await act.tx.enqueue(JOB, payload, run_at=now)
        act.record("letter", name)
    return email


async def send(payload: Mapping[str, object], resources: Resources, mailer: Mailer, now: datetime) -> None:
    """Send the sample of a job, if its reader is still there. May run twice: it then repeats itself."""
    email = await database.fetchval(_READER, UUID(str(payload["staff_id"])))
    letter = await letter_of(str(payload["preview"]), str(payload["locale"]), resources, now)
    if email is not None and letter is not None:
        subject = SUBJECT[str(payload["locale"])].format(subject=letter.subject)
        await mailer.send(replace(letter, to=str(email), subject=subject))


async def letter_of(name: str, locale: str, resources: Resources, now: datetime) -> Letter | None:
    """A message as a letter; None for one that this programme does not send."""
    found = preview(name, await programmes.current(now), resources, now)
    spoken = None if found is None else next((one for one in found.spoken if one.locale == locale), None)
    return None if spoken is None else spoken.letter


def path_of(name: str, locale: str, keyring: Keyring, now: datetime) -> str:
    """Where a letter is shown as a page, today and tomorrow."""
    return f"{PATH}/{name}/{locale}/{_token(name, locale, keyring, now)}"


def is_token(token: str, name: str, locale: str, keyring: Keyring, now: datetime) -> bool:
    """Whether an address was told by us, today or yesterday."""
    told = (_told(name, locale, at) for at in (now, now - timedelta(days=1)))
    return any(keyring.vouches(PREVIEW, one, token, TOKEN_CHARACTERS) for one in told)


def _token(name: str, locale: str, keyring: Keyring, at: datetime) -> str:
    return keyring.mac(PREVIEW, _told(name, locale, at)).hex()[:TOKEN_CHARACTERS]


def _told(name: str, locale: str, at: datetime) -> bytes:
    return f"{name}|{locale}|{at:%Y-%m-%d}".encode()
