"""Webhooks as the panel shows them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

import strawberry

from graph.problems import Problem
from graph.staff.types import Scope
from graph.words import Locale
from loyalty.programme import Programme
from loyalty.webhooks import EventType
from services.webhooks.endpoints import Endpoint
from services.webhooks.replaying import Delivery

strawberry.enum(
    EventType, name="WebhookEventType", description="What partners are told of. TEST comes when somebody asks for it."
)


@strawberry.enum(description="ACTIVE gets events; DISABLED keeps them waiting; ENDED is gone.")
class WebhookState(StrEnum):
    """Whether an address gets events."""

    ACTIVE = "ACTIVE"
    DISABLED = "DISABLED"
    ENDED = "ENDED"


@strawberry.enum(description="STAFF turned it off; FAILING failed for days; GONE answered 410.")
class WebhookDisabledBy(StrEnum):
    """Why an address is disabled."""

    STAFF = "STAFF"
    FAILING = "FAILING"
    GONE = "GONE"


@strawberry.enum(description="PENDING is tried until it is DELIVERED, or FAILED after three days.")
class WebhookDeliveryState(StrEnum):
    """How far a delivery came."""

    PENDING = "PENDING"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"


@strawberry.enum(description="Why a request had no answer.")
class WebhookFault(StrEnum):
    """Why a request had no answer."""

    ADDRESS_NOT_ALLOWED = "ADDRESS_NOT_ALLOWED"
    NAME_UNKNOWN = "NAME_UNKNOWN"
    NOT_REACHED = "NOT_REACHED"
    TLS = "TLS"
    TIMEOUT = "TIMEOUT"
    NO_ANSWER = "NO_ANSWER"


@strawberry.type(description="An address at which a partner is told of purchases. Its secret is shown once.")
class WebhookEndpoint:
    """An address of a partner."""

    id: UUID
    scope: Scope
    url: str
    events: list[EventType]
    state: WebhookState
    disabled_by: WebhookDisabledBy | None
    failing_since: datetime | None = strawberry.field(description="Since when no request was taken.")
    former_secret_until: datetime | None = strawberry.field(description="Until when the former secret signs along.")
    waiting: int = strawberry.field(description="Deliveries that are not there yet.")
    delivered_at: datetime | None = strawberry.field(description="The last one that was taken.")
    created_at: datetime

    @classmethod
    def of(cls, found: Endpoint, programme: Programme, locale: Locale, now: datetime) -> Self:
        """An address as a reader sees it."""
        former = found.former_until
        return cls(
            id=found.id,
            scope=Scope.of(found.scope, programme, locale),
            url=found.url,
            events=[EventType(one) for one in found.events],
            state=WebhookState(found.status),
            disabled_by=None if found.reason is None else WebhookDisabledBy(found.reason),
            failing_since=found.failing_since,
            former_secret_until=former if former is not None and former > now else None,
            waiting=found.waiting,
            delivered_at=found.delivered_at,
            created_at=found.created_at,
        )


@strawberry.type(description="A page of addresses, the newest first.")
class WebhookEndpointPage:
    """A page of addresses."""

    items: list[WebhookEndpoint]
    next: str | None


@strawberry.type(description="One request: the status it was answered with, or why there was no answer.")
class WebhookAttempt:
    """One request."""

    at: datetime
    millis: int
    status: int | None
    fault: WebhookFault | None
    answer: str = strawberry.field(description="How the answer began.")


@strawberry.type(description="An event on its way to an address. Its event's id is the `webhook-id` of every attempt.")
class WebhookDelivery:
    """An event on its way to an address."""

    id: UUID
    event: UUID
    type: EventType
    at: datetime = strawberry.field(description="When it happened.")
    state: WebhookDeliveryState
    tries: int
    next_try_at: datetime | None
    delivered_at: datetime | None
    body: str = strawberry.field(description="What is sent, byte for byte.")
    attempts: list[WebhookAttempt] = strawberry.field(description="The last twenty, the newest first.")

    @classmethod
    def of(cls, found: Delivery) -> Self:
        """A delivery as it is read."""
        return cls(
            id=found.id,
            event=found.event,
            type=EventType(found.kind),
            at=found.at,
            state=WebhookDeliveryState(found.status),
            tries=found.tries,
            next_try_at=found.next_at,
            delivered_at=found.delivered_at,
            body=found.body,
            attempts=[
                WebhookAttempt(
                    at=one.at,
                    millis=one.millis,
                    status=one.status,
                    fault=None if one.fault is None else WebhookFault(one.fault),
                    answer=one.answer,
                )
                for one in found.attempts
            ],
        )


@strawberry.type(description="A page of deliveries, the newest first.")
class WebhookDeliveryPage:
    """A page of deliveries."""

    items: list[WebhookDelivery]
    next: str | None


@strawberry.input(description="An address to be entered.")
class AddWebhookInput:
    """An address to be entered."""

    partner: strawberry.ID
    url: str
    events: list[EventType]
    reason: str


@strawberry.input(description="An address with what shall hold of it from now on.")
class ChangeWebhookInput:
    """An address to be changed."""

    id: UUID
    url: str
    events: list[EventType]
    reason: str


@strawberry.input(
    description="What to send once more: some deliveries, or what happened from `since` to before `until`."
)
class ReplayWebhooksInput:
    """What to send once more."""

    endpoint: UUID
    deliveries: list[UUID] | None = None
    since: datetime | None = None
    until: datetime | None = None
    undelivered: bool = strawberry.field(default=True, description="Of a span: only what was not delivered.")
    reason: str


@strawberry.type(description="The address is there. Its secret is shown this once.")
class WebhookAdded:
    """The address is there."""

    endpoint: WebhookEndpoint
    secret: str


@strawberry.type(description="The address is as asked.")
class WebhookChanged:
    """The address is as asked."""

    endpoint: WebhookEndpoint


@strawberry.type(description="The new secret, shown this once. The former one signs along for a day.")
class WebhookSecretRotated:
    """The new secret."""

    endpoint: WebhookEndpoint
    secret: str


@strawberry.type(description="So many deliveries leave once more.")
class WebhooksReplayed:
    """What leaves once more."""

    count: int


@strawberry.type(description="A test event is on its way.")
class WebhookTestSent:
    """A test event is on its way."""

    event: UUID


AddWebhookResult = Annotated[WebhookAdded | Problem, strawberry.union("AddWebhookResult")]
ChangeWebhookResult = Annotated[WebhookChanged | Problem, strawberry.union("ChangeWebhookResult")]
RotateWebhookSecretResult = Annotated[WebhookSecretRotated | Problem, strawberry.union("RotateWebhookSecretResult")]
ReplayWebhooksResult = Annotated[WebhooksReplayed | Problem, strawberry.union("ReplayWebhooksResult")]
TestWebhookResult = Annotated[WebhookTestSent | Problem, strawberry.union("TestWebhookResult")]
