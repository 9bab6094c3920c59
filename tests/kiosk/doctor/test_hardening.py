"""A machine closed as deploy/hardening says: the doctor finds every line OK, and names each that is taken away."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from common.machine.doctor.finding import Verdict
from kiosk.doctor.hardening import HARDENING, check_encryption, check_hardening, check_sockets_of
from kiosk.doctor.machine import Machine

DEPLOY = Path(__file__).parents[3] / "deploy"


class Closed:
    """A machine closed as the guide says."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.masked = {"ctrl-alt-del.target"}
        self.active = {"nftables.service"}
        for pattern, folder in HARDENING.items():
            for source in DEPLOY.glob(pattern):
                (root / folder).mkdir(parents=True, exist_ok=True)
                shutil.copy(source, root / folder)
        self.write("etc/nftables.conf", (DEPLOY / "hardening/nftables/kiosk.nft").read_text())
        self.write("etc/kiosk/grub-password", "grub.pbkdf2.sha512.10000.AA.BB\n")
        self.write("boot/grub/grub.cfg", 'set superusers="technician"\npassword_pbkdf2 technician grub.AA\n')
        self.write("proc/cmdline", "BOOT_IMAGE=/vmlinuz root=UUID=1 ro quiet panic=10 fsck.repair=yes\n")
        for line in (DEPLOY / "hardening/sysctl/60-kiosk.conf").read_text().splitlines():
            if line and not line.startswith("#"):
                name, value = line.split(" = ")
                self.write(f"proc/sys/{name.replace('.', '/')}", value + "\n")
        self.write("sys/class/tpm/tpm0/dev", "10:224\n")
        self.write("etc/kiosk/pin-pepper.cred", "sealed\n")
        self.write("run/kiosk-pepper/pepper", "secret\n")
        self.input(1, "touch panel", "usb-0000:00:14.0-1/input0", "420 0 0 0 0 0")
        self.input(
            2, "keyboard inside", "isa0060/serio0/input0", "402000000 3803078f800d001 feffffdfffefffff fffffffffffffffe"
        )
        self.adapter("enp2s0", "DRIVER=r8169\nPCI_CLASS=20000\n")

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)

    def hide_menu(self, later_s: float) -> None:
        """What only root may read is as good as empty to the doctor; it was made so much later than the password."""
        self.write("boot/grub/grub.cfg", "")
        at = (self.root / "etc/kiosk/grub-password").stat().st_mtime + later_s
        os.utime(self.root / "boot/grub/grub.cfg", (at, at))

    def input(self, number: int, name: str, where: str, keys: str) -> None:
        for file, text in (("name", name), ("phys", where), ("capabilities/key", keys)):
            self.write(f"sys/class/input/input{number}/{file}", text + "\n")

    def keyboard(self) -> None:
        """Plug one in that says it was something else."""
        self.input(
            9, "BadUSB", "usb-0000:00:14.0-3/input0", "1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe"
        )

    def adapter(self, name: str, said: str) -> None:
        self.write(f"sys/class/net/{name}/device/uevent", said)

    def machine(self) -> Machine:
        def systemctl(verb: str, unit: str) -> str:
            if verb == "is-enabled":
                return "masked" if unit in self.masked else "enabled"
            return "active" if unit in self.active else "inactive"

        return Machine(self.root, systemctl)

    def verdicts(self) -> dict[str, Verdict]:
        found = {}
        for finding in check_hardening(self.machine()):
            found[finding.check] = finding.verdict
            assert finding.verdict in (Verdict.OK, Verdict.SKIPPED) or finding.todo
        return found


@pytest.fixture
def closed(tmp_path: Path) -> Closed:
    return Closed(tmp_path)


def test_a_machine_closed_as_the_guide_says_has_nothing_to_mend(closed: Closed) -> None:
    assert set(closed.verdicts().values()) == {Verdict.OK}


def unlink(path: str) -> Callable[[Closed], None]:
    return lambda closed: (closed.root / path).unlink()


OPENINGS: dict[str, tuple[str, Callable[[Closed], None]]] = {
    "SysRq is on": ("kernel", lambda closed: closed.write("proc/sys/kernel/sysrq", "438\n")),
    "no secret over PINs": ("pins", unlink("etc/kiosk/pin-pepper.cred")),
    "a secret that the TPM does not open": ("pins", unlink("run/kiosk-pepper/pepper")),
    "others' memory can be read": ("kernel", lambda closed: closed.write("proc/sys/kernel/yama/ptrace_scope", "0\n")),
    "Ctrl-Alt-Del": ("keys", lambda closed: closed.masked.clear()),
    "Ctrl-Alt-Del seven times": ("keys", unlink("etc/systemd/system.conf.d/kiosk.conf")),
    "a login on the third console": ("consoles", lambda closed: closed.active.add("getty@tty3.service")),
    "a login on demand": ("consoles", unlink("etc/systemd/logind.conf.d/kiosk.conf")),
    "no password in the boot menu": ("boot menu", unlink("etc/kiosk/grub-password")),
    "an empty password in the boot menu": ("boot menu", lambda closed: closed.write("etc/kiosk/grub-password", "")),
    "a menu that was made without the password": (
        "boot menu",
        lambda closed: closed.write("boot/grub/grub.cfg", "# password_pbkdf2 stands nowhere\n"),
    ),
    "a menu that root alone reads, older than the password": ("boot menu", lambda closed: closed.hide_menu(-60)),
    "the boot menu's file is gone": ("boot menu", unlink("etc/grub.d/06_kiosk")),
    "a root shell in the boot menu": ("boot menu", unlink("etc/default/grub.d/kiosk.cfg")),
    "a root shell where the file system is damaged": (
        "boot shell",
        lambda closed: closed.write("proc/cmdline", "ro quiet panic=0 fsck.repair=yes\n"),
    ),
    "a damaged file system is not mended": ("boot shell", lambda closed: closed.write("proc/cmdline", "ro panic=10\n")),
    "no firewall": ("firewall", lambda closed: closed.active.clear()),
    "a firewall that lets in": ("firewall", lambda closed: closed.write("etc/nftables.conf", "flush ruleset\n")),
    "no rule for what is plugged in": ("usb", unlink("etc/udev/rules.d/71-kiosk-usb.rules")),
    "an adapter that is connected by itself": ("usb", unlink("etc/NetworkManager/conf.d/kiosk.conf")),
    "a keyboard that works": ("usb", Closed.keyboard),
    "a network adapter of a maker's own class": (
        "usb",
        lambda closed: closed.adapter("enx00e04c680001", "DEVTYPE=usb_interface\nDRIVER=r8152\n"),
    ),
}


