"""The key file is changed while vendors post and printed codes wait: nothing given out under the old key is refused."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from loyalty.refusals import Refusal
from services.bookings import events as hotels
from services.keyring import Keyring
from services.messages import hooks
from services.payments import events as payments
from services.promotions import making
from services.promotions.codes import Given
from services.promotions.making import Order
from services.quotes import quote_purchase
from services.resources import Resources
from services.restaurants import events as restaurants
from tests.makers.campaigns import bought, make_desk, make_shop
from tests.makers.purchases import make_ticket
from tests.makers.resources import make_keyring

OLD, BOTH = make_keyring(1), make_keyring(2)
NEW_ALONE = Keyring({2: bytes([2]) * 32})
DOORS: tuple[tuple[Callable[[Keyring], str], Callable[[str, Keyring], bool]], ...] = (
    (hotels.key_of, hotels.is_key),
    (restaurants.key_of, restaurants.is_key),
    (payments.token_of, payments.is_token),
    (lambda keys: hooks.token_of("edna", keys), lambda shown, keys: hooks.is_token("edna", shown, keys)),
)


@pytest.mark.parametrize(("told", "accepts"), DOORS)
def test_vendors_post_by_the_old_address_until_the_old_key_is_gone(
    told: Callable[[Keyring], str], accepts: Callable[[str, Keyring], bool]
) -> None:
    """Security.md 6.4: two keys count while one is changed."""
    assert accepts(told(OLD), OLD)
    assert accepts(told(OLD), BOTH)
    assert accepts(told(BOTH), BOTH)
    assert told(OLD) != told(BOTH)
    assert not accepts(told(OLD), NEW_ALONE)


async def test_printed_codes_open_their_campaign_under_a_new_key(
    db: None, resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """A-226: found by the digest of either key; once the old key is gone nobody can say what the code was."""
    await make_shop(now, tmp_path, "id: spring, name: Весна, code: true, gives: {percent: 10}")
    till, member = await make_desk(now)
    (printed,) = [code async for part in making.make(OLD, Order("spring", "Весна"), now) for code in part]

    async def net(keys: Keyring) -> int:
        ticket = await make_ticket(till, member, now)
        given = Given(replace(resources, keyring=keys), [printed])
        lines = bought(("bar", 1000_00))
        return (await quote_purchase(till, ticket=ticket, lines=lines, channel="TILL", now=now, promo=given)).priced.net

    assert [await net(OLD), await net(BOTH)] == [900_00, 900_00]
    with pytest.raises(Refusal) as caught:
        await net(NEW_ALONE)
    assert caught.value.words == "promo.unknown"
