"""What is run of NetworkManager's programs, word by word and with which deadline, and what their failures mean."""

import subprocess
from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Interface
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from structlog.testing import capture_logs

from kiosk.machine.network.address import Addressing
from kiosk.machine.network.network_manager import NetworkManager, NetworkRefused, Profile, Trial

DHCP = Addressing()
OWN = Addressing(
    IPv4Interface("10.9.9.5/24"), IPv4Address("10.9.9.1"), (IPv4Address("8.8.8.8"), IPv4Address("1.1.1.1"))
)
PROFILE = Profile("eth0", "u-1", DHCP)
MODIFY = "connection modify"
BUS = "--system --timeout=10 --json=short call org.freedesktop.NetworkManager /org/freedesktop/NetworkManager "
BUS += "org.freedesktop.NetworkManager "
VALUES = "ipv4.method manual ipv4.addresses 10.9.9.5/24 ipv4.gateway 10.9.9.1 ipv4.dns 8.8.8.8,1.1.1.1"
AUTO = "ipv4.method auto ipv4.addresses  ipv4.gateway  ipv4.dns "


class Programs:
    """Stands for `subprocess.run`: keeps each line and its deadline, answers by a word in the line."""

    def __init__(self) -> None:
        self.ran: list[tuple[str, int]] = []
        self.answers: dict[str, Any] = {}

    def run(self, words: list[str], *, timeout: int, env: dict[str, str], **_: object) -> Any:
        assert env["LC_ALL"] == "C", "its words are read"
        line = " ".join(words[1:])
        self.ran.append((line, timeout))
        for word, answer in self.answers.items():
            if word in line:
                if isinstance(answer, Exception):
                    raise answer
                if isinstance(answer, tuple):
                    return SimpleNamespace(returncode=answer[0], stdout="", stderr=answer[1])
                return SimpleNamespace(returncode=0, stdout=answer, stderr="")
        return SimpleNamespace(returncode=0, stdout="", stderr="")


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> Programs:
    programs = Programs()
    monkeypatch.setattr(subprocess, "run", programs.run)
    programs.answers = {"GetDeviceByIpIface": '{"data": ["/d/1"]}', "CheckpointCreate": '{"data": ["/c/7"]}'}
    return programs


@pytest.fixture
def manager(tmp_path: Path) -> NetworkManager:
    for name in ("nmcli", "busctl"):
        (tmp_path / name).write_text("#!/bin/true\n")
        (tmp_path / name).chmod(0o755)
    return NetworkManager(str(tmp_path))


def test_a_change_is_tried_under_a_checkpoint_that_outlives_it_and_then_kept(
    manager: NetworkManager, programs: Programs
) -> None:
    trial = manager.try_out(PROFILE, OWN, 60)
    assert trial == Trial(PROFILE, OWN, "/c/7")
    assert programs.ran == [
        (f"{BUS}GetDeviceByIpIface s eth0", 15),
        (f"{BUS}CheckpointCreate aouu 1 /d/1 85 0", 15),
        (f"{MODIFY} --temporary u-1 {VALUES}", 10),
        ("--wait 25 connection up u-1 ifname eth0", 35),
        (f"{BUS}CheckpointAdjustRollbackTimeout ou /c/7 60", 15),
    ]
    programs.ran.clear()
    manager.keep(trial)
    manager.undo(trial)
    assert programs.ran == [
        (f"{MODIFY} u-1 {VALUES}", 10), (f"{BUS}CheckpointDestroy o /c/7", 15), (f"{BUS}CheckpointRollback o /c/7", 15),
    ]  # fmt: skip


def test_what_could_not_be_kept_is_written_back_and_what_could_not_be_written_back_is_logged(
    manager: NetworkManager, programs: Programs
) -> None:
    trial = Trial(PROFILE, OWN, "/c/7")
    programs.answers = {"CheckpointDestroy": (1, "does not exist")}
    with capture_logs() as logs, pytest.raises(NetworkRefused, match="gone"):
        manager.keep(trial)
    assert programs.ran[2:] == [(f"{MODIFY} u-1 {AUTO}", 10), ("--wait 0 connection up u-1 ifname eth0", 10)]
    assert logs == []
    programs.answers["--wait 0"] = (4, "no  way")
    with capture_logs() as logs, pytest.raises(NetworkRefused, match="gone"):
        manager.keep(trial)
    assert logs == [{"event": "network-not-restored", "why": "failed", "detail": "no way", "log_level": "error"}]


