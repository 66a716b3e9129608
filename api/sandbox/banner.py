"""What every page of a sandbox says first, so that nobody takes it for the real house. A real house has nothing of it."""

import re
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

WORDS: Final[Mapping[str, str]] = {
    "ru": "Песочница: не настоящие карты и покупки. Время здесь передвигают, письма и SMS никуда не уходят.",
    "en": "Sandbox: no real cards or purchases. Time is moved here, and no letter or SMS leaves.",
}
LETTERS: Final[Mapping[str, str]] = {"ru": "Что было бы отправлено", "en": "What would have been sent"}
STYLE: Final = (
    ".sandbox{position:sticky;inset-block-start:0;z-index:100;margin:0;padding:6px 16px;text-align:center;"
    "font:600 .8125rem/1.125rem var(--kunak-font,system-ui,sans-serif);background:#7a4f00;color:#fff}"
    ".sandbox a{color:inherit}@media print{.sandbox{position:static}}"
)
_BODY: Final = re.compile(r"<body[^>]*>")


def announced(page: str, locale: str) -> str:
    """A page that says it is one of a sandbox."""
    said = f'<p class="sandbox" role="note">{WORDS[locale]} <a href="/mailbox">{LETTERS[locale]}</a></p>'
    page = page.replace("</head>", f"<style>{STYLE}</style></head>", 1)
    return _BODY.sub(lambda match: match[0] + said, page, count=1)


def allowing_style(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers of a page with leave for this one style."""
    digest = b64encode(sha256(STYLE.encode()).digest()).decode()
    policy = headers["Content-Security-Policy"].replace("style-src 'self'", f"style-src 'self' 'sha256-{digest}'")
    return {**headers, "Content-Security-Policy": policy}
