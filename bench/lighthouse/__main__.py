"""`python -m bench.lighthouse`: start a demo, measure landing and signed-in home, print medians beside their targets."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from bench.results import Row, Series, Target, table
from tests.makers.browser import QUIET, chromium, playing
from tests.makers.demo import Demo, free_port, running_demo
from tests.makers.phones import sign_in

HERE: Final = Path(__file__).parent
RUNS: Final = 5
REST_SECONDS: Final = 4
PAGES: Final = {"landing": "/", "home": "/card"}
# Of a hundred; a page behind a sign-in has nothing to say to search engines.
SCORES: Final = {
    "landing": {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100},
    "home": {"performance": 95, "accessibility": 100, "best-practices": 100},
}
MILLIS: Final = {"largest-contentful-paint": "largest paint", "total-blocking-time": "blocking time"}


def main() -> int:
    """Measure and print. 0: every target is met; 1: at least one is not."""
    install()
    with tempfile.TemporaryDirectory() as folder, running_demo(Path(folder) / "var") as demo:
        profile = signed_in(Path(folder) / "profile", demo)
        rows = [row for page in PAGES for row in measured(page, demo, profile)]
    print(table(rows))
    return int(any(row.is_missed for row in rows))


def install() -> None:
    """Lighthouse itself, from its lock, the first time it is asked for."""
    if not (HERE / "node_modules").is_dir():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=HERE, env=tools(), check=True)


def tools() -> dict[str, str]:
    """Node stands beside this Python."""
    return os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def signed_in(profile: Path, demo: Demo) -> Path:
    """The profile of a browser that a member is signed in with; Lighthouse clears its caches, but not its cookies."""
    with playing() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(profile), executable_path=chromium(), args=[*QUIET], base_url=demo.told["url"], locale="ru-RU"
        )
        sign_in(context.new_page(), demo.member("pioneer"))
        context.close()
    return profile


def executable() -> str:
    """The browser of this machine, or Playwright's own."""
    with playing() as playwright:
        return chromium() or playwright.chromium.executable_path


@contextmanager
def browser(profile: Path) -> Iterator[int]:
    """The port of a browser of its own with this profile, just started and at rest.

    One that has shown pages before brings their leavings into the next run, and one that a second client listens to
    tells everything twice.
    """
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "profile"
        shutil.copytree(profile, copy, symlinks=True)
        # As the one that signed in: its cookies can be read without a keyring.
        command = [executable(), "--headless=new", *QUIET, "--password-store=basic", "--use-mock-keychain",
                   f"--user-data-dir={copy}", f"--remote-debugging-port={port}", "about:blank"]  # fmt: skip
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            time.sleep(REST_SECONDS)
            yield port
        finally:
            running.terminate()
            running.wait()


def measured(page: str, demo: Demo, profile: Path) -> list[Row]:
    """All runs of one page as lines of the table."""
    reports = [report(f"{demo.told['url']}{PAGES[page]}", profile) for _ in range(RUNS)]
    rows = [
        Row(
            f"{page}, {name}",
            Series([one["categories"][name]["score"] * 100 for one in reports]),
            "of 100",
            target=Target(least),
        )
        for name, least in SCORES[page].items()
    ]
    rows += [
        Row(f"{page}, {told}", Series([one["audits"][name]["numericValue"] for one in reports]), "ms")
        for name, told in MILLIS.items()
    ]
    shift = [one["audits"]["cumulative-layout-shift"]["numericValue"] for one in reports]
    for audit in faults(reports[-1]):
        print(f"{page}: {audit}", file=sys.stderr)
    return [*rows, Row(f"{page}, layout shift", Series(shift), "", target=Target(0.02, at_most=True))]


def report(url: str, profile: Path) -> dict[str, Any]:
    """One run on a mid-range phone and a slow mobile network, both simulated."""
    with browser(profile) as port:
        command = [
            str(HERE / "node_modules" / ".bin" / "lighthouse"), url, f"--port={port}", "--output=json", "--quiet",
            "--only-categories=performance,accessibility,best-practices,seo",
        ]  # fmt: skip
        done = subprocess.run(command, env=tools(), check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def faults(found: dict[str, Any]) -> list[str]:
    """What cost points where all points are wanted."""
    wanted = {name for scores in SCORES.values() for name, least in scores.items() if least == max(scores.values())}
    ids = [ref["id"] for name in wanted for ref in found["categories"][name]["auditRefs"] if ref["weight"]]
    return [
        f"{found['audits'][one]['title']}: {found['audits'][one].get('displayValue', '')}"
        for one in ids
        if found["audits"][one]["score"] not in (None, 1)
    ]


if __name__ == "__main__":
    sys.exit(main())
