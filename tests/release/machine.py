"""A bare Debian machine in a folder: made by mmdebstrap, booted by systemd-nspawn, with no network but its loopback.

Where no screen is, its X server is Xvfb; all else is what is installed.
"""

import os
import signal
import subprocess
from pathlib import Path
from typing import Final

from tests.release.console import Console
from tools.cluster.waiting import until

# A bare machine, and a screen with a finger for one that has neither.
_PACKAGES: Final = "systemd,systemd-sysv,dbus,udev,apt,xvfb,xdotool"
_SURROUNDINGS: Final = ("PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive")
# systemd boots on the unified hierarchy only; what else this machine has stays as it is.
_BOOT: Final = """
set -eu
mount --make-rprivate /
umount --recursive /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup
exec systemd-nspawn --quiet --register=no --keep-unit --private-network --directory="$1" --bind="$2:/dev/tty1" \
    --console=read-only --boot
"""
_INSTALL: Final = """
set -eu
mount --make-rprivate /
mount -t proc proc "$1/proc"
PATH=$3:$PATH exec sh "$2/install-kiosk" "$2" "$1"
"""
_SCREEN: Final = """[Service]
ExecStart=
ExecStart=/usr/bin/Xvfb :0 -screen 0 1080x1920x24 -nolisten tcp -auth /run/kiosk-display/authority
"""


class Machine:
    """One machine; `root` is its disk, `console` what its screen shows while it is on."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.console: Console
        self._boot: subprocess.Popen[bytes] | None = None

    def make(self, *packages: str) -> None:
        """Put a bare Debian on its disk, and these packages of Debian's."""
        words = ["--quiet", "--variant=minbase", f"--include={','.join((_PACKAGES, *packages))}"]
        _run(["mmdebstrap", *words, "trixie", str(self.root)], 900)
        # As Debian's installer leaves them: sources that can't be reached here, and a medium that isn't asked for.
        (self.root / "etc/apt/sources.list").write_text("deb cdrom:[Debian 13]/ trixie main\n")
        # This disk needs to outlive no power cut, and the proof no hour.
        (self.root / "etc/dpkg/dpkg.cfg.d/proof").write_text("force-unsafe-io\n")
        drop_in = self.root / "etc/systemd/system/kiosk-display.service.d/50-proof.conf"
        drop_in.parent.mkdir(parents=True)
        drop_in.write_text(_SCREEN)

    def install(self, stick: Path) -> str:
        """Do what Debian's installer does at its end, without any network; return what was said."""
        tools = self.root.parent / "installer"
        tools.mkdir(exist_ok=True)
        surroundings = " ".join(_SURROUNDINGS)
        (tools / "in-target").write_text(f'#!/bin/sh\nexec chroot {self.root} env -i {surroundings} "$@"\n')
        (tools / "in-target").chmod(0o755)
        spaces = ["unshare", "--mount", "--net", "sh", "-c", _INSTALL, "sh", str(self.root), str(stick), str(tools)]
        return _run(spaces, 400)

    def boot(self) -> None:
        """Switch it on, with a screen, and wait until it has started what it starts."""
        self.console = Console()
        with (self.root.parent / "console.log").open("ab") as log:
            command = ["unshare", "--mount", "sh", "-c", _BOOT, "sh", str(self.root), str(self.console.path)]
            self._boot = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        # `degraded` is up too: a unit of Debian's may fail in a container.
        started = ("running", "degraded")
        until(lambda: self.run("systemctl", "is-system-running", check=False).strip() in started, "it has booted")

    def halt(self) -> None:
        """Switch it off, in order."""
        if self._boot is None:
            return
        if self._boot.poll() is None:
            os.kill(self._leader, signal.SIGRTMIN + 4)
        try:
            self._boot.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self._boot.kill()
        self._boot = None
        self.console.close()

    @property
    def is_off(self) -> bool:
        """Whether it went off by itself, also to be started again: here nothing starts it."""
        return self._boot is None or self._boot.poll() is not None

    def run(self, *command: str, check: bool = True, timeout_s: float = 240) -> str:
        """Run a command as root on the machine's console and return what it said."""
        spaces = ["--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--root", "--wd"]
        inside = ["nsenter", "--target", str(self._leader), *spaces, "env", "--ignore-environment", *_SURROUNDINGS]
        return _run([*inside, *command], timeout_s, check=check)

    def beside(self, *command: str | Path) -> list[str]:
        """Return the command that runs a program of ours on the machine's own network."""
        return ["nsenter", "--target", str(self._leader), "--net", *map(str, command)]

    def touch(self, x: int, y: int) -> None:
        """Put a finger on the screen, and take it off."""
        shown = ("env", "DISPLAY=:0", "XAUTHORITY=/run/kiosk-display/authority")
        press = ("mousemove", str(x), str(y), "mousedown", "1", "sleep", "0.3", "mouseup", "1")
        self.run(*shown, "xdotool", *press)

    @property
    def _leader(self) -> int:
        """The machine's first process, as this one sees it."""
        assert self._boot is not None
        children = Path(f"/proc/{self._boot.pid}/task/{self._boot.pid}/children").read_text().split()
        for child in children:
            if Path(f"/proc/{child}/comm").read_text().strip() == "systemd":
                return int(child)
        raise RuntimeError(f"it doesn't run: {(self.root.parent / 'console.log').read_text()[-600:]}")


def _run(command: list[str], timeout_s: float, *, check: bool = True) -> str:
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False, timeout=timeout_s)
    if check and done.returncode:
        raise AssertionError(f"{' '.join(command[-6:])}: {done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return done.stdout + done.stderr
