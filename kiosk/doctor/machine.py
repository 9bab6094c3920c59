"""The machine as the doctor's checks look at it: its files, services, packages and groups."""

import grp
import os
import subprocess
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

from common.machine.doctor.systemd import ask_systemctl
from kiosk.machine.network.network_manager import NetworkManager


def _ask_dpkg(packages: Collection[str]) -> set[str]:
    """Return which of these are installed."""
    command = ["/usr/bin/dpkg-query", "-W", "-f=${Package} ${db:Status-Status}\\n", *packages]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return set()
    return {line.split()[0] for line in done.stdout.splitlines() if line.endswith(" installed")}


def _ask_what_was_altered() -> list[str] | None:
    """Return the files of the kiosk's packages that somebody changed or removed; settings are theirs to change."""
    command = ["/usr/bin/dpkg", "--verify", "homs-kiosk"]
    if not _ask_dpkg(["homs-kiosk"]):
        return None
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
    lines = [line.split() for line in done.stdout.splitlines()]
    return [words[-1] for words in lines if len(words) == 2]  # a third word, `c`, is a settings file


def _own_groups() -> set[str]:
    names = set()
    for number in {*os.getgroups(), os.getegid()}:
        try:
            names.add(grp.getgrgid(number).gr_name)
        except KeyError:
            continue
    return names


@dataclass(frozen=True)
class Machine:
    """What the checks look at; tests give another root and other answers."""

    root: Path = Path("/")
    systemctl: Callable[..., str] = ask_systemctl
    groups: Callable[[], set[str]] = _own_groups
    network: NetworkManager = field(default_factory=NetworkManager)
    installed: Callable[[Collection[str]], set[str]] = _ask_dpkg
    altered: Callable[[], list[str] | None] = _ask_what_was_altered
    """What of the packages' files is not as they brought it; None where the kiosk isn't installed by packages."""

    def text(self, path: str) -> str:
        """Return a file's text, empty where it can't be read."""
        try:
            return (self.root / path).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""

    def exists(self, path: str) -> bool:
        """Return whether the file is there."""
        return (self.root / path).exists()

    def size(self, path: str) -> int:
        """Return a file's size, 0 where there is none; seen also by a user who may not read it."""
        try:
            return (self.root / path).stat().st_size
        except OSError:
            return 0

    def changed_at(self, path: str) -> float:
        """Return when a file was changed last, 0 where there is none."""
        try:
            return (self.root / path).stat().st_mtime
        except OSError:
            return 0.0
