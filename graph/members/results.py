"""What joining, signing in and keeping one's own data take and give."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graph.members.consents import Consent
from graph.members.types import Member
from graph.problems import Problem


@strawberry.input(description="The registration form.")
class RegisterInput:
    """The registration form."""

    last_name: str
    first_name: str
    patronymic: str | None = None
    birth_date: date
    email: str
    phone: str
    password: str = strawberry.field(description="8 to 128 characters, not a common one; nothing else is asked of it.")
    accept_offer: bool
    accept_personal_data: bool
    accept_partner_transfer: bool = False
    accept_marketing: bool = False
    documents: list[strawberry.ID] | None = strawberry.field(
        default=None, description="The texts that were shown; absent: the current ones. An outdated one is refused."
    )
    plastic_number: str | None = strawberry.field(
        default=None, description="The number of an old card: kept, replaced by the new one, accepted once."
    )


@strawberry.type(description="The letter is on its way. The answer is the same for known and unknown people.")
class Registered:
    """The letter is on its way."""

    email: str
    resend_after: datetime


@strawberry.type(description="Another letter is on its way, if the address waits for one.")
class ConfirmationResent:
    """Another letter is on its way."""

    resend_after: datetime


@strawberry.type(description="The address is confirmed and the card issued.")
class EmailConfirmed:
    """The address is confirmed."""

    email: str


@strawberry.type(description="A session is open.")
class SignedIn:
    """A session is open."""

    member: Member
    token: str | None = strawberry.field(description="For transport BEARER only; COOKIE sets `__Host-session`.")


@strawberry.type(description="The session and the card keys it issued have ended.")
class SignedOut:
    """The session has ended."""

    at: datetime


@strawberry.type(description="A letter is on its way, if the address is known.")
class PasswordResetRequested:
    """A letter is on its way, if the address is known."""

    resend_after: datetime


@strawberry.type(description="The new password counts; every session and card key has ended.")
class PasswordReset:
    """The new password counts."""

    email: str


@strawberry.type(description="The new password counts; other sessions and every card key have ended.")
class PasswordChanged:
    """The new password counts."""

    at: datetime


@strawberry.type(description="The act is written down.")
class ConsentRecorded:
    """The act is written down."""

    consent: Consent


@strawberry.type(description="The device is signed out, and its card key has ended.")
class DeviceRevoked:
    """The device is signed out."""

    id: UUID


RegisterResult = Annotated[Registered | Problem, strawberry.union("RegisterResult")]
ResendConfirmationResult = Annotated[ConfirmationResent | Problem, strawberry.union("ResendConfirmationResult")]
ConfirmEmailResult = Annotated[EmailConfirmed | Problem, strawberry.union("ConfirmEmailResult")]
SignInResult = Annotated[SignedIn | Problem, strawberry.union("SignInResult")]
SignOutResult = Annotated[SignedOut | Problem, strawberry.union("SignOutResult")]
RequestPasswordResetResult = Annotated[PasswordResetRequested | Problem, strawberry.union("RequestPasswordResetResult")]
ResetPasswordResult = Annotated[PasswordReset | Problem, strawberry.union("ResetPasswordResult")]
ChangePasswordResult = Annotated[PasswordChanged | Problem, strawberry.union("ChangePasswordResult")]
ConsentResult = Annotated[ConsentRecorded | Problem, strawberry.union("ConsentResult")]
RevokeDeviceResult = Annotated[DeviceRevoked | Problem, strawberry.union("RevokeDeviceResult")]
