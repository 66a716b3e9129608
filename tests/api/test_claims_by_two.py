"""Four eyes over claims: nobody says yes to their own, nor to what they may have rung up."""

from typing import Any

import pytest

from loyalty.scopes import PROGRAMME, Scope
from models import database
from tests.api.test_claims import DECIDE, Scene, scene
from tests.makers.restaurant import OUTLET
from tests.makers.staff import MadeStaff, make_holder, open_token
from tests.makers.state import state

__all__ = ["scene"]


async def decided_by(scene: Scene, claim: Any, made: MadeStaff) -> Any:
    """What somebody of the staff hears who says yes."""
    yes = {"id": claim["id"], "approve": True, "reason": "чек показан на кассе", "service": "restaurants"}
    return await scene.as_staff(DECIDE, await open_token(made, scene.clock()), **yes)


async def unmoved_by(scene: Scene, claim: Any, made: MadeStaff) -> Any:
    """The refusal of a yes after which nothing but the log has moved."""
    token, before = await open_token(made, scene.clock()), await state()
    yes = {"id": claim["id"], "approve": True, "reason": "чек показан на кассе", "service": "restaurants"}
    told = await scene.as_staff(DECIDE, token, **yes)
    after = await state()
    moved = {name for name in after if after[name] != before[name]}
    assert moved <= {"audit_event", "limit_counter", "staff_session"}, moved
    return told["code"]


@pytest.mark.parametrize("column", ["email", "phone"])
async def test_nobody_says_yes_to_a_claim_of_their_own(scene: Scene, column: str) -> None:
    """C-15, four eyes: the same address or phone as the guest's is the same person, whatever rights they hold."""
    claim = await scene.claim()
    rights = (("operation.view", PROGRAMME), ("operation.manage", PROGRAMME))
    mine, another = [await make_holder(scene.resources, scene.clock(), *rights) for _ in range(2)]
    contact = scene.member.email if column == "email" else scene.member.phone
    await database.execute(f"UPDATE staff SET {column} = $2 WHERE id = $1", mine.id, contact)
    assert await unmoved_by(scene, claim, mine) == "FORBIDDEN"
    event = await database.fetchrow("SELECT * FROM audit_event WHERE actor_id = $1 AND outcome = 'REFUSED'", mine.id)
    assert event is not None
    assert event["action"] == "claim.approve"
    assert (await decided_by(scene, claim, another))["entry"]["claim"]["status"] == "CREDITED"


async def test_nobody_says_yes_to_what_they_rang_up(scene: Scene) -> None:
    """C-15, four eyes: rights at a till of the outlet are those of its cashier; at another outlet's till they bar nothing."""
    claim = await scene.claim()
    till = await database.fetchval("SELECT id FROM till WHERE outlet = $1", OUTLET)
    elsewhere = await database.fetchval("SELECT id FROM till WHERE outlet <> $1 AND partner = 'igora' LIMIT 1", OUTLET)
    held = [(right, Scope(("igora",))) for right in ("operation.view", "operation.manage")]
    cashier = await make_holder(
        scene.resources, scene.clock(), *held, ("card.view", Scope(("igora", OUTLET, str(till))))
    )
    assert await unmoved_by(scene, claim, cashier) == "FORBIDDEN"
    there = Scope(("igora", "igora-spa", str(elsewhere)))
    manager = await make_holder(scene.resources, scene.clock(), *held, ("card.view", there))
    assert (await decided_by(scene, claim, manager))["entry"]["claim"]["status"] == "CREDITED"
