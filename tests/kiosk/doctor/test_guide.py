from pathlib import Path

import pytest

from common.machine.doctor.finding import Verdict
from kiosk.doctor.guide import check_machine
from kiosk.doctor.installed import check_installed
from kiosk.doctor.machine import Machine, _ask_dpkg
from kiosk.machine.network.network_manager import NetworkManager
from tests.common.machine.doctor.test_tools import lay_down
from tests.kiosk.network.fake_network_manager import FakeNetworkManager

UNITS = ["kiosk-display.service", "kiosk.service", "kiosk-forward.service"]
UNITS += ["kiosk-poweroff.path", "kiosk-restart.path", "kiosk-sticks.path"]
FILES = [
    "opt/kiosk/current/bin",
    "usr/lib/udev/rules.d/70-kiosk.rules",
    "usr/lib/systemd/journald.conf.d/kiosk.conf",
    "usr/lib/systemd/coredump.conf.d/kiosk.conf",
    "usr/lib/tmpfiles.d/homs-kiosk.conf",
    "etc/X11/xorg.conf.d/10-kiosk.conf",
    "opt/kiosk/out-of-order.png",
]
# What is in place beside the guide's files: the display's key and the backlight.
PLACED = {
    "run/kiosk-display/authority": "",
    "sys/class/backlight/panel/brightness": "100",
}


