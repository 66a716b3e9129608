"""Partners' own sites: on which pages the members' discount is told, for what, and where a booking goes from there."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

ORIGIN_CHARACTERS_MAX: Final = 255
CODE_KEY: Final = "access-code"
"""The key by which TravelLine's booking form reads a promo code from the address of its page."""
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})


@dataclass(frozen=True, slots=True)
class SiteOffer:
    """A service that a site speaks of, and the channel whose rule it tells."""

    service: str
    channel: str


@dataclass(frozen=True, slots=True)
class SiteTerms:
    """Where a partner's widget may stand (origins as browsers write them), what it tells, and where a booking goes.

    `link` is a page of the site itself (`/booking`) or an address of its own; None where rooms are booked in the
    cabinet. `codes` are (tier, promo code) for the partner's engine.
    """

    origins: tuple[str, ...]
    offers: tuple[SiteOffer, ...]
    link: str | None = None
    code_key: str = CODE_KEY
    codes: tuple[tuple[str, str], ...] = ()

    def link_of(self, tier: str | None, origin: str | None = None) -> str | None:
        """The address of the partner's booking page for a guest of a tier, with that tier's code where it has one.

        `origin` is the site where the guest is; without it the first one is meant.
        """
        if self.link is None:
            return None
        link = f"{origin or self.origins[0]}{self.link}" if self.link.startswith("/") else self.link
        code = dict(self.codes).get(tier or "")
        if code is None:
            return link
        page, mark, fragment = link.partition("#")
        between = "&" if "?" in page else "?"
        return f"{page}{between}{quote(self.code_key, safe='')}={quote(code, safe='')}{mark}{fragment}"


def origin_of(address: str, *, loopback: bool = False) -> str | None:
    """The origin of an address of `https`, as a browser writes it; None for what has none.

    With `loopback` the pages of this machine count too, which browsers trust without encryption.
    """
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").encode("idna").decode("ascii"), parts.port
    except (ValueError, UnicodeError):
        return None
    if not _is_host(host) or "@" in parts.netloc or len(address) > ORIGIN_CHARACTERS_MAX * 8:
        return None
    host = f"[{host}]" if ":" in host else host
    if parts.scheme != "https" and not (loopback and parts.scheme == "http" and host in _LOOPBACK):
        return None
    usual = 443 if parts.scheme == "https" else 80
    return f"{parts.scheme}://{host}" + ("" if port in {None, usual} else f":{port}")


def _is_host(host: str) -> bool:
    if not host or len(host) > ORIGIN_CHARACTERS_MAX or host.startswith(".") or ".." in host:
        return False
    return all(letter.isascii() and (letter.isalnum() or letter in "-.:") for letter in host)
