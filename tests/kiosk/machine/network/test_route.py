"""Gateways out of the kernel's table, and what is said where it can't be read."""

from pathlib import Path

import psutil
import pytest
from structlog.testing import capture_logs

from kiosk.machine.network import link

HEAD = "Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["eth0 00000000 0101A8C0 0003 0 0 100 00000000 0 0 0"], {"eth0": "192.168.1.1"}),
        (["eth0 00000000 0101A8C0 0003"], {"eth0": "192.168.1.1"}),
        (["eth0 00000000 0101A8C0"], {}),
        (["eth0 0001A8C0 0101A8C0 0003 0"], {}),  # a way into one network
        (["eth0 00000000 0101A8C0 0002 0"], {}),  # not up
        (["eth0 00000000 0101A8C0 0001 0"], {}),  # no gateway
        (["eth0 00000000 0101A8C0 0013 0"], {"eth0": "192.168.1.1"}),
        (["eth0 00000000 0101A8C0 0013 0", "eth0 00000000 0201A8C0 0003 0", "wlan0 00000000 FE01A8C0 0003 0"],
         {"eth0": "192.168.1.1", "wlan0": "192.168.1.254"}),
    ],
)  # fmt: skip
def test_the_first_default_way_that_is_up_is_the_gateway(
    tmp_path: Path, rows: list[str], expected: dict[str, str]
) -> None:
    assert link._gateways(tmp_path) == {}
    (tmp_path / "proc/net").mkdir(parents=True)
    (tmp_path / "proc/net/route").write_text(HEAD + "\n".join(rows) + "\n")
    assert link._gateways(tmp_path) == expected


def test_without_netlink_no_interface_is_shown_and_the_log_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused() -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(psutil, "net_if_addrs", refused)
    with capture_logs() as logs:
        assert link.links(tmp_path) == []
    reason = {"event": "addresses-not-read", "reason": "Operation not permitted", "log_level": "warning"}
    assert logs == [reason]


def test_the_first_three_name_servers_count(tmp_path: Path) -> None:
    assert link.name_servers(tmp_path) == []
    (tmp_path / "etc").mkdir()
    lines = ["# nameserver 9.9.9.9", "nameserver", "search x", *(f"nameserver 10.0.0.{n}" for n in (1, 2, 3, 4))]
    (tmp_path / "etc/resolv.conf").write_text("\n".join(lines))
    assert link.name_servers(tmp_path) == ["10.0.0.1", "10.0.0.2", "10.0.0.3"]
