"""A real Chromium: found on the machine, else the one Playwright installed; with phones, tills and fake cameras."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
import qrcode
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.makers.patience import PATIENCE_MS

QUIET: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
CAMERA: Final = (640, 480)
FRAMES: Final = 20


def chromium() -> str | None:
    """The browser of this machine, or None for Playwright's own."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextmanager
def playing() -> Iterator[Playwright]:
    """Playwright for the block, which waits long enough for a machine that is busy with something else."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        yield playwright


def launch(playwright: Playwright, *more: str) -> Browser:
    """A headless browser. Without one the test is skipped, but never where CI runs."""
    found = chromium()
    if found is None and not Path(playwright.chromium.executable_path).exists():
        assert not os.environ.get("CI"), "no browser: `make browser` installs one"
        pytest.skip("no browser: `make browser` installs one")
    return playwright.chromium.launch(executable_path=found, args=[*QUIET, *more])


def phone(browser: Browser, **more: Any) -> BrowserContext:
    """A phone in Russia."""
    usual: dict[str, Any] = {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 2,
        "has_touch": True,
        "is_mobile": True,
        "locale": "ru-RU",
        "timezone_id": "Europe/Moscow",
    }
    context = browser.new_context(**(usual | more))
    context.set_default_timeout(PATIENCE_MS)
    return context


def watched(page: Page) -> list[str]:
    """Everything the page complains of from now on."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(f"page: {error}"))
    page.on(
        "console", lambda message: complaints.append(f"console: {message.text}") if message.type == "error" else None
    )
    return complaints


def write_camera(file: Path, digits: str) -> list[str]:
    """A film of somebody holding a code before a camera, and the arguments that make Chromium see it."""
    code = qrcode.QRCode(version=1, error_correction=qrcode.constants.ERROR_CORRECT_Q, box_size=10, border=4)
    code.add_data(digits)
    code.make()
    drawn = code.make_image().get_image().convert("RGB").resize((290, 290))
    scene = Image.new("RGB", CAMERA, (96, 104, 110))
    scene.paste(drawn, (175, 95))
    luma, blue, red = scene.convert("YCbCr").split()
    half = (CAMERA[0] // 2, CAMERA[1] // 2)
    frame = luma.tobytes() + blue.resize(half).tobytes() + red.resize(half).tobytes()
    with file.open("wb") as film:
        film.write(f"YUV4MPEG2 W{CAMERA[0]} H{CAMERA[1]} F10:1 Ip A1:1 C420jpeg\n".encode())
        for _ in range(FRAMES):
            film.write(b"FRAME\n" + frame)
    return [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={file}",
    ]


def main() -> None:
    """End with 1 where no browser can be found; the Makefile asks before the tests do."""
    with playing() as playwright:
        sys.exit(not (chromium() or Path(playwright.chromium.executable_path).exists()))


if __name__ == "__main__":
    main()
