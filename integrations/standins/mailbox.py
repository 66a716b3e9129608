"""A mail server that delivers to nobody: it keeps the newest letters and shows them, with the texts that phones caught."""

import asyncio
import email
import html
import re
from base64 import b64encode
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import default
from hashlib import sha256
from ssl import SSLContext
from typing import Final, Literal, TypeAlias

import orjson
from aiosmtpd.smtp import SMTP, Envelope, Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from integrations.standins.messaging.exchange import CaughtMessage, Exchange

MailFault: TypeAlias = Literal["slow", "late", "421", "451", "554", "lose"]
REFUSALS: Final[dict[MailFault | None, str]] = {
    "421": "421 Too many letters, come later",
    "451": "451 Requested action aborted: local error in processing",
    "554": "554 Transaction failed",
}
TITLE: Final = "Почта демонстрации"
RUSSIAN_DIGITS: Final = 11
KEPT_MAX: Final = 5_000
SHOWN_MAX: Final = 200
LETTER_BYTES_MAX: Final = 1_000_000
LINK: Final = re.compile(r"https?://[^\s<>\"']+")
TRAILING: Final = ".,;:!?)»"
HIDDEN: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


@dataclass
class Plan:
    """How the relay is to behave. A fault takes one letter.

    It is taken late or answered late, refused in the words of SMTP (`421`, `451` for now, `554` for good), or taken while the
    connection breaks off without an answer.
    """

    faults: deque[MailFault] = field(default_factory=deque)
    slow_seconds: float = 1.0


@dataclass(frozen=True, slots=True)
class Caught:
    """A letter as it arrived, for one of its addresses."""

    to: str
    subject: str
    text: str
    links: list[str]
    at: datetime


