"""The one caller under every vendor, before one that does its worst: whose fault was it, who tries next, and when does it end."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest

from integrations import calling
from integrations.breaker import BUDGET, FAILURES_MAX, SHUT_SECONDS, Breaker
from integrations.calling import Request
from integrations.messaging import calling as gateways
from integrations.pace import Pace
from integrations.ports import Drained, TooOften, Unavailable, Uncertain
from integrations.travelline.calling import Connection, Credentials
from tests.makers.vendor import GROUP, TOKEN, WIDE, Line, line_to_vendor

NOW = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
THINGS = Request("GET", "things")
HELD = "left alone"


async def ask(line: Line) -> dict[str, object]:
    return await line.caller.read(GROUP, THINGS)


async def shut(line: Line) -> None:
    """Five failures: calls are held back from here on."""
    line.vendor.next.extend(["503"] * FAILURES_MAX)
    for _ in range(FAILURES_MAX):
        with pytest.raises(Unavailable):
            await ask(line)
    assert line.breaker.is_shut


async def begun(line: Line, questions: int) -> None:
    """Wait until so many questions have reached the vendor."""
    async with asyncio.timeout(5):
        while line.vendor.requests.count("/things") < questions:
            await asyncio.sleep(0.01)


async def ended(task: asyncio.Task[object]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_our_own_pace_says_nothing_about_the_vendor() -> None:
    """security.md 5: who is held back by our own limit of tokens has asked nobody, so what is shut stays shut, and the one try
    is still there for the next."""
    async with line_to_vendor(NOW, tokens=(1, 1, 1)) as line:
        await shut(line)
        line.at[0] += SHUT_SECONDS + 1
        line.wall[0] += timedelta(hours=2)
        asked, told = len(line.vendor.requests), len(line.told)
        for _ in range(3):
            with pytest.raises(TooOften):
                await ask(line)
        assert line.breaker.is_shut
        assert (len(line.vendor.requests), len(line.told)) == (asked, told)
        line.at[0] += 3700
        assert await ask(line) == {"things": []}
        assert not line.breaker.is_shut


async def test_our_own_pace_forgives_no_failures() -> None:
    """Four failures, a refusal of our own, one failure more: that is five in a row."""
    async with line_to_vendor(NOW, tokens=(1, 1, 1)) as line:
        line.vendor.next.extend(["503"] * (FAILURES_MAX - 1))
        for _ in range(FAILURES_MAX - 1):
            with pytest.raises(Unavailable):
                await ask(line)
        line.wall[0] += timedelta(hours=2)
        with pytest.raises(TooOften):
            await ask(line)
        line.at[0] += 3700
        line.vendor.next.append("503")
        with pytest.raises(Unavailable):
            await ask(line)
        assert line.breaker.is_shut


async def test_who_is_left_alone_is_not_counted_as_asked() -> None:
    """What a breaker holds back takes no place in the vendor's window, where guests would miss it afterwards."""
    async with line_to_vendor(NOW) as line:
        narrow = Pace({"token": WIDE, GROUP: (10**6, 10**6, FAILURES_MAX + 1)}, clock=lambda: line.at[0])
        line.caller._pace = narrow  # the same caller with less room
        await shut(line)
        for _ in range(50):
            with pytest.raises(Unavailable, match=HELD):
                await ask(line)
        line.at[0] += SHUT_SECONDS + 1
        assert await ask(line)


async def test_one_tries_and_all_others_hear_so_at_once() -> None:
    """security.md 5: after the pause one question reaches the vendor, however many come at once."""
    async with line_to_vendor(NOW) as line:
        await shut(line)
        line.at[0] += SHUT_SECONDS + 1
        asked = line.vendor.requests.count("/things")
        line.vendor.next.append("hang")
        first = asyncio.create_task(ask(line))
        await begun(line, asked + 1)
        heard = await asyncio.gather(*(ask(line) for _ in range(30)), return_exceptions=True)
        assert all(isinstance(one, Unavailable) and HELD in str(one) for one in heard)
        assert line.vendor.requests.count("/things") == asked + 1
        await ended(first)


