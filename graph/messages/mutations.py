"""Asking for codes and typing them, and saying what is wanted by which channel."""

from __future__ import annotations

import strawberry

from graph.context import Info
from graph.members.entering import caller_of, signed_in
from graph.members.types import Member, SessionTransport
from graph.messages.results import (
    ConfirmPhoneResult,
    MessagePreferencesSet,
    PhoneConfirmed,
    RequestPhoneCodeResult,
    RequestSignInCodeResult,
    SetMessagePreferencesResult,
    SignInByCodeResult,
)
from graph.messages.types import ChannelPreferenceInput, CodeRequested, message_preferences_of
from graph.permissions import member, public
from loyalty.refusals import Code, Refusal
from services import code_signin, phone_binding
from services.messages import preferences


@strawberry.type
class MessageMutations:
    """Asking for codes and typing them, and saying what is wanted by which channel."""

    @strawberry.mutation(
        extensions=[public()],
        description="Ask for a code to sign in. Same answer for every login; `request` of an earlier answer repeats its code.",
    )
    async def request_sign_in_code(
        self, info: Info, login: str, request: strawberry.ID | None = None
    ) -> RequestSignInCodeResult:
        """Ask for a code to sign in."""
        context = info.context
        asked = await code_signin.request(login, caller_of(context), context.resources, context.now, again=request)
        return CodeRequested.of(asked)

    @strawberry.mutation(extensions=[public()], description="Open a session with the code of a request; five tries.")
    async def sign_in_by_code(
        self, info: Info, request: strawberry.ID, code: str, transport: SessionTransport = SessionTransport.COOKIE
    ) -> SignInByCodeResult:
        """Open a session with the code of a request."""
        context = info.context
        opened = await code_signin.sign_in(
            *(request, code, transport.value),
            caller=caller_of(context),
            resources=context.resources,
            now=context.now,
        )
        return await signed_in(opened, transport, context)

    @strawberry.mutation(
        extensions=[member()],
        description="Ask for a code by SMS to a number, the profile's or a new one, to prove that it is one's own.",
    )
    async def request_phone_code(
        self, info: Info, phone: str, request: strawberry.ID | None = None
    ) -> RequestPhoneCodeResult:
        """Ask for a code to a number."""
        context = info.context
        asked = await phone_binding.request(
            *(phone, context.member.member_id, context.member.session_id),
            caller=caller_of(context),
            resources=context.resources,
            now=context.now,
            again=request,
        )
        return CodeRequested.of(asked)

    @strawberry.mutation(
        extensions=[member()],
        description="Prove a number by the code sent to it, in the session that asked for it. The profile keeps the number.",
    )
    async def confirm_phone(self, info: Info, request: strawberry.ID, code: str) -> ConfirmPhoneResult:
        """Prove a number by the code sent to it."""
        context = info.context
        number = await phone_binding.confirm(
            *(request, code, context.member.member_id, context.member.session_id),
            caller=caller_of(context),
            resources=context.resources,
            now=context.now,
        )
        facts = await context.loaders.member.load(context.member.member_id)
        if facts is None:
            raise Refusal(Code.NOT_FOUND, "member.not_found")
        return PhoneConfirmed(phone=number, member=Member.of(facts))

    @strawberry.mutation(
        extensions=[member()], description="Say what is wanted by which channel; what is not named stays."
    )
    async def set_message_preferences(
        self, info: Info, channels: list[ChannelPreferenceInput]
    ) -> SetMessagePreferencesResult:
        """Say what is wanted by which channel."""
        context = info.context
        member_id = context.member.member_id
        await preferences.set_preferences(member_id, [one.wish() for one in channels], context.now)
        return MessagePreferencesSet(preferences=await message_preferences_of(member_id, context.resources))
