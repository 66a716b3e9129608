"""examples/python does at a real server what it says, lost answers and webhooks included."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import httpx2
import pytest

from api.clock import now
from examples.python.kunak_till import Line, NoAnswer, Purchase, Quote, Refused, Till, verify
from integrations.ports import Knock
from integrations.webhooks.sending import signed
from models import database
from services.resources import Resources
from services.tills import add_till
from services.webhooks.sealing import new_secret, shown
from tests.makers.people import Phone, make_phone
from tests.makers.plugins import Clock
from tests.makers.restaurant import OUTLET, make_regular
from tests.makers.serving import serving


@dataclass
class Losing(httpx2.BaseTransport):
    """Loses the answers of the first calls, after they were carried out."""

    lost: int
    inner: httpx2.HTTPTransport = field(default_factory=httpx2.HTTPTransport)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        answer = self.inner.handle_request(request)
        if self.lost:
            self.lost -= 1
            answer.read()
            answer.close()
            raise httpx2.ReadTimeout("the answer was lost")
        return answer

    def close(self) -> None:
        self.inner.close()


@dataclass
class Scene:
    url: str
    key: str
    phone: Phone
    moment: datetime

    def till(self, *, lost: int = 0) -> Till:
        client = httpx2.Client(transport=Losing(lost), timeout=10.0)
        return Till(self.url, self.key, language="en", client=client, sleep=lambda _: None)


@pytest.fixture
async def scene(db: None, resources: Resources) -> AsyncIterator[Scene]:
    moment = now()
    member = await make_regular(resources, Clock(moment))
    phone = await make_phone(resources, member.id, moment)
    _, key = await add_till("Магазин", "igora", OUTLET, kind="SYSTEM", channels=["TILL"], now=moment)
    async with serving(resources) as url:
        yield Scene(url, key, phone, moment)


async def test_a_day_of_a_till(scene: Scene) -> None:
    """A-234, A-237: from the scan to the return, typed, a call at each step; a repeated key records nothing twice."""

    def day() -> Any:
        with scene.till() as till:
            assert "restaurants" in till.services()
            guest = till.scan(scene.phone.code(scene.moment))
            assert guest.tier == "pioneer"
            quote = till.price(guest, [Line("restaurants", "Dinner", Decimal("1250.50"))])
            assert (quote.gross, quote.discount, quote.net) == (
                Decimal("1250.50"),
                Decimal("62.53"),
                Decimal("1187.97"),
            )
            sold = [till.sell(quote, "1047", scene.moment, {"CARD": quote.net}, key="k-1047") for _ in range(3)]
            assert isinstance(sold[0], Purchase)
            assert sold[0] == sold[1] == sold[2]
            with pytest.raises(Refused) as caught:
                till.sell(quote, "1048", scene.moment, {"CARD": quote.net}, key="k-1048")
            assert caught.value.code == "QUOTE_USED"
            back = till.give_back(sold[0].id, "1047-1", scene.moment, key="k-1047-1")
            assert (back.status, back.refunded) == ("REFUNDED", quote.net)
            with pytest.raises(Refused) as nobody:
                till.scan("911234567890128176835041")
            assert nobody.value.code == "CARD_NOT_ACCEPTED"

    await asyncio.to_thread(day)
    assert await database.fetchval("SELECT count(*) FROM purchase WHERE receipt_number = '1047'") == 1


async def test_lost_answers_record_one_receipt(scene: Scene) -> None:
    def sale() -> None:
        with scene.till() as calm:
            quote = calm.price(calm.scan(scene.phone.code(scene.moment)), [Line("restaurants", "Tea", Decimal(100))])
        with scene.till(lost=3) as till:
            sold = till.sell(quote, "2001", scene.moment, {"CARD": quote.net}, key="k-2001")
            assert isinstance(sold, Purchase)
            assert not isinstance(sold, Quote)
        with scene.till(lost=100) as deaf, pytest.raises(NoAnswer):
            deaf.sell(quote, "2001", scene.moment, {"CARD": quote.net}, key="k-2001")

    await asyncio.to_thread(sale)
    assert await database.fetchval("SELECT count(*) FROM purchase WHERE receipt_number = '2001'") == 1


def test_webhooks_are_verified_byte_for_byte() -> None:
    """By our own signing, and by the vector of the standard."""
    secret, body = new_secret(), b'{"type":"purchase.posted"}'
    headers = signed(Knock(url="", id="1", body=body, secrets=(new_secret(), secret)), 1_773_480_413)
    assert verify(shown(secret), headers, body, now=1_773_480_500)
    assert not verify(shown(secret), headers, body + b" ", now=1_773_480_500)
    assert not verify(shown(secret), headers, body, now=1_773_480_413 + 301)
    assert not verify(shown(new_secret()), headers, body, now=1_773_480_500)
    assert not verify(shown(secret), {}, body, now=1_773_480_500)
    vector = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    assert verify("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", vector, b'{"test": 2432232314}', now=1614265330)
