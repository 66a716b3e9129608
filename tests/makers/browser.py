"""A real Chromium: the one of this machine, else the one that Playwright brought."""

import os
import shutil
import sys
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """The path of a Chromium, or None where there is none."""
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def chromium_path() -> str:
    """The path of a Chromium for a test. Without one the test is left out, but in CI it fails."""
    found = find_chromium()
    if found is not None:
        return found
    reason = "no Chromium here: install one, or run .ci/browser"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


if __name__ == "__main__":
    sys.exit(0 if find_chromium() else 1)
