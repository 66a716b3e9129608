"""Questions of one moment share a statement; nobody hears of a state older than the question, and nobody waits for ever."""

import asyncio

import pytest

from services.gathering import AT_ONCE, TOGETHER_MAX, Gathering
from tests.makers.patience import PATIENCE_SECONDS


class Answerer:
    """Doubles numbers and remembers what it was asked together."""

    def __init__(self) -> None:
        self.rounds: list[list[int]] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, questions: list[int]) -> list[int]:
        self.rounds.append(questions)
        await self.gate.wait()
        if -13 in questions:
            raise ValueError("thirteen")
        return [2 * question for question in questions]


async def test_those_who_ask_in_one_moment_go_together_and_get_their_own_answers() -> None:
    answerer = Answerer()
    gathering = Gathering(answerer)
    assert await asyncio.gather(*(gathering.ask(number) for number in range(10))) == list(range(0, 20, 2))
    assert answerer.rounds == [list(range(10))]


async def test_a_question_never_joins_what_is_under_way() -> None:
    answerer = Answerer()
    answerer.gate.clear()
    gathering = Gathering(answerer)
    early = asyncio.create_task(gathering.ask(1))
    await asyncio.sleep(0.01)
    late = asyncio.create_task(gathering.ask(2))
    await asyncio.sleep(0.01)
    assert answerer.rounds == [[1], [2]]
    answerer.gate.set()
    assert (await early, await late) == (2, 4)


async def test_a_crowd_is_cut_into_rounds_of_a_bounded_size_and_number() -> None:
    answerer = Answerer()
    answerer.gate.clear()
    gathering = Gathering(answerer)
    asked = [asyncio.create_task(gathering.ask(number)) for number in range(3 * TOGETHER_MAX)]
    await asyncio.sleep(0.01)
    assert [len(each) for each in answerer.rounds] == [TOGETHER_MAX] * AT_ONCE
    answerer.gate.set()
    assert await asyncio.gather(*asked) == [2 * number for number in range(3 * TOGETHER_MAX)]


async def test_a_fault_reaches_everybody_of_its_round_and_the_next_round_is_well() -> None:
    gathering = Gathering(Answerer())
    told = await asyncio.gather(gathering.ask(12), gathering.ask(-13), return_exceptions=True)
    assert [str(each) for each in told] == ["thirteen", "thirteen"]
    with pytest.raises(ValueError, match="thirteen"):
        await gathering.ask(-13)
    assert await gathering.ask(14) == 28


async def test_who_goes_away_takes_nothing_from_the_others() -> None:
    answerer = Answerer()
    answerer.gate.clear()
    gathering = Gathering(answerer)
    first, second = (asyncio.create_task(gathering.ask(number)) for number in (1, 2))
    await asyncio.sleep(0.01)
    first.cancel()
    answerer.gate.set()
    assert await second == 4
    assert first.cancelled()


async def test_a_question_in_the_breath_of_an_ending_round_is_answered() -> None:
    """Asked between the last look at the queue and the end of the tasks that looked: nobody else comes to wake them."""
    gathering = Gathering(Answerer())

    async def ask_again_and_again() -> None:
        for number in range(200):
            assert await gathering.ask(number) == 2 * number

    async with asyncio.timeout(PATIENCE_SECONDS):
        await asyncio.gather(*(ask_again_and_again() for _ in range(AT_ONCE + 1)))