async def test_a_call_of_better_times_frees_no_second_try() -> None:
    """What began before the vendor was left alone and is called off now is not the one that tries."""
    async with line_to_vendor(NOW, seconds=30.0) as line:
        await ask(line)
        line.vendor.next.append("hang")
        early = asyncio.create_task(ask(line))
        await begun(line, 2)
        await shut(line)
        line.at[0] += SHUT_SECONDS + 1
        line.vendor.next.append("hang")
        asked = line.vendor.requests.count("/things")
        trying = asyncio.create_task(ask(line))
        await begun(line, asked + 1)
        await ended(early)
        with pytest.raises(Unavailable, match=HELD):
            await ask(line)
        assert line.vendor.requests.count("/things") == asked + 1
        await ended(trying)


@pytest.mark.parametrize("is_well", [True, False])
def test_a_call_of_better_times_decides_nothing(*, is_well: bool) -> None:
    """It neither ends the pause nor makes it longer, and the one that tries still does."""
    at, told = [0.0], list[float]()
    breaker = Breaker("test", lambda: at[0], lambda _system, _error, held: told.append(held))
    early = breaker.enter()
    calls = [breaker.enter() for _ in range(FAILURES_MAX)]
    for entry in calls:
        breaker.note(entry, is_well=False)
    at[0] = SHUT_SECONDS - 1
    breaker.note(early, is_well=is_well)
    assert told[-1] == 1
    with pytest.raises(Unavailable, match=HELD):
        breaker.enter()
    at[0] = SHUT_SECONDS
    trying = breaker.enter()
    breaker.note(early, is_well=is_well)
    assert breaker.is_shut
    with pytest.raises(Unavailable, match=HELD):
        breaker.enter()
    breaker.note(trying, is_well=True)
    assert not breaker.is_shut


async def test_a_try_that_is_called_off_leaves_its_place_to_the_next() -> None:
    """A guest who goes away amid the try is no reason to leave the vendor alone for longer."""
    async with line_to_vendor(NOW) as line:
        await shut(line)
        line.at[0] += SHUT_SECONDS + 1
        line.vendor.next.append("hang")
        asked = line.vendor.requests.count("/things")
        trying = asyncio.create_task(ask(line))
        await begun(line, asked + 1)
        await ended(trying)
        assert line.breaker.is_shut
        assert await ask(line)
        assert not line.breaker.is_shut


