"""Who knocks: the address, device and language of a caller, and how often a door opens for one of them."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Final, Literal
from uuid import UUID

from loyalty.refusals import Code, Refusal
from services.resources import Resources

AGENT_LENGTH_MAX: Final = 300
ADDRESS_LENGTH_MAX: Final = 64
IPV6_HOME_BITS: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """What a request says about its sender. `marker` is the device cookie; the last three tell of a session that is open."""

    address: str
    agent: str = ""
    locale: Literal["ru", "en"] = "ru"
    marker: str | None = None
    member_id: UUID | None = None
    session_id: UUID | None = None
    transport: str | None = None

    @property
    def kept_address(self) -> str:
        """The address as it is stored with consents and sessions."""
        return _storable(self.address, ADDRESS_LENGTH_MAX)

    @property
    def kept_agent(self) -> str:
        """The browser's own words, cut and cleaned: they come from outside and are shown in the list of devices."""
        return _storable(self.agent, AGENT_LENGTH_MAX)

    @property
    def neighbourhood(self) -> str:
        """What limits per address count: one IPv4 address, or the IPv6 network that one home is given."""
        try:
            parsed = ip_address(self.address)
        except ValueError:
            return self.kept_address
        if isinstance(parsed, IPv6Address):
            if parsed.ipv4_mapped is not None:
                return str(parsed.ipv4_mapped)
            return str(IPv6Network((parsed, IPV6_HOME_BITS), strict=False))
        return str(parsed)

    @property
    def is_loopback(self) -> bool:
        """Whether the request came from this machine itself."""
        try:
            return ip_address(self.neighbourhood.partition("/")[0]).is_loopback or self.address == "::1"
        except ValueError:
            return False


async def spend(
    resources: Resources, door: str, subject: str, *, limit: int, window_seconds: int, now: datetime
) -> None:
    """Count one try of a subject at a door. Raises LIMIT_REACHED, with the time to wait, for one try too many.

    The try is counted before anything is looked at, so that parallel tries cannot slip through together.
    """
    verdict = await resources.limits.hit(key(door, subject), limit=limit, window_seconds=window_seconds, now=now)
    if not verdict.allowed:
        wait = max(1, verdict.retry_after_seconds)
        minutes = -(-wait // 60)
        raise Refusal(Code.LIMIT_REACHED, "limit.tries", retryable=True, retry_after_seconds=wait, minutes=minutes)


async def spend_of_address(
    resources: Resources, door: str, caller: Caller, *, limit: int, window_seconds: int, now: datetime
) -> None:
    """Count one try of the caller's address; the machine's own is left out where the policy says so."""
    if not (caller.is_loopback and resources.policy.loopback_exempt):
        await spend(resources, door, caller.neighbourhood, limit=limit, window_seconds=window_seconds, now=now)


def key(door: str, subject: str) -> str:
    """The counter of a subject at a door. Subjects are digested: counters are no list of our guests' addresses."""
    return f"{door}|{sha256(subject.encode()).hexdigest()[:32]}"


def _storable(text: str, length_max: int) -> str:
    return "".join(letter for letter in text[: 4 * length_max] if letter.isprintable())[:length_max]
