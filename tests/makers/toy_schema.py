"""A small schema with a field of every kind, for tests of the shell that are about no subject."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, datetime
from itertools import count
from typing import Annotated
from uuid import UUID

import strawberry

from graph.context import Info
from graph.permissions import member, public, till
from graph.problems import Problem
from graph.scalars import Money, Points
from graph.schema import House, assembled
from loyalty.refusals import Code, Refusal

SECRET = "postgres://kunak:hunter2@db/kunak"


class Broken(Exception):
    """A fault whose text must never be seen outside."""


@strawberry.input
class LineInput:
    service: strawberry.ID
    amount: Money
    name: str | None = None


@strawberry.input
class OrderInput:
    lines: list[LineInput]
    at: datetime | None = None
    day: date | None = None
    key: UUID | None = None
    points: Points | None = None


@strawberry.type
class Order:
    gross: Money
    names: list[str]
    at: datetime
    note: str | None = None


OrderResult = Annotated[Order | Problem, strawberry.union("OrderResult")]


@strawberry.type
class Row:
    place: int

    @strawberry.field
    def rows(self, first: int = 20) -> list["Row"]:
        return [Row(place=place) for place in range(first)]


@strawberry.type
class Node:
    name: str

    @strawberry.field
    def node(self) -> "Node":
        return Node(name=self.name)


@strawberry.type
class Query:
    @strawberry.field(extensions=[public()])
    def hello(self, name: str = "guest") -> str:
        return f"Hello, {name}"

    @strawberry.field(extensions=[public()])
    async def node(self) -> Node:
        return Node(name="root")

    @strawberry.field(extensions=[public()])
    def rows(self, first: int = 20, since: date | None = None) -> list[Row]:
        return [] if since else [Row(place=place) for place in range(first)]

    @strawberry.field(extensions=[member()])
    async def mine(self, info: Info) -> str:
        return str(info.context.member.member_id)

    @strawberry.field(extensions=[till()])
    async def counter(self, info: Info) -> str:
        return info.context.till.name

    @strawberry.field(extensions=[public()])
    async def broken(self) -> str:
        raise Broken(SECRET)

    @strawberry.field(extensions=[public()])
    async def slow(self, seconds: int) -> str:
        await asyncio.sleep(seconds)
        return "late"

    @strawberry.field(extensions=[public()])
    def busy(self) -> str:
        raise Refusal(Code.BUSY, "busy", retryable=True, retry_after_seconds=1)


@strawberry.type
class Mutation:
    @strawberry.mutation(extensions=[public()])
    async def order(self, info: Info, input: OrderInput) -> OrderResult:  # noqa: A002 - the contract calls it so
        names = [line.name or "" for line in input.lines]
        return Order(gross=Money(sum(line.amount for line in input.lines)), names=names, at=info.context.now)

    @strawberry.mutation(extensions=[member()])
    async def cancel(self, order: UUID) -> OrderResult:
        raise Refusal(Code.NOT_FOUND, "forbidden", field="order", order=str(order))

    @strawberry.mutation(extensions=[public()])
    async def breaks(self, password: str) -> OrderResult:
        raise Broken(SECRET + password)

    @strawberry.mutation(extensions=[public()])
    async def remember(self, info: Info) -> OrderResult:
        info.context.set_cookie("__Host-session", "token", max_age_seconds=60)
        return Order(gross=Money(0), names=[], at=info.context.now)


@strawberry.type
class Subscription:
    @strawberry.subscription(extensions=[public()])
    async def ticks(self, upto: int = 2) -> AsyncIterator[int]:
        for tick in range(upto):
            yield tick
            await asyncio.sleep(0)

    @strawberry.subscription(extensions=[member()])
    async def private(self, info: Info) -> AsyncIterator[str]:
        yield str(info.context.member.member_id)

    @strawberry.subscription(extensions=[member()])
    async def beats(self, seconds: float) -> AsyncIterator[int]:
        for beat in count():
            yield beat
            await asyncio.sleep(seconds)

    @strawberry.subscription(extensions=[public()])
    async def falls(self) -> AsyncIterator[int]:
        yield 1
        raise Broken(SECRET)


def toy_schema() -> House:
    return assembled(Query, Mutation, Subscription)
