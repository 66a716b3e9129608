"""Every stand-in of an outside system in one shape: one good request, what it does, and two events that it posts to us."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qs
from uuid import uuid4

import httpx2
import orjson

from integrations.standins.messaging.edna import EdnaStandin
from integrations.standins.messaging.exchange import Exchange
from integrations.standins.messaging.smsaero import SmsAeroStandin
from integrations.standins.messaging.smsc import SmscStandin
from integrations.standins.orders import Fault, Orders
from integrations.standins.posting import poster
from tests.makers import iiko_cloud, payments, travelline
from tests.makers.receiver import Receiver
from tests.makers.travelline_raw import verified

NOW: Final = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
PHONE: Final = "79211234567"
_NUMBERS: Final = count(1)
Answered: TypeAlias = Callable[[], Awaitable[httpx2.Response]]


@dataclass(kw_only=True)
class Standin:
    """A stand-in in a test's hands.

    `post` sends a good request that was never sent before, `done` says how many of them were done, and `requests` which
    paths or operations were asked for. `tells` are two events, each of which ends when everything was posted; `marks` reads
    their names out of what somebody heard. `let_go` has it post what it held back.
    """

    plan: Orders
    order: Callable[[Fault], None]
    requests: list[str]
    post: Answered
    done: Callable[[], int]
    post_to: Callable[[str], None]
    tells: Callable[[], Awaitable[None]]
    let_go: Callable[[], Awaitable[None]]
    marks: Callable[[bytes], list[str]]
    lost: Callable[[], int]
    events: tuple[str, str]


Opener: TypeAlias = Callable[[], AbstractAsyncContextManager[Standin]]


def heard(standin: Standin, receiver: Receiver) -> list[str]:
    """The names of the events that arrived, in their order."""
    return [mark for one in receiver.heard for mark in standin.marks(one.body)]


@asynccontextmanager
async def open_travelline() -> AsyncIterator[Standin]:
    """Bookings are made, and guests come and leave."""
    async with travelline.standing_in(lambda: NOW) as one, travelline.raw_client(one) as client:

        async def post() -> httpx2.Response:
            body = await verified(client)
            ordered = one.plan.faults["create"]
            ordered.extend(waiting)
            waiting.clear()
            return await client.post("/api/reservation/v2/bookings", json={"booking": body})

        waiting: list[Fault] = []
        number = (await post()).json()["booking"]["number"]

        async def tells() -> None:
            for kind in ("check_in", "check_out"):
                one.happens(number, kind)
                await one.webhook.settled()

        async def let_go() -> None:
            one.webhook.let_go()
            await one.webhook.settled()

        yield Standin(
            plan=one.plan,
            order=waiting.append,
            requests=one.requests,
            post=post,
            done=lambda: len(one.reservations.by_number) - 1,
            post_to=lambda url: one.post_to(url, None),
            tells=tells,
            let_go=let_go,
            marks=lambda body: [each["eventType"] for each in orjson.loads(body)],
            lost=lambda: one.webhook.lost,
            events=("webpms:check_in", "webpms:check_out"),
        )


@asynccontextmanager
async def open_iiko() -> AsyncIterator[Standin]:
    """Guests are entered, and a table is opened and paid."""
    async with iiko_cloud.standing_in(lambda: NOW) as one, iiko_cloud.raw_client(one) as client:
        house = one.organizations[0]

        async def post() -> httpx2.Response:
            body = {"organizationId": house.id, "phone": f"+7900{next(_NUMBERS):07d}"}
            return await client.post("/api/1/loyalty/iiko/customer/create_or_update", json=body)

        async def tells() -> None:
            order = one.ordered(house, "table", [iiko_cloud.dish(house, "Чай", 25_000)])
            await one.hooks.settled()
            one.closed(order)
            await one.hooks.settled()

        async def let_go() -> None:
            one.hooks.let_go()
            await one.hooks.settled()

        def post_to(url: str) -> None:
            house.hook_uri, house.hook_filter = url, {"tableOrderFilter": {"orderStatuses": ["New", "Closed"]}}

        yield Standin(
            plan=one.plan,
            order=one.plan.faults["set_guest"].append,
            requests=one.requests,
            post=post,
            done=lambda: len(one.chain.guests),
            post_to=post_to,
            tells=tells,
            let_go=let_go,
            marks=lambda body: [each["eventInfo"]["order"]["status"] for each in orjson.loads(body)],
            lost=lambda: one.hooks.lost,
            events=("New", "Closed"),
        )


@asynccontextmanager
async def open_yookassa() -> AsyncIterator[Standin]:
    """Payments are opened; one of them is declined, another one paid."""
    async with payments.standing_in(lambda: NOW) as one, payments.raw_client(one) as client:

        async def post() -> httpx2.Response:
            body = {
                "amount": {"value": "123.40", "currency": "RUB"},
                "capture": True,
                "confirmation": {"type": "redirect", "return_url": "https://card.example/shop"},
            }
            return await client.post("/payments", json=body, headers={"idempotence-key": str(uuid4())})

        async def tells() -> None:
            declined, paid = [(await post()).json()["id"] for _ in range(2)]
            one.decline(declined)
            await one.notifications.settled()
            one.pay(paid)
            await one.notifications.settled()

        async def let_go() -> None:
            one.notifications.let_go()
            await one.notifications.settled()

        yield Standin(
            plan=one.plan,
            order=one.plan.faults["payments"].append,
            requests=one.requests,
            post=post,
            done=lambda: len(one.books.payments),
            post_to=one.post_to,
            tells=tells,
            let_go=let_go,
            marks=lambda body: [orjson.loads(body)["event"]],
            lost=lambda: one.notifications.lost,
            events=("payment.canceled", "payment.succeeded"),
        )


@asynccontextmanager
async def open_smsaero() -> AsyncIterator[Standin]:
    """Texts are taken, and delivered."""
    async with SmsAeroStandin(lambda: NOW).open() as one:
        callback: dict[str, str] = {}

        async def post(client: httpx2.AsyncClient) -> httpx2.Response:
            body = {"number": PHONE, "sign": "KUNAK", "text": _text()} | callback
            return await client.post("sms/send", json=body)

        def post_to(url: str) -> None:
            callback["callbackUrl"] = url

        def marks(body: bytes) -> list[str]:
            return [orjson.loads(body)["extendStatus"]]

        async with _client(one.url, auth=httpx2.BasicAuth(one.login, one.key)) as client:
            yield _gateway(one.exchange, lambda: post(client), post_to, marks, ("wait status", "delivery"))


@asynccontextmanager
async def open_edna() -> AsyncIterator[Standin]:
    """Texts are taken, and delivered."""
    async with EdnaStandin(lambda: NOW).open() as one, _client(one.url, headers={"x-api-key": one.key}) as client:

        async def post() -> httpx2.Response:
            body = {
                "requestId": str(uuid4()),
                "cascadeId": 211,
                "subscriberFilter": {"address": PHONE, "type": "PHONE"},
                "content": {"smsContent": {"text": _text()}},
            }
            return await client.post("cascade/schedule", json=body)

        def marks(body: bytes) -> list[str]:
            return [orjson.loads(body)["status"]]

        yield _gateway(one.exchange, post, one.post_to, marks, ("SENT", "DELIVERED"))


@asynccontextmanager
async def open_smsc() -> AsyncIterator[Standin]:
    """Texts are taken, and delivered."""
    async with SmscStandin(lambda: NOW).open() as one, _client(one.url) as client:

        async def post() -> httpx2.Response:
            form = {"apikey": one.key, "fmt": "3", "phones": PHONE, "mes": _text(), "sender": "KUNAK"}
            more = {"charset": "utf-8", "id": str(next(_NUMBERS)), "cost": "3"}
            return await client.post("send.php", data=form | more)

        def post_to(url: str) -> None:
            one.hook = url

        def marks(body: bytes) -> list[str]:
            return parse_qs(body.decode())["status"]

        yield _gateway(one.exchange, post, post_to, marks, ("0", "1"))


STANDINS: Final[Mapping[str, Opener]] = {
    "TravelLine": open_travelline,
    "iikoCloud": open_iiko,
    "YooKassa": open_yookassa,
    "SMS Aero": open_smsaero,
    "edna": open_edna,
    "SMSC": open_smsc,
}
"""Those that answer over HTTP; the mail relay speaks SMTP."""


def _gateway(
    exchange: Exchange,
    post: Answered,
    post_to: Callable[[str], None],
    marks: Callable[[bytes], list[str]],
    events: tuple[str, str],
) -> Standin:
    async def tells() -> None:
        await post()
        await exchange.settled()

    return Standin(
        plan=exchange.plan,
        order=exchange.plan.faults.append,
        requests=exchange.requests,
        post=post,
        done=lambda: len(exchange.caught),
        post_to=post_to,
        tells=tells,
        let_go=exchange.settled,
        marks=marks,
        lost=lambda: exchange.lost,
        events=events,
    )


def _client(url: str, **more: Any) -> httpx2.AsyncClient:
    return poster(base_url=url, **more)


def _text() -> str:
    return f"Ваш код {next(_NUMBERS)}"
