"""Which addresses may be called: public ones, and networks that the operator has named (security.md T38)."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

# Public by their own number and a door to any address of IPv4 behind it.
_TUNNELS: Final = tuple(ip_network(one) for one in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
# Nobody's in public, though tables of Python call them global: protocol assignments (metadata of a cloud among them,
# 192.0.0.192), relays of 6to4, and the site-local addresses of before.
_ASSIGNED: Final = tuple(ip_network(one) for one in ("192.0.0.0/24", "192.88.99.0/24", "fec0::/10"))


class NotAllowed(Exception):
    """The name leads to an address that may not be called."""


class Networks:
    """Networks besides the public ones."""

    def __init__(self, named: Sequence[str]) -> None:
        self._named = tuple(ip_network(one) for one in named)

    def __contains__(self, address: IPv4Address | IPv6Address) -> bool:
        """Whether one of them holds the address."""
        return any(address.version == one.version and address in one for one in self._named)


def allowed(text: str, private: Networks, *, is_plain: bool) -> bool:
    """Whether an address may be called; without encryption only one of the named networks."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if address in private:
        return True
    is_barred = any(address.version == one.version and address in one for one in (*_TUNNELS, *_ASSIGNED))
    return not is_plain and address.is_global and not address.is_multicast and not address.is_reserved and not is_barred
