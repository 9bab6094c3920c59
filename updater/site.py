"""The places that an update works on, and how it calls other programs."""

import os
import pwd
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from updater.errors import Refused

_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class Site:
    """One program on one machine. Tests give other places and programs; one in service has these."""

    root: Path
    """The versions, and the link `current`: root's alone."""
    state: Path
    """What an update has to remember: root's alone."""
    data: Path
    """The program's own folder. Root does nothing by name in it: its user could put a link there meanwhile."""
    etc: Path
    user: str
    name: str = "kiosk"
    """Which program, `kiosk`, `hub` or `central`: so its command, its units and its packages are called."""
    path: str = _PATH
    patience_s: float = 60.0
    """How long it may take until it serves."""
    backups_folder: Path | None = None
    proc_stat: Path = Path("/proc/stat")
    system: Path = Path("/")
    """Where Debian's packages lie."""

    @classmethod
    def of(cls, name: str) -> "Site":
        """Return where a program is installed."""
        places = (Path("/opt") / name, Path(f"/var/lib/{name}-update"), Path("/var/lib") / name, Path("/etc") / name)
        return cls(*places, user=name, name=name)

    @property
    def base(self) -> str:
        """The package of units, user, folders and tools; each version has another one beside it."""
        return f"homs-{self.name}"

    @cached_property
    def services(self) -> tuple[str, ...]:
        """The unit that people need, and the one that talks with central; of central its processes, then its migration.

        The migration is stopped with them: the next start brings the tables to the version that serves then. They are
        asked for once: systemd forgets a process that is stopped and was not enabled.
        """
        if self.name != "central":
            return f"{self.name}.service", f"{self.name}-forward.service"
        said = self.run("systemctl", "list-units", "--all", "--plain", "--no-legend", "central@*.service").stdout
        processes = sorted({line.split()[0] for line in said.splitlines() if line.strip()})
        if not processes:
            raise Refused("no process of central is on here: systemctl enable --now central@8081 central@8082")
        return *processes, "central-migrate.service"

    @property
    def is_guest(self) -> bool:
        """Whether this is a hub on a kiosk's machine, whose updates bring Debian's packages too."""
        return self.name == "hub" and (self.etc.parent / "kiosk/packages.url").exists()

    @property
    def config(self) -> Path:
        """The program's settings."""
        return self.etc / ("central.env" if self.name == "central" else f"{self.name}.toml")

    @property
    def backups(self) -> Path:
        """Where central's copies lie."""
        return self.backups_folder or Path("/var/backups") / self.name

    def program(self, release: Path) -> str:
        """Return the command of a version."""
        return str(release / "bin" / self.name)

    @property
    def key(self) -> Path:
        """The public key that packages must be signed with."""
        return self.etc / "release.gpg"

    @property
    def signatures(self) -> Path:
        """What says how many of its keys must have signed; one, where it is missing."""
        return self.etc / "release.signatures"

    def run(self, *command: str, timeout_s: float = 3600, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run a program as root and return what it said, whatever its exit status."""
        surroundings = {"PATH": self.path, "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
        return _run(list(command), surroundings, timeout_s, stdin)

    def run_as_user(
        self, *command: str, timeout_s: float = 600, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as the user of what is installed here, with nothing of root's."""
        try:
            entry = pwd.getpwnam(self.user)
        except KeyError as error:
            raise Refused(f"there is no user {self.user}: install the package {self.base} again") from error
        surroundings = {"PATH": self.path, "LC_ALL": "C.UTF-8", "HOME": str(self.data), **(environment or {})}
        if os.geteuid() != 0 or entry.pw_uid == 0:  # a test
            return _run(list(command), surroundings, timeout_s, None)
        groups = os.getgrouplist(self.user, entry.pw_gid)
        return _run(list(command), surroundings, timeout_s, None, (entry.pw_uid, entry.pw_gid, groups))


def _run(
    command: list[str],
    surroundings: dict[str, str],
    timeout_s: float,
    stdin: str | None,
    ids: tuple[int, int, list[int]] | None = None,
) -> subprocess.CompletedProcess[str]:
    who: dict[str, Any] = {"user": ids[0], "group": ids[1], "extra_groups": ids[2]} if ids else {}
    try:
        done: subprocess.CompletedProcess[str] = subprocess.run(  # noqa: S603
            command,
            cwd="/",  # nothing in the folder that this was started in is ever taken for code
            env=surroundings,
            input=stdin or "",
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=timeout_s,
            start_new_session=True,
            **who,
        )
        return done
    except FileNotFoundError as error:
        raise Refused(f"{command[0]} is missing") from error
    except subprocess.TimeoutExpired as error:
        raise Refused(f"{command[0]} took longer than {timeout_s:.0f} s") from error
