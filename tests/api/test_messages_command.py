"""`kunak messages`: what a text costs before it is sent, and numbers that are stopped and resumed (A-227)."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli import app

NUMBER = "+79211234567"


def kunak(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def test_prices_fall_back_to_the_tariff_and_a_gateway_that_is_away_is_named(
    fresh_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {
        "DATABASE_URL": fresh_database,
        "KUNAK_HOME": str(tmp_path / "home"),
        "SMTP_URL": "smtp://127.0.0.1:9",
        "KUNAK_SMS_GATEWAYS": "smsc,smsaero",
        "KUNAK_MESSAGE_PRICES": "smsc:SMS=410",
        "KUNAK_SMSC_URL": "http://127.0.0.1:9",
        "KUNAK_SMSC_KEY": "k" * 24,
        "KUNAK_SMSC_SENDER": "KUNAK",
        "KUNAK_SMSAERO_URL": "http://127.0.0.1:9",
        "KUNAK_SMSAERO_LOGIN": "demo@example.ru",
        "KUNAK_SMSAERO_KEY": "k" * 24,
        "KUNAK_SMSAERO_SIGN": "KUNAK",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    made = kunak("keys", "new")
    assert made.exit_code == 0, made.output
    priced = kunak("messages", "price", NUMBER, "я" * 71)
    smsc, smsaero = priced.stdout.splitlines()
    assert smsc.startswith("smsc\tSMS\t8.20\t8.20\tnot reached")
    assert smsaero == "smsaero\tSMS\t?\t?", "it tells no prices beforehand, and the tariff has none"
    assert priced.exit_code == 1
    assert kunak("messages", "stop", "SMS", NUMBER, "--all").exit_code == 0
    assert kunak("messages", "stopped").stdout.split("\t")[:4] == ["SMS", NUMBER, "ALL", "operator"]
    resumed = kunak("messages", "resume", "SMS", NUMBER)
    assert (resumed.exit_code, "smsaero could not be told" in resumed.stderr) == (1, True)
    assert kunak("messages", "stopped").stdout == ""
    again = kunak("messages", "resume", "SMS", NUMBER)
    assert "was not stopped" in again.stderr
