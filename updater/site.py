"""The places that an update works on, and how it calls other programs."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from updater.errors import Refused

SERVICES = ("kiosk.service", "kiosk-forward.service")
_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class Site:
    """One machine. Tests give other places and programs; a kiosk in service has these."""

    root: Path = Path("/opt/kiosk")
    """The versions, and the link `current`: root's alone."""
    state: Path = Path("/var/lib/kiosk-update")
    """What an update has to remember: root's alone."""
    data: Path = Path("/var/lib/kiosk")
    """The kiosk's own folder. Root does nothing by name in it: the kiosk's user could put a link there meanwhile."""
    etc: Path = Path("/etc/kiosk")
    user: str = "kiosk"
    path: str = _PATH
    patience_s: float = 60.0
    """How long the start screen may take."""

    @property
    def config(self) -> Path:
        """The kiosk's settings."""
        return self.etc / "kiosk.toml"

    @property
    def key(self) -> Path:
        """The public key that packages must be signed with."""
        return self.etc / "release.gpg"

    def run(self, *command: str, timeout_s: float = 3600, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run a program as root and return what it said, whatever its exit status."""
        surroundings = {"PATH": self.path, "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
        return _run(list(command), surroundings, timeout_s, stdin)

    def run_as_kiosk(self, *command: str, timeout_s: float = 600) -> subprocess.CompletedProcess[str]:
        """Run a program as the kiosk's user, with nothing of root's."""
        try:
            entry = pwd.getpwnam(self.user)
        except KeyError as error:
            raise Refused(f"there is no user {self.user}: install the package homs-kiosk anew") from error
        surroundings = {"PATH": self.path, "LC_ALL": "C.UTF-8", "HOME": str(self.data)}
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