@pytest.mark.parametrize(("check", "open_it"), OPENINGS.values(), ids=OPENINGS.keys())
def test_each_hardening_taken_away_is_named(closed: Closed, check: str, open_it: Callable[[Closed], None]) -> None:
    open_it(closed)
    found = closed.verdicts()
    assert found.pop(check) is Verdict.WARNING
    assert set(found.values()) == {Verdict.OK}


def test_a_menu_that_root_alone_reads_is_believed_where_it_is_newer_than_the_password(closed: Closed) -> None:
    closed.hide_menu(60)
    assert closed.verdicts()["boot menu"] is Verdict.OK


def test_a_keyboard_that_the_site_wants_is_no_fault(closed: Closed) -> None:
    closed.keyboard()
    closed.write("etc/kiosk/usb-keyboard-allowed", "")
    assert closed.verdicts()["usb"] is Verdict.OK


def test_a_machine_without_grub_is_told_to_look_at_its_firmware(closed: Closed) -> None:
    shutil.rmtree(closed.root / "boot")
    assert closed.verdicts()["boot menu"] is Verdict.SKIPPED


@pytest.mark.parametrize(
    ("port", "verdict"),
    [
        ("/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0-port0", Verdict.OK),
        ("/dev/ttyS0", Verdict.OK),
        ("/dev/ttyUSB0", Verdict.WARNING),
        ("/dev/serial/by-id/usb-FTDI_FT232R_A1", Verdict.WARNING),
        ("/dev/kiosk/printer", Verdict.WARNING),
    ],
)
def test_a_port_named_by_its_make_can_be_taken_by_another_adapter(port: str, verdict: Verdict) -> None:
    assert check_sockets_of({"printer": port}).verdict is verdict


def test_data_on_a_bare_partition_are_named_and_on_an_encrypted_one_not(tmp_path: Path) -> None:
    number = tmp_path.stat().st_dev
    machine = Machine(tmp_path)
    assert check_encryption(tmp_path, machine).verdict is Verdict.WARNING
    uuid = tmp_path / f"sys/dev/block/{os.major(number)}:{os.minor(number)}/dm/uuid"
    uuid.parent.mkdir(parents=True)
    uuid.write_text("CRYPT-LUKS2-0011-data\n")
    assert check_encryption(tmp_path, machine).verdict is Verdict.OK


def test_the_boot_menus_file_makes_a_menu_that_grub_reads(tmp_path: Path) -> None:
    script = (DEPLOY / "hardening/grub/06_kiosk").read_text().replace("/etc/kiosk", str(tmp_path))
    (tmp_path / "grub-password").write_text("grub.pbkdf2.sha512.10000.AA.BB\n")
    made = subprocess.run(["sh", "-c", script], check=True, capture_output=True, text=True).stdout
    assert "password_pbkdf2 technician grub.pbkdf2.sha512.10000.AA.BB" in made
    assert 'menuentry_id_option="--unrestricted $menuentry_id_option"' in made
    (tmp_path / "grub-password").unlink()
    without = subprocess.run(["sh", "-c", script], check=True, capture_output=True, text=True)
    assert (without.stdout, "open to everybody" in without.stderr) == ("", True)


def test_the_kernels_line_keeps_what_the_installer_wrote_and_gives_no_shell(tmp_path: Path) -> None:
    (tmp_path / "grub").write_text('GRUB_CMDLINE_LINUX="console=ttyS0"\n')
    read = f". {tmp_path}/grub; . {DEPLOY}/hardening/grub/kiosk.cfg; echo $GRUB_CMDLINE_LINUX"
    line = subprocess.run(["sh", "-euc", read], check=True, capture_output=True, text=True).stdout.split()
    assert line == ["console=ttyS0", "panic=10", "fsck.repair=yes"]


def test_the_firewall_is_one_that_nft_takes() -> None:
    alone = [] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--net"]
    subprocess.run([*alone, "/usr/sbin/nft", "--check", "--file", DEPLOY / "hardening/nftables/kiosk.nft"], check=True)


def test_the_rules_for_usb_are_ones_that_udev_takes() -> None:
    rules = [DEPLOY / "hardening/udev/71-kiosk-usb.rules", DEPLOY / "udev/70-kiosk.rules"]
    done = subprocess.run(["udevadm", "verify", *rules], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
