"""Requests to partners: signed by the standard, pinned to what a name means, bounded, and never led elsewhere."""

import asyncio
import base64
import socket
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from api import clock
from integrations.ports import Knock
from integrations.webhooks import sending
from integrations.webhooks.addresses import Networks, allowed
from integrations.webhooks.sending import HttpAnnouncer, signed
from tests.makers.receiver import NETWORKS, Receiver, receiving
from tests.makers.webhooks import announcing

SECRET = b"k" * 32
SHOWN = "whsec_" + base64.b64encode(SECRET).decode()


def knock(url: str, *, body: bytes = b'{"type":"webhook.test"}', secrets: tuple[bytes, ...] = (SECRET,)) -> Knock:
    return Knock(url=url, id="0190a0b0-0000-7000-8000-000000000001", body=body, secrets=secrets)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as made:
        yield made


def test_the_vector_of_the_standard() -> None:
    """The example that Standard Webhooks' own libraries are tested with."""
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    sample = Knock(url="", id="msg_p5jXN8AQM9LWM0D4loKWxJek", body=b'{"test": 2432232314}', secrets=(secret,))
    headers = signed(sample, 1614265330)
    assert headers["webhook-id"] == sample.id
    assert headers["webhook-timestamp"] == "1614265330"
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


async def test_a_request_is_verified_by_whoever_gets_it(receiver: Receiver) -> None:
    async with announcing() as announcer:
        told = await announcer.knock(knock(f"{receiver.url}?from=kunak"))
        assert (told.status, told.fault, told.is_taken) == (204, None, True)
        [heard] = receiver.heard
        assert heard.path == "/hooks?from=kunak"
        assert heard.headers["host"] == f"127.0.0.1:{receiver.port}"
        assert heard.headers["content-type"] == "application/json"
        assert heard.verified(SHOWN)
        assert not heard.verified("whsec_" + base64.b64encode(b"other" * 6).decode())
        heard.body += b" "
        assert not heard.verified(SHOWN)


async def test_two_secrets_sign_while_one_is_changed(receiver: Receiver) -> None:
    async with announcing() as announcer:
        await announcer.knock(knock(receiver.url, secrets=(b"n" * 32, SECRET)))
        [heard] = receiver.heard
        assert heard.verified(SHOWN)
        assert heard.verified("whsec_" + base64.b64encode(b"n" * 32).decode())
        assert len(heard.headers["webhook-signature"].split(" ")) == 2


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_redirects_are_not_followed(receiver: Receiver, status: int) -> None:
    """T38: an address that sends us on to one of ours gets a failure."""
    receiver.statuses, receiver.more = [status], f"location: {receiver.url}/inner\r\n"
    async with announcing() as announcer:
        told = await announcer.knock(knock(receiver.url))
    assert (told.status, told.is_taken) == (status, False)
    assert [heard.path for heard in receiver.heard] == ["/hooks"]


async def test_an_answer_is_read_so_far_and_no_further(receiver: Receiver) -> None:
    receiver.statuses, receiver.answer = [500], "б".encode() * 5_000_000
    async with announcing() as announcer:
        told = await announcer.knock(knock(receiver.url))
    assert told.status == 500
    assert 100 <= len(told.answer) <= 200


async def test_an_answer_that_does_not_come_ends(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "WHOLE_SECONDS", 0.3)
    receiver.delay = 5.0
    async with announcing() as announcer:
        told = await announcer.knock(knock(receiver.url))
    assert (told.status, told.fault) == (None, "TIMEOUT")
    assert told.millis < 3_000


async def test_nobody_there_and_no_such_name() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    async with announcing() as announcer:
        assert (await announcer.knock(knock(f"http://127.0.0.1:{port}/"))).fault == "NOT_REACHED"
        assert (await announcer.knock(knock("https://nobody.invalid/"))).fault == "NAME_UNKNOWN"


async def test_how_long_to_wait_is_read(receiver: Receiver) -> None:
    receiver.statuses, receiver.more = [429], "retry-after: 120\r\n"
    async with announcing() as announcer:
        assert (await announcer.knock(knock(receiver.url))).retry_after_seconds == 120
        receiver.more = "retry-after: Wed, 21 Oct 2026 07:28:00 GMT\r\n"
        assert (await announcer.knock(knock(receiver.url))).retry_after_seconds is None


