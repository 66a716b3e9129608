"""What joining and changing data at a till take and give."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import strawberry

from graph.problems import Problem
from graph.programme.types import Channel, DocumentKind
from services.entry import changing
from services.entry.changing import Change
from services.entry.joining import Joining
from services.joining import Application
from services.profiles import Names


@strawberry.enum(description="Where the code goes that the member says at the till.")
class ConfirmBy(StrEnum):
    """Where the code goes."""

    SMS = "SMS"
    EMAIL = "EMAIL"


@strawberry.input(
    description="The registration form of the cabinet, filled in at a till or in a web shop. Nobody chooses a password there."
)
class RegisterMemberInput:
    """The registration form at a till."""

    idempotency_key: str
    channel: Channel = Channel.TILL
    last_name: str
    first_name: str
    patronymic: str | None = None
    birth_date: date
    email: str
    phone: str
    accepted: list[strawberry.ID] = strawberry.field(
        description="Ids of the texts the person agreed to, each one named. The offer and personal data are required."
    )
    confirm_by: ConfirmBy = ConfirmBy.SMS
    plastic_number: str | None = None

    def wish(self) -> Joining:
        """The form as the service takes it."""
        form = Application(
            last_name=self.last_name,
            first_name=self.first_name,
            patronymic=self.patronymic,
            birth_date=self.birth_date,
            email=self.email,
            phone=self.phone,
            password=None,
            accepted=(),
            plastic_number=self.plastic_number,
        )
        return Joining(
            key=self.idempotency_key, form=form, accepted=tuple(self.accepted), sent_by=self.confirm_by.value
        )


@strawberry.input(description="The code as the person said it, with the request it belongs to.")
class ConfirmMemberInput:
    """The code as the person said it."""

    idempotency_key: str
    channel: Channel = Channel.TILL
    request: strawberry.ID
    code: str


@strawberry.input(description="What is to change; what is not named stays. An empty patronymic takes it away.")
class MemberChangeInput:
    """What is to change."""

    last_name: str | None = None
    first_name: str | None = None
    patronymic: str | None = None
    accepted: list[strawberry.ID] | None = strawberry.field(default=None, description="Texts agreed to now.")
    withdrawn: list[DocumentKind] | None = strawberry.field(default=None, description="Consents taken back now.")

    def change(self) -> Change:
        """The change as the service takes it."""
        return Change(
            names=Names(self.last_name, self.first_name, self.patronymic),
            accepted=tuple(self.accepted or ()),
            withdrawn=tuple(self.withdrawn or ()),
        )


@strawberry.input(
    description="A change and whose data it is: `ticket` of a code scanned at this till, or the `phone` the member proved."
)
class RequestMemberChangeInput:
    """A change and whose data it is."""

    channel: Channel = Channel.TILL
    change: MemberChangeInput
    ticket: strawberry.ID | None = None
    phone: str | None = None
    request: strawberry.ID | None = strawberry.field(
        default=None, description="Of an earlier answer: the same code is sent again."
    )

    def wish(self) -> changing.Wish:
        """The wish as the service takes it."""
        return changing.Wish(change=self.change.change(), ticket=self.ticket, phone=self.phone)


@strawberry.input(description="The change again, word by word, with the code that was said for it.")
class ConfirmMemberChangeInput:
    """The change again with its code."""

    idempotency_key: str
    channel: Channel = Channel.TILL
    change: MemberChangeInput
    request: strawberry.ID
    code: str


@strawberry.type(
    description="A code is on its way to the phone or address of the form. The same answer for known and unknown people."
)
class MemberCodeSent:
    """A code is on its way."""

    request: strawberry.ID = strawberry.field(description="Give it back with the code, at this till and channel.")
    resend_after: datetime
    expires_at: datetime


@strawberry.type(description="The code was right. Whoever had a card before has that one, unchanged.")
class MemberRegistered:
    """The code was right."""

    is_new: bool
    first_name: str = strawberry.field(description="Of a member of before its first letter alone.")
    member: UUID | None = strawberry.field(description="The platform's id of the member, for tills of kind SYSTEM.")


@strawberry.type(description="The change is made, and its member told by letter.")
class MemberChanged:
    """The change is made."""

    at: datetime
    member: UUID | None = strawberry.field(description="The platform's id of the member, for tills of kind SYSTEM.")


RegisterMemberResult = Annotated[MemberCodeSent | Problem, strawberry.union("RegisterMemberResult")]
ConfirmMemberResult = Annotated[MemberRegistered | Problem, strawberry.union("ConfirmMemberResult")]
RequestMemberChangeResult = Annotated[MemberCodeSent | Problem, strawberry.union("RequestMemberChangeResult")]
ConfirmMemberChangeResult = Annotated[MemberChanged | Problem, strawberry.union("ConfirmMemberChangeResult")]
