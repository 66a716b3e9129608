"""Promo codes: made once, kept as digests, used as often as they say, and not to be guessed."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from loyalty.refusals import Code, Refusal
from models import database
from services.promotions import making
from services.promotions.codes import Given, normal
from services.promotions.making import Order
from services.purchases import Posted, Repriced, post_purchase
from services.quotes import Quoted, quote_purchase
from services.refunds import RefundCommand, refund_purchase
from services.resources import Resources
from services.tills import TillFacts
from tests.makers.campaigns import bought, make_desk, make_shop
from tests.makers.patience import rivals
from tests.makers.people import MadeMember, make_member
from tests.makers.purchases import command, make_ticket

CAMPAIGNS = (
    "id: spring, name: Весна, code: true, gives: {percent: 10}",
    "id: large, name: Большая, code: true, when: {basket_min: 5000}, gives: {percent: 20}",
)


@pytest.fixture
async def scene(db: None, now: datetime, tmp_path: Path) -> tuple[TillFacts, MadeMember]:
    await make_shop(now, tmp_path, *CAMPAIGNS)
    return await make_desk(now)


async def made(resources: Resources, order: Order, now: datetime) -> list[str]:
    return [code async for part in making.make(resources.keyring, order, now) for code in part]


async def shown(resources: Resources, scene: tuple[TillFacts, MadeMember], codes: list[str], now: datetime) -> Quoted:
    till, member = scene
    ticket = await make_ticket(till, member, now)
    return await quote_purchase(
        till, ticket=ticket, lines=bought(("bar", 1000_00)), channel="TILL", now=now, promo=Given(resources, codes)
    )


async def refused(
    resources: Resources, scene: tuple[TillFacts, MadeMember], codes: list[str], now: datetime
) -> Refusal:
    before = await database.fetchval("SELECT count(*) FROM quote")
    with pytest.raises(Refusal) as caught:
        await shown(resources, scene, codes, now)
    assert await database.fetchval("SELECT count(*) FROM quote") == before
    return caught.value


async def test_a_code_opens_its_campaign_once_and_a_return_gives_it_back(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """A-064, E4: issued, redeemed, returned; however it is written."""
    (code,) = await made(resources, Order("spring", "Весна"), now)
    quoted = await shown(resources, scene, [f" {code.lower().replace('-', ' ')} "], now)
    assert quoted.priced.net == 900_00
    posted = await post_purchase(resources, scene[0], command(quoted.id, 900_00, now), now=now)
    assert isinstance(posted, Posted)
    assert await database.fetchval("SELECT source FROM discount_application") == "COUPON"
    assert (await refused(resources, scene, [code], now)).words == "promo.used"
    back = RefundCommand("k", posted.purchase.id, None, None, "R-1", now, None)
    await refund_purchase(resources, scene[0], back, now=now)
    assert (await shown(resources, scene, [code], now)).priced.net == 900_00


async def test_the_last_use_goes_to_one_of_two_quotes(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """Lock order member, coupon: the second to post hears a new price."""
    (code,) = await made(resources, Order("spring", "Весна"), now)
    desks = [(scene[0], await make_member(now)) for _ in range(8)]
    quotes = [await shown(resources, desk, [code], now) for desk in desks]
    answers = await rivals(
        *(partial(post_purchase, resources, scene[0], command(quote.id, 900_00, now), now=now) for quote in quotes)
    )
    assert sum(isinstance(answer, Posted) for answer in answers) == 1
    assert {answer.quote.priced.net for answer in answers if isinstance(answer, Repriced)} == {1000_00}
    assert await database.fetchval("SELECT uses_left FROM coupon") == 0


async def test_what_opens_nothing_is_refused_with_its_place(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """Somebody else's code is as unknown as one that never was; a code that waits for its conditions is told."""
    other = await make_member(now)
    (good,) = await made(resources, Order("spring", "Весна", uses=9), now)
    (theirs,) = await made(resources, Order("spring", "Чужой", holder=other.id), now)
    (ended,) = await made(resources, Order("spring", "Вчера", ends_at=now), now)
    (gone,) = await made(resources, Order("spring", "Отозван"), now)
    batch = await database.fetchval("SELECT id FROM coupon_batch WHERE label = 'Отозван'")
    assert await making.cancel(batch, now)
    assert not await making.cancel(batch, now)
    for code, words in (
        ("ABCD-EFGH", "unknown"),
        ("!", "unknown"),
        (theirs, "unknown"),
        (gone, "unknown"),
        (ended, "ended"),
    ):
        refusal = await refused(resources, scene, [good, code], now)
        assert (refusal.code, refusal.words, refusal.field) == (
            Code.INVALID_INPUT,
            f"promo.{words}",
            "input.promoCodes.1",
        )
    assert (await refused(resources, scene, [good] * 6, now)).words == "promo.too_many"
    assert (await shown(resources, (scene[0], other), [theirs], now)).priced.net == 900_00
    (waits,) = await made(resources, Order("large", "Большая"), now)
    quoted = await shown(resources, scene, [waits], now)
    assert [reason.amount for one in quoted.priced.outcomes for reason in one.reasons] == [4000_00]


async def test_guessing_ends_after_a_few_and_sales_go_on(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """Ten wrong codes of one guest an hour, at whatever till; a right one then waits as well."""
    (good,) = await made(resources, Order("spring", "Весна"), now)
    for place in range(10):
        assert (await refused(resources, scene, [f"WRNG{place}"], now)).code is Code.INVALID_INPUT
    refusal = await refused(resources, scene, [good], now)
    assert (refusal.code, refusal.retryable) == (Code.LIMIT_REACHED, True)
    assert (await shown(resources, scene, [], now)).priced.net == 1000_00
    later = now + timedelta(hours=1, seconds=1)
    assert (await shown(resources, scene, [good], later)).priced.net == 900_00


async def test_a_batch_is_kept_as_digests_of_codes_that_are_all_different(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    codes = await made(resources, Order("spring", "Пачка", count=2500), now)
    assert len(set(codes)) == 2500
    assert all(len(code) == 14 and normal(code) == code.replace("-", "") for code in codes)
    kept = await database.fetch("SELECT digest FROM coupon")
    assert len(kept) == 2500
    assert all(len(row["digest"]) == 32 for row in kept)
    (batch, *_) = await making.batches(10)
    assert (batch["codes"], batch["used"]) == (2500, 0)


async def test_a_code_of_ones_own_is_there_once(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    assert await made(resources, Order("spring", "Одна", uses=100, code="ВЕСНА2026"), now) == ["ВЕСНА2026"]
    assert (await shown(resources, scene, ["весна-2026"], now)).priced.net == 900_00
    for order, words in (
        (Order("spring", "Снова", code="Весна 2026"), "promo.taken"),
        (Order("spring", "Кратко", code="ВЕС"), "promo.shape"),
        (Order("nothing", "Нет", code="ВЕСНА2027"), "promo.no_campaign"),
    ):
        with pytest.raises(Refusal) as caught:
            await made(resources, order, now)
        assert caught.value.words == words
