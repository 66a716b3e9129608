"""No table names a member without a word about what merging does to it: what is forgotten is lost to the survivor."""

from models import database
from services.merging.moving import MOVED, STAYS
from tests.architecture.test_erasing import NAMES


async def test_every_table_that_names_a_member_is_decided_about(db: None) -> None:
    """INV-19: in services/merging/moving.py, with its statement, or in STAYS with the reason."""
    named = {row["name"] for row in await database.fetch(NAMES)}
    assert sorted(named - MOVED - STAYS.keys()) == []
    assert sorted((MOVED | STAYS.keys()) - named) == []
    assert sorted(MOVED & STAYS.keys()) == []
