"""Which hosts a hub may have without anybody's word: a private network's address, or a name in the city's own zone.

Office PCs trust the authority for centres, so it must never speak for any other site.
"""

import ipaddress
import re
from collections.abc import Iterable
from typing import Final

from cryptography import x509

from common.web.certificate import general_name

_NETWORKS: Final = tuple(
    ipaddress.ip_network(network)
    for network in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fd00::/8", "127.0.0.0/8", "::1/128")
)
_LOCAL: Final = "localhost"
# Two labels at least: a public suffix such as "sy" would permit everybody's names.
_ZONE: Final = re.compile(r"(?=.{4,253}\Z)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+")


def is_zone(text: str) -> bool:
    """Return whether `text` is a domain that hubs' names may stand under, such as centres.homs.example."""
    return _ZONE.fullmatch(text) is not None


def subtrees(zone: str | None) -> list[x509.GeneralName]:
    """Return the permitted subtrees of an authority: without a zone no name of the network but localhost."""
    return [*map(x509.IPAddress, _NETWORKS), *(x509.DNSName(name) for name in (_LOCAL, zone) if name)]


def is_loopback(host: str) -> bool:
    """Return whether a host is the machine itself."""
    try:
        return host == _LOCAL or ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name
        return False


def permits(permitted: Iterable[x509.GeneralName], host: str) -> bool:
    """Return whether a host, an address or a lower-case name, lies in one of the permitted subtrees."""
    wanted = general_name(host)
    return any(_contains(subtree, wanted) for subtree in permitted)


def _contains(subtree: x509.GeneralName, wanted: x509.GeneralName) -> bool:
    if isinstance(subtree, x509.DNSName) and isinstance(wanted, x509.DNSName):
        return f".{wanted.value}".endswith(f".{subtree.value}")
    if isinstance(subtree, x509.IPAddress) and isinstance(wanted, x509.IPAddress):
        return ipaddress.ip_address(str(wanted.value)) in ipaddress.ip_network(str(subtree.value))
    return False
