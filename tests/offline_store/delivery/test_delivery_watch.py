"""Which links of this machine are up, as Linux tells it: one that comes back ends the forwarder's wait."""

from pathlib import Path

import pytest

from offline_store.delivery import delivery_watch
from offline_store.delivery.delivery_watch import network_links

ROUTES = """Iface\tDestination\tGateway\tFlags
wlan0\t00000000\t0101A8C0\t0003
eth0\t0014A8C0\t00000000\t0001
"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with its files under a folder of the test."""
    monkeypatch.setattr(delivery_watch, "NETWORK_INTERFACES", tmp_path / "net")
    monkeypatch.setattr(delivery_watch, "ROUTES", tmp_path / "route")
    for name, state in (("lo", "up"), ("eth0", "down"), ("wlan0", "up")):
        (tmp_path / "net" / name).mkdir(parents=True)
        (tmp_path / "net" / name / "operstate").write_text(f"{state}\n")
    return tmp_path


def test_a_cable_that_is_put_in_is_another_link(machine: Path) -> None:
    assert network_links() == {"wlan0"}
    (machine / "net" / "eth0" / "operstate").write_text("up\n")
    assert network_links() == {"wlan0", "eth0"}


def test_a_way_out_is_a_link_too(machine: Path) -> None:
    (machine / "route").write_text(ROUTES)
    assert network_links() == {"wlan0", "default via wlan0"}


def test_an_interface_that_goes_while_it_is_looked_at_is_not_up(machine: Path) -> None:
    (machine / "net" / "wlan0" / "operstate").unlink()
    (machine / "net" / "wlan0" / "operstate").mkdir()  # as what cannot be read
    assert network_links() == frozenset()
