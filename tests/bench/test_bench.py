"""The bench runs, tells a table, and leaves nothing behind; what its figures are at this size means nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.laps import Lap
from bench.results import Pace, Row, Series, Target, number, table

ROOT = Path(__file__).parents[2]
FIGURES = (
    "post a purchase",
    "post a purchase that earns points",
    "quote of 1-4 lines",
    "quote of 20 lines",
    "quote of 20 lines under 50 campaigns",
    "cabinet home, trusted document",
    "cabinet home, free document",
    "identify",
    "sign in",
    "peak memory of the server",
)


def test_a_small_run_measures_every_figure_and_leaves_nothing(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "bench", "--quick"],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    for figure in FIGURES:
        assert f"| {figure}" in run.stdout
    assert "INSERT INTO purchase_line" in run.stdout, "the report prints what pgbench ran"
    assert str(ROOT) not in run.stdout
    assert str(tmp_path) not in run.stdout
    assert not list(tmp_path.glob("kunak-bench-*"))
    assert not processes_in(tmp_path)


def processes_in(folder: Path) -> list[str]:
    """Command lines that name the folder: a server left behind would."""
    found = []
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            told = line.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(folder) in told and "pytest" not in told:
            found.append(told)
    return found


def row(ours: list[float], best: list[float] | None, target: Target | None) -> Row:
    return Row("post", Series(ours), "/s", "pgbench", None if best is None else Series(best), target)


@pytest.mark.parametrize(
    ("ours", "best", "target", "missed"),
    [
        ([350, 351, 352], [1000, 1000, 1000], Target(0.35), False),
        ([340, 341, 352], [1000, 1000, 1000], Target(0.35), True),
        # The ratio is taken round by round: a slow round of both says nothing about either.
        ([360, 36, 360], [1000, 100, 1000], Target(0.35), False),
        ([199], None, Target(200, at_most=True), False),
        ([201], None, Target(200, at_most=True), True),
        ([1], None, None, False),
    ],
)
def test_a_target_is_held_against_the_median_ratio(
    ours: list[float],
    best: list[float] | None,
    target: Target | None,
    missed: bool,  # noqa: FBT001
) -> None:
    assert row(ours, best, target).is_missed is missed


def test_the_table_is_markdown_and_says_what_is_not_met() -> None:
    told = table([row([340, 300, 320], [1000, 1000, 1000], Target(0.35))]).splitlines()
    assert [cell.strip() for cell in told[2].split("|")[1:7]] == [
        "post",
        "320 [300-340] /s",
        "pgbench: 1 000 [1 000-1 000]",
        "0.32 [0.3-0.34]",
        "≥ 0.35",
        "NOT met",
    ]
    assert set(told[1]) == {"|", "-", " "}


def test_a_lap_tells_its_rate_and_how_late_the_late_ones_were() -> None:
    lap = Lap(2.0, [float(place) for place in range(1, 101)])
    assert (lap.rate, lap.percentile(50), lap.percentile(99)) == (50.0, 51.0, 100.0)
    pace = Pace()
    pace.add(lap, 0.25)
    assert pace.row("quote").cells()[-1] == "server 2.5 ms CPU, p50 51.0 ms, p99 100 ms"


@pytest.mark.parametrize(
    ("value", "told"), [(0, "0"), (0.354, "0.35"), (12.34, "12.3"), (640.2, "640"), (1563.4, "1 563")]
)
def test_numbers_have_the_digits_they_deserve(value: float, told: str) -> None:
    assert number(value) == told
