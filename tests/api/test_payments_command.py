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
