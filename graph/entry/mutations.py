"""Joining and changing data at a till and in a web shop, each with a code that its owner says."""

from typing import TYPE_CHECKING

import strawberry

from graph.context import Context, Info
from graph.entry.types import (
    ConfirmMemberChangeInput,
    ConfirmMemberChangeResult,
    ConfirmMemberInput,
    ConfirmMemberResult,
    MemberChanged,
    MemberCodeSent,
    MemberRegistered,
    RegisterMemberInput,
    RegisterMemberResult,
    RequestMemberChangeInput,
    RequestMemberChangeResult,
)
from graph.permissions import till
from graph.programme.types import Channel
from services.callers import Caller
from services.entry import changing, joining
from services.entry.doors import Door

if TYPE_CHECKING:
    from uuid import UUID

    from services.onetime import Asked


@strawberry.type
class EntryMutations:
    """Joining and changing data at a till and in a web shop."""

    @strawberry.mutation(
        extensions=[till()],
        description="Register a person by the form of the cabinet: a code goes to the phone or address, and confirms it."
        " Nothing tells whether the person is known.",
    )
    async def register_member(self, info: Info, input: RegisterMemberInput) -> RegisterMemberResult:  # noqa: A002 - the contract
        """Register a person by the form of the cabinet."""
        context = info.context
        door = _door(context, input.channel)
        return _sent(await joining.request(door, input.wish(), context.resources, context.now))

    @strawberry.mutation(
        extensions=[till()],
        description="Make the registered person a member by the code they said. Rivals by one phone end as one member.",
    )
    async def confirm_member(self, info: Info, input: ConfirmMemberInput) -> ConfirmMemberResult:  # noqa: A002 - the contract
        """Make the registered person a member."""
        context = info.context
        joined = await joining.confirm(
            _door(context, input.channel),
            key=input.idempotency_key,
            handle=input.request,
            code=input.code,
            resources=context.resources,
            now=context.now,
        )
        return MemberRegistered(
            is_new=joined.is_new, first_name=joined.first_name, member=_for_systems(context, joined.member)
        )

    @strawberry.mutation(
        extensions=[till()],
        description="Ask the member for a code to change their data: by a card scanned here, or by the phone they proved.",
    )
    async def request_member_change(
        self,
        info: Info,
        input: RequestMemberChangeInput,  # noqa: A002 - the contract
    ) -> RequestMemberChangeResult:
        """Ask the member for a code to change their data."""
        context = info.context
        door = _door(context, input.channel)
        asked = await changing.request(door, input.wish(), context.resources, context.now, again=input.request)
        return _sent(asked)

    @strawberry.mutation(
        extensions=[till()], description="Change a member's data by the code they said for exactly this change."
    )
    async def confirm_member_change(
        self,
        info: Info,
        input: ConfirmMemberChangeInput,  # noqa: A002 - the contract
    ) -> ConfirmMemberChangeResult:
        """Change a member's data."""
        context = info.context
        member = await changing.confirm(
            _door(context, input.channel),
            input.change.change(),
            key=input.idempotency_key,
            handle=input.request,
            code=input.code,
            resources=context.resources,
            now=context.now,
        )
        return MemberChanged(at=context.now, member=_for_systems(context, member))


def _door(context: Context, channel: Channel) -> Door:
    caller = Caller(address=context.address, agent=context.agent, locale=context.locale)
    return Door(context.till, channel.value, caller, context.request_id)


def _for_systems(context: Context, member: "UUID") -> "UUID | None":
    """A web shop keeps the platform's id beside its own (A-239); a cashier has no use for it."""
    return member if context.till.kind == "SYSTEM" else None


def _sent(asked: "Asked") -> MemberCodeSent:
    return MemberCodeSent(
        request=strawberry.ID(asked.request), resend_after=asked.resend_after, expires_at=asked.expires_at
    )
