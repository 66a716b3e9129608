"""What a scanner sees on a screen: the code read from a screenshot, its size and the white around it."""

import io
from dataclasses import dataclass
from typing import Final

import zxingcpp
from PIL import Image

MODULES: Final = 21
QUIET: Final = 4
# Shades of grey: nothing darker than paper may stand around the code, and its modules are no lighter than ink.
PAPER_MIN: Final = 250
INK_MAX: Final = 40
_FORMATS: Final = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


@dataclass(frozen=True, slots=True)
class Symbol:
    """A code as drawn. `side` is in CSS pixels from the first module to the last, `quiet` in modules of plain white."""

    digits: str
    side: float
    quiet: int
    inked: bool


def symbol(screenshot: bytes, *, density: float = 1) -> Symbol | None:
    """The code on a screenshot taken at `density` device pixels a CSS pixel, if there is one. Light on dark is not read."""
    picture = Image.open(io.BytesIO(screenshot)).convert("L")
    found = zxingcpp.read_barcodes(picture, formats=_FORMATS, try_invert=False)
    if not found:
        return None
    assert len(found) == 1, f"{len(found)} codes on the screen"
    place = found[0].position
    left, top = place.top_left.x, place.top_left.y
    side = place.top_right.x - left
    module = side / MODULES
    corner = picture.getpixel((round(left + module / 2), round(top + module / 2)))
    quiet = 0
    while quiet < QUIET and _darkest_around(picture, left, top, side, (quiet + 1) * module) >= PAPER_MIN:
        quiet += 1
    return Symbol(found[0].text, side / density, quiet, isinstance(corner, int) and corner <= INK_MAX)


def _darkest_around(picture: Image.Image, left: float, top: float, side: float, margin: float) -> int:
    """The darkest pixel of a frame around the code; what lies beyond the screen counts as black."""
    near, far = 2, round(margin) - 2  # the decoder's corners are a pixel or two off
    x0, y0, x1, y1 = round(left), round(top), round(left + side), round(top + side)
    bands = (
        (x0 - far, y0 - far, x1 + far, y0 - near),
        (x0 - far, y1 + near, x1 + far, y1 + far),
        (x0 - far, y0 - far, x0 - near, y1 + far),
        (x1 + near, y0 - far, x1 + far, y1 + far),
    )
    return min(_darkest(picture, band) for band in bands)


def _darkest(picture: Image.Image, band: tuple[int, int, int, int]) -> int:
    darkest = picture.crop(band).getextrema()[0]
    assert isinstance(darkest, int)
    return darkest
