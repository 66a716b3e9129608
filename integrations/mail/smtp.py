"""Handing letters to a mail relay over SMTP."""

from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid, parseaddr
from ssl import SSLContext, create_default_context
from typing import Final
from urllib.parse import unquote, urlsplit

import aiosmtplib

from integrations.ports import Letter, Refused, Unavailable

TIMEOUT_SECONDS: Final = 10.0
PERMANENT: Final = range(500, 600)
# The relay itself is in trouble or does not let us in: no fault of the letter, so it is worth another try.
OUR_FAULT: Final = frozenset({502, 503, 504, 530, 534, 535, 538})
PORTS: Final = {"smtp": 587, "smtps": 465}


class SmtpMailer:
    """One connection a letter. Without encryption nothing is sent, unless that was allowed in so many words."""

    def __init__(self, url: str, *, sender: str, is_plain_allowed: bool = False, tls: SSLContext | None = None) -> None:
        parts = urlsplit(url)
        self.host = parts.hostname or "localhost"
        self.port = parts.port or PORTS[parts.scheme]
        self.user = unquote(parts.username) if parts.username else None
        self.password = unquote(parts.password) if parts.password else None
        self.is_tls_at_once = parts.scheme == "smtps"
        self.is_plain_allowed = is_plain_allowed
        self.tls = tls or create_default_context()
        name, address = parseaddr(sender)
        self.sender = Address(name, addr_spec=address)

    async def send(self, letter: Letter) -> None:
        """Hand one letter over. Raises `Refused` when it can never be delivered, `Unavailable` when later may help."""
        try:
            message = self._message(letter)
        except (ValueError, IndexError, MessageError):
            raise Refused("the address or the subject cannot be written into a letter") from None
        relay = aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            timeout=TIMEOUT_SECONDS,
            use_tls=self.is_tls_at_once,
            start_tls=False,
            tls_context=self.tls if self.is_tls_at_once else None,
        )
        try:
            async with relay:
                await self._secure(relay)
                if self.user is not None:
                    await relay.login(self.user, self.password or "")
                await relay.send_message(message)
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _verdict(error.recipients[0].code) from None
        except aiosmtplib.SMTPResponseException as error:
            raise _verdict(error.code) from None
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise Unavailable(f"the relay was not reached: {type(error).__name__}") from None

    async def _secure(self, relay: aiosmtplib.SMTP) -> None:
        if self.is_tls_at_once:
            return
        await relay.ehlo()
        if relay.supports_extension("starttls"):
            await relay.starttls(tls_context=self.tls)
        elif not self.is_plain_allowed:
            raise Unavailable("the relay offers no encryption (STARTTLS)")

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        message["From"] = self.sender
        message["To"] = Address(addr_spec=letter.to)
        message["Subject"] = letter.subject
        message["Date"] = formatdate(localtime=False)
        message["Message-ID"] = make_msgid(domain=self.sender.domain or "localhost")
        # Nobody's holiday answer is wanted.
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text, cte="base64")
        if letter.html is not None:
            message.add_alternative(letter.html, subtype="html", cte="base64")
        return message


def _verdict(code: int) -> Exception:
    """Sort an answer of the relay. Its text is left out: it tends to repeat addresses."""
    if code in PERMANENT and code not in OUR_FAULT:
        return Refused(f"the relay answered {code}")
    return Unavailable(f"the relay answered {code}")
