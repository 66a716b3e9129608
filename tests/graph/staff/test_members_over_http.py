"""One member at the panel: everything for who sees the whole programme, the own partners' part for everybody else."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from loyalty.scopes import PROGRAMME, Scope
from services.ledger import check_books
from tests.graph.staff.conftest import Panel
from tests.makers.families import apply_family, give, make_family
from tests.makers.people import make_member, make_till
from tests.makers.points import buy, goods
from tests.makers.programme import empty_programme
from tests.makers.staff import IGORA, make_holder
from tests.makers.state import state

PAGE = """query ($id: UUID!) { memberCard(id: $id) { id number firstName lastName email phone seesAll accumulated tier { id }
    progress { accumulated left next { id } } tierTerm { until } totals { purchases saved }
    points { available lots { points issued lastDay issuer { id } } } family { role seats pool given spent }
    consents { kind given } lastPurchases { partner { id } } tierHistory { items { reason } } } }"""


async def test_a_members_page_has_all_that_the_programme_knows(panel: Panel, now: datetime, tmp_path: Path) -> None:
    """A-105, C-08: tier and what it follows from, points lot by lot with their ends, the family in short; masked."""
    await empty_programme()
    await apply_family(tmp_path, now)
    _, (anna, boris) = await make_family(panel.resources, now, "Борис")
    till, _ = await make_till(now, partner="shop", outlet="shop-one")
    await buy(panel.resources, till, anna, [goods(5_000)], now)
    await give(panel.resources, anna, 100, now)
    await panel.enter(await make_holder(panel.resources, now, ("card.view", PROGRAMME)))
    before = await state()
    found = await panel.ask(PAGE, {"id": str(anna.id)})
    assert (found["firstName"], found["lastName"], found["email"]) == ("Анна", "П.", "g•••@e•••.ru")
    assert found["seesAll"] is True
    assert found["progress"] == {"accumulated": "5000.00", "left": "95000.00", "next": {"id": "friend"}}
    assert (found["totals"], found["accumulated"]) == ({"purchases": "5000.00", "saved": "0.00"}, "5000.00")
    last_day = (now + timedelta(days=30)).date().isoformat()
    lots = [{"points": 400, "issued": 500, "lastDay": last_day, "issuer": {"id": "shop"}}]
    assert found["points"] == {"available": 400, "lots": lots}
    assert found["family"] == {"role": "HEAD", "seats": 2, "pool": 100, "given": 100, "spent": 0}
    assert found["tierHistory"]["items"] == [{"reason": "JOINED"}]
    assert "Борис" not in str(found)
    other = await panel.ask(PAGE, {"id": str(boris.id)})
    assert (other["family"]["role"], other["points"]) == ("ADULT", {"available": 0, "lots": []})
    assert await state() == before
    assert await check_books(now) == []


async def test_who_sees_one_partner_sees_its_part_alone(panel: Panel, now: datetime) -> None:
    """A-094, A-105, INV-22: no sum over partners, no points, no family, no consents; nobody at all without the right."""
    member = await make_member(now)
    hidden = ("accumulated", "progress", "tierTerm", "totals", "points", "family", "consents")
    for scope in (IGORA, Scope(("igora", "igora-restaurant"))):
        await panel.enter(await make_holder(panel.resources, now, ("card.view", scope)))
        found: dict[str, Any] = await panel.ask(PAGE, {"id": str(member.id)})
        assert (found["number"], found["seesAll"]) == (member.number, False)
        assert {name: found[name] for name in hidden} == dict.fromkeys(hidden)
    await panel.enter(await make_holder(panel.resources, now, ("card.view", PROGRAMME)))
    assert (await panel.ask(PAGE, {"id": str(member.id)}))["consents"] == []
    assert await panel.ask(PAGE, {"id": "00000000-0000-7000-8000-000000000009"}) is None
    await panel.enter(await make_holder(panel.resources, now, ("operation.view", PROGRAMME)))
    assert await panel.refused(PAGE, {"id": str(member.id)}) == "FORBIDDEN"
