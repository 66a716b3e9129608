"""Families of a demo are seated by the commands that guests use."""

from datetime import datetime
from pathlib import Path

from api.demo import askona
from api.demo.families import settle_in
from models import database
from services.ledger import check_books
from services.resources import Resources
from tests.makers.families import apply_family
from tests.makers.people import make_member
from tests.makers.points import grant


async def test_households_sit_together_and_share_half(
    db: None, resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """A-053: everybody of a household is a person of the demo, sits there, and the pool has half of what two had."""
    await apply_family(tmp_path, now)
    logins = {person.login for person in askona.SCENE.people}
    members = {}
    for household in askona.SCENE.households:
        for login in filter(None, (household.head, household.adult, household.child)):
            assert login in logins
            members[login] = (await make_member(now)).id
            await grant(members[login], 101, now)
    await settle_in(resources, askona.SCENE.households, members, now)
    assert await database.fetchval("SELECT count(*) FROM family_seat WHERE left_at IS NULL") == len(members)
    assert [row["available"] for row in await database.fetch("SELECT available FROM family")] == [100, 100]
    assert await check_books(now) == []
