"""The store of a kiosk or hub in an update: the new version's own doctor decides, on a copy of the folder.

What a version can't be blamed for (a printer without paper, a network that is away, what the version in service finds
wrong already) doesn't count; what it would break does.
"""

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from updater.errors import Refused
from updater.site import Site

DECISIVE = frozenset(
    {"settings", "letters", "texts", "services", "software", "data folder", "keys", "free disk", "disk", "identity"}
    | {"store", "chain", "tickets"}
)
_ROOM = frozenset({"free disk", "disk"})
"""What is the machine's own: how much it names differs from one look to the next."""
_SHOWN_LINES = 8

_PROGRAM = Path(__file__).with_name("store_copy.py")
_PYTHON = "/usr/bin/python3.13"


class StoreFile:
    """The store of a kiosk or hub."""

    def __init__(self, site: Site) -> None:
        """Keep the store of `site`."""
        self._site = site

    def takes(self, release: Path, say: Callable[[str], None]) -> bool:
        """See Keeping."""
        return is_healthy(self._site, release, say, before=_look(self._site, self._site.root / "current")[0])

    def reads(self, release: Path) -> bool:
        """See Keeping."""
        return is_healthy(self._site, release, lambda _: None, decisive=DECISIVE - _ROOM)

    def accepted(self) -> str:
        """See Keeping."""
        return ask(self._site, "accepted")

    def save(self) -> None:
        """See Keeping."""
        ask(self._site, "save")

    def restore(self, release: Path) -> None:
        """See Keeping."""
        del release
        ask(self._site, "restore")

    def tidy(self) -> None:
        """See Keeping."""
        ask(self._site, "tidy")


def ask(site: Site, what: Literal["accepted", "save", "restore", "rehearse", "tidy"]) -> str:
    """Have one thing done with the store, and return what was said. Raises Refused: it could not be done."""
    done = site.run_as_user(_PYTHON, "-I", str(_PROGRAM), what, str(site.data))
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["no reason was said"])[-1][:300]
        raise Refused(f"the store can't be looked at ({what}): {why}")
    return done.stdout.strip()


def is_healthy(
    site: Site,
    release: Path,
    say: Callable[[str], None],
    *,
    before: Sequence[Mapping[str, Any]] = (),
    decisive: frozenset[str] = DECISIVE,
) -> bool:
    """Let a version's doctor look at a copy of this kiosk.

    Args:
        site: the machine.
        release: the version's folder.
        say: takes each finding that somebody should read.
        before: what the doctor of the version in service finds: nobody needs to read that again, and no other version
            is blamed for it.
        decisive: the checks whose problems count.
    """
    known = frozenset(map(_line, before))
    lacked = {one["check"] for one in before if one["verdict"] == "problem"} & _ROOM
    findings, done = _look(site, release)
    for finding in findings:
        is_worth_reading = finding["verdict"] in ("warning", "problem") and finding["check"] != "running"
        if is_worth_reading and _line(finding) not in known:
            say(_line(finding))
    # A doctor that says nothing about the store has not looked at it.
    if not any(finding["check"] == "store" for finding in findings):
        say(f"the doctor of {release.name} ended without having looked at the store (status {done.returncode}):")
        for line in done.stderr.strip().splitlines()[-_SHOWN_LINES:]:
            say(f"  {line[: shutil.get_terminal_size().columns * 2]}")
        return False
    new = [one for one in findings if one["check"] not in lacked and _line(one) not in known]
    return not any(one["verdict"] == "problem" and one["check"] in decisive for one in new)


def _look(site: Site, release: Path) -> tuple[list[dict[str, Any]], "subprocess.CompletedProcess[str]"]:
    folder = ask(site, "rehearse")
    try:
        words = ["doctor", "--config", str(site.config), "--data-dir", folder, "--json"]
        done = site.run_as_user(site.program(release), *words)
    finally:
        ask(site, "tidy")
    return [finding for finding in map(_finding, done.stdout.splitlines()) if finding], done


def _line(finding: Mapping[str, Any]) -> str:
    return f"{finding['verdict']}  {finding['check']}: {finding['found']} → {finding['todo']}"


def _finding(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) and {"check", "verdict", "found", "todo"} <= found.keys() else None
