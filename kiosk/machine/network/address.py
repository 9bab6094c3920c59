"""How an interface gets its IPv4 address, and what of a technician's typing can be one. Pure."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

_PREFIXES = range(1, 31)  # /31 and /32 have no gateway beside the machine


class AddressRefused(ValueError):
    """What was typed can't be it. `why` names the text that says so, under `maintenance.address.wrong.`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Addressing:
    """Where an interface's address comes from: `own` None means DHCP, which also brings gateway and name servers."""

    own: IPv4Interface | None = None
    gateway: IPv4Address | None = None
    dns: tuple[IPv4Address, ...] = ()

    @property
    def is_static(self) -> bool:
        """Whether it is set by hand."""
        return self.own is not None

    def __str__(self) -> str:
        """For the audit: `dhcp`, or address, gateway and name servers."""
        if self.own is None:
            return "dhcp"
        return f"{self.own} gateway {self.gateway or '-'} dns {' '.join(map(str, self.dns)) or '-'}"


def read_address(typed: str) -> IPv4Address:
    """Read an address that a machine can have.

    Raises:
        AddressRefused: it is none, or one that is kept for something else (this machine itself, many at once).
    """
    try:
        address = IPv4Address(typed)
    except ValueError:
        raise AddressRefused("form") from None
    if address.is_loopback or address.is_multicast or address.is_unspecified or address.is_reserved:
        raise AddressRefused("special")
    return address


def read_own(address: IPv4Address, typed: str) -> IPv4Interface:
    """Put the network's size to the address; it is typed as a length (24) or as a mask (255.255.255.0).

    Raises:
        AddressRefused: no size of a network, or the address is the network's own or its broadcast address.
    """
    try:
        prefix = IPv4Network(f"0.0.0.0/{typed}").prefixlen
    except ValueError:
        raise AddressRefused("prefix") from None
    # A hostmask (0.0.0.255) reads too, and nobody means it.
    if prefix not in _PREFIXES or (typed.startswith("0") and "." in typed):
        raise AddressRefused("prefix")
    own = IPv4Interface(f"{address}/{prefix}")
    if address in (own.network.network_address, own.network.broadcast_address):
        raise AddressRefused("no_host")
    return own


def read_gateway(own: IPv4Interface, typed: str) -> IPv4Address | None:
    """Read the gateway; nothing typed means that there is none.

    Raises:
        AddressRefused: it is no address, not in the same network, or the kiosk itself.
    """
    if not typed:
        return None
    gateway = read_address(typed)
    if gateway == own.ip:
        raise AddressRefused("gateway_is_own")
    network = own.network
    if gateway not in network or gateway in (network.network_address, network.broadcast_address):
        raise AddressRefused("gateway_outside")
    return gateway


def read_dns(typed: str) -> tuple[IPv4Address, ...]:
    """Read the name server; nothing typed means that there is none. Raises AddressRefused: it is no address."""
    return (read_address(typed),) if typed else ()
