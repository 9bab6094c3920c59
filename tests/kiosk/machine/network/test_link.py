"""What is read of the kernel's files, and that this very machine can be read."""

from pathlib import Path

import pytest

from kiosk.machine.network.link import links, name_servers

ROUTES = (
    "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\n"
    "eth0\t00000000\t0114A8C0\t0003\t0\t0\t100\t00000000\n"
    "eth0\t0014A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\n"
    "tun0\t00000000\t00000000\t0001\t0\t0\t50\t00000000\n"
)


class Address:
    def __init__(self, family: int, address: str) -> None:
        self.family, self.address = family, address


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, carrier in (("eth0", "1\n"), ("eth1", "0\n"), ("wlan0", "1\n")):
        (tmp_path / "sys/class/net" / name / "device").mkdir(parents=True)
        (tmp_path / "sys/class/net" / name / "carrier").write_text(carrier)
    (tmp_path / "sys/class/net/wlan0/wireless").mkdir()
    (tmp_path / "proc/net").mkdir(parents=True)
    (tmp_path / "proc/net/route").write_text(ROUTES)
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/resolv.conf").write_text(
        "# by hand\nsearch homs\nnameserver 192.168.20.1\nnameserver\nnameserver ::1\n"
    )
    inet, inet6, packet = 2, 10, 17
    found = {
        "lo": [Address(inet, "127.0.0.1"), Address(inet6, "::1")],
        "eth0": [Address(inet, "192.168.20.14"), Address(inet6, "fe80::1%eth0"), Address(packet, "02:00:00:00:00:01")],
        "eth1": [Address(packet, "02:00:00:00:00:02")],
        "wlan0": [Address(inet6, "2001:db8::7")],
        "docker0": [Address(packet, "02:00:00:00:00:03")],
    }
    monkeypatch.setattr("psutil.net_if_addrs", lambda: found)
    return tmp_path


def test_cable_address_and_gateway_are_read_of_each_interface(root: Path) -> None:
    eth0, eth1, wlan0 = links(root)
    assert (eth0.interface, eth0.has_carrier, eth0.addresses, eth0.gateway) == (
        "eth0", True, ("192.168.20.14",), "192.168.20.1",
    )  # fmt: skip
    assert (eth1.has_carrier, eth1.addresses, eth1.gateway) == (False, (), None)
    assert (wlan0.is_wifi, eth0.is_wifi, wlan0.addresses) == (True, False, ("2001:db8::7",))


def test_name_servers_are_those_of_resolv_conf(root: Path) -> None:
    assert name_servers(root) == ["192.168.20.1", "::1"]
    assert name_servers(root / "nowhere") == []


def test_a_machine_without_these_files_has_links_without_them(root: Path) -> None:
    assert [(found.has_carrier, found.gateway) for found in links(root / "nowhere")] == [(False, None), (False, None)]


def test_this_machine_can_be_read() -> None:
    assert all(found.interface for found in links())
    assert isinstance(name_servers(), list)