def test_a_try_that_fails_is_undone_at_once_or_by_itself(manager: NetworkManager, programs: Programs) -> None:
    programs.answers["connection up"] = (3, "timed out")
    with capture_logs() as logs, pytest.raises(NetworkRefused, match="no_answer: timed out"):
        manager.try_out(PROFILE, OWN, 60)
    assert programs.ran[-1] == (f"{BUS}CheckpointRollback o /c/7", 15)
    assert logs == []
    programs.answers["CheckpointRollback"] = (1, "not provided by any .service")
    with capture_logs() as logs, pytest.raises(NetworkRefused, match="no_answer"):
        manager.try_out(PROFILE, OWN, 60)
    detail = {"why": "gone", "detail": "not provided by any .service", "log_level": "warning"}
    assert logs == [{"event": "network-undone-by-itself", **detail}]


@pytest.mark.parametrize(
    ("answer", "why", "detail"),
    [
        ((1, "Error: Insufficient privileges"), "denied", "Error: Insufficient privileges"),
        ((8, "Not authorized"), "denied", "Not authorized"),
        ((1, "Access denied"), "denied", "Access denied"),
        ((1, "device already included in checkpoint /c/1"), "pending", "device already included in checkpoint /c/1"),
        ((8, "is not running"), "gone", "is not running"),
        ((7, "is not running"), "failed", "is not running"),
        ((9, "is not running"), "failed", "is not running"),
        ((1, "does not exist"), "gone", "does not exist"),
        ((1, "was not provided by any .service files"), "gone", "was not provided by any .service files"),
        ((3, "a\n  b"), "no_answer", "a b"),
        ((2, "x" * 300), "failed", "x" * 200),
        (subprocess.TimeoutExpired("nmcli", 10), "no_answer", "timeout"),
        (FileNotFoundError(2, "No such file"), "gone", "No such file"),
        (OSError(), "gone", ""),
    ],
)
def test_each_way_to_fail_has_its_word(
    manager: NetworkManager, programs: Programs, answer: Any, why: str, detail: str
) -> None:
    programs.answers = {"device": answer}
    with pytest.raises(NetworkRefused) as caught:
        manager.profiles()
    assert (caught.value.why, caught.value.detail) == (why, detail)
    programs.answers = {"RUNNING": answer}
    assert manager.is_running() is False


@pytest.mark.parametrize(
    ("answer", "refused"),
    [("", None), ('{"data": []}', None), ("{", "JSONDecodeError"), ("{}", "KeyError"), ("[]", "TypeError")],
)
def test_an_answer_of_another_form_is_a_failure(
    manager: NetworkManager, programs: Programs, answer: str, refused: str | None
) -> None:
    programs.answers = {"Rollback": answer}
    undo: Callable[[], None] = lambda: manager.undo(Trial(PROFILE, OWN, "/c/7"))  # noqa: E731
    if refused is None:
        undo()
        return
    with pytest.raises(NetworkRefused) as caught:
        undo()
    assert (caught.value.why, caught.value.detail) == ("failed", f"CheckpointRollback: {refused}")


def test_profiles_are_of_wires_and_wireless_that_are_up_by_a_connection(
    manager: NetworkManager, programs: Programs
) -> None:
    lines = ["e0:ethernet:connected:u-0", "w0:wifi:connected:u-1", "e1:ethernet:disconnected:u-2",
             "e2:ethernet:connected:", "b0:bridge:connected:u-3", "e3:ethernet:connected:u-4", "torn"]  # fmt: skip
    manual = "ipv4.method:manual\nipv4.addresses:10.9.9.5/24, 10.9.9.6/24\nipv4.gateway:{}\nipv4.dns:{}\n"
    programs.answers = {
        "DEVICE": "\n".join(lines), "show u-0": "ipv4.method:auto\n",
        "show u-1": manual.format("10.9.9.1", "8.8.8.8, 1.1.1.1,"), "show u-4": manual.format("", ""),
    }  # fmt: skip
    bare = Addressing(IPv4Interface("10.9.9.5/24"))
    assert manager.profiles() == [Profile("e0", "u-0", DHCP), Profile("w0", "u-1", OWN), Profile("e3", "u-4", bare)]
    fields = "-t --escape no -f ipv4.method,ipv4.addresses,ipv4.gateway,ipv4.dns connection show u-0"
    assert programs.ran[1] == (fields, 10)
    programs.answers["show u-1"] = manual.format("x", "")
    programs.answers["show u-4"] = manual.format("", "x")
    assert manager.profiles() == [Profile("e0", "u-0", DHCP)]


def test_each_permission_that_lacks_is_named(manager: NetworkManager, programs: Programs) -> None:
    name = "org.freedesktop.NetworkManager."
    programs.answers = {"PERMISSION": f"{name}network-control:yes\n{name}checkpoint-rollback:auth\n"}
    assert manager.missing_permissions() == ["checkpoint-rollback", "settings.modify.system"]
