"""Resources of a process, on the database the test is connected to."""

from functools import cache
from typing import Any

from api.clock import now
from integrations.ports import Limits
from loyalty.messages import Channel
from services.bus import Bus
from services.keyring import Keyring
from services.limits import PostgresLimits
from services.passwords import Hasher
from services.resources import Policy, Resources
from services.status.contacts import Contacts


@cache
def shared_hasher() -> Hasher:
    return Hasher()


def make_keyring(kid: int = 1) -> Keyring:
    return Keyring({number: bytes([number]) * 32 for number in range(1, kid + 1)})


def make_resources(
    *, limits: Limits | None = None, bus: Bus | None = None, base_url: str = "http://kunak.test", **policy: Any
) -> Resources:
    """The bus does not run by itself: a test that listens opens `async with resources.bus.running()`."""
    return Resources(
        keyring=make_keyring(),
        hasher=shared_hasher(),
        limits=limits or PostgresLimits(),
        bus=bus or Bus(),
        base_url=base_url,
        contacts=Contacts(now),
        channels=frozenset(Channel),
        policy=Policy(**policy),
    )
