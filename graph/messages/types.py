"""Channels, and what a member wants by them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Self

import strawberry

from graph.members.consents import Consent
from loyalty import messages
from loyalty.programme import DocumentKind
from services import consents
from services.messages import preferences

if TYPE_CHECKING:
    from uuid import UUID

    from services.onetime import Asked
    from services.resources import Resources


@strawberry.enum(description="A way to a person.")
class MessageChannel(StrEnum):
    """A way to a person."""

    VIBER = "VIBER"
    SMS = "SMS"
    EMAIL = "EMAIL"


@strawberry.type(description="A channel as its reader sees it.")
class ChannelPreference:
    """A channel as its reader sees it."""

    channel: MessageChannel
    address: str | None = strawberry.field(description="The phone or the e-mail of the profile.")
    verified: bool = strawberry.field(description="Whether its owner has proved it by a code.")
    available: bool = strawberry.field(description="Whether messages leave by it at all here.")
    service: bool = strawberry.field(description="Notices about the card; by e-mail always.")
    marketing: bool = strawberry.field(description="Adverts, where the consent to them stands too.")

    @classmethod
    def of(cls, one: preferences.Preference) -> Self:
        """The channel as it is read."""
        return cls(
            channel=MessageChannel(one.channel),
            address=one.address,
            verified=one.verified,
            available=one.available,
            service=one.service,
            marketing=one.marketing,
        )


@strawberry.type(description="What a member wants, and the consent that adverts need besides.")
class MessagePreferences:
    """What a member wants, and the consent that adverts need besides."""

    channels: list[ChannelPreference] = strawberry.field(description="In the order of the cascade.")
    marketing: Consent | None = strawberry.field(
        description="The newest act about adverts; null if there was none. `giveConsent` and `withdrawConsent` change it."
    )


@strawberry.input(description="What is to change about a channel; null leaves it.")
class ChannelPreferenceInput:
    """What is to change about a channel."""

    channel: MessageChannel
    service: bool | None = None
    marketing: bool | None = None

    def wish(self) -> preferences.Wish:
        """The wish as the service takes it."""
        return preferences.Wish(messages.Channel(self.channel.value), self.service, self.marketing)


@strawberry.type(description="A code is on its way, if there is somebody to send it to. The same answer for everybody.")
class CodeRequested:
    """A code is on its way."""

    request: strawberry.ID = strawberry.field(description="Give it back with the code, which works with it alone.")
    resend_after: datetime
    expires_at: datetime

    @classmethod
    def of(cls, asked: Asked) -> Self:
        """What whoever asked is told."""
        return cls(request=strawberry.ID(asked.request), resend_after=asked.resend_after, expires_at=asked.expires_at)


async def message_preferences_of(member_id: UUID, resources: Resources) -> MessagePreferences:
    """What a member wants, as it is read."""
    acts = await consents.consents_of(member_id)
    newest = next((act for act in acts if act.kind is DocumentKind.MARKETING), None)
    return MessagePreferences(
        channels=[ChannelPreference.of(one) for one in await preferences.preferences_of(member_id, resources)],
        marketing=None if newest is None else Consent.of(newest),
    )
