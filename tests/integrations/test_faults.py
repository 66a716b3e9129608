"""Every stand-in fails as it is told, does its work or does not, and sends its events astray (A-087, security.md 5)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from time import monotonic

import httpx2
import pytest

from integrations.standins.orders import COPIES, Astray, Fault, HookFault, Orders
from tests.makers.patience import PATIENCE_SECONDS
from tests.makers.receiver import Receiver, receiving
from tests.makers.standins import STANDINS, Standin, heard

PAUSE = 0.2
FOR_EVER = 3600.0


@pytest.fixture(params=list(STANDINS))
async def standin(request: pytest.FixtureRequest) -> AsyncIterator[Standin]:
    async with STANDINS[request.param]() as one:
        assert (await one.post()).status_code == 200
        assert one.done() == 1, "a good request does its work"
        await one.let_go()
        yield one


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as one:
        one.statuses = [200]
        yield one


async def until_done(standin: Standin, count: int) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while standin.done() < count:
            await asyncio.sleep(0.005)


async def test_what_fails_has_done_nothing(standin: Standin) -> None:
    faults: tuple[Fault, ...] = ("500", "503", "429", "odd")
    for done, fault in enumerate(faults, 1):
        standin.order(fault)
        answer = await standin.post()
        assert standin.done() == done
        if fault == "odd":
            assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
            with pytest.raises(ValueError, match="Expecting value"):
                answer.json()
        else:
            assert answer.status_code == int(fault)
            limits = [answer.headers.get(name) for name in ("retry-after", "x-ratelimit-remaining")]
            assert limits == (["1", "0"] if fault == "429" else [None, None])
        assert (await standin.post()).status_code == 200
        assert standin.done() == done + 1, "a fault takes one request"


async def test_a_lost_answer_was_an_answer(standin: Standin) -> None:
    standin.order("lose")
    with pytest.raises(httpx2.RemoteProtocolError):
        await standin.post()
    assert standin.done() == 2


async def test_the_slow_do_their_work_late_and_answer_then(standin: Standin) -> None:
    standin.plan.slow_seconds = PAUSE
    standin.order("slow")
    began = monotonic()
    asking = asyncio.ensure_future(standin.post())
    await until_done(standin, 2)
    assert monotonic() - began >= PAUSE, "the work waits, not the answer alone"
    assert (await asking).status_code == 200


async def test_the_late_have_done_their_work_long_before_they_answer(standin: Standin) -> None:
    standin.plan.slow_seconds = FOR_EVER
    standin.order("late")
    asking = asyncio.ensure_future(standin.post())
    await until_done(standin, 2)
    assert not asking.done()
    asking.cancel()
    with suppress(asyncio.CancelledError):
        await asking
    standin.plan.slow_seconds = PAUSE
    standin.order("late")
    began = monotonic()
    assert (await standin.post()).status_code == 200
    assert monotonic() - began >= PAUSE


async def test_faults_may_be_left_to_chance(standin: Standin) -> None:
    standin.plan.often = {"503": 100}
    with suppress(KeyError):  # what has to be asked first fails, too
        assert (await standin.post()).status_code == 503
    standin.plan.often = {}
    assert standin.done() == 1
    assert (await standin.post()).status_code == 200


async def test_events_go_astray_as_they_are_told(standin: Standin, receiver: Receiver) -> None:
    first, second = standin.events
    standin.post_to(receiver.url)
    arrives: dict[HookFault | None, list[str]] = {
        None: [first, second],
        "duplicate": [first] * COPIES + [second] * COPIES,
        "reorder": [second, first],
        "drop": [],
    }
    for fault, expected in arrives.items():
        receiver.heard.clear()
        standin.plan.hooks = {fault: 100} if fault else {}
        await standin.tells()
        await standin.let_go()
        assert (fault, heard(standin, receiver)) == (fault, expected)
    assert standin.lost() == 2


async def test_an_event_that_nobody_took_comes_again(standin: Standin, receiver: Receiver) -> None:
    first, second = standin.events
    standin.post_to(receiver.url)
    standin.plan.retry_seconds = (0.0, 0.0)
    receiver.statuses = [500, 503, 200]
    await standin.tells()
    assert heard(standin, receiver) == [first, first, first, second]


def test_what_is_held_back_comes_behind_the_next_that_goes_through() -> None:
    orders = Orders(hooks={"reorder": 100})
    astray = Astray[str](orders)
    assert astray.sent("one") == astray.sent("two") == []
    orders.hooks = {}
    assert astray.sent("three") == ["three", "two", "one"]
    assert astray.held() == []
    orders.hooks = {"drop": 100}
    assert (astray.sent("four"), astray.lost) == ([], 1)
