"""Entering, changing and ending addresses; new secrets, test events and sending once more."""

from __future__ import annotations

from uuid import UUID

import strawberry

from graph.context import Context, Info
from graph.permissions import needs
from graph.webhooks.types import (
    AddWebhookInput,
    AddWebhookResult,
    ChangeWebhookInput,
    ChangeWebhookResult,
    ReplayWebhooksInput,
    ReplayWebhooksResult,
    RotateWebhookSecretResult,
    TestWebhookResult,
    WebhookAdded,
    WebhookChanged,
    WebhookEndpoint,
    WebhookSecretRotated,
    WebhooksReplayed,
    WebhookTestSent,
)
from loyalty.refusals import Code, Refusal
from services import programmes
from services.webhooks import endpoints, replaying
from services.webhooks.endpoints import MANAGE, Endpoint
from services.webhooks.replaying import Span


@strawberry.type
class WebhookMutations:
    """Addresses of partners."""

    @strawberry.mutation(
        extensions=[needs(MANAGE)],
        description="Enter an address of a partner; ten at most. Its secret is in the answer and never again.",
    )
    async def add_webhook(self, info: Info, input: AddWebhookInput) -> AddWebhookResult:  # noqa: A002 - the contract's name
        """Enter an address."""
        context = info.context
        made, secret = await endpoints.add(
            context.actor,
            str(input.partner),
            input.url,
            [one.value for one in input.events],
            reason=input.reason,
            resources=context.resources,
            now=context.now,
        )
        return WebhookAdded(endpoint=await _shown(made, context), secret=secret)

    @strawberry.mutation(extensions=[needs(MANAGE)], description="Change where an address leads and what it asks for.")
    async def change_webhook(self, info: Info, input: ChangeWebhookInput) -> ChangeWebhookResult:  # noqa: A002
        """Change an address."""
        context = info.context
        changed = await endpoints.change(
            context.actor,
            input.id,
            input.url,
            [one.value for one in input.events],
            reason=input.reason,
            resources=context.resources,
            now=context.now,
        )
        return WebhookChanged(endpoint=await _shown(changed, context))

    @strawberry.mutation(
        extensions=[needs(MANAGE)],
        description="Turn an address off: events wait, a month at most. Turned on, it gets all that waited.",
    )
    async def switch_webhook(self, info: Info, id: UUID, on: bool, reason: str) -> ChangeWebhookResult:  # noqa: A002, FBT001
        """Turn an address off or on."""
        context = info.context
        found = await endpoints.switch(
            context.actor, id, on=on, reason=reason, resources=context.resources, now=context.now
        )
        return WebhookChanged(endpoint=await _shown(found, context))

    @strawberry.mutation(
        extensions=[needs(MANAGE)], description="Take an address away for good, with all that waits for it."
    )
    async def end_webhook(self, info: Info, id: UUID, reason: str) -> ChangeWebhookResult:  # noqa: A002
        """Take an address away."""
        context = info.context
        found = await endpoints.end(context.actor, id, reason=reason, resources=context.resources, now=context.now)
        return WebhookChanged(endpoint=await _shown(found, context))

    @strawberry.mutation(
        extensions=[needs(MANAGE)],
        description="Make a new secret, shown this once. The former one signs along for a day.",
    )
    async def rotate_webhook_secret(self, info: Info, id: UUID, reason: str) -> RotateWebhookSecretResult:  # noqa: A002
        """Make a new secret."""
        context = info.context
        found, secret = await endpoints.rotate(
            context.actor, id, reason=reason, resources=context.resources, now=context.now
        )
        return WebhookSecretRotated(endpoint=await _shown(found, context), secret=secret)

    @strawberry.mutation(
        extensions=[needs(MANAGE)],
        description="Send deliveries once more under the ids they had, a thousand at a time. Whoever got one sees it again.",
    )
    async def replay_webhooks(self, info: Info, input: ReplayWebhooksInput) -> ReplayWebhooksResult:  # noqa: A002
        """Send once more."""
        context = info.context
        count = await replaying.replay(
            context.actor,
            input.endpoint,
            _wanted(input),
            reason=input.reason,
            resources=context.resources,
            now=context.now,
        )
        return WebhooksReplayed(count=count)

    @strawberry.mutation(extensions=[needs(MANAGE)], description="Have a `webhook.test` sent to an address.")
    async def test_webhook(self, info: Info, id: UUID) -> TestWebhookResult:  # noqa: A002
        """Have a test event sent."""
        context = info.context
        event = await replaying.send_test(context.actor, id, resources=context.resources, now=context.now)
        return WebhookTestSent(event=event)


def _wanted(asked: ReplayWebhooksInput) -> list[UUID] | Span:
    if asked.deliveries is not None and asked.since is None and asked.until is None:
        return asked.deliveries
    if asked.deliveries is None and asked.since is not None and asked.until is not None:
        return Span(asked.since, asked.until, asked.undelivered)
    raise Refusal(Code.INVALID_INPUT, "webhooks.wanted", field="input.deliveries")


async def _shown(found: Endpoint, context: Context) -> WebhookEndpoint:
    return WebhookEndpoint.of(found, await programmes.current(context.now), context.locale, context.now)
