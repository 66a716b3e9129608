"""The figure of the back-test: the real command over receipts of a private database. At this size its time means nothing."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.bench.test_bench import ROOT, processes_in


def test_a_small_run_prices_every_receipt_and_leaves_nothing(tmp_path: Path) -> None:
    """C-18: `kunak campaign test` with fifty campaigns: every receipt priced, a cost, and the table with its two limits."""
    run = subprocess.run(
        [sys.executable, "-m", "bench.backtest", "--quick"],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    (told,) = [line for line in run.stdout.splitlines() if line.startswith("| back-test of")]
    assert told.startswith("| back-test of 400 receipts, 50 campaigns")
    cost = re.search(r"cost (\d+)\.(\d\d) ₽", told)
    assert cost is not None
    assert int(cost[1]) > 0
    assert "| its peak memory" in run.stdout
    assert "≤ 300" in run.stdout
    assert "≤ 200" in run.stdout
    assert not list(tmp_path.glob("kunak-bench-*"))
    assert not processes_in(tmp_path)
