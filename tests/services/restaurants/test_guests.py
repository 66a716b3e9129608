"""Members told to the cloud: by our id, only with their yes, once however often the answer is lost (A-239)."""

import pytest

from integrations.ports import Uncertain
from jobs.restaurants import tell_all
from models import database
from models.ids import uuid7
from services.restaurants import guests
from tests.makers.iiko_cloud import dish
from tests.makers.people import MadeMember, make_member
from tests.makers.restaurants import Chain, posted


async def agree(chain: Chain, member: MadeMember, act: str = "GIVEN") -> None:
    """The phone is proved, and partners may be told, or no more."""
    chain.clock.move(seconds=1)
    await database.execute(
        "UPDATE contact SET verified_at = $2 WHERE member_id = $1 AND kind = 'PHONE'", member.id, chain.clock()
    )
    await database.execute(
        "INSERT INTO consent (id, member_id, kind, act, document, document_version, text_sha256, at, address, agent, channel)"
        " VALUES ($1, $2, 'PARTNER_TRANSFER', $3, 'transfer', '1', $4, $5, '127.0.0.1', 'test', 'CABINET')",
        *(uuid7(), member.id, act, "0" * 64, chain.clock()),
    )


async def test_our_id_goes_with_the_guest_and_theirs_comes_back(chain: Chain) -> None:
    """A-239: a member is told with our id, its orders are recognised by the id that came back, and nobody is told twice."""
    await agree(chain, chain.anna)
    assert await tell_all(chain.resources, chain.clock()) == 1
    await chain.work()
    (guest,) = chain.standin.chain.guests.values()
    assert guest.facts["userData"] == f"kunak:{chain.anna.id}"
    assert guest.facts["phone"] == chain.anna.phone
    row = await database.fetchrow("SELECT member_id, system, external_id FROM member_identity")
    assert row is not None
    assert tuple(row) == (chain.anna.id, "iiko", guest.id)
    assert await tell_all(chain.resources, chain.clock()) == 0
    house = chain.house
    order = chain.standin.closed(
        chain.standin.ordered(house, "delivery", [dish(house, "Уха", 50_000)], customer=guest.id)
    )
    await chain.work()
    assert await posted() == [(order.pos, 50_000)]


async def test_a_change_is_told_and_changes_the_same_guest(chain: Chain) -> None:
    await agree(chain, chain.anna)
    await tell_all(chain.resources, chain.clock())
    await chain.work()
    await database.execute("UPDATE member SET last_name = 'Соколова' WHERE id = $1", chain.anna.id)
    assert await tell_all(chain.resources, chain.clock()) == 1
    await chain.work()
    (guest,) = chain.standin.chain.guests.values()
    assert guest.facts["surName"] == "Соколова"
    assert await database.fetchval("SELECT count(*) FROM member_identity") == 1


async def test_without_a_yes_or_a_proved_phone_nobody_is_told(chain: Chain) -> None:
    petr = await make_member(chain.clock())
    assert await tell_all(chain.resources, chain.clock()) == 0
    await agree(chain, petr)
    await agree(chain, petr, "WITHDRAWN")
    assert await tell_all(chain.resources, chain.clock()) == 0
    assert await guests.tell(chain.resources, petr.id, chain.clock()) is False
    assert "set_guest" not in chain.standin.requests


async def test_a_lost_answer_is_looked_up_before_anything_is_written_again(chain: Chain) -> None:
    """security.md 5: the write is made once a try; before the next one the phone is asked for, and changes that guest."""
    await agree(chain, chain.anna)
    chain.plan.faults["set_guest"].append("lose")
    with pytest.raises(Uncertain):
        await guests.tell(chain.resources, chain.anna.id, chain.clock())
    assert chain.standin.requests.count("set_guest") == 1
    assert await guests.tell(chain.resources, chain.anna.id, chain.clock()) is True
    assert [one for one in chain.standin.requests if "guest" in one] == ["guest", "set_guest", "guest", "set_guest"]
    assert len(chain.standin.chain.guests) == 1


async def test_a_restaurant_without_guests_is_left_in_peace(chain: Chain) -> None:
    chain.house.has_loyalty = chain.standin.organizations[1].has_loyalty = False
    await agree(chain, chain.anna)
    assert await guests.tell(chain.resources, chain.anna.id, chain.clock()) is False
    assert await database.fetchval("SELECT count(*) FROM member_identity") == 0


async def test_who_is_told_first_leaves_room_for_the_next(chain: Chain) -> None:
    """Members come one after another, at the pace of the cloud: none of their jobs is tried before it can be heard."""
    for _ in range(guests.FIRST_FEW + 2):
        await agree(chain, await make_member(chain.clock()))
    now = chain.clock()
    assert await tell_all(chain.resources, now) == guests.FIRST_FEW + 2
    rows = await database.fetch("SELECT run_at FROM job WHERE name = $1 ORDER BY run_at DESC LIMIT 2", guests.JOB)
    assert [row["run_at"] for row in rows] == [now + guests.STEP, now]
