"""Changing one's own data: names, the day of birth, the language, the address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import strawberry

from graph.context import Context, Info
from graph.members.entering import caller_of
from graph.members.types import Member
from graph.messages.types import CodeRequested
from graph.permissions import member
from graph.profiles.results import (
    CancelEmailChangeResult,
    ChangeProfileInput,
    ChangeProfileResult,
    ConfirmEmailChangeResult,
    EmailChangeCancelled,
    EmailChanged,
    EmailChangeInput,
    EmailChangeRequested,
    ProfileChanged,
    RequestEmailChangeCodeResult,
    RequestEmailChangeResult,
)
from loyalty.refusals import Code, Refusal
from services import email_changing, profiles

if TYPE_CHECKING:
    from uuid import UUID


@strawberry.type
class ProfileMutations:
    """Changing one's own data."""

    @strawberry.mutation(
        extensions=[member()],
        description="Change names and the language, and give a day of birth that is not known yet. A letter tells of names.",
    )
    async def change_profile(self, info: Info, input: ChangeProfileInput) -> ChangeProfileResult:  # noqa: A002 - the contract
        """Change names, the language, and a day of birth that is not known yet."""
        context = info.context
        await profiles.change(context.member.member_id, input.wish(), context.resources, context.now)
        return ProfileChanged(member=await _me(context))

    @strawberry.mutation(
        extensions=[member()],
        description="Ask for a code to change the address with, for who has no password: to the phone or address proved before.",
    )
    async def request_email_change_code(
        self, info: Info, request: strawberry.ID | None = None
    ) -> RequestEmailChangeCodeResult:
        """Ask for a code to change the address with."""
        context = info.context
        asked = await email_changing.ask_code(
            *_who(context),
            caller=caller_of(context),
            resources=context.resources,
            now=context.now,
            again=request,
        )
        return CodeRequested.of(asked)

    @strawberry.mutation(
        extensions=[member()],
        description="Ask for another address: a letter goes to it, and the proved one of before is told. Nothing has changed yet.",
    )
    async def request_email_change(self, info: Info, input: EmailChangeInput) -> RequestEmailChangeResult:  # noqa: A002 - the contract
        """Ask for another address."""
        context = info.context
        sent = await email_changing.request(
            input.email,
            input.proof(),
            *_who(context),
            caller=caller_of(context),
            resources=context.resources,
            now=context.now,
        )
        return EmailChangeRequested.of(sent)

    @strawberry.mutation(
        extensions=[member()],
        description="Make the new address count by the link of its letter, signed in to the profile that asked. Twice is fine.",
    )
    async def confirm_email_change(self, info: Info, token: str) -> ConfirmEmailChangeResult:
        """Make the new address count by the link of its letter."""
        await email_changing.confirm_by_link(token, *_who(info.context), info.context.now)
        return EmailChanged(member=await _me(info.context))

    @strawberry.mutation(
        extensions=[member()], description="Make the new address count by the six digits of its letter; five tries."
    )
    async def confirm_email_change_by_code(self, info: Info, code: str) -> ConfirmEmailChangeResult:
        """Make the new address count by the six digits of its letter."""
        context = info.context
        await email_changing.confirm_by_code(
            code, *_who(context), caller=caller_of(context), resources=context.resources, now=context.now
        )
        return EmailChanged(member=await _me(context))

    @strawberry.mutation(
        extensions=[member()], description="Take the change of address back: its letter opens nothing any more."
    )
    async def cancel_email_change(self, info: Info) -> CancelEmailChangeResult:
        """Take the change of address back."""
        context = info.context
        await email_changing.cancel(context.member.member_id, context.now)
        return EmailChangeCancelled(at=context.now)


def _who(context: Context) -> tuple[UUID, UUID]:
    return context.member.member_id, context.member.session_id


async def _me(context: Context) -> Member:
    facts = await context.loaders.member.load(context.member.member_id)
    if facts is None:
        raise Refusal(Code.NOT_FOUND, "member.not_found")
    return Member.of(facts)
