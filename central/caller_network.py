"""Who asks, for counting: an address of IPv4, or the network of IPv6 that one caller has for himself."""

import ipaddress
from typing import Final

_OF_ONE_CALLER: Final = 64


def network_of(address: str) -> str:
    """Return what an address is counted as: itself, or its /64; what is no address is itself."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found.packed, _OF_ONE_CALLER), strict=False))
