"""The new version's own doctor decides, on a copy of the kiosk's folder.

What a version can't be blamed for (a printer without paper, a network that is away) is said and doesn't count; what it
would break does.
"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from updater import store
from updater.site import Site

DECISIVE = frozenset(
    {"settings", "letters", "texts", "services", "software", "data folder", "keys", "free disk", "disk", "identity"}
    | {"store", "chain", "tickets"}
)
_SHOWN_LINES = 8


def is_healthy(site: Site, release: Path, say: Callable[[str], None]) -> bool:
    """Let a version's doctor look at a copy of this kiosk.

    Args:
        site: the machine.
        release: the version's folder.
        say: takes each finding that somebody should read.
    """
    folder = store.ask(site, "rehearse")
    try:
        words = ["doctor", "--config", str(site.config), "--data-dir", folder, "--json"]
        done = site.run_as_user(site.program(release), *words)
    finally:
        store.ask(site, "tidy")
    findings = [finding for finding in map(_finding, done.stdout.splitlines()) if finding]
    for finding in findings:
        if finding["verdict"] in ("warning", "problem") and finding["check"] != "running":
            say(f"{finding['verdict']}  {finding['check']}: {finding['found']}  {finding['todo']}")
    # A doctor that says nothing about the store has not looked at it.
    if not any(finding["check"] == "store" for finding in findings):
        say(f"the doctor of {release.name} ended without having looked at the store (status {done.returncode}):")
        for line in done.stderr.strip().splitlines()[-_SHOWN_LINES:]:
            say(f"  {line[: shutil.get_terminal_size().columns * 2]}")
        return False
    return not any(one["verdict"] == "problem" and one["check"] in DECISIVE for one in findings)


def _finding(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) and {"check", "verdict", "found", "todo"} <= found.keys() else None
