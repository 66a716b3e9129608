"""What asking for codes, typing them and wishing gives."""

from __future__ import annotations

from typing import Annotated

import strawberry

from graph.members.results import SignedIn
from graph.members.types import Member
from graph.messages.types import CodeRequested, MessagePreferences
from graph.problems import Problem


@strawberry.type(description="The number is the member's proved phone.")
class PhoneConfirmed:
    """The number is the member's proved phone."""

    phone: str
    member: Member


@strawberry.type(description="The wishes count from the next message on.")
class MessagePreferencesSet:
    """The wishes count from the next message on."""

    preferences: MessagePreferences


RequestSignInCodeResult = Annotated[CodeRequested | Problem, strawberry.union("RequestSignInCodeResult")]
SignInByCodeResult = Annotated[SignedIn | Problem, strawberry.union("SignInByCodeResult")]
RequestPhoneCodeResult = Annotated[CodeRequested | Problem, strawberry.union("RequestPhoneCodeResult")]
ConfirmPhoneResult = Annotated[PhoneConfirmed | Problem, strawberry.union("ConfirmPhoneResult")]
SetMessagePreferencesResult = Annotated[
    MessagePreferencesSet | Problem, strawberry.union("SetMessagePreferencesResult")
]
