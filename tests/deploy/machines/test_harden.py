"""kiosk-harden with the machine's own commands in stubs: it says closed only where the machine is."""

import os
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[3] / "deploy"
# As Debian's: it asks on its standard output, and reads both answers from its standard input.
MKPASSWD = """#!/bin/sh
printf 'Enter password: '; read -r one; printf '\\nReenter password: '; read -r two; echo
[ "$one" = "$two" ] || { echo "grub-mkpasswd-pbkdf2: error: passwords don't match." >&2; exit 1; }
echo "PBKDF2 hash of your password is grub.pbkdf2.sha512.10000.${one}"
"""


class Machine:
    """A root of its own, and commands that do as little as they may."""

    def __init__(self, root: Path) -> None:
        self.root, self.bin = root, root / "bin"
        for folder in ("bin", "etc/kiosk", "etc/grub.d", "boot/grub"):
            (root / folder).mkdir(parents=True)
        script = self.placed((DEPLOY / "kiosk-harden").read_text(encoding="utf-8"))
        (root / "kiosk-harden").write_text(script, encoding="utf-8")
        for name in ("systemctl", "sysctl", "udevadm"):
            self.stub(name, "#!/bin/sh\n")
        self.stub("id", "#!/bin/sh\necho 0\n")
        self.stub("grub-mkpasswd-pbkdf2", MKPASSWD)
        menu, rule = root / "boot/grub/grub.cfg", root / "etc/grub.d/06_kiosk"
        self.stub("update-grub", f"#!/bin/sh\nsed -i 's#/etc/kiosk#{root}/etc/kiosk#' {rule}\nsh {rule} >{menu}\n")

    def placed(self, text: str) -> str:
        for folder in ("/etc/", "/boot/"):
            text = text.replace(folder, f"{self.root}{folder}")
        return text

    def stub(self, name: str, text: str) -> None:
        (self.bin / name).write_text(text, encoding="utf-8")
        (self.bin / name).chmod(0o755)

    def harden(self, typed: str) -> "subprocess.CompletedProcess[str]":
        path = f"{self.bin}:{os.environ['PATH']}"
        command = ["sh", str(self.root / "kiosk-harden"), str(DEPLOY / "hardening")]
        return subprocess.run(command, input=typed, capture_output=True, text=True, check=False, env={"PATH": path})

    @property
    def password(self) -> Path:
        return self.root / "etc/kiosk/grub-password"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_both_questions_are_seen_and_the_menu_asks_for_the_password(machine: Machine) -> None:
    done = machine.harden("secret\nsecret\n")
    assert done.returncode == 0, done.stderr
    assert "Password: " in done.stderr
    assert "The same again: " in done.stderr
    assert done.stdout.startswith("closed;")
    assert machine.password.read_text() == "grub.pbkdf2.sha512.10000.secret\n"
    assert machine.password.stat().st_mode & 0o077 == 0
    assert "password_pbkdf2 technician grub.pbkdf2" in (machine.root / "boot/grub/grub.cfg").read_text()
    assert machine.harden("").returncode == 0, "it is asked for once"


@pytest.mark.parametrize("typed", ["secret\nsecert\n", "\n\n", "", "secret\n"])
def test_a_slip_leaves_no_empty_password_and_is_not_called_closed(machine: Machine, typed: str) -> None:
    done = machine.harden(typed)
    assert done.returncode == 1
    assert "closed" not in done.stdout
    assert "kiosk-harden again" in done.stderr
    assert not machine.password.exists()
    assert machine.harden("secret\nsecret\n").returncode == 0


def test_a_tool_that_makes_no_hash_and_a_menu_without_it_are_not_called_closed(machine: Machine) -> None:
    machine.stub("grub-mkpasswd-pbkdf2", "#!/bin/sh\nexit 1\n")
    assert "made no hash" in machine.harden("secret\nsecret\n").stderr
    assert list((machine.root / "etc/kiosk").iterdir()) == []
    machine.stub("grub-mkpasswd-pbkdf2", MKPASSWD)
    machine.stub("update-grub", f"#!/bin/sh\necho '# nothing' >{machine.root}/boot/grub/grub.cfg\n")
    done = machine.harden("secret\nsecret\n")
    assert (done.returncode, "still open" in done.stderr) == (1, True)
