"""Messages as their readers get them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from graph.messages.types import MessageChannel
from graph.problems import Problem
from graph.scalars import Money
from graph.staff.changes import Language
from graph.status.telling import name_of
from graph.words import catalogue, sentence
from services.messages import samples
from services.messages.previews import Sort

if TYPE_CHECKING:
    from graph.context import Context
    from graph.words import Locale
    from services.messages import previews

strawberry.enum(
    Sort,
    name="MessageSort",
    description="What a message is: a letter to a member, one to the staff, a one-time code, or a notice.",
)


@strawberry.type(description="What a text costs by a gateway, by the prices of the settings.")
class MessageCost:
    """What a text costs by a gateway."""

    gateway: str
    channel: MessageChannel
    cost: Money | None = strawberry.field(description="Null where the settings have no price for it.")

    @classmethod
    def of(cls, one: previews.Cost, locale: Locale) -> Self:
        """The cost as it is read."""
        cost = None if one.kopecks is None else Money(one.kopecks)
        return cls(gateway=name_of(one.gateway, locale), channel=MessageChannel(one.channel), cost=cost)


@strawberry.type(description="A message as a text by SMS or Viber, counted as operators count it.")
class ShortText:
    """A message as a text by SMS or Viber."""

    text: str
    encoding: str = strawberry.field(description="GSM7, or UCS2 for any text with a letter outside of it.")
    units: int = strawberry.field(description="Septets of GSM7, 16-bit units of UCS2.")
    parts: int = strawberry.field(description="The parts that an SMS is paid for.")
    costs: list[MessageCost] = strawberry.field(description="By gateway, in the order in which they are asked.")

    @classmethod
    def of(cls, one: previews.Short, locale: Locale) -> Self:
        """The text as it is read."""
        counted = one.segments
        costs = [MessageCost.of(each, locale) for each in one.costs]
        return cls(text=one.text, encoding=counted.encoding, units=counted.units, parts=counted.parts, costs=costs)


@strawberry.type(description="A message in one language.")
class MessageText:
    """A message in one language."""

    locale: Language
    subject: str
    text: str = strawberry.field(description="The letter as plain text.")
    page: str | None = strawberry.field(
        description="Where the letter's markup is shown for a day, for a frame; null for a letter of plain text."
    )
    short: ShortText | None

    @classmethod
    def of(cls, message: str, one: previews.Spoken, context: Context) -> Self:
        """The text as it is read."""
        keyring = context.resources.keyring
        page = samples.path_of(message, one.locale, keyring, context.now) if one.letter.html is not None else None
        return cls(
            locale=Language(one.locale),
            subject=one.letter.subject,
            text=one.letter.text,
            page=page,
            short=None if one.short is None else ShortText.of(one.short, context.locale),
        )


@strawberry.type(description="A message that this programme sends, filled with somebody who does not exist.")
class MessagePreview:
    """A message that this programme sends."""

    id: strawberry.ID
    sort: Sort
    name: str
    texts: list[MessageText] = strawberry.field(description="In Russian, then in English.")

    @classmethod
    def of(cls, one: previews.Preview, context: Context) -> Self:
        """The message as it is read. One that nobody has named yet is called by its id."""
        key = f"preview.{one.id}"
        name = sentence(key, context.locale) if key in catalogue() else one.id
        texts = [MessageText.of(one.id, each, context) for each in one.spoken]
        return cls(id=strawberry.ID(one.id), sort=one.sort, name=name, texts=texts)


@strawberry.type(description="The sample is on its way.")
class MessageSampleSent:
    """The sample is on its way."""

    email: str = strawberry.field(description="The address of whoever asked.")
    at: datetime


SendMessageSampleResult = Annotated[MessageSampleSent | Problem, strawberry.union("SendMessageSampleResult")]
