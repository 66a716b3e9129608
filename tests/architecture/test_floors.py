"""Every floor imports only what lies below it, and the environment is read in one place."""

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BELOW = ("graph", "services", "models", "integrations", "loyalty", "jobs")
VENDORS = ("iiko", "travelline", "smsaero", "smsc", "edna")
IMPURE = {"random", "time", "os", "secrets", "socket", "asyncio", "subprocess", "threading", "logging", "uuid"}


def test_the_floors_hold() -> None:
    # In a process of its own: it configures logging, which turns off every logger that is there already.
    command = [str(Path(sys.executable).with_name("lint-imports")), "--config", str(ROOT / "pyproject.toml")]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


def test_only_entry_points_read_the_environment() -> None:
    readers = []
    for floor in BELOW:
        for path in (ROOT / floor).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if "os.environ" in text or "getenv" in text:
                readers.append(path.relative_to(ROOT).as_posix())
    assert readers == []


def test_the_rules_know_no_clock_no_chance_and_no_float() -> None:
    found = []
    for path in (ROOT / "loyalty").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            found += [f"{path.name}: {name}" for name in names if name.partition(".")[0] in IMPURE]
            if isinstance(node, ast.Constant) and isinstance(node.value, float):
                found.append(f"{path.name}:{node.lineno} {node.value}")
            if isinstance(node, ast.Name) and node.id == "float":
                found.append(f"{path.name}:{node.lineno} float")
    assert found == []


def test_services_name_no_vendor() -> None:
    """Which vendor stands behind a port, and where it posts to, is said by adapters and by what wires them."""
    found = []
    for path in (ROOT / "services").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found += [node.value for vendor in VENDORS if vendor in node.value.lower()]
    assert found == ["travelline-hook"]


def test_every_way_out_takes_torn_connections_for_an_outage() -> None:
    """`integrations/transport.py` under every client of an adapter; stand-ins are no part of the house."""
    bare = []
    for path in (ROOT / "integrations").rglob("*.py"):
        if "standins" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("AsyncClient"):
                ways = [ast.unparse(word.value) for word in node.keywords if word.arg == "transport"]
                if not [way for way in ways if way.startswith("Transport(")]:
                    bare.append(f"{path.relative_to(ROOT).as_posix()}:{node.lineno}")
    assert bare == []
