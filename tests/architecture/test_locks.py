"""Locks pin every package by its digest, and name no address to fetch it from."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PIN = re.compile(r"^(?P<name>[a-z0-9._-]+)==(?P<version>\S+)", re.IGNORECASE)


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_python_package_is_pinned_by_digest(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    blocks = text.replace("\\\n", " ").strip().splitlines()
    assert len(blocks) > 20
    for block in blocks:
        assert PIN.match(block), block
        assert "--hash=sha256:" in block, block


def test_what_runs_is_tested_in_the_same_version() -> None:
    runtime, development = (pins(name) for name in ("requirements.lock", "requirements-dev.lock"))
    assert runtime.items() <= development.items()


def pins(name: str) -> dict[str, str]:
    found = (PIN.match(line) for line in (ROOT / name).read_text(encoding="utf-8").splitlines())
    return {pin["name"]: pin["version"] for pin in found if pin}


def test_every_node_package_is_pinned_by_digest_and_without_an_address() -> None:
    text = (ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8")
    assert "://" not in text
    packages = json.loads(text)["packages"]
    unpinned = [name for name, one in packages.items() if name and "integrity" not in one and not one.get("link")]
    assert unpinned == []


def test_what_is_asked_for_by_name_is_asked_for_exactly_in_the_front_end() -> None:
    asked = json.loads((ROOT / "frontend" / "package.json").read_text(encoding="utf-8"))
    loose = [
        f"{name} {version}"
        for part in ("dependencies", "devDependencies")
        for name, version in asked.get(part, {}).items()
        if not version[0].isdigit()
    ]
    assert loose == []
