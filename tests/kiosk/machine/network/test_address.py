"""What a technician may type as an address, and what is refused by which name."""

from ipaddress import IPv4Address, IPv4Interface

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.machine.network.address import Addressing, AddressRefused, read_address, read_dns, read_gateway, read_own

OWN = IPv4Interface("192.168.77.10/24")


def why(read: object, *values: object) -> str:
    with pytest.raises(AddressRefused) as caught:
        read(*values)  # type: ignore[operator]
    return caught.value.why


@pytest.mark.parametrize(
    "typed", ["", "1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1..2.3", "01.2.3.4", "١.٢.٣.٤", " 1.2.3.4"]
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    assert why(read_address, typed) == "form"


@pytest.mark.parametrize("typed", ["0.0.0.0", "127.0.0.1", "224.0.0.1", "255.255.255.255", "240.1.1.1"])
def test_an_address_that_no_machine_can_have_is_refused(typed: str) -> None:
    assert why(read_address, typed) == "special"


@pytest.mark.parametrize(("typed", "length"), [("24", 24), ("255.255.255.0", 24), ("1", 1), ("255.255.255.252", 30)])
def test_the_size_is_a_length_or_a_mask(typed: str, length: int) -> None:
    assert read_own(IPv4Address("10.20.30.41"), typed).network.prefixlen == length


@pytest.mark.parametrize(
    "typed", ["", "0", "31", "32", "33", "255.0.255.0", "0.0.0.255", "255", "24.", "255.255.255.255"]
)
def test_no_size_of_a_network_is_refused(typed: str) -> None:
    assert why(read_own, IPv4Address("10.20.30.41"), typed) == "prefix"


@pytest.mark.parametrize("address", ["192.168.77.0", "192.168.77.255"])
def test_the_network_itself_and_its_broadcast_are_no_machine(address: str) -> None:
    assert why(read_own, IPv4Address(address), "24") == "no_host"


def test_the_gateway_lies_in_the_same_network_and_is_another_machine_or_none() -> None:
    assert read_gateway(OWN, "192.168.77.1") == IPv4Address("192.168.77.1")
    assert read_gateway(OWN, "") is None
    assert why(read_gateway, OWN, "192.168.78.1") == "gateway_outside"
    assert why(read_gateway, OWN, "192.168.77.255") == "gateway_outside"
    assert why(read_gateway, OWN, "192.168.77.10") == "gateway_is_own"
    assert why(read_gateway, OWN, "x") == "form"


def test_a_name_server_may_be_anywhere_or_none() -> None:
    assert read_dns("8.8.8.8") == (IPv4Address("8.8.8.8"),)
    assert read_dns("") == ()


def test_the_audit_says_what_is_set() -> None:
    assert str(Addressing()) == "dhcp"
    full = Addressing(OWN, IPv4Address("192.168.77.1"), (IPv4Address("8.8.8.8"),))
    assert str(full) == "192.168.77.10/24 gateway 192.168.77.1 dns 8.8.8.8"
    assert str(Addressing(OWN)) == "192.168.77.10/24 gateway - dns -"


@given(st.text(alphabet="0123456789./", max_size=20), st.text(alphabet="0123456789./", max_size=20))
def test_whatever_is_typed_is_an_address_or_is_refused(own: str, prefix: str) -> None:
    try:
        found = read_own(read_address(own), prefix)
    except AddressRefused:
        return
    assert found.ip not in (found.network.network_address, found.network.broadcast_address)