class Installed:
    """A machine set up as the guide says, which a test then spoils."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.enabled = {"kiosk-nightly.timer", *UNITS}
        self.active = {"systemd-timesyncd.service", "kiosk-nightly.timer", *UNITS}
        self.groups = {"dialout", "video", "render", "audio"}
        self.lacks: set[str] = set()
        self.altered: list[str] | None = []
        for name in FILES:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).touch()
        for name, text in PLACED.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        (root / "proc").mkdir()
        self.swaps("")
        self.network = FakeNetworkManager(root)
        (root / "etc/kiosk").mkdir(parents=True, exist_ok=True)
        (root / "etc/kiosk/packages.url").write_text("https://central.example/packages\n")
        (root / "etc/kiosk/release.gpg").write_bytes(b"\x99\xb4Packages <operators@homs.example>\xff")

    def swaps(self, lines: str) -> None:
        (self.root / "proc/swaps").write_text("Filename Type Size Used Priority\n" + lines)

    def verdicts(self) -> dict[str, Verdict]:
        def systemctl(verb: str, unit: str) -> str:
            if verb == "is-enabled":
                return "enabled" if unit in self.enabled else "masked"
            return "active" if unit in self.active else "inactive"

        network = NetworkManager(str(self.network.path))
        machine = Machine(
            self.root,
            systemctl,
            lambda: self.groups,
            network,
            lambda packages: set(packages) - self.lacks,
            lambda: self.altered,
        )
        found: dict[str, Verdict] = {}
        for finding in check_machine(machine):
            found[finding.check] = finding.verdict
            assert finding.verdict in (Verdict.OK, Verdict.SKIPPED) or finding.todo
        return found


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installed:
    monkeypatch.setattr("kiosk.doctor.guide.os.geteuid", lambda: 1000)
    return Installed(tmp_path)


def test_a_machine_set_up_as_the_guide_says_has_nothing_to_mend(machine: Installed) -> None:
    assert set(machine.verdicts().values()) == {Verdict.OK}


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_that_is_not_enabled_is_named(machine: Installed, unit: str) -> None:
    machine.enabled.remove(unit)
    assert machine.verdicts()["units"] is Verdict.PROBLEM


@pytest.mark.parametrize("name", FILES[1:])
def test_a_missing_file_is_named(machine: Installed, name: str) -> None:
    (machine.root / name).unlink()
    assert machine.verdicts()["files"] is Verdict.PROBLEM


def test_what_else_the_guide_sets_up_is_looked_at(machine: Installed) -> None:
    machine.groups = {"video"}
    machine.lacks = {"feh"}
    machine.active.clear()
    machine.swaps("/dev/sda2 partition 1000 0 -2\n")
    found = machine.verdicts()
    assert found["groups"] is Verdict.WARNING
    assert found["packages"] is Verdict.PROBLEM
    assert found["time service"] is Verdict.WARNING
    assert found["running"] is Verdict.WARNING
    assert found["memory"] is Verdict.WARNING


@pytest.mark.parametrize("unit", ["getty@tty1.service", "ModemManager.service", "brltty.service"])
def test_whoever_else_would_use_console_and_ports_is_named(machine: Installed, unit: str) -> None:
    machine.enabled.add(unit)
    assert machine.verdicts()["console"] is Verdict.WARNING


def test_packages_are_those_that_dpkg_knows_as_installed() -> None:
    assert _ask_dpkg(["dpkg", "no-such-package", "python3"]) == {"dpkg", "python3"}


def test_a_display_that_turns_the_kiosk_away_is_a_problem(machine: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    unreadable = {machine.root / "run/kiosk-display/authority", machine.root / "sys/class/backlight/panel/brightness"}
    monkeypatch.setattr("kiosk.doctor.installed.os.access", lambda path, _: path not in unreadable)
    found = machine.verdicts()
    assert found["display"] is Verdict.PROBLEM
    assert found["brightness"] is Verdict.WARNING
    (machine.root / "run/kiosk-display/authority").unlink()
    (machine.root / "sys/class/backlight/panel/brightness").unlink()
    absent = {finding.check: finding.verdict for finding in check_installed(Machine(machine.root), ())}
    assert absent["display"] is Verdict.WARNING
    assert absent["brightness"] is Verdict.SKIPPED


def test_a_file_that_is_not_the_packages_is_named(machine: Installed) -> None:
    machine.altered = ["/usr/lib/systemd/system/kiosk.service"]
    assert machine.verdicts()["versions"] is Verdict.WARNING
    machine.altered = None
    assert machine.verdicts()["versions"] is Verdict.SKIPPED


def test_compressed_swap_in_memory_is_no_disk(machine: Installed) -> None:
    machine.swaps("/dev/zram0 partition 1000 0 100\n")
    assert machine.verdicts()["memory"] is Verdict.OK


def test_a_laptop_is_skipped(tmp_path: Path) -> None:
    assert [finding.verdict for finding in check_machine(Machine(tmp_path))] == [Verdict.SKIPPED]


def test_a_network_that_only_root_may_change_is_named_and_one_set_elsewhere_is_no_fault(machine: Installed) -> None:
    machine.network.set(allowed=False)
    assert machine.verdicts()["network"] is Verdict.WARNING
    machine.network.set(running=False)
    assert machine.verdicts()["network"] is Verdict.OK


def test_packages_that_a_trials_key_signs_are_a_problem(machine: Installed) -> None:
    (machine.root / "etc/kiosk/release.gpg").unlink()
    assert machine.verdicts()["signing key"] is Verdict.SKIPPED
    for user, verdict in (("demo@localhost", Verdict.PROBLEM), ("operators@homs.example", Verdict.OK)):
        (machine.root / "etc/kiosk/release.gpg").write_bytes(b"\x99\x00\xb4Kiosk packages <" + user.encode() + b">\xff")
        assert machine.verdicts()["signing key"] is verdict


def test_a_kiosk_to_which_no_version_would_come_says_so(machine: Installed) -> None:
    assert machine.verdicts()["updates"] is Verdict.OK
    (machine.root / "etc/kiosk/release.gpg").unlink()
    assert machine.verdicts()["updates"] is Verdict.PROBLEM
    (machine.root / "etc/kiosk/packages.url").write_text("")
    assert machine.verdicts()["updates"] is Verdict.WARNING
    machine.active.remove("kiosk-nightly.timer")
    assert machine.verdicts()["updates"] is Verdict.WARNING


def test_tools_of_another_version_than_the_kiosks_are_named(machine: Installed) -> None:
    lay_down(machine.root, "1.2.0", name="kiosk")
    assert machine.verdicts()["tools"] is Verdict.WARNING
