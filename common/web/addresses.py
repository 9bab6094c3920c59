"""Who an address stands for: what is counted or bounded by address must not be multiplied by asking from many."""

import ipaddress
from typing import Final

_IPV6_SITE: Final = 64
"""One machine has a whole /64 of addresses to choose from (RFC 4291, 2.5.1)."""


def origin_of(address: str) -> str:
    """Return what stands for the sender: an IPv4 address itself, of IPv6 its /64; of anything else the text's start."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, _IPV6_SITE), strict=False))
    return str(found)


def is_loopback(address: str) -> bool:
    """Return whether the sender is this machine."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (mapped or found).is_loopback
