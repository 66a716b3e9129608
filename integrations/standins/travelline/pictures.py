"""Pictures for the invented hotels: hills, a sky and a moon, drawn from the name. No photograph of anybody."""

import colorsys
import math
import struct
import zlib
from functools import lru_cache
from typing import Final

WIDTH: Final = 480
HEIGHT: Final = 320
HILLS: Final = 5


@lru_cache(maxsize=32)
def landscape(name: str, hue: int) -> bytes:
    """A PNG of one palette: the same name draws the same hills."""
    seed = zlib.crc32(name.encode())
    lines = [_ridge(seed + 97 * hill, hill) for hill in range(HILLS)]
    moon_x, moon_y, radius = 60 + seed % 360, 46 + seed % 40, 20 + seed % 12
    rows = bytearray()
    for y in range(HEIGHT):
        rows.append(0)
        for x in range(WIDTH):
            inside = (x - moon_x) ** 2 + (y - moon_y) ** 2 <= radius**2
            colour = HILLS + 1 if inside else 0
            for hill, line in enumerate(lines, start=1):
                if y >= line[x]:
                    colour = hill
            rows.append(colour)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            _chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", _palette(hue)),
            _chunk(b"IDAT", zlib.compress(bytes(rows), 9)),
            _chunk(b"IEND", b""),
        )
    )


def _ridge(seed: int, hill: int) -> list[int]:
    middle = HEIGHT * (0.34 + 0.13 * hill)
    long, short, shift = 70 + seed % 60, 23 + seed % 17, seed % 360
    return [
        int(middle + 22 * math.sin((x + shift) / long) + 9 * math.sin((x + 2 * shift) / short)) for x in range(WIDTH)
    ]


def _palette(hue: int) -> bytes:
    colours = [(hue, 0.38, 0.93)]
    colours += [((hue + 8 * hill) % 360, 0.30 + 0.05 * hill, 0.80 - 0.12 * hill) for hill in range(HILLS)]
    colours.append((46, 0.25, 0.99))
    made = bytearray()
    for degrees, saturation, value in colours:
        made += bytes(round(255 * part) for part in colorsys.hsv_to_rgb(degrees / 360, saturation, value))
    return bytes(made)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
