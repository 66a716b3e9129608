"""The figure of searching: a real server before the vendor's stand-in, and fifty guests. At this size its times mean nothing."""

import os
import re
import subprocess
import sys
from pathlib import Path

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