@pytest.mark.parametrize("way", ["drip", "hang"])
async def test_an_answer_that_never_ends_is_cut_off(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """security.md 5: one byte now and then keeps no call alive, and the one that tries does come to an end."""
    monkeypatch.setattr(calling, "CONNECT_SECONDS", 0.2)
    async with line_to_vendor(NOW, seconds=0.4) as line:
        await ask(line)
        line.vendor.next.append(way)
        began = monotonic()
        async with asyncio.timeout(5):
            with pytest.raises(Unavailable, match="Timeout"):
                await ask(line)
        assert monotonic() - began >= 0.4
        line.vendor.next.append(way)
        async with asyncio.timeout(5):
            with pytest.raises(Uncertain):
                await line.caller.write(GROUP, Request("POST", "things", {}))
        assert await ask(line)
        await shut(line)
        line.at[0] += SHUT_SECONDS + 1
        line.vendor.next.append(way)
        async with asyncio.timeout(5):
            with pytest.raises(Unavailable):
                await ask(line)
        line.at[0] += 2 * SHUT_SECONDS + 1
        assert await ask(line)


async def test_an_answer_without_end_is_read_no_further_than_it_may_be() -> None:
    """security.md 6: 200 MB of spaces, of which we take what may be read and what was under way by then."""
    async with line_to_vendor(NOW, answer_bytes_max=1_000_000) as line:
        await ask(line)
        line.vendor.next.append("flood")
        with pytest.raises(Unavailable, match="more than can be read"):
            await ask(line)
        await asyncio.sleep(0.1)
        assert 0 < line.vendor.flooded < 40_000_000


async def test_many_who_wait_for_a_token_wait_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no token is given, the last of thirty hears so as soon as the first, the vendor is asked once and fails once."""
    monkeypatch.setattr(calling, "CONNECT_SECONDS", 0.2)
    async with line_to_vendor(NOW, seconds=0.5) as line:
        line.vendor.token_next.append("hang")
        began = monotonic()
        heard = await asyncio.gather(*(ask(line) for _ in range(30)), return_exceptions=True)
        assert all(isinstance(one, Unavailable) for one in heard)
        assert monotonic() - began < 5
        assert line.vendor.requests == [TOKEN]
        assert len(line.told) == 1
        assert not line.breaker.is_shut
        assert await ask(line)


async def test_who_gives_up_waiting_for_a_token_leaves_it_to_the_next() -> None:
    async with line_to_vendor(NOW) as line:
        line.vendor.token_next.append("hang")
        first = asyncio.create_task(ask(line))
        while not line.vendor.requests:
            await asyncio.sleep(0.01)
        second = asyncio.create_task(ask(line))
        await asyncio.sleep(0.05)
        await ended(first)
        assert await second == {"things": []}


async def test_a_token_of_a_clock_that_was_set_back_is_renewed() -> None:
    """A token without an age is neither fresh nor young: by a clock an hour behind, it would be shown until that hour is over."""
    async with line_to_vendor(NOW, young=timedelta(seconds=60)) as line:
        await ask(line)
        line.vendor.known.clear()
        line.wall[0] -= timedelta(hours=1)
        assert await ask(line)
        line.vendor.known.clear()
        with pytest.raises(Drained):
            await ask(line)  # a token of this minute lacks a right


async def test_only_what_was_asked_earns_repeats(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenth of the calls may be repeated, and who was held back by our own pace has made none."""
    monkeypatch.setattr(calling, "PAUSE_SECONDS", 0.0)
    async with line_to_vendor(NOW) as line:
        for _ in range(int(BUDGET) // 2):
            line.vendor.next.extend(["lose", "lose"])
            assert await ask(line)
        line.pace.shut(GROUP, 60)
        for _ in range(100):
            with pytest.raises(TooOften):
                await ask(line)
        line.at[0] += 61
        asked = line.vendor.requests.count("/things")
        line.vendor.next.append("lose")
        with pytest.raises(Unavailable):
            await ask(line)
        assert line.vendor.requests.count("/things") == asked + 1


async def test_a_shorter_word_does_not_open_a_door_that_was_shut_for_longer() -> None:
    """Two refusals pass each other on their way: the longer wait holds."""
    at = [0.0]
    pace = Pace({GROUP: WIDE}, clock=lambda: at[0])
    pace.shut(GROUP, 60)
    pace.shut(GROUP, 1)
    at[0] = 30.0
    with pytest.raises(TooOften) as shut_for:
        await pace.turn(GROUP)
    assert shut_for.value.seconds == 30
    at[0] = 61.0
    await pace.turn(GROUP)


@pytest.mark.parametrize("way", ["garbled", "lose", "503"])
async def test_a_token_that_cannot_be_read_is_an_outage(way: str) -> None:
    async with line_to_vendor(NOW) as line:
        line.vendor.token_next.extend([way] * 3)
        with pytest.raises(Unavailable):
            await ask(line)
        line.vendor.token_next.clear()
        assert await ask(line)


async def test_a_way_elsewhere_is_no_answer() -> None:
    """A redirect is followed by nobody and read by nobody, whatever stands in it."""
    async with line_to_vendor(NOW) as line:
        await ask(line)
        line.vendor.next.append("302")
        with pytest.raises(Uncertain):
            await line.caller.write(GROUP, Request("POST", "things", {}))


async def test_a_token_for_ever_is_one_for_a_day() -> None:
    """A number of seconds that no calendar has stops nobody."""
    async with line_to_vendor(NOW) as line:
        pace = Pace(dict.fromkeys(("token", GROUP), WIDE), clock=monotonic)
        breaker = Breaker("vendor", monotonic)
        connection = Connection(line.vendor.url, Credentials("c", "s"), pace, breaker, lambda: NOW)
        assert await connection.get(GROUP, "odd") == {"things": []}
        await connection.close()


@pytest.mark.parametrize("way", ["drip", "flood"])
async def test_a_gateway_that_never_ends_its_answer_holds_no_worker(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message may have been taken then: that is uncertain, and looked into before anything is sent again."""
    monkeypatch.setattr(gateways, "CONNECT_SECONDS", 0.2)
    async with line_to_vendor(NOW) as line:
        to_gateway = gateways.Line(line.vendor.url, seconds=0.4)
        line.vendor.next.append(way)
        async with asyncio.timeout(5):
            with pytest.raises(Uncertain):
                await to_gateway.post("things", {})
        await to_gateway.close()
        assert line.vendor.flooded < 40_000_000
