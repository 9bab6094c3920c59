"""What the kernel says of the network now, set by anybody: cable, addresses, gateway, name servers. Never waits."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path

import psutil
import structlog

_log = structlog.get_logger(__name__)
ROOT = Path("/")
_ROUTE_UP_GATEWAY = 0x3  # RTF_UP | RTF_GATEWAY, linux/route.h


@dataclass(frozen=True, slots=True)
class Link:
    """One network interface. `has_carrier`: a cable with something at its other end, or a Wi-Fi that it has joined."""

    interface: str
    is_wifi: bool
    has_carrier: bool
    addresses: tuple[str, ...] = ()
    gateway: str | None = None


def links(root: Path = ROOT) -> list[Link]:
    """Return the machine's own interfaces: those with hardware behind them, and any other that has an address."""
    try:
        found = psutil.net_if_addrs()
    except OSError as error:  # a sandbox without netlink: what can't be read is shown as absent, and the log says why
        _log.warning("addresses-not-read", reason=error.strerror)
        return []
    gateways = _gateways(root)
    return [
        Link(name, _is_wifi(name, root), _has_carrier(name, root), addresses, gateways.get(name))
        for name in sorted(found)
        if (addresses := _addresses(found[name])) or (root / "sys/class/net" / name / "device").exists()
    ]


def name_servers(root: Path = ROOT) -> list[str]:
    """Return the name servers of /etc/resolv.conf (resolv.conf(5)), at most three, as it counts no more."""
    try:
        lines = (root / "etc/resolv.conf").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    words = [line.split() for line in lines]
    return [each[1] for each in words if len(each) > 1 and each[0] == "nameserver"][:3]


def _addresses(found: list[psutil._common.snicaddr]) -> tuple[str, ...]:
    families = (socket.AF_INET, socket.AF_INET6)
    return tuple(
        each.address.partition("%")[0]
        for each in found
        if each.family in families and not each.address.startswith(("127.", "::1", "fe80"))
    )


def _is_wifi(name: str, root: Path) -> bool:
    return (root / "sys/class/net" / name / "wireless").exists() or (
        root / "sys/class/net" / name / "phy80211"
    ).exists()


def _has_carrier(name: str, root: Path) -> bool:
    try:
        return (root / "sys/class/net" / name / "carrier").read_text(encoding="ascii").strip() == "1"
    except OSError:
        return False  # EINVAL while the interface is down


def _gateways(root: Path) -> dict[str, str]:
    """Return the IPv4 default gateway of each interface from /proc/net/route: hexadecimal, in the machine's order."""
    try:
        lines = (root / "proc/net/route").read_text(encoding="ascii").splitlines()[1:]
    except OSError:
        return {}
    found: dict[str, str] = {}
    for fields in (line.split() for line in lines):
        is_default = fields[1:2] == ["00000000"] and len(fields) > 3
        if is_default and int(fields[3], 16) & _ROUTE_UP_GATEWAY == _ROUTE_UP_GATEWAY:
            gateway = IPv4Address(int.from_bytes(bytes.fromhex(fields[2]), "little"))
            found.setdefault(fields[0], str(gateway))
    return found