LITERALS = [
    "http://127.0.0.1:{port}/hooks",
    "https://127.0.0.1:{port}/hooks",
    "https://localhost:{port}/hooks",
    "https://2130706433:{port}/",
    "https://0x7f000001:{port}/",
    "https://127.1:{port}/",
    "https://[::ffff:127.0.0.1]:{port}/",
    "https://0.0.0.0:{port}/",
    "https://169.254.169.254/latest/meta-data/",
    "https://[fe80::1]/",
    "https://[::1]:{port}/",
    "https://10.0.0.1/",
]


@pytest.mark.parametrize("url", LITERALS)
async def test_nothing_of_ours_is_called(receiver: Receiver, url: str) -> None:
    """T38: 127.0.0.1 in every spelling, link-local and private addresses; not one connection is made."""
    announcer = HttpAnnouncer(clock.real)
    told = await announcer.knock(knock(url.format(port=receiver.port)))
    await announcer.close()
    assert told.fault in {"ADDRESS_NOT_ALLOWED", "NAME_UNKNOWN"}
    assert receiver.heard == []
    assert receiver.open_most == 0


async def test_a_name_that_means_one_of_ours_besides_is_not_called(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T38, rebinding: the address that was looked at is the one that is called; one bad one among them refuses all."""
    asked = 0

    async def resolve(host: str, port: int, **_: Any) -> list[Any]:
        nonlocal asked
        asked += 1
        found = ["93.184.215.14", "127.0.0.1"] if asked == 1 else ["127.0.0.1"]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve, raising=False)
    announcer = HttpAnnouncer(clock.real)
    for _ in range(2):
        told = await announcer.knock(knock(f"https://rebinding.test:{receiver.port}/"))
        assert told.fault == "ADDRESS_NOT_ALLOWED"
    await announcer.close()
    assert receiver.open_most == 0


@pytest.mark.parametrize(
    ("address", "is_allowed"),
    [
        ("8.8.8.8", True),
        ("2a00:1450:4010:c05::71", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("192.0.0.192", False),
        ("192.88.99.1", False),
        ("fec0::1", False),
        ("0.0.0.0", False),  # noqa: S104 - an address that must not be called
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fd00::1", False),
        ("fe80::1%eth0", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
        ("2001:0:a00:1::1", False),
        ("ff02::1", False),
        ("not an address", False),
    ],
)
def test_only_public_addresses_are_called(address: str, is_allowed: bool) -> None:  # noqa: FBT001 - of the table
    """T38."""
    assert allowed(address, Networks(()), is_plain=False) is is_allowed
    assert not allowed(address, Networks(()), is_plain=True)


def test_a_network_that_was_named_is_called() -> None:
    named = Networks(("10.0.0.0/8", "fd00::/8"))
    assert allowed("10.1.2.3", named, is_plain=True)
    assert allowed("::ffff:10.1.2.3", named, is_plain=True)
    assert allowed("fd00::1", named, is_plain=False)
    assert not allowed("192.168.0.1", named, is_plain=False)


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """(a certificate for a name, signed by itself; its key)."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = datetime.now(UTC) - timedelta(days=1)  # noqa: TID251 - a certificate is judged by the real clock
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(made)
        .not_valid_after(made + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / f"{name}.pem", folder / f"{name}.key"
    files[0].write_bytes(built.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files


async def test_the_certificate_must_be_of_the_name_and_not_of_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection goes to a pinned address, and still whoever answers must be whom the name says."""
    public, private = certificate(tmp_path, "partner.test")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(public, private)
    receiver = Receiver()
    server = await asyncio.start_server(receiver.take, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    loop = asyncio.get_running_loop()
    real = loop.getaddrinfo

    async def resolve(host: Any, asked: Any, **more: Any) -> list[Any]:
        return await real("127.0.0.1", asked, **more)

    monkeypatch.setattr(loop, "getaddrinfo", resolve, raising=False)
    trusting = ssl.create_default_context(cafile=str(public))
    announcer = HttpAnnouncer(clock.real, private=NETWORKS, trusted=trusting)
    try:
        assert (await announcer.knock(knock(f"https://partner.test:{port}/hooks"))).status == 204
        assert receiver.heard[0].headers["host"] == f"partner.test:{port}"
        assert (await announcer.knock(knock(f"https://other.test:{port}/hooks"))).fault == "TLS"
        assert len(receiver.heard) == 1
    finally:
        await announcer.close()
        server.close()
