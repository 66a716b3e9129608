"""Profiles that nobody confirmed are gone after thirty days, with everything they held."""

import asyncio
from datetime import datetime, timedelta

import pytest

from loyalty.refusals import Refusal
from models import database
from services import confirming, members
from services.resources import Resources
from tests.makers.joining import link_in, make_joined, make_pending, signed_in

TABLES = ("member", "contact", "credential", "consent", "mail_token", "mail_code")


async def counted() -> list[int]:
    return [await database.fetchval(f"SELECT count(*) FROM {table}") for table in TABLES]


async def test_old_unconfirmed_profiles_are_deleted_and_nothing_else(resources: Resources, now: datetime) -> None:
    """Rule 1, D-purge: a younger profile and a member stay."""
    form, _ = await make_joined(resources, now - timedelta(days=40))
    young, letter = await make_pending(resources, now - timedelta(days=29, hours=1))
    before = await counted()
    for _ in range(3):
        await make_pending(resources, now - timedelta(days=31))
    assert await members.purge_pending(now, days=30) == 3
    assert await counted() == before
    assert await members.purge_pending(now, days=30) == 0
    await signed_in(resources, form.email, now)
    assert await confirming.confirm_by_link(link_in(letter), now - timedelta(days=29)) == young.email


async def test_a_confirmation_that_meets_the_purge_wins_or_finds_nothing(resources: Resources, now: datetime) -> None:
    """Never half a profile."""
    for _ in range(5):
        _, letter = await make_pending(resources, now)
        done = await asyncio.gather(
            members.purge_pending(now + timedelta(days=31), days=30),
            confirming.confirm_by_link(link_in(letter), now),
            return_exceptions=True,
        )
        purged, confirmed = done
        assert purged in (0, 1)
        assert isinstance(confirmed, Refusal) == (purged == 1)
        orphans = "SELECT count(*) FROM contact WHERE member_id NOT IN (SELECT id FROM member)"
        assert await database.fetchval(orphans) == 0


async def test_many_are_purged_in_batches(resources: Resources, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "PURGE_AT_ONCE", 2)
    for _ in range(5):
        await make_pending(resources, now - timedelta(days=31))
    assert await members.purge_pending(now, days=30) == 5
    assert await counted() == [0] * len(TABLES)
