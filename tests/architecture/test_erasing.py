"""No table names a member without a word about what erasing does to it."""

from models import database
from services.erasing.act import WHAT
from services.erasing.wiping import KEPT, STRAY, WIPED

NAMES = """
SELECT DISTINCT c.conrelid::regclass::text AS name FROM pg_constraint AS c
WHERE c.contype = 'f' AND c.confrelid = 'member'::regclass
UNION
SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'member_id'
"""
PERSONAL = """
SELECT DISTINCT table_name FROM information_schema.columns
WHERE table_schema = 'public' AND column_name IN ('address', 'agent', 'email', 'phone', 'contact', 'first_name', 'birth_date')
"""
# Of the staff, who are no members.
STAFF = {"staff", "staff_session", "audit_event"}


async def test_every_table_that_names_a_member_is_decided_about(db: None) -> None:
    """I-34, INV-20: in services/erasing/wiping.py, with its statement in WIPED, or in KEPT with the reason why it stays."""
    named = {row["name"] for row in await database.fetch(NAMES)}
    assert sorted(named - WIPED.keys() - KEPT.keys()) == []
    assert sorted(KEPT.keys() - named) == []
    assert sorted(WIPED.keys() & KEPT.keys()) == []


async def test_every_table_with_an_address_is_wiped(db: None) -> None:
    """I-34: by the member it names, or by the contacts he had proved."""
    personal = {row["table_name"] for row in await database.fetch(PERSONAL)}
    assert sorted(personal - WIPED.keys() - STRAY.keys() - STAFF) == []


def test_an_act_has_a_word_for_each_of_them() -> None:
    """I-34: an act lists what was erased, not names of tables."""
    assert sorted((WIPED.keys() | STRAY.keys()) - WHAT.keys()) == []
    assert all(text.en for text in WHAT.values())
