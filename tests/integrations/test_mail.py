"""Letters go out encrypted, and what the relay says is understood; the mailbox shows what arrived."""

import asyncio
import ssl
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from time import monotonic
from typing import Any

import httpx2
import pytest
from aiosmtpd.smtp import SMTP
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from integrations.mail.smtp import SmtpMailer
from integrations.ports import Letter, Refused, Unavailable
from integrations.standins.mailbox import Mailbox, MailFault, Plan
from integrations.standins.messaging.exchange import Exchange
from loyalty.messages import Channel
from tests.makers.patience import PATIENCE_SECONDS

SENDER = "Знак Качества <card@kunak.test>"
LETTER = Letter(
    to="anna@mail.test",
    subject="Подтвердите почту",
    text="Здравствуйте, Анна!\nКод: 123456\nhttp://kunak.test/confirm?token=abc.\n",
    html='<p>Здравствуйте</p><a href="http://kunak.test/confirm?token=abc&amp;x=1">Подтвердить</a>',
)


def make_contexts(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's and a client's TLS for a certificate made on the spot."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "relay.test")])
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(moment - timedelta(days=3650))
        .not_valid_after(moment + timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "relay.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return server, ssl.create_default_context(cafile=str(path))


class Moody:
    """A relay that answers as it is told."""

    def __init__(self, *, recipient: str = "250 OK", data: str = "250 OK") -> None:
        self.recipient, self.data = recipient, data
        self.contents: list[bytes] = []

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.contents.append(envelope.original_content)
        return self.data


@asynccontextmanager
async def relay(handler: Moody) -> AsyncIterator[int]:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, loop=loop), "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()


def plain(port: int) -> SmtpMailer:
    return SmtpMailer(f"smtp://127.0.0.1:{port}", sender=SENDER, is_plain_allowed=True)


async def test_a_letter_goes_over_starttls_and_arrives_whole(now: datetime, tmp_path: Path) -> None:
    inside, outside = make_contexts(tmp_path)
    async with Mailbox(lambda: now, tls=inside).open() as mailbox:
        await SmtpMailer(f"smtp://127.0.0.1:{mailbox.port}", sender=SENDER, tls=outside).send(LETTER)
        [caught] = mailbox.letters()
    assert (caught.to, caught.subject, caught.text, caught.at) == (LETTER.to, LETTER.subject, LETTER.text.strip(), now)
    assert caught.links == ["http://kunak.test/confirm?token=abc", "http://kunak.test/confirm?token=abc&x=1"]


async def test_without_encryption_nothing_is_sent(now: datetime) -> None:
    async with Mailbox(lambda: now).open() as mailbox:
        with pytest.raises(Unavailable, match="no encryption"):
            await SmtpMailer(f"smtp://127.0.0.1:{mailbox.port}", sender=SENDER).send(LETTER)
        assert mailbox.letters() == []


async def test_a_certificate_of_a_stranger_is_not_believed(now: datetime, tmp_path: Path) -> None:
    inside, _ = make_contexts(tmp_path)
    async with Mailbox(lambda: now, tls=inside).open() as mailbox:
        with pytest.raises(Unavailable):
            await SmtpMailer(f"smtp://127.0.0.1:{mailbox.port}", sender=SENDER).send(LETTER)
        assert mailbox.letters() == []


async def test_what_is_sent_is_a_proper_letter() -> None:
    handler = Moody()
    async with relay(handler) as port:
        await plain(port).send(LETTER)
    message = message_from_bytes(handler.contents[0], policy=default)
    assert str(message["From"]) == SENDER
    assert (message["To"], message["Subject"], message["Auto-Submitted"]) == (
        LETTER.to,
        LETTER.subject,
        "auto-generated",
    )
    assert message["Message-ID"].endswith("@kunak.test>")
    assert message.get_content_type() == "multipart/alternative"
    assert max(map(len, handler.contents[0].split(b"\r\n"))) <= 998


@pytest.mark.parametrize(
    ("handler", "kind"),
    [
        (Moody(recipient="550 no such mailbox"), Refused),
        (Moody(data="554 spam"), Refused),
        (Moody(recipient="450 greylisted"), Unavailable),
        (Moody(data="452 full"), Unavailable),
        (Moody(recipient="530 sign in first"), Unavailable),
    ],
)
async def test_a_no_for_good_and_a_no_for_now_are_told_apart(handler: Moody, kind: type[Exception]) -> None:
    async with relay(handler) as port:
        with pytest.raises(kind) as told:
            await plain(port).send(LETTER)
    assert "anna" not in str(told.value)


async def test_the_mailbox_fails_as_it_is_told(now: datetime) -> None:
    """A-087: refused for now and for good, and a letter that was taken while nobody heard of it."""
    async with Mailbox(lambda: now).open() as mailbox:
        mailer, faults = plain(mailbox.port), mailbox.plan.faults
        refusals: list[tuple[MailFault, type[Exception]]] = [
            ("421", Unavailable),
            ("451", Unavailable),
            ("554", Refused),
        ]
        for fault, kind in refusals:
            faults.append(fault)
            with pytest.raises(kind, match=fault):
                await mailer.send(LETTER)
        assert mailbox.letters() == []
        faults.append("lose")
        with pytest.raises(Unavailable):
            await mailer.send(LETTER)
        assert len(mailbox.letters()) == 1
        await mailer.send(LETTER)
        assert len(mailbox.letters()) == 2, "a fault takes one letter"


@pytest.mark.parametrize("fault", ["slow", "late"])
async def test_the_mailbox_is_slow_before_its_work_or_after_it(now: datetime, fault: MailFault) -> None:
    pause = 0.2
    async with Mailbox(lambda: now, plan=Plan(deque([fault]), pause if fault == "slow" else 3600.0)).open() as mailbox:
        began = monotonic()
        sending = asyncio.create_task(plain(mailbox.port).send(LETTER))
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not mailbox.letters():
                await asyncio.sleep(0.005)
        if fault == "slow":
            assert monotonic() - began >= pause
            await sending
        else:
            assert not sending.done()
            sending.cancel()


async def test_a_relay_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        await plain(9).send(LETTER)


@pytest.mark.parametrize("address", ["", "no-at-sign", "a@b@c.test", "anna@mail.test\r\nBcc: b@mail.test"])
async def test_an_address_that_is_none_is_refused(address: str) -> None:
    handler = Moody()
    async with relay(handler) as port:
        with pytest.raises(Refused):
            await plain(port).send(Letter(to=address, subject="s", text="t"))
    assert handler.contents == []


async def test_a_subject_cannot_smuggle_a_header() -> None:
    handler = Moody()
    async with relay(handler) as port:
        with pytest.raises(Refused):
            await plain(port).send(Letter(to="anna@mail.test", subject="s\r\nBcc: b@mail.test", text="t"))
    assert handler.contents == []


@asynccontextmanager
async def browser(mailbox: Mailbox) -> AsyncIterator[httpx2.AsyncClient]:
    async with client_of_routes(mailbox.routes) as client:
        yield client


@asynccontextmanager
async def client_of_routes(routes: list[BaseRoute]) -> AsyncIterator[httpx2.AsyncClient]:
    app = Starlette(routes=routes)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://kunak.test") as client:
        yield client


async def test_the_mailbox_answers_the_newest_first_and_by_address(now: datetime) -> None:
    moments = iter(now + timedelta(seconds=second) for second in range(1000))
    async with Mailbox(lambda: next(moments)).open() as mailbox, browser(mailbox) as client:
        mailer = plain(mailbox.port)
        for number in range(3):
            await mailer.send(Letter(to=f"guest{number % 2}@mail.test", subject=str(number), text="t"))
        answer = await client.get("/mailbox")
        assert answer.headers["content-type"] == "application/json"
        assert [one["subject"] for one in answer.json()] == ["2", "1", "0"]
        assert answer.json()[2] == {
            "to": "guest0@mail.test", "subject": "0", "text": "t", "links": [], "at": "2026-03-14T09:26:53.000Z",
        }  # fmt: skip
        filtered = await client.get("/mailbox", params={"to": "GUEST0@mail.test"})
        assert [one["subject"] for one in filtered.json()] == ["2", "0"]
        assert (await client.get("/mailbox", params={"to": "nobody@mail.test"})).json() == []


async def test_the_mailbox_shows_two_hundred_at_most(now: datetime) -> None:
    async with Mailbox(lambda: now).open() as mailbox:
        mailer = plain(mailbox.port)
        for number in range(201):
            await mailer.send(Letter(to="anna@mail.test", subject=str(number), text="t"))
        assert [one.subject for one in mailbox.letters()] == [str(number) for number in range(200, 0, -1)]


async def test_a_browser_gets_a_page_in_which_letters_are_only_text(now: datetime) -> None:
    async with Mailbox(lambda: now).open() as mailbox, browser(mailbox) as client:
        await plain(mailbox.port).send(
            Letter(
                to="anna@mail.test", subject="<script>1</script>", text='"><img src=x> http://kunak.test/reset?token=1'
            )
        )
        page = await client.get("/mailbox", headers={"Accept": "text/html,*/*"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<script>" not in page.text
    assert "<img" not in page.text
    assert 'href="http://kunak.test/reset?token=1"' in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


async def test_texts_are_shown_beside_the_letters_and_apart_from_them(now: datetime) -> None:
    phone = Exchange("smsaero", lambda: now)
    phone.catch(channel=Channel.SMS, sender="KUNAK", to="79211234567", text="<b>123456</b>")
    phone.catch(channel=Channel.VIBER, sender="KUNAK", to="79210000000", text="Да")
    box = Mailbox(lambda: now, phones=[phone])
    async with box.open() as mailbox, client_of_routes(mailbox.routes) as client:
        assert (await client.get("/mailbox")).json() == []
        assert (await client.get("/mailbox/messages", params={"to": "8 921 123-45-67"})).json() == [
            {
                "channel": "SMS", "to": "79211234567", "sender": "KUNAK", "text": "<b>123456</b>",
                "gateway": "smsaero", "state": "ACCEPTED", "at": "2026-03-14T09:26:53.000Z",
            }
        ]  # fmt: skip
        assert [one["channel"] for one in (await client.get("/mailbox/messages")).json()] == ["VIBER", "SMS"]
        page = (await client.get("/mailbox", headers={"Accept": "text/html"})).text
        assert "&lt;b&gt;123456&lt;/b&gt;" in page
        assert "SMS · +79211234567" in page
