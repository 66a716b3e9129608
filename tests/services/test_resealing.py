"""A key can be retired: every root opens under the new one, and every phone goes on drawing accepted codes."""

import os
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from loyalty.refusals import Code, Refusal
from models import database
from services.identify import identify
from services.keyring import Keyring, Unopenable
from services.resealing import reseal, sealed_by_key
from services.resources import Resources
from tests.makers.people import make_member, make_phone, make_till
from tests.makers.programme import make_programme
from tests.makers.resources import make_resources

OLD, NEW = os.urandom(32), os.urandom(32)


def with_keys(keys: dict[int, bytes]) -> Resources:
    return replace(make_resources(), keyring=Keyring(keys))


@pytest.mark.usefixtures("db")
async def test_roots_move_to_the_newest_key_and_codes_stay_accepted(now: datetime) -> None:
    await make_programme(now)
    before = with_keys({1: OLD})
    member = await make_member(now)
    till, _ = await make_till(now)
    phones = [await make_phone(before, member.id, now, device=f"phone {number}") for number in range(3)]
    assert await sealed_by_key() == {1: 3}

    both = with_keys({1: OLD, 2: NEW})
    told: list[int] = []
    assert await reseal(both.keyring, tell=told.append) == 3
    assert told == [3]
    assert await sealed_by_key() == {2: 3}
    assert await reseal(both.keyring) == 0

    after = with_keys({2: NEW})
    for number, phone in enumerate(phones):
        later = now + timedelta(minutes=number)
        found = await identify(after, till, scan_id=uuid4(), code=phone.code(later), now=later)
        assert found.first_name == "Анна"


@pytest.mark.usefixtures("db")
async def test_a_root_whose_key_is_gone_stops_the_work_and_stays_as_it_is(now: datetime) -> None:
    await make_programme(now)
    member = await make_member(now)
    await make_phone(with_keys({1: OLD}), member.id, now)
    before = await database.fetchval("SELECT sealed FROM qr_credential")
    with pytest.raises(Unopenable):
        await reseal(Keyring({2: NEW}))
    assert await database.fetchval("SELECT sealed FROM qr_credential") == before


@pytest.mark.usefixtures("db")
async def test_a_lost_key_file_costs_one_look_at_the_card_and_nothing_else(now: datetime) -> None:
    """The phone's code is refused like any other, and opening the card once gives it a handle and a root anew."""
    await make_programme(now)
    member = await make_member(now)
    till, _ = await make_till(now)
    phone = await make_phone(with_keys({1: OLD}), member.id, now)
    after = with_keys({1: NEW})
    with pytest.raises(Refusal) as refused:
        await identify(after, till, scan_id=uuid4(), code=phone.code(now), now=now)
    assert refused.value.code is Code.CARD_NOT_ACCEPTED
    assert await database.fetchval("SELECT count(*) FROM scan_ticket") == 0

    fresh = await make_phone(after, member.id, now)
    assert fresh.handle != phone.handle
    assert (await identify(after, till, scan_id=uuid4(), code=fresh.code(now), now=now)).first_name == "Анна"
    states = await database.fetch("SELECT handle, state FROM qr_credential")
    assert {row["handle"]: row["state"] for row in states} == {phone.handle: "REVOKED", fresh.handle: "ACTIVE"}
