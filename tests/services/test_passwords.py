"""Hashing: equal work for somebody and nobody, and an end to the crowd (P26)."""

import asyncio

import pytest
from argon2 import extract_parameters

from loyalty.refusals import Code, Refusal
from services.passwords import NOBODYS_HASH, Hasher, common_passwords


async def test_a_password_is_known_by_its_hash() -> None:
    hasher = Hasher()
    kept = await hasher.hash("гречневая каша")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert kept != await hasher.hash("гречневая каша")
    assert await hasher.verify(kept, "гречневая каша")
    assert not await hasher.verify(kept, "гречневая Каша")
    assert not hasher.is_stale(kept)
    hasher.close()


async def test_nobody_costs_as_much_as_somebody() -> None:
    """T2: one hash of the same parameters, and no password fits."""
    hasher = Hasher()
    assert extract_parameters(NOBODYS_HASH) == extract_parameters(await hasher.hash("x"))
    before = hasher.hashes
    assert not await hasher.verify(None, "x")
    assert hasher.hashes == before + 1
    assert not await hasher.verify("no hash at all", "x")
    hasher.close()


async def test_a_crowd_is_told_to_come_back_and_no_more_run_than_there_are_threads() -> None:
    hasher = Hasher(threads=1, waiting=4)
    answers = await asyncio.gather(*(hasher.hash("x") for _ in range(20)), return_exceptions=True)
    busy = [answer for answer in answers if isinstance(answer, Refusal)]
    assert len(busy) == 15
    assert {(refusal.code, refusal.retryable, refusal.retry_after_seconds) for refusal in busy} == {
        (Code.BUSY, True, 1)
    }
    assert await hasher.hash("x")
    assert hasher.hashes == 6
    hasher.close()


async def test_nobody_waits_for_ever() -> None:
    hasher = Hasher(threads=1, waiting=50, seconds=0.1)
    answers = await asyncio.gather(*(hasher.hash("x") for _ in range(30)), return_exceptions=True)
    assert any(isinstance(answer, Refusal) for answer in answers)
    assert any(isinstance(answer, str) for answer in answers)
    assert await hasher.hash("x")
    hasher.close()


async def test_who_hangs_up_gives_the_turn_back() -> None:
    hasher = Hasher(threads=1)
    for _ in range(5):
        task = asyncio.create_task(hasher.hash("x"))
        await asyncio.sleep(0.005)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert await hasher.hash("x")
    hasher.close()


def test_the_blocklist_knows_what_is_guessed_first() -> None:
    """A-037."""
    assert len(common_passwords()) > 20_000
    assert {"password1", "qwerty123", "12345678", "qwertyuiop"} <= common_passwords()
