"""Money in whole kopecks, quantities in thousandths, rates in basis points: read, printed and multiplied without floats."""

import re

MONEY_DIGITS_MAX = 12
QUANTITY_MAX = 1_000_000_000  # 1 000 000 pieces, in thousandths
PERCENT_WHOLE = 10_000  # basis points in 100 %

_MONEY = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,2}))?", re.ASCII)
_QUANTITY = re.compile(r"([0-9]{1,7})(?:\.([0-9]{1,3}))?", re.ASCII)
_PERCENT = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,2}))?", re.ASCII)


def parse_money(text: str) -> int:
    """Kopecks of `"3284"`, `"3284.5"` or `"3284.50"`. Raises ValueError for anything else."""
    return _scaled(_MONEY, text, 100)


def print_money(kopecks: int) -> str:
    """Always two digits: `"3284.50"`."""
    sign, kopecks = ("-", -kopecks) if kopecks < 0 else ("", kopecks)
    return f"{sign}{kopecks // 100}.{kopecks % 100:02d}"


def parse_quantity(text: str) -> int:
    """Thousandths of a quantity such as `"2"` or `"0.125"`: above zero, at most 1 000 000. Raises ValueError."""
    thousandths = _scaled(_QUANTITY, text, 1000)
    if not 0 < thousandths <= QUANTITY_MAX:
        raise ValueError("a quantity is above 0 and at most 1000000")
    return thousandths


def print_quantity(thousandths: int) -> str:
    """Without trailing zeros: `"2"`, `"0.125"`."""
    return _trimmed(thousandths, 1000, 3)


def parse_percent(text: str) -> int:
    """Basis points of `"5"` or `"7.5"`, from 0 to 100 percent. Raises ValueError."""
    basis_points = _scaled(_PERCENT, text, 100)
    if basis_points > PERCENT_WHOLE:
        raise ValueError("a percentage is at most 100")
    return basis_points


def print_percent(basis_points: int) -> str:
    """Without trailing zeros and without the sign: `"5"`, `"7.5"`."""
    return _trimmed(basis_points, 100, 2)


def discount_of(gross: int, basis_points: int) -> int:
    """The discount of a line, half up to the kopeck."""
    return (gross * basis_points + PERCENT_WHOLE // 2) // PERCENT_WHOLE


def tell_money(kopecks: int, locale: str) -> str:
    """Money inside a sentence: `100 000 ₽`, kopecks only where there are some. Spaces do not break."""
    whole, part = divmod(abs(kopecks), 100)
    point, space = (".", ",") if locale == "en" else (",", "\u00a0")
    grouped = f"{whole:,}".replace(",", space)
    tail = f"{point}{part:02d}" if part else ""
    return f"{'−' if kopecks < 0 else ''}{grouped}{tail}\u00a0₽"


def tell_percent(basis_points: int, locale: str) -> str:
    """A rate inside a sentence: `7,5 %` in Russian, `7.5%` in English."""
    printed = print_percent(basis_points)
    return f"{printed}%" if locale == "en" else f"{printed.replace('.', ',')}\u00a0%"


def _scaled(shape: re.Pattern[str], text: str, scale: int) -> int:
    found = shape.fullmatch(text)
    if found is None:
        raise ValueError("not a plain decimal of the expected length")
    whole, part = found.groups(default="")
    return int(whole) * scale + int(f"{part}000"[: len(str(scale)) - 1])


def _trimmed(value: int, scale: int, digits: int) -> str:
    whole, part = divmod(value, scale)
    return f"{whole}.{part:0{digits}d}".rstrip("0") if part else str(whole)
