"""A member at an open page of their own, who asks for another address."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from integrations.ports import Letter
from loyalty.refusals import Code, Refusal
from models import database
from services import email_changing
from services.email_changing import Proof, Sent
from services.resources import Resources
from tests.makers.joining import PASSWORD, link_in, make_caller, make_joined, signed_in
from tests.makers.state import state

NEW = "novy@petrov.ru"


@dataclass
class Home:
    """A member at an open page of their own."""

    member: UUID
    session: UUID
    email: str
    resources: Resources

    async def ask(self, now: datetime, address: str = NEW, password: str | None = PASSWORD, **proof: Any) -> Sent:
        return await email_changing.request(
            *(address, Proof(password=password, **proof), self.member, self.session),
            caller=make_caller(),
            resources=self.resources,
            now=now,
        )

    async def say(self, code: str, now: datetime) -> str:
        return await email_changing.confirm_by_code(
            *(code, self.member, self.session), caller=make_caller(), resources=self.resources, now=now
        )

    async def follow(self, letter: Letter, now: datetime) -> str:
        return await email_changing.confirm_by_link(link_in(letter), self.member, self.session, now)

    async def contact(self) -> tuple[str, bool]:
        row = await database.fetchrow(
            "SELECT value, verified_at IS NOT NULL AS proved FROM contact WHERE member_id = $1 AND kind = 'EMAIL'",
            self.member,
        )
        assert row is not None
        return row["value"], row["proved"]


async def make_home(resources: Resources, now: datetime, **changes: Any) -> Home:
    form, member = await make_joined(resources, now, **changes)
    opened = await signed_in(resources, form.email, now)
    return Home(member, opened.session_id, form.email, resources)


def to(letters: list[Letter], address: str) -> Letter:
    (letter,) = [letter for letter in letters if letter.to == address]
    return letter


async def refused(call: Any) -> tuple[Code, str | None]:
    """(code, field) of a refusal after which every fact stands as it was."""
    before = await state()
    with pytest.raises(Refusal) as refusal:
        await call
    assert await state() == before
    return refusal.value.code, refusal.value.field
