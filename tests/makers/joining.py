"""People who join: filled-in forms, the letters they get, and what they read in them."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from typing import Any
from uuid import UUID

import orjson

from integrations.ports import Letter, Unavailable
from loyalty.programme import DocumentKind
from models import database
from services import confirming, joining, letters, signin
from services.callers import Caller
from services.joining import Application
from services.resources import Resources

PASSWORD = "гречневая каша 7"
BOTH = (DocumentKind.OFFER, DocumentKind.PERSONAL_DATA)
_NUMBERS = count(1)


def make_caller(address: str = "203.0.113.7", **more: Any) -> Caller:
    """Somebody at an address, with a browser."""
    return Caller(address=address, agent="Mozilla/5.0", **more)


def make_form(**changes: Any) -> Application:
    """A form filled in well, for somebody new each time."""
    place = next(_NUMBERS)
    fields: dict[str, Any] = {
        "last_name": "Петров",
        "first_name": "Пётр",
        "patronymic": "Петрович",
        "birth_date": date(1990, 1, 1),
        "email": f"petr{place}@petrov.ru",
        "phone": f"+7921{place:07d}",
        "password": PASSWORD,
        "accepted": BOTH,
    }
    return Application(**(fields | changes))


@dataclass
class Mailbox:
    """A post that keeps what it was given; `broken` makes it fail, before or after it has taken the letter."""

    letters: list[Letter] = field(default_factory=list)
    broken: str | None = None

    async def send(self, letter: Letter) -> None:
        if self.broken == "after":
            self.letters.append(letter)
        if self.broken is not None:
            raise Unavailable(self.broken)
        self.letters.append(letter)


def link_in(letter: Letter) -> str:
    """The token of the letter's link."""
    found = re.search(r"\?token=(\S+)", letter.text)
    assert found is not None, letter.text
    return found[1]


def code_in(letter: Letter) -> str:
    """The six digits of the letter, which are the only ones."""
    found = re.findall(r"\d{6}", letter.text)
    assert len(found) == 1, letter.text
    return str(found[0])


async def waiting_letters() -> list[dict[str, Any]]:
    """The payloads of the letters that wait for the worker, oldest first."""
    rows = await database.fetch("SELECT payload FROM job WHERE name = 'letter.send' AND status = 'READY' ORDER BY id")
    return [orjson.loads(row["payload"]) for row in rows]


async def deliver(resources: Resources, now: datetime, *, mailbox: Mailbox | None = None) -> list[Letter]:
    """Do the worker's part: send what waits, and give what was sent."""
    box = mailbox or Mailbox()
    for payload in await waiting_letters():
        await letters.send(payload, resources, box, now)
    await database.execute("UPDATE job SET status = 'DONE', finished_at = $1 WHERE status = 'READY'", now)
    return box.letters


async def make_pending(resources: Resources, now: datetime, **changes: Any) -> tuple[Application, Letter]:
    """(the form of somebody who has registered, the confirmation letter)."""
    form = make_form(**changes)
    await joining.register(form, make_caller(), resources, now)
    sent = await deliver(resources, now)
    return form, sent[-1]


async def make_joined(resources: Resources, now: datetime, **changes: Any) -> tuple[Application, UUID]:
    """(the form of somebody who has confirmed, the member's id)."""
    form, letter = await make_pending(resources, now, **changes)
    await confirming.confirm_by_link(link_in(letter), now)
    await deliver(resources, now)
    member: UUID = await database.fetchval(
        "SELECT member_id FROM contact WHERE kind = 'EMAIL' AND value = $1 AND verified_at IS NOT NULL",
        form.email.lower(),
    )
    return form, member


async def signed_in(resources: Resources, login: str, now: datetime, **more: Any) -> signin.SignedIn:
    """A session for a login."""
    caller = more.pop("caller", None) or make_caller()
    password, transport = more.pop("password", PASSWORD), more.pop("transport", "COOKIE")
    return await signin.sign_in(login, password, transport, caller=caller, resources=resources, now=now)
