"""Addresses changed through (a fake) NetworkManager: kept when told to, undone in every other case."""

from ipaddress import IPv4Address, IPv4Interface
from pathlib import Path

import pytest

from kiosk.machine.network.address import Addressing
from kiosk.machine.network.network_manager import NetworkManager, NetworkRefused, Profile
from tests.kiosk.network.fake_network_manager import UUID, FakeNetworkManager

BEFORE = Addressing(IPv4Interface("192.168.77.10/24"), IPv4Address("192.168.77.1"), (IPv4Address("192.168.77.1"),))
AFTER = Addressing(IPv4Interface("10.9.9.5/24"), IPv4Address("10.9.9.1"))
REVERT_S = 60


@pytest.fixture
def fake(tmp_path: Path) -> FakeNetworkManager:
    return FakeNetworkManager(tmp_path)


@pytest.fixture
def manager(fake: FakeNetworkManager) -> NetworkManager:
    return NetworkManager(str(fake.path))


def present(manager: NetworkManager) -> Profile:
    (profile,) = manager.profiles()
    return profile


def in_force(fake: FakeNetworkManager) -> tuple[str, str, str]:
    """What runs, what the file says, and whether a checkpoint is open."""
    state = fake.state()
    active = state["active"]["addresses"] if state["active"] else "none"
    return active, state["file"]["addresses"], "open" if state["checkpoint"] else "closed"


def test_only_what_is_up_by_a_connection_of_its_own_can_be_changed(manager: NetworkManager) -> None:
    assert manager.is_running()
    assert manager.profiles() == [Profile("eth0", UUID, BEFORE)]


def test_a_change_that_is_kept_is_in_the_file(manager: NetworkManager, fake: FakeNetworkManager) -> None:
    trial = manager.try_out(present(manager), AFTER, REVERT_S)
    assert in_force(fake) == ("10.9.9.5/24", "192.168.77.10/24", "open")
    manager.keep(trial)
    assert in_force(fake) == ("10.9.9.5/24", "10.9.9.5/24", "closed")
    fake.pass_time(1000)
    assert in_force(fake) == ("10.9.9.5/24", "10.9.9.5/24", "closed")


def test_a_change_that_nobody_keeps_is_undone_by_itself_also_when_the_kiosk_has_died(
    manager: NetworkManager, fake: FakeNetworkManager
) -> None:
    manager.try_out(present(manager), AFTER, REVERT_S)
    del manager  # nothing of the kiosk is needed from here on
    fake.pass_time(REVERT_S - 1)
    assert in_force(fake)[0] == "10.9.9.5/24"
    fake.pass_time(1)
    assert in_force(fake) == ("192.168.77.10/24", "192.168.77.10/24", "closed")


def test_a_power_cut_in_the_minute_undoes_it_too(manager: NetworkManager, fake: FakeNetworkManager) -> None:
    manager.try_out(present(manager), AFTER, REVERT_S)
    fake.cut_power()
    assert in_force(fake) == ("192.168.77.10/24", "192.168.77.10/24", "closed")


def test_undone_by_hand(manager: NetworkManager, fake: FakeNetworkManager) -> None:
    trial = manager.try_out(present(manager), AFTER, REVERT_S)
    manager.undo(trial)
    assert in_force(fake) == ("192.168.77.10/24", "192.168.77.10/24", "closed")
    with pytest.raises(NetworkRefused, match="gone"):
        manager.undo(trial)


def test_kept_too_late_is_not_kept_and_says_so(manager: NetworkManager, fake: FakeNetworkManager) -> None:
    trial = manager.try_out(present(manager), AFTER, REVERT_S)
    fake.pass_time(REVERT_S)
    with pytest.raises(NetworkRefused, match="gone"):
        manager.keep(trial)
    assert in_force(fake) == ("192.168.77.10/24", "192.168.77.10/24", "closed")


def test_no_dhcp_server_brings_the_former_address_back(manager: NetworkManager, fake: FakeNetworkManager) -> None:
    fake.set(dhcp=False)
    with pytest.raises(NetworkRefused) as caught:
        manager.try_out(present(manager), Addressing(), REVERT_S)
    assert caught.value.why == "no_answer"
    assert in_force(fake) == ("192.168.77.10/24", "192.168.77.10/24", "closed")


def test_to_dhcp_and_back_by_hand(manager: NetworkManager, fake: FakeNetworkManager) -> None:
    manager.keep(manager.try_out(present(manager), Addressing(), REVERT_S))
    assert present(manager).addressing == Addressing()
    manager.keep(manager.try_out(present(manager), BEFORE, REVERT_S))
    assert present(manager).addressing == BEFORE


@pytest.mark.parametrize("command", ["modify", "up", "CheckpointAdjustRollbackTimeout"])
def test_what_fails_half_way_is_undone(manager: NetworkManager, fake: FakeNetworkManager, command: str) -> None:
    profile = present(manager)
    fake.set(fail=[command])
    with pytest.raises(NetworkRefused) as caught:
        manager.try_out(profile, AFTER, REVERT_S)
    assert caught.value.why == "failed"
    assert in_force(fake) == ("192.168.77.10/24", "192.168.77.10/24", "closed")


def test_without_the_permission_nothing_changes_and_the_doctor_can_say_which(
    manager: NetworkManager, fake: FakeNetworkManager
) -> None:
    profile = present(manager)
    assert manager.missing_permissions() == []
    fake.set(allowed=False)
    assert manager.missing_permissions() == ["checkpoint-rollback", "network-control", "settings.modify.system"]
    with pytest.raises(NetworkRefused) as caught:
        manager.try_out(profile, AFTER, REVERT_S)
    assert caught.value.why == "denied"
    assert in_force(fake) == ("192.168.77.10/24", "192.168.77.10/24", "closed")


def test_a_second_try_waits_for_the_first_one_s_end(manager: NetworkManager, fake: FakeNetworkManager) -> None:
    manager.try_out(present(manager), AFTER, REVERT_S)
    with pytest.raises(NetworkRefused) as caught:
        manager.try_out(present(manager), BEFORE, REVERT_S)
    assert caught.value.why == "pending"
    assert in_force(fake)[2] == "open"


def test_where_it_does_not_run_nothing_can_be_changed(
    manager: NetworkManager, fake: FakeNetworkManager, tmp_path: Path
) -> None:
    fake.set(running=False)
    assert not manager.is_running()
    (tmp_path / "empty").mkdir()
    absent = NetworkManager(str(tmp_path / "empty"))
    assert not absent.is_running()
    with pytest.raises(NetworkRefused) as caught:
        absent.profiles()
    assert caught.value.why == "gone"


@pytest.mark.parametrize(
    "profile",
    [
        {"method": "shared", "addresses": "10.42.0.1/24", "gateway": "", "dns": ""},
        {"method": "manual", "addresses": "", "gateway": "", "dns": ""},
        {"method": "disabled", "addresses": "", "gateway": "", "dns": ""},
    ],
)
def test_a_connection_of_another_kind_is_left_alone(
    manager: NetworkManager, fake: FakeNetworkManager, profile: dict[str, str]
) -> None:
    fake.set(file=profile)
    assert manager.profiles() == []
