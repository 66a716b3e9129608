"""A-224: two web shops of one chain: whoever joined in one is known in the other, and is changed there by the same rules."""

import pytest

from models import database
from tests.graph.entry.conftest import BOTH, Counter
from tests.graph.entry.test_changing import NAMES, asked, said
from tests.makers.messages import PHONE
from tests.makers.people import make_till


@pytest.mark.parametrize("first", ["web-shop", "web-outlet"])
async def test_who_joined_in_one_shop_is_changed_in_the_other(shop: Counter, first: str) -> None:
    """A-221, A-224: one member for both, a consent kept with the shop it was given in, and neither takes the other's code."""
    house = shop.house
    till, key = await make_till(house.now, partner="askona", outlet="web-outlet", kind="SYSTEM", channels=("SHOP",))
    outlet = Counter(house, till, key, "SHOP")
    here, there = (shop, outlet) if first == "web-shop" else (outlet, shop)
    member = (await here.joined())["member"]
    await here.arrived()
    acts = await database.fetch("SELECT document, till_id FROM consent WHERE member_id = $1 ORDER BY document", member)
    assert [tuple(act) for act in acts] == [(document, here.till.id) for document in BOTH]
    house.later(seconds=61)
    again = await there.joined()
    assert (again["isNew"], again["member"]) == (False, member), "the other shop knows them"
    house.later(seconds=61)
    change = {"lastName": "Иванова", "firstName": "Мария", "patronymic": "", "accepted": ["askona-marketing-1"]}
    request = await asked(there, change, phone=PHONE)
    code = await there.code()
    elsewhere = await said(here, change, request, code)
    assert (elsewhere["code"], elsewhere["field"]) == ("TOKEN_NOT_ACCEPTED", "input.code")
    done = await said(there, change, request, code)
    assert (done["__typename"], done["member"]) == ("MemberChanged", member)
    assert tuple(await database.fetchrow(NAMES, member) or ()) == ("Иванова", "Мария", None)
    told = await database.fetchval("SELECT till_id FROM consent WHERE kind = 'MARKETING' AND member_id = $1", member)
    assert told == there.till.id
