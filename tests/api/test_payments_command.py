"""`kunak payments`: where the acquirer posts, and how payments stand."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app
from api.opening import run
from models import database

PAID = """
WITH m AS (
    INSERT INTO member (id, number, status, last_name, first_name, birth_date, locale, created_at, confirmed_at)
    VALUES ('01900000-0000-7000-8000-000000000001', '9000000000000001', 'ACTIVE', 'Петрова', 'Анна', '1990-01-01', 'ru',
        now(), now()) RETURNING id
), p AS (
    INSERT INTO payment (id, subject_kind, subject_id, member_id, amount, refunded, description, return_path, lines, state,
        provider_id, tries, opened_at, expires_at, paid_at, changed_at)
    SELECT '01900000-0000-7000-8000-000000000002', 'booking', id, id, 12300, 12300, 'x', '/', '[]', 'SUCCEEDED', '2a', 1,
        now(), now(), now(), now() FROM m RETURNING id
)
INSERT INTO payment_refund (id, payment_id, amount, reason, state, fault, tries, asked_at, changed_at)
SELECT '01900000-0000-7000-8000-000000000003', id, 12300, 'TEST', 'ASKING', 'key_old', 1, now(), now() FROM p
"""


def kunak(*words: str) -> str:
    """What the command says."""
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_address_is_told_and_what_waits_for_a_person_is_seen(
    fresh_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", fresh_database)
    monkeypatch.setenv("KUNAK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KUNAK_BASE_URL", "https://card.example")
    kunak("keys", "new")

    async def pay() -> None:
        await database.connect(fresh_database, connections=2)
        await database.execute(PAID)
        await database.close()

    run(pay)
    address = kunak("payments", "hook").split()[1]
    path, _, token = address.rpartition("/")
    assert (path, len(token)) == ("https://card.example/hooks/payments", 32)
    assert kunak("payments", "list").splitlines() == [
        "booking\tSUCCEEDED\t1\t123.00",
        "refund: booking\tASKING key_old\t1\t123.00",
    ]


ASIDE = """
INSERT INTO payment_event (id, event, object_id, received_at, state, fault) VALUES
    ('01900000-0000-7000-8000-000000000004', 'payment.succeeded', '2b', '2026-03-14 09:00Z', 'ASIDE', 'the acquirer could not be asked'),
    ('01900000-0000-7000-8000-000000000005', 'unreadable', 'digest', '2026-03-14 08:00Z', 'ASIDE', 'no JSON')
"""
ASIDE_OF_HOTELS = """
INSERT INTO booking_event (id, event_id, kind, number, property_id, happened_at, received_at, state, fault, tries) VALUES
    ('01900000-0000-7000-8000-000000000006', 'e-1', 'OTHER', '7-1', '99', NULL, '2026-03-14 09:00Z', 'ASIDE',
        'about a hotel that is not ours', 0),
    ('01900000-0000-7000-8000-000000000007', 'e-2', 'OTHER', NULL, NULL, NULL, '2026-03-14 08:00Z', 'ASIDE', 'no JSON', 0)
"""


@pytest.mark.parametrize(
    "case",
    [
        (
            "payments",
            ASIDE,
            "payment_event",
            "payment.succeeded\t2b\t2026-03-14 09:00 UTC\tthe acquirer could not be asked",
        ),
        (
            "hotels",
            ASIDE_OF_HOTELS,
            "booking_event",
            "OTHER\t7-1\t99\t2026-03-14 09:00 UTC\tabout a hotel that is not ours",
        ),
    ],
)
def test_what_was_put_aside_is_seen_and_looked_at_anew(
    fresh_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: tuple[str, str, str, str]
) -> None:
    """Nobody needs SQL for it: seen with its reason, tried again where it can be, and ticked off where it could not be read."""
    group, planted, table, told = case
    monkeypatch.setenv("DATABASE_URL", fresh_database)
    monkeypatch.setenv("KUNAK_HOME", str(tmp_path / "home"))
    kunak("keys", "new")

    async def plant() -> None:
        await database.connect(fresh_database, connections=2)
        await database.execute(planted)
        await database.close()

    async def states() -> list[str]:
        await database.connect(fresh_database, connections=2)
        found = [row["state"] for row in await database.fetch(f"SELECT state FROM {table} ORDER BY id")]
        jobs = await database.fetchval("SELECT count(*) FROM job WHERE status = 'READY'")
        await database.close()
        return [*found, str(jobs)]

    run(plant)
    first, second = kunak(group, "aside").splitlines()
    assert first == told
    assert second.endswith("2026-03-14 08:00 UTC\tno JSON")
    assert kunak(group, "replay").strip() == "1 are looked at anew"
    assert run(states) == ["NEW", "DONE", "1"]
    assert kunak(group, "aside") == ""
