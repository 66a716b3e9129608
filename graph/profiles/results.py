"""What changes of one's own data take and give."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import strawberry

from graph.members.types import EmailChange, Member
from graph.messages.types import CodeRequested
from graph.problems import Problem
from graph.staff.changes import Language
from services import email_changing, profiles


@strawberry.input(description="What is to change; null leaves it, and an empty patronymic takes it away.")
class ChangeProfileInput:
    """What is to change."""

    last_name: str | None = None
    first_name: str | None = None
    patronymic: str | None = None
    birth_date: date | None = strawberry.field(default=None, description="Once: what was given before stays.")
    language: Language | None = strawberry.field(default=None, description="Of letters and messages.")

    def wish(self) -> profiles.OwnChange:
        """As the service takes it."""
        names = profiles.Names(self.last_name, self.first_name, self.patronymic)
        locale = None if self.language is None else self.language.value
        return profiles.OwnChange(names=names, birth_date=self.birth_date, locale=locale)


@strawberry.input(
    description="A new address, and what shows that the member asks: the password; for who has none the code of"
    " `requestEmailChangeCode`. The same address again in the same session needs neither: another letter goes."
)
class EmailChangeInput:
    """A new address, and what shows that the member asks."""

    email: str
    password: str | None = None
    request: strawberry.ID | None = None
    code: str | None = None

    def proof(self) -> email_changing.Proof:
        """As the service takes it."""
        return email_changing.Proof(password=self.password, request=self.request, code=self.code)


@strawberry.type(description="The data are kept.")
class ProfileChanged:
    """The data are kept."""

    member: Member


@strawberry.type(description="A letter is on its way to the new address. The answer is the same whoever has it.")
class EmailChangeRequested:
    """A letter is on its way to the new address."""

    change: EmailChange
    resend_after: datetime

    @classmethod
    def of(cls, sent: email_changing.Sent) -> EmailChangeRequested:
        """The answer about a letter."""
        return cls(change=EmailChange.of(sent.pending), resend_after=sent.resend_after)


@strawberry.type(description="The new address counts; other sessions and every card key have ended.")
class EmailChanged:
    """The new address counts."""

    member: Member


@strawberry.type(description="No change of address waits.")
class EmailChangeCancelled:
    """No change of address waits."""

    at: datetime


ChangeProfileResult = Annotated[ProfileChanged | Problem, strawberry.union("ChangeProfileResult")]
RequestEmailChangeCodeResult = Annotated[CodeRequested | Problem, strawberry.union("RequestEmailChangeCodeResult")]
RequestEmailChangeResult = Annotated[EmailChangeRequested | Problem, strawberry.union("RequestEmailChangeResult")]
ConfirmEmailChangeResult = Annotated[EmailChanged | Problem, strawberry.union("ConfirmEmailChangeResult")]
CancelEmailChangeResult = Annotated[EmailChangeCancelled | Problem, strawberry.union("CancelEmailChangeResult")]
