"""The figure of searching: a real server before the vendor's stand-in, and fifty guests. At this size its times mean nothing."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from integrations.standins.windows import Windows
from tests.bench.test_bench import ROOT, processes_in


def test_a_small_run_asks_once_for_many_and_never_too_often(tmp_path: Path) -> None:
    """A-087: one request for fifty guests who ask the same, every limit of the vendor kept, a time beside its limit."""
    run = subprocess.run(
        [sys.executable, "-m", "bench.searching", "--quick"],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    lines = run.stdout.splitlines()
    (alike,) = [line for line in lines if line.startswith("| 50 guests comparing")]
    assert re.search(r"\| 1 \[1-1\] requests of the vendor", alike)
    kept = [line for line in lines if "of the vendor's limit" in line]
    assert len(kept) == 2
    assert all("| met" in line for line in kept)
    assert "≤ 15" in run.stdout
    assert not processes_in(tmp_path)


def test_room_for_more_is_waited_for_in_every_window() -> None:
    """What a run waits for is let in then, and not a moment before; what never fits is said at once."""
    at = [0.0]
    windows = Windows({"search": (2, 5, 100)}, lambda: at[0])
    for _ in range(2):
        assert windows.ask("search")[0] is None
    at[0] = 0.4
    assert windows.wait_for("search", 1) == windows.wait_for("search", 2) == pytest.approx(0.6)
    at[0] = 1.0
    assert windows.wait_for("search", 2) == 0
    for _ in range(2):
        assert windows.ask("search")[0] is None
    at[0] = 2.5
    assert windows.wait_for("search", 1) == 0
    assert windows.wait_for("search", 2) == pytest.approx(57.5)
    at[0] = 59.9
    assert windows.wait_for("search", 2) == pytest.approx(0.1)
    at[0] = 60.0
    assert [windows.ask("search")[0] for _ in range(2)] == [None, None]
    with pytest.raises(ValueError, match="never fit"):
        windows.wait_for("search", 3)
