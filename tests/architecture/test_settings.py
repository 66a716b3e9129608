"""Every setting is documented with its default, and nothing is documented that is no setting."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from api.settings import BadSettings, Settings, listed
from services.resources import Policy

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| `([A-Z_]+)` \| (?:`([^`]*)`|(—)) \| (.+) \|$", re.MULTILINE)


def documented() -> dict[str, tuple[str, str]]:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    return {name: (shown or dash, meaning) for name, shown, dash, meaning in ROW.findall(text)}


def test_the_page_lists_every_setting_with_its_default() -> None:
    assert {name: default for name, (default, _) in documented().items()} == {
        name: shown for name, _, shown in listed()
    }


def test_the_page_says_what_the_code_says() -> None:
    page = documented()
    for name, tells, _ in listed():
        first_words = " ".join(re.findall(r"\w+", tells)[:3])
        assert first_words in " ".join(re.findall(r"\w+", page[name][1])), name


def test_the_example_names_every_setting_of_a_process() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^#([A-Z_]+)=", text, re.MULTILINE))
    assert named == {name for name, tells, _ in listed() if tells}


def test_nothing_given_means_the_defaults() -> None:
    settings = Settings.load({})
    assert settings == Settings()
    assert settings.origin == "http://127.0.0.1:8000"
    assert settings.key_file == Path("var/keys")


def test_what_is_given_is_read() -> None:
    settings = Settings.load(
        {
            "PORT": "8080",
            "KUNAK_BASE_URL": "https://card.test/",
            "KUNAK_TRUSTED_PROXIES": "10.0.0.0/8, 192.168.1.1",
            "KUNAK_CODE_TRIES": "3",
            "KUNAK_LOOPBACK_EXEMPT": "yes",
            "REDIS_URL": "",
        }
    )
    assert (settings.port, settings.origin) == (8080, "https://card.test")
    assert settings.trusted_proxies == ("10.0.0.0/8", "192.168.1.1/32")
    assert settings.policy == Policy(code_tries=3, loopback_exempt=True)
    assert settings.redis_url is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"), ("PORT", "65536"), ("PORT", "８０"), ("KUNAK_BASE_URL", "card.test"),
        ("KUNAK_BASE_URL", "https://card.test/path"), ("DATABASE_URL", "mysql://x"), ("REDIS_URL", "localhost"),
        ("SMTP_URL", "http://x"), ("KUNAK_SMTP_PLAIN", "true"), ("KUNAK_WORKER", "outside"),
        ("KUNAK_TRUSTED_PROXIES", "everybody"), ("KUNAK_LOG", "loud"), ("KUNAK_CODE_TRIES", "-1"), ("KUNAK_NONSENSE", "1"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(name: str, value: str) -> None:
    with pytest.raises(BadSettings, match=name):
        Settings.load({name: value})


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(BadSettings) as refused:
        Settings.load({"PORT": "x", "KUNAK_LOG": "y", "KUNAK_CODE_TRIES": "z"})
    assert len(str(refused.value).splitlines()) == 3


def test_a_secret_may_come_as_a_file(tmp_path: Path) -> None:
    file = tmp_path / "database"
    file.write_text("postgresql://kunak:secret@db/kunak\n")
    assert Settings.load({"DATABASE_URL_FILE": str(file)}).database_url == "postgresql://kunak:secret@db/kunak"
    with pytest.raises(BadSettings, match="give one of them"):
        Settings.load({"DATABASE_URL_FILE": str(file), "DATABASE_URL": "postgresql://other"})
    with pytest.raises(BadSettings, match="cannot be read"):
        Settings.load({"KUNAK_DEVELOPER_KEY_FILE": str(tmp_path / "none")})


@pytest.mark.parametrize(
    ("given", "lacking"),
    [
        ("KUNAK_TRAVELLINE_CLIENT_ID", "KUNAK_TRAVELLINE_CLIENT_SECRET"),
        ("KUNAK_YOOKASSA_SECRET_KEY", "KUNAK_YOOKASSA_SHOP_ID"),
        ("KUNAK_IIKO_APP_ID", "KUNAK_IIKO_CLIENT_SECRET"),
    ],
)
def test_half_of_a_key_is_refused(given: str, lacking: str) -> None:
    with pytest.raises(BadSettings, match=f"{lacking} is missing"):
        Settings.load({given: "k"})
    Settings.load({given: "k", lacking: "k"})


VENDORS = ("SMTP", "KUNAK_SMSAERO", "KUNAK_EDNA", "KUNAK_SMSC", "KUNAK_TRAVELLINE", "KUNAK_YOOKASSA", "KUNAK_IIKO")


def test_every_setting_of_a_vendor_stands_on_the_page_of_outside_systems() -> None:
    """Production differs from the demo by addresses and keys alone, and an operator finds all of them on one page."""
    text = (ROOT / "docs" / "outside.md").read_text(encoding="utf-8")
    rows = {name: default for name, tells, default in listed() if tells and name.startswith(VENDORS)}
    named = set(re.findall(r"`([A-Z]+_[A-Z_]+)`", text))
    assert rows.keys() - named == set()
    assert named - {name for name, _, _ in listed()} == set()
    addresses = {name: default for name, default in rows.items() if name.endswith("_URL") and default != "—"}
    assert dict(re.findall(r"`([A-Z_]+_URL)` = `([^`]+)`", text)) == addresses


def test_the_demo_changes_nothing_but_addresses_keys_and_what_they_sell() -> None:
    """What leads to a stand-in leads to the vendor: each address of the demo is a setting whose default is the vendor's own."""
    text = (ROOT / "api" / "demo" / "gateways.py").read_text(encoding="utf-8")
    led = set(re.findall(r"(\w+_url)=", text))
    vendors = {
        one.name for one in fields(Settings) if one.name.endswith("_url") and str(one.default).startswith("https")
    }
    assert led == vendors
