"""The machine as the doctor asks it, where what it would ask is not there."""

import grp
import os
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import pytest

from kiosk.doctor.machine import Machine


def test_a_machine_without_systemctl_says_nothing_of_its_services(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    assert Machine().systemctl("is-active", "homs-kiosk") == ""


def test_what_systemctl_says_is_given_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: "/bin/echo")
    assert Machine().systemctl("is-active", "homs-kiosk") == "is-active homs-kiosk"


def test_what_cannot_be_read_is_empty_small_and_old(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    assert (machine.text("a"), machine.exists("a"), machine.size("a"), machine.changed_at("a")) == ("", False, 0, 0.0)
    (tmp_path / "a").write_bytes(b"caf\xe9")
    os.utime(tmp_path / "a", (5, 7))
    assert (machine.text("a"), machine.exists("a"), machine.size("a")) == ("caf\ufffd", True, 4)
    assert machine.changed_at("a") == 7.0


VERIFIED = """\
??5??????   /usr/lib/systemd/system/kiosk.service
??5?????? c /etc/kiosk/kiosk.toml
missing     /opt/kiosk/out-of-order.png

"""


def test_of_altered_files_settings_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[list[str], dict[str, object]]] = []

    def run(command: list[str], **how: object) -> SimpleNamespace:
        asked.append((command, how))
        known = "homs-kiosk installed\nfeh deinstalled\n\n"
        return SimpleNamespace(stdout=known if "dpkg-query" in command[0] else VERIFIED)

    monkeypatch.setattr("kiosk.doctor.machine.subprocess.run", run)
    assert Machine().altered() == ["/usr/lib/systemd/system/kiosk.service", "/opt/kiosk/out-of-order.png"]
    assert [command[0] for command, _ in asked] == ["/usr/bin/dpkg-query", "/usr/bin/dpkg"]
    for _, how in asked:
        assert {name: how[name] for name in ("capture_output", "text", "check")} == {
            "capture_output": True, "text": True, "check": False,
        }  # fmt: skip
    assert Machine().installed(["homs-kiosk", "feh"]) == {"homs-kiosk"}


@pytest.mark.parametrize("error", [FileNotFoundError(), subprocess.TimeoutExpired("dpkg-query", 10)])
def test_without_dpkg_nothing_is_installed_and_nothing_altered(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr("kiosk.doctor.machine.subprocess.run", mock.Mock(side_effect=error))
    assert Machine().installed(["feh"]) == set()
    assert Machine().altered() is None


def test_groups_are_all_that_have_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {20: "dialout", 44: "video"}
    monkeypatch.setattr(os, "getgroups", lambda: [20, 999])
    monkeypatch.setattr(os, "getegid", lambda: 44)
    monkeypatch.setattr(grp, "getgrgid", lambda number: SimpleNamespace(gr_name=names[number]))
    assert Machine().groups() == {"dialout", "video"}