class Mailbox:
    """Catches every letter sent to its port, and answers with the newest first.

    `phones` are the gateways' stand-ins, whose texts are shown beside the letters.
    """

    def __init__(
        self,
        clock: Callable[[], datetime],
        *,
        tls: SSLContext | None = None,
        phones: Sequence[Exchange] = (),
        plan: Plan | None = None,
    ) -> None:
        self.plan = plan or Plan()
        self._clock = clock
        self._phones = phones
        self._tls = tls
        self._letters: deque[Caught] = deque(maxlen=KEPT_MAX)
        self.port = 0

    @asynccontextmanager
    async def open(self, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator["Mailbox"]:
        """Listen on a port, a free one unless it is named. With `tls` letters are taken over STARTTLS only."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(self._protocol, host, port)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            await server.wait_closed()

    @property
    def url(self) -> str:
        """The address a mailer is given."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def routes(self) -> list[BaseRoute]:
        """Where the letters are read."""
        return [Route("/mailbox", self.page), Route("/mailbox/messages", self.messages_page)]

    def letters(self, to: str | None = None) -> list[Caught]:
        """The newest letters, the very newest first; `to` leaves those for one address."""
        wanted = None if to is None else to.strip().casefold()
        found = (letter for letter in reversed(self._letters) if wanted in {None, letter.to.casefold()})
        return [letter for letter, _ in zip(found, range(SHOWN_MAX), strict=False)]

    async def page(self, request: Request) -> Response:
        """The letters: a page for a browser, JSON for everybody else."""
        letters = self.letters(request.query_params.get("to"))
        if "text/html" in request.headers.get("accept", ""):
            messages = self.messages(request.query_params.get("to"))
            return HTMLResponse(page_of(TITLE, letters, messages), headers=page_headers())
        body = [
            {"to": one.to, "subject": one.subject, "text": one.text, "links": one.links, "at": moment(one.at)}
            for one in letters
        ]
        return Response(orjson.dumps(body), media_type="application/json", headers={"Cache-Control": "no-store"})

    def messages(self, to: str | None = None) -> list[CaughtMessage]:
        """The newest texts of every phone, the very newest first; `to` leaves those for one number, however written."""
        wanted = None if to is None else _digits(to)
        caught = [one for phone in self._phones for one in phone.caught if wanted in {None, _digits(one.to)}]
        return sorted(caught, key=lambda one: (one.at, one.id), reverse=True)[:SHOWN_MAX]

    async def messages_page(self, request: Request) -> Response:
        """The texts as JSON."""
        body = [
            {
                "channel": one.channel.value,
                "to": one.to,
                "sender": one.sender,
                "text": one.text,
                "gateway": one.gateway,
                "state": one.fate.value,
                "at": moment(one.at),
            }
            for one in self.messages(request.query_params.get("to"))
        ]
        return Response(orjson.dumps(body), media_type="application/json", headers={"Cache-Control": "no-store"})

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name there
        """Take a letter, or fail as it was told; called by the SMTP server."""
        fault = self.plan.faults.popleft() if self.plan.faults else None
        if fault in REFUSALS:
            return REFUSALS[fault]
        if fault == "slow":
            await asyncio.sleep(self.plan.slow_seconds)
        self._catch(envelope)
        if fault == "late":
            await asyncio.sleep(self.plan.slow_seconds)
        if fault == "lose" and server.transport is not None:
            server.transport.close()
        return "250 Message accepted for delivery"

    def _catch(self, envelope: Envelope) -> None:
        content = envelope.original_content or b""
        message = email.message_from_bytes(content, policy=default)
        text, marked_up = _part(message, "plain"), _part(message, "html")
        at = self._clock()
        links = links_of(text, marked_up)
        for address in envelope.rcpt_tos:
            self._letters.append(Caught(address, str(message["Subject"] or ""), text or marked_up, links, at))

    def _protocol(self) -> SMTP:
        return SMTP(
            self,
            hostname="mailbox.localhost",
            ident="mailbox",
            data_size_limit=LETTER_BYTES_MAX,
            tls_context=self._tls,
            require_starttls=self._tls is not None,
            loop=asyncio.get_running_loop(),
        )


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    return "" if body is None else str(body.get_content()).replace("\r\n", "\n").strip()


def links_of(text: str, marked_up: str = "") -> list[str]:
    """Every absolute link, in order, once."""
    found = LINK.findall(text) + LINK.findall(html.unescape(marked_up))
    return list(dict.fromkeys(link.rstrip(TRAILING) for link in found))


def _digits(number: str) -> str:
    """A number without what people write between its digits; a Russian one with the country's code."""
    digits = "".join(letter for letter in number if letter.isdigit())
    return f"7{digits[1:]}" if len(digits) == RUSSIAN_DIGITS and digits.startswith("8") else digits


def moment(at: datetime) -> str:
    """A moment as JSON has it."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:0 auto;padding:1rem;color-scheme:light dark}"
    "article{border-block-start:1px solid;padding-block:1rem}pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit}"
    "h2{font-size:1rem;margin:0}p{margin:.25rem 0}a{display:inline-block;padding-block:.5rem;overflow-wrap:anywhere}"
)


def page_headers() -> dict[str, str]:
    """The headers of a page of messages: its own style and nothing else."""
    return HIDDEN | {"Content-Security-Policy": HIDDEN["Content-Security-Policy"].format(style=_style_digest())}


def _style_digest() -> str:
    return b64encode(sha256(STYLE.encode()).digest()).decode()


def page_of(title: str, letters: Sequence[Caught], messages: Sequence[CaughtMessage]) -> str:
    """Letters and texts as one page, the newest first."""
    shown = [(one.at, _letter(one)) for one in letters] + [(one.at, _message(one)) for one in messages]
    rows = "".join(text for _, text in sorted(shown, key=lambda each: each[0], reverse=True)[:SHOWN_MAX])
    return (
        '<!doctype html><html lang="ru"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{STYLE}</style>"
        f"<h1>{title}</h1>{rows or '<p>Писем пока нет.</p>'}</html>"
    )


def _letter(one: Caught) -> str:
    links = "".join(f'<p><a href="{html.escape(link)}">{html.escape(link)}</a></p>' for link in one.links)
    return (
        f"<article><h2>{html.escape(one.subject)}</h2><p>E-mail · {html.escape(one.to)} · {moment(one.at)}</p>"
        f"<pre>{html.escape(one.text)}</pre>{links}</article>"
    )


def _message(one: CaughtMessage) -> str:
    channel = {"SMS": "SMS", "VIBER": "Viber"}.get(one.channel.value, one.channel.value)
    return (
        f"<article><h2>{channel} от {html.escape(one.sender)}</h2>"
        f"<p>{channel} · +{html.escape(one.to)} · {moment(one.at)} · {one.gateway}: {one.fate.value}</p>"
        f"<pre>{html.escape(one.text)}</pre></article>"
    )
