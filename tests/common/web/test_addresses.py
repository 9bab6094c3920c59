"""What is counted by address is counted by machine, however many addresses that machine may choose from."""

import pytest

from common.web.addresses import is_loopback, origin_of


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("192.168.1.20", "192.168.1.20"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        ("::ffff:192.168.1.20", "192.168.1.20"),
        ("testclient", "testclient"),
        ("x" * 200, "x" * 64),
    ],
)
def test_of_ipv6_a_whole_site_is_one_sender(address: str, origin: str) -> None:
    assert origin_of(address) == origin


def test_this_machine_is_told_apart() -> None:
    assert [is_loopback(one) for one in ("127.0.0.9", "::1", "::ffff:127.0.0.1", "192.168.1.1", "x")] == [
        True,
        True,
        True,
        False,
        False,
    ]
