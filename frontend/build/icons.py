"""Draws the icons from build/icon.svg with the browser of the development machine; run it by hand after a change."""

from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

PUBLIC = Path(__file__).parents[1] / "public"
# A maskable icon fills its square to the corners: the system cuts its own shape.
SIZES = {"icon-180": (180, True), "icon-192": (192, False), "icon-512": (512, False), "icon-maskable-512": (512, True)}

# What browsers ask for by itself, and show in tabs; a drawn file, since a tab decodes an SVG on the page's own thread.
FAVICON = (16, 32, 48)


def main() -> None:
    """Write every size."""
    drawing = Path(__file__).with_name("icon.svg").read_text("utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for name, (size, is_square) in SIZES.items():
            page = browser.new_page(viewport={"width": size, "height": size})
            shape = drawing.replace('rx="112"', 'rx="0"') if is_square else drawing
            page.set_content(f"<style>*{{margin:0}}svg{{display:block;width:{size}px}}</style>{shape}")
            page.screenshot(path=PUBLIC / f"{name}.png", omit_background=True)
            page.close()
        browser.close()
    with Image.open(PUBLIC / "icon-512.png") as icon:
        icon.save(PUBLIC / "favicon.ico", sizes=[(side, side) for side in FAVICON])


if __name__ == "__main__":
    main()
