"""What an update has to keep of a program: kiosk and hub have a store in one file, central a database."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from updater import central, doctor, store
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


class StoreFile:
    """The store of a kiosk or hub."""

    def __init__(self, site: Site) -> None:
        """Keep the store of `site`."""
        self._site = site

    def takes(self, release: Path, say: Say) -> bool:
        """See Keeping."""
        return doctor.is_healthy(self._site, release, say)

    def reads(self, release: Path) -> bool:
        """See Keeping."""
        return doctor.is_healthy(self._site, release, lambda _: None)

    def accepted(self) -> str:
        """See Keeping."""
        return store.ask(self._site, "accepted")

    def save(self) -> None:
        """See Keeping."""
        store.ask(self._site, "save")

    def restore(self, release: Path) -> None:
        """See Keeping."""
        del release
        store.ask(self._site, "restore")

    def tidy(self) -> None:
        """See Keeping."""
        store.ask(self._site, "tidy")


def keeping_of(site: Site) -> Keeping:
    """Return what keeps the data of a program."""
    return central.Database(site) if site.name == "central" else StoreFile(site)
