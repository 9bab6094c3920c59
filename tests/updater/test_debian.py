"""Debian's own packages: taken on mains from the signed list, and the machine restarted after them, at night alone."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.updater.machine import Machine
from updater import debian
from updater.errors import Refused
from updater.packages import Repository

NIGHT, DAY = datetime(2026, 11, 26, 3, 30).astimezone(), datetime(2026, 11, 26, 9, 0).astimezone()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    (machine.root / "debian").write_text("libc6 openssl")
    return machine


def take(machine: Machine) -> list[str]:
    with machine.updater.alone():
        return debian.take(machine.site, Repository(machine.site, "file:/r"))


def reboots(machine: Machine) -> int:
    return machine.calls.count("systemctl reboot")


def test_what_is_newer_is_taken_and_the_machine_restarted_once_in_the_night(machine: Machine) -> None:
    assert take(machine) == ["libc6", "openssl"]
    assert not debian.restart_at_night(machine.site, DAY)
    assert (reboots(machine), debian.needs_restart(machine.site)) == (0, True)
    assert debian.restart_at_night(machine.site, NIGHT)
    assert reboots(machine) == 1
    came = (machine.root / "state/restart").stat().st_mtime
    (machine.root / "stat").write_text(f"btime {int(came) + 60}\n")  # started since
    assert not debian.needs_restart(machine.site)
    assert not debian.restart_at_night(machine.site, NIGHT)
    assert reboots(machine) == 1


def test_where_nothing_is_newer_nothing_happens(machine: Machine) -> None:
    (machine.root / "debian").unlink()
    assert take(machine) == []
    assert not debian.restart_at_night(machine.site, NIGHT)
    assert [line for line in machine.calls if "upgrade" in line and "--simulate" not in line] == []


def test_our_own_packages_are_pinned_away_from_it(machine: Machine) -> None:
    take(machine)
    assert [line for line in machine.calls if line.endswith(" upgrade")]
    pins = (machine.root / "state/apt/preferences").read_text()
    assert pins == "Package: homs-*\nPin: release o=Homs kiosks\nPin-Priority: -1\n"


def test_on_battery_or_with_an_unsigned_list_nothing_is_taken(machine: Machine) -> None:
    (machine.root / "unsigned").touch()
    with pytest.raises(Refused, match="isn't signed"):
        take(machine)
    (machine.root / "unsigned").unlink()
    upsc = machine.root / "bin/upsc"
    upsc.write_text('#!/bin/sh\n[ "$1" = -l ] && echo ups || echo "OB DISCHRG"\n')
    upsc.chmod(0o755)
    with pytest.raises(Refused, match="mains are away"):
        take(machine)
    assert (machine.root / "debian").exists()
    assert not debian.needs_restart(machine.site)


def test_on_battery_no_machine_is_restarted(machine: Machine) -> None:
    take(machine)
    upsc = machine.root / "bin/upsc"
    upsc.write_text('#!/bin/sh\n[ "$1" = -l ] && echo ups || echo "OB DISCHRG"\n')
    upsc.chmod(0o755)
    assert not debian.restart_at_night(machine.site, NIGHT)
    assert reboots(machine) == 0


def test_what_apt_can_not_do_is_said_and_the_restart_not_forgotten(machine: Machine) -> None:
    (machine.root / "debian-breaks").touch()
    with pytest.raises(Refused, match="error processing package libc6"):
        take(machine)
    assert debian.needs_restart(machine.site), "some of them may be in place"
    assert machine.calls[-1].endswith(" clean")
