"""Sending a sample of a message to oneself."""

from __future__ import annotations

import strawberry

from graph.context import Info
from graph.permissions import needs
from graph.previews.types import MessageSampleSent, SendMessageSampleResult
from graph.staff.changes import Language
from services.messages import previews, samples


@strawberry.type
class PreviewMutations:
    """Sending a sample of a message to oneself."""

    @strawberry.mutation(
        extensions=[needs(previews.VIEW)],
        description="Send a message as a letter to the address of whoever asks; twenty an hour.",
    )
    async def send_message_sample(self, info: Info, id: strawberry.ID, locale: Language) -> SendMessageSampleResult:  # noqa: A002
        """Send a sample."""
        context = info.context
        email = await samples.ask(context.actor, str(id), locale.value, resources=context.resources, now=context.now)
        return MessageSampleSent(email=email, at=context.now)
