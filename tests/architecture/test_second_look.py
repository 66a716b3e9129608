"""A second look forgives a stall and nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest

ONCE = """
from pathlib import Path

def test_it():
    mark = Path("seen")
    seen = mark.exists()
    mark.touch()
    assert seen
"""
NEVER = "def test_it():\n    assert False\n"
HOUSE = Path(__file__).parents[2]


def looked(folder: Path) -> tuple[int, int, str]:
    """Exit codes of the run and of the second look, and what the latter said."""
    (folder / "pytest.ini").write_text("[pytest]\n")
    first = subprocess.run([sys.executable, "-m", "pytest", "-q"], cwd=folder, check=False, capture_output=True)
    second = subprocess.run(
        [sys.executable, str(HOUSE / "tests/second_look.py")], cwd=folder, check=False, capture_output=True, text=True
    )
    return first.returncode, second.returncode, second.stdout


def test_what_failed_once_is_named_and_forgiven(tmp_path: Path) -> None:
    (tmp_path / "test_once.py").write_text(ONCE)
    (tmp_path / "test_fine.py").write_text("def test_it():\n    pass\n")
    first, second, said = looked(tmp_path)
    assert (first, second) == (1, 0)
    assert "test_once.py::test_it" in said
    assert "test_fine.py" not in said


def test_what_fails_again_stays_failed(tmp_path: Path) -> None:
    (tmp_path / "test_once.py").write_text(ONCE)
    (tmp_path / "test_never.py").write_text(NEVER)
    assert looked(tmp_path)[:2] == (1, 1)


@pytest.mark.parametrize("broken", [{f"test_{place}.py": NEVER for place in range(6)}, {}])
def test_many_failures_and_none_are_not_looked_at_again(tmp_path: Path, broken: dict[str, str]) -> None:
    """Six are no stall; and a run that ended before its first failure was written down has nothing to forgive."""
    for name, text in broken.items():
        (tmp_path / name).write_text(text)
    _, second, said = looked(tmp_path)
    assert (second, said) == (1, "")
