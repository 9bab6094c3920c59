"""Central's database in an update: copied and tried by `central backup`, and brought back by it.

The copies lie where the nightly ones do, under the same rule. What each version may do with the database is asked of
that version's own command.
"""

import json
import shlex
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from updater import durable
from updater.errors import Refused
from updater.site import Site

_HOURS = 6 * 3600.0
"""A copy of years of data takes its time; people are served meanwhile."""
_USAGE = 2
"""The exit status of a command that a version doesn't have."""


class _NoSuchCommand(Refused):
    """A version is older than a command."""


class Database:
    """Central's database, by the commands of the versions that are installed."""

    def __init__(self, site: Site) -> None:
        """Keep the database that `site`'s settings name."""
        self._site = site
        self._migrates = site.state / "migrates"
        self._saved = site.state / "saved"

    def takes(self, release: Path, say: Callable[[str], None]) -> bool:
        """Have the version in service make a copy, and the new one restore it and bring it to its own tables."""
        made = self._ask(self._current, "backup", "--to", str(self._site.backups))
        try:
            found = self._ask(release, "backup", "check", str(made["backup"]), "--migrate")
        except Refused as refused:
            say(f"problem  database: {release.name} can't work with a copy of it: {refused}")
            return False
        if found["revision"] == found["own"]:
            durable.remove(self._migrates)
        else:
            say(f"The tables change with {release.name}, from {found['revision']} to {found['own']}.")
            durable.write(self._migrates, release.name)
        return True

    def reads(self, release: Path) -> bool:
        """Ask a former version whether the tables are its own; one that can't say reads them unless they changed."""
        try:
            self._ask(release, "backup", "head")
        except _NoSuchCommand:
            return not self._migrates.exists()
        except Refused:
            return False
        return True

    def accepted(self) -> str:
        """Return what the version in service took in last; something else each time where that version can't say."""
        try:
            return str(self._ask(self._current, "backup", "head")["head"])
        except _NoSuchCommand:
            return f"unknown {uuid.uuid4()}"

    def save(self) -> None:
        """Make the copy that is brought back if need be: only where the next version changes the tables."""
        durable.remove(self._saved)
        if self._migrates.exists():
            made = self._ask(self._current, "backup", "--to", str(self._site.backups))
            durable.write(self._saved, str(made["backup"]))

    def restore(self, release: Path) -> None:
        """Bring the saved copy back by the version that made it."""
        saved = durable.read(self._saved)
        if saved is None:
            raise Refused("no copy was made before the update: central bring-back, see backup.md")
        self._ask(release, "bring-back", saved, "--really")

    def tidy(self) -> None:
        """Leave nothing: a copy that was cut off is removed by the next one."""

    @property
    def _current(self) -> Path:
        return self._site.root / "current"

    def _ask(self, release: Path, *words: str) -> dict[str, Any]:
        """Run a command of a version as central's user, on its database. Raises Refused with its own sentence."""
        surroundings = environment(self._site)
        program = self._site.program(release)
        done = self._site.run_as_user(program, *words, "--json", timeout_s=_HOURS, environment=surroundings)
        if done.returncode:
            if done.returncode == _USAGE and "No such command" in done.stderr:
                raise _NoSuchCommand(f"{release.resolve().name} has no command central {' '.join(words)}")
            why = (done.stderr.strip().splitlines() or ["no reason was said"])[-1][:300]
            raise Refused(f"central {words[0]}: {why}")
        try:
            said = json.loads(done.stdout.strip().splitlines()[-1])
        except (ValueError, IndexError) as error:
            raise Refused(f"central {words[0]} said nothing that can be read") from error
        if not isinstance(said, dict):
            raise Refused(f"central {words[0]} said nothing that can be read")
        return said


def environment(site: Site) -> dict[str, str]:
    """Return what central.env sets, and where its data lie. Raises Refused where central is not set up."""
    told = durable.read(site.config)
    if told is None:
        raise Refused(f"{site.config} is missing: central is not set up here")
    try:
        words = shlex.split(told, comments=True)
    except ValueError as error:
        raise Refused(f"{site.config} can't be read: {error}") from error
    settings = dict(word.split("=", 1) for word in words if "=" in word)
    return {**settings, "CENTRAL_DATA": str(site.data)}
