"""A voucher at a till: once, at its own partner, whoever asks how often (A-081)."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime

import pytest

from loyalty.refusals import Code, Refusal
from loyalty.shops import VoucherState
from models import database
from services.shop import redeeming
from services.shop.redeeming import AtTill
from services.shop.rows import VoucherFacts
from services.tills import TillFacts
from tests.makers.people import make_till
from tests.makers.shop import Store, store_of
from tests.makers.state import state


@pytest.fixture
async def store(db: None, now: datetime) -> AsyncIterator[Store]:
    async with store_of(now) as one:
        yield one


async def redeem(store: Store, code: str, *, till: TillFacts | None = None, key: str = "one") -> AtTill:
    return await redeeming.redeem(store.resources, till or store.till, key=key, code=code, now=store.clock.now)


async def bought(store: Store) -> tuple[VoucherFacts, str]:
    voucher = (await store.bought(1)).vouchers[0]
    return voucher, store.code(voucher)


async def test_a_voucher_is_redeemed_once_and_says_where(store: Store) -> None:
    """A-081: a second try is refused with the moment and the place of the first, and moves nothing."""
    voucher, code = await bought(store)
    assert (await redeeming.look(store.till, code, store.clock.now)).voucher.state is VoucherState.ISSUED
    seen = await redeem(store, f"{code[:4]} {code[4:]}\r")
    assert (seen.voucher.state, seen.item.name.ru) == (VoucherState.USED, "Ски-пасс на день")
    before = await state()
    with pytest.raises(Refusal) as refusal:
        await redeem(store, code, key="two")
    assert (refusal.value.code, refusal.value.words) == (Code.VOUCHER_NOT_ACCEPTED, "shop.voucher_used")
    place = refusal.value.facts["place"]
    assert not isinstance(place, str | int)
    assert place.in_locale("en") == "Ski rental desk"
    assert await state() == before
    assert (await store.fresh(voucher.order)).vouchers[0].used_outlet == "igora-ski-rental"


async def test_a_lost_answer_is_heard_again_under_its_key(store: Store) -> None:
    """The till that did not hear asks with the same key and hears that it was done; another code under it is refused."""
    _, code = await bought(store)
    _, other = await bought(store)
    first = await redeem(store, code)
    again = await redeem(store, code)
    assert first.voucher == again.voucher
    before = await state()
    with pytest.raises(Refusal) as refusal:
        await redeem(store, other)
    assert refusal.value.code is Code.KEY_REUSED
    assert await state() == before


async def test_of_twenty_rivals_one_redeems(store: Store, now: datetime) -> None:
    """A-081: twenty tills, twenty keys, one voucher: one gives the service out."""
    _, code = await bought(store)
    tills = [store.till, (await make_till(now, outlet="igora-spa"))[0]]
    tries = (redeem(store, code, till=tills[place % 2], key=f"rival-{place}") for place in range(20))
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    done = [one for one in outcomes if isinstance(one, AtTill)]
    refusals = [one.code for one in outcomes if isinstance(one, Refusal)]
    assert (len(done), refusals) == (1, [Code.VOUCHER_NOT_ACCEPTED] * 19)
    assert await database.fetchval("SELECT count(*) FROM shop_voucher WHERE state = 'USED'") == 1
    keys = await database.fetchval("SELECT count(*) FROM once_answer WHERE operation = 'redeemVoucher'")
    assert keys == 1, "a refusal keeps no key"


async def test_another_partners_till_learns_nothing(store: Store, now: datetime) -> None:
    """A-081: a strange till hears of a good voucher what it hears of one that never was."""
    _, code = await bought(store)
    strange, _ = await make_till(now, partner="dacha-vintera", outlet="dacha-vintera-desk")
    before = await state()
    told = []
    for digits in (code, "930000000000000000000780", code[:-1] + str((int(code[-1]) + 1) % 10), "", "x" * 900):
        for ask in (redeeming.look(strange, digits, store.clock.now), redeem(store, digits, till=strange)):
            with pytest.raises(Refusal) as refusal:
                await ask
            told.append((refusal.value.code, refusal.value.words, dict(refusal.value.facts)))
    assert set(map(str, told)) == {str((Code.NOT_FOUND, "shop.no_voucher", {}))}
    assert await state() == before


async def test_a_key_without_the_scope_redeems_nothing(store: Store) -> None:
    _, code = await bought(store)
    narrow = replace(store.till, scopes=("EARN", "REFUND"))
    before = await state()
    for ask in (redeeming.look(narrow, code, store.clock.now), redeem(store, code, till=narrow)):
        with pytest.raises(Refusal) as refusal:
            await ask
        assert (refusal.value.code, refusal.value.facts["scope"]) == (Code.FORBIDDEN, "SPEND")
    assert await state() == before


async def test_a_voucher_whose_day_has_passed_is_not_taken(store: Store) -> None:
    voucher, code = await bought(store)
    store.clock.now = voucher.ends_at
    before = await state()
    with pytest.raises(Refusal) as refusal:
        await redeem(store, code)
    assert (refusal.value.code, refusal.value.words) == (Code.VOUCHER_NOT_ACCEPTED, "shop.voucher_expired")
    assert await state() == before
