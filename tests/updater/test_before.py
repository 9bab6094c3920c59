"""What Debian's packages of a night replace is kept, and put back where the machine does not come up with them."""

import os
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import pytest

from tests.updater.machine import Machine
from updater import before, debian
from updater.errors import Refused
from updater.packages import Repository

NIGHT = datetime(2026, 11, 26, 3, 30).astimezone()
LISTS = "var/lib/dpkg/info"
FORMER = {
    "usr/lib/libc.so.6.1": "former", "usr/share/doc/libc6/news": "former", f"{LISTS}/libc6:amd64.postinst": "former",
    "var/lib/dpkg/status": "libc6 1.0", "boot/grub.cfg": "linux-1", "boot/initrd.img-1": "former",
}  # fmt: skip
NEW = ("usr/lib/libc.so.6.2", "boot/vmlinuz-2", "boot/initrd.img-2", "usr/lib/modules/2/a.ko")


def say(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine whose libc6 a night is about to replace; one more package that stays has a name that begins so."""
    machine = Machine(tmp_path)
    (tmp_path / "debian").write_text("libc6")
    system = machine.site.system
    for name, text in FORMER.items():
        say(system / name, text)
    (system / "lib").symlink_to("usr/lib")
    (system / "usr/lib/libc.so.6").symlink_to("libc.so.6.1")
    say(system / "usr/lib/stays", "as it is")
    say(
        system / f"{LISTS}/libc6:amd64.list",
        "/.\n/lib\n/lib/libc.so.6.1\n/lib/libc.so.6\n/usr/share/doc/libc6/news\n",
    )
    say(system / f"{LISTS}/libc6-dev.list", "/.\n/usr/lib/stays\n")
    return machine


def take(machine: Machine) -> list[str]:
    with machine.updater.alone():
        return debian.take(machine.site, Repository(machine.site, "file:/r"))


def the_night_comes(machine: Machine) -> None:
    """Do what dpkg does: new files, one that is gone, a new package beside, another kernel that is started."""
    system = machine.site.system
    (system / "usr/lib/libc.so.6.1").unlink()
    (system / "usr/lib/libc.so.6").unlink()
    (system / "usr/lib/libc.so.6").symlink_to("libc.so.6.2")
    new = ("usr/lib/libc.so.6.2", "boot/vmlinuz-2", "boot/initrd.img-2", "usr/lib/modules/2/a.ko")
    for name in (*new, "boot/grub.cfg", "boot/initrd.img-1", "var/lib/dpkg/status"):
        say(system / name, "new")
    say(system / f"{LISTS}/libc6:amd64.list", "/.\n/lib\n/lib/libc.so.6.2\n/lib/libc.so.6\n")
    say(system / f"{LISTS}/linux-2.list", "/boot/vmlinuz-2\n/usr/lib/modules/2\n/usr/lib/modules/2/a.ko\n")
    say(system / "usr/lib/stays", "written since")


def back(machine: Machine, *words: str, shell: str = "sh", **settings: str) -> str:
    script = machine.site.state / "before/back.sh"
    found = {"PATH": f"{machine.root / 'bin'}:{os.environ['PATH']}", **settings}
    done = subprocess.run([*shell.split(), script, *words], env=found, capture_output=True, text=True, check=True)
    return done.stdout + done.stderr


def is_as_before(machine: Machine) -> bool:
    system = machine.site.system
    told = {name: (system / name).read_text() for name in FORMER if (system / name).exists()}
    gone = (
        "usr/lib/libc.so.6.2",
        "boot/vmlinuz-2",
        "boot/initrd.img-2",
        "usr/lib/modules/2/a.ko",
        f"{LISTS}/linux-2.list",
    )
    assert (system / "lib").is_symlink()
    assert (system / "usr/lib/stays").read_text() == "written since", "no package of that night"
    return (
        told == FORMER
        and (system / "usr/lib/libc.so.6").readlink() == Path("libc.so.6.1")
        and not any((system / name).exists() for name in gone)
    )


def test_by_hand_all_is_as_before_that_night(machine: Machine) -> None:
    assert take(machine) == ["libc6"]
    the_night_comes(machine)
    assert "Restart the machine" in back(machine, str(machine.site.system))
    assert is_as_before(machine)
    assert not before.is_pending(machine.site)


@pytest.mark.skipif(not shutil.which("busybox"), reason="there is no busybox here")
def test_the_little_that_a_rescue_medium_has_is_enough(machine: Machine) -> None:
    take(machine)
    the_night_comes(machine)
    tools = machine.root / "rescue"
    tools.mkdir()
    subprocess.run(["busybox", "--install", "-s", tools], check=True)
    back(machine, str(machine.site.system), shell=f"{tools}/sh", PATH=str(tools))
    assert is_as_before(machine)


STARTS = {"BEFORE_STEADY_S": "0", "BEFORE_PATIENCE_S": "0"}


def starts(machine: Machine, state: str, **settings: str) -> str:
    """Start the machine with its service in a state, and let it be judged."""
    systemctl = machine.root / "bin/systemctl"
    done = f"echo systemctl $* >>{machine.root}/calls"
    systemctl.write_text(f'#!/bin/sh\n{done}\n[ "$1" != is-active ] || [ {state} = active ]\n')
    return back(machine, "--judge", BEFORE_ROOT=str(machine.site.system), **STARTS | settings)


def test_a_machine_that_serves_has_shown_itself(machine: Machine) -> None:
    take(machine)
    the_night_comes(machine)
    assert "shown themselves" in starts(machine, "active", BEFORE_PATIENCE_S="60")
    assert not before.is_pending(machine.site)
    assert not is_as_before(machine)
    assert "reboot" not in machine.calls[-1]


def test_a_machine_that_does_not_serve_goes_back_and_starts_again(machine: Machine) -> None:
    take(machine)
    the_night_comes(machine)
    assert "does not come up" in starts(machine, "failed")
    assert is_as_before(machine)
    assert machine.calls[-1] == "systemctl --no-block reboot"


def test_a_machine_whose_starts_die_goes_back_before_it_serves(machine: Machine) -> None:
    take(machine)
    the_night_comes(machine)
    (machine.site.state / "before/starts").write_text("5\n")
    starts(machine, "active", BEFORE_PATIENCE_S="60")
    assert is_as_before(machine)


def test_cut_off_while_it_puts_back_it_goes_on_from_there(machine: Machine) -> None:
    take(machine)
    the_night_comes(machine)
    kept = machine.site.state / "kept"
    shutil.copytree(machine.site.state / "before", kept)
    tar = machine.root / "bin/tar"
    tar.write_text(
        '#!/bin/sh\n/usr/bin/tar "$@"; kill -9 $PPID\n'
    )  # all is there again, dpkg's lists too; nothing is gone yet
    tar.chmod(0o755)
    with pytest.raises(subprocess.CalledProcessError):
        back(machine, str(machine.site.system))
    assert not is_as_before(machine)
    tar.unlink()
    back(machine, str(machine.site.system))
    assert is_as_before(machine)


def test_until_it_has_shown_itself_no_more_is_taken_and_then_the_next(machine: Machine) -> None:
    take(machine)
    (machine.root / "debian").write_text("openssl")
    assert take(machine) == []
    with pytest.raises(Refused, match="restart it first"):
        machine.update("1.0.0")
    shutil.rmtree(machine.site.state / "before")
    assert take(machine) == ["openssl"]


def test_a_hub_on_a_kiosks_machine_waits_for_the_kiosks_night(machine: Machine) -> None:
    say(machine.site.state.parent / "kiosk-update/before/back.sh", "")
    with pytest.raises(Refused, match="restart it first"):
        machine.update("1.0.0")
    assert take(machine) == []


def test_what_a_machine_did_not_come_up_with_is_not_taken_again(machine: Machine) -> None:
    take(machine)
    the_night_comes(machine)
    back(machine, str(machine.site.system))
    (machine.root / "debian").write_text("openssl")
    take(machine)
    pins = (machine.site.state / "apt/preferences").read_text()
    assert pins == (
        "Package: homs-*\nPin: release o=Homs kiosks\nPin-Priority: -1\n"
        "\nPackage: libc6\nPin: version 1.1\nPin-Priority: -1\n"
    )


def test_what_is_offered_no_more_is_forgotten(machine: Machine) -> None:
    (machine.site.state / "went-back").write_text("libc6 1.1\nopenssl 3\nno such line\n")
    assert before.refused(machine.site, lambda name, version: (name, version) == ("libc6", "1.1")) == [("libc6", "1.1")]
    assert (machine.site.state / "went-back").read_text() == "libc6 1.1\n"
    assert before.refused(machine.site, lambda *_: False) == []
    assert not (machine.site.state / "went-back").exists()


def test_without_room_for_what_is_there_nothing_is_replaced(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("updater.packages.RESERVE", 10**18)
    with pytest.raises(Refused, match="no room"):
        take(machine)
    assert (machine.root / "debian").exists()
    assert not before.is_pending(machine.site)


@pytest.mark.parametrize(("answers", "unit"), [("active", "kiosk.service"), ("failed", "multi-user.target")])
def test_it_is_judged_by_what_ran_before(machine: Machine, answers: str, unit: str) -> None:
    tool = machine.root / "bin/systemctl"
    tool.write_text(f"#!/bin/sh\necho {answers}\n")
    take(machine)
    assert (machine.site.state / "before/unit").read_text() == unit
