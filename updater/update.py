"""One version to the next and back. Whatever a power cut leaves, one of the two versions runs on a whole store.

The new version is laid beside the old, its doctor looks at a copy, the store is saved, and one link is moved. Until
then nothing of the old has changed; after it the new one finds the store as it was, and `trial` says that it has yet
to come up. The store is put back before the link: a cut between them leaves the newer version, which
reads it.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn, Protocol

from updater import before, central, doctor, durable, packages, service, wanted
from updater.errors import NotTaken, Refused
from updater.site import Site

Say = Callable[[str], None]


class Keeping(Protocol):
    """Looks at what a program keeps, saves it, and puts it back."""

    def takes(self, release: Path, say: Say) -> bool:
        """Return whether a new version would work here, tried on a copy; `say` takes why not."""

    def reads(self, release: Path) -> bool:
        """Return whether a former version can work with what is kept now."""

    def accepted(self) -> str:
        """Return how far the program has come: while it stays the same, what was saved lacks nothing."""

    def save(self) -> None:
        """Keep a copy, the services being down."""

    def restore(self, release: Path) -> None:
        """Put the saved copy back, for a former version; the services are down."""

    def tidy(self) -> None:
        """Remove what an update that was cut off left behind."""


def keeping_of(site: Site) -> Keeping:
    """Return what keeps the data of a program."""
    return central.Database(site) if site.name == "central" else doctor.StoreFile(site)


class Updater:
    """What `kiosk-update`, `hub-update` or `central-update` does on one machine."""

    def __init__(self, site: Site, say: Say) -> None:
        """Work on `site`, telling `say` each thing that a person should know."""
        self._site, self._say = site, say
        self._keeping = keeping_of(site)
        self._link = site.root / "current"
        self._previous = site.state / "previous"
        self._trial = site.state / "trial"
        self._newest = site.state / "newest"
        self._accepted = site.state / "accepted"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the machine for one update at a time, and end first what a power cut left.

        Raises:
            Refused: another one is under way.
        """
        self._site.state.mkdir(mode=0o755, parents=True, exist_ok=True)
        with (self._site.state / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise Refused("another update is under way") from error
            yield

    @property
    def current(self) -> str:
        """The version in service."""
        try:
            return self._link.readlink().name
        except OSError as error:
            raise Refused(f"{self._link} is missing: install the package {self._site.base}") from error

    def settle(self) -> None:
        """End what a power cut kept from ending: the version on trial stays if it comes up, else goes."""
        self._keeping.tidy()
        (self._site.root / "current.new").unlink(missing_ok=True)
        tried, _, previous = (durable.read(self._trial) or "").partition(" ")
        is_on_trial = tried == self.current
        if is_on_trial and not service.comes_up(self._site):
            self._give_up(tried, previous)  # before apt is asked: whatever is wrong with it, people wait
        packages.mend(self._site)
        if is_on_trial:
            self._confirm(tried, previous)
            self._say(f"Version {tried} is in service; its update was cut off and is ended now.")
            return
        if tried:  # cut before the link was moved: nothing has changed
            durable.remove(self._trial)
        self._put_in_charge()

    def update(self, repository: packages.Repository, wanted: str | None, *, older: bool = False) -> None:
        """Take a version: the newest that is offered, or the one named."""
        self.settle()
        if before.is_pending(self._site):
            raise Refused("Debian's packages have yet to show that this machine comes up with them: restart it first")
        repository.refresh()
        version = self._choose(repository, wanted, older=older)
        packages.check_room([self._site.root, self._site.state], repository.room_needed(version))
        repository.install(version)
        try:
            self._take(version)
        finally:
            repository.tidy()  # not before: a download that broke off goes on from what is there
        self._say(f"Version {version} is in service. One command goes back: {self._site.name}-update --back")

    def _take(self, version: str) -> None:
        """Put an installed version in service, once its doctor has looked; else take it off this machine again."""
        release = self._site.root / "releases" / version
        os.sync()  # all of the version: after a power cut the link would else lead to files without their content
        if not self._keeping.takes(release, self._say):
            packages.remove(self._site, version)
            raise NotTaken(
                f"Version {version} was not taken: its doctor found a problem, above. {self.current} serves on."
            )
        previous = self.current
        self._swap(version)
        if not service.comes_up(self._site):
            self._give_up(version, previous)
        self._confirm(version, previous)

    def nightly(self, repository: packages.Repository, *, now: str) -> None:
        """Take the version that central wants here, if it is time, the mains are there, and it didn't fail before."""
        if durable.read(self._trial) is not None:  # an update was stopped in its trial: until that is ended, all wait
            self.settle()
        version, due = wanted.version_by_central(self._site)
        if version is None or not due or version == self.current or wanted.has_failed(self._site, version):
            return
        if wanted.is_on_battery(self._site):
            raise Refused("the mains are away: another night")
        try:
            self.update(repository, version)
        except NotTaken as failed:
            wanted.note(self._site, version, "failed", now, str(failed))
            raise
        except Refused as refused:  # no line, no room, no such version yet: tried again
            wanted.note(self._site, version, "waiting", now, str(refused))
            raise
        wanted.note(self._site, version, "installed", now, "")

    def back(self, *, now: str) -> None:
        """Go to the version before."""
        self.settle()
        version = durable.read(self._previous)
        if version is None:
            raise Refused("There is no version to go back to.")
        left = self.current
        self._return_to(version)
        durable.remove(self._previous)
        wanted.note(self._site, left, "failed", now, "taken back by hand")  # else the next night would take it again
        service.start(self._site)
        is_up = service.comes_up(self._site)
        self._put_in_charge()
        if not is_up:
            raise Refused(f"Back on {version}, but it doesn't come up: journalctl -u {self._site.services[0]}")
        self._say(f"Back on {version}.")

    def _choose(self, repository: packages.Repository, wanted: str | None, *, older: bool) -> str:
        offered = repository.offered()
        if not offered:
            raise Refused(f"this repository offers no version of {self._site.base}")
        version = wanted or offered[-1]
        if version not in offered:
            raise Refused(f"version {version} is not offered: {', '.join(offered[-5:])} can be had")
        if version == self.current:
            raise Refused(f"Version {version} is in service already.")
        newest = durable.read(self._newest) or self.current
        if not older and packages.is_older(self._site, version, newest):
            raise Refused(f"{version} is older than {newest}, which served here: say --older if that is meant")
        return version

    def _swap(self, version: str) -> None:
        """Stop, save the store, and let the link point at the version."""
        service.stop(self._site)
        try:
            self._keeping.save()
            durable.write(self._accepted, self._keeping.accepted())
            durable.write(self._trial, f"{version} {self.current}")
            durable.point(self._link, self._site.root / "releases" / version)
        finally:
            service.start(self._site)

    def _confirm(self, version: str, previous: str) -> None:
        durable.write(self._previous, previous)
        newest = durable.read(self._newest)
        if newest is None or packages.is_older(self._site, newest, version):
            durable.write(self._newest, version)
        kept = {version, previous}
        for other in packages.installed(self._site):
            if other not in kept:
                packages.remove(self._site, other)
        self._put_in_charge()
        durable.remove(self._trial)  # last: until then each start goes on from here

    def _put_in_charge(self) -> None:
        """Let units and tools be those of the version in service."""
        if why := packages.put_in_charge(self._site, self.current):
            self._say(f"Units and tools are not those of {self.current} yet, it is tried again at each start: {why}")

    def _give_up(self, version: str, previous: str) -> NoReturn:
        """Take the version on trial out of service again."""
        self._return_to(previous)
        durable.remove(self._trial)
        service.start(self._site)
        packages.remove(self._site, version)
        unit = self._site.services[0]
        raise NotTaken(f"Version {version} did not come up (journalctl -u {unit}): {previous} serves again.")

    def _return_to(self, version: str) -> None:
        """Put a former version in service, with the store that it can read; the services are down afterwards."""
        release = self._site.root / "releases" / version
        if not version or not Path(self._site.program(release)).exists():
            raise Refused(
                f"version {version or 'before'} is gone: {self._site.name}-update --older VERSION brings it again"
            )
        service.stop(self._site)
        try:
            if not self._keeping.reads(release):
                self._put_store_back(release)
            durable.point(self._link, release)
        except BaseException:
            service.start(self._site)
            raise

    def _put_store_back(self, release: Path) -> None:
        """Give a version that can't read the newer data its own again, but only if nothing is lost by it."""
        if self._keeping.accepted() != durable.read(self._accepted):
            raise Refused(
                f"Not gone back: {release.name} can't read what is kept here now, and more may have been accepted "
                f"since the update. {self.current} serves on; nothing is lost."
            )
        self._keeping.restore(release)
        self._say("All that is kept is as it was before the update.")
