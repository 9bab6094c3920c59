"""The three programs that are installed, each as a pair of packages: the program of one version, and all around it."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Part:
    """One program: `homs-NAME` with its units and tools, `homs-NAME-VERSION` with its environment."""

    name: str
    packages: tuple[str, ...]
    """The folders of this project that belong to it; nothing else of ours is installed with it."""
    lock: str
    """The locked, hashed list of the libraries that it needs."""
    units: tuple[str, ...]
    """Patterns of its units in deploy/systemd."""

    @property
    def package(self) -> str:
        """The package with units, tools and dependencies."""
        return f"homs-{self.name}"

    def release(self, version: str) -> str:
        """Return the folder of one version on the machine where it is installed."""
        return f"/opt/{self.name}/releases/{version}"


PARTS: Final = (
    Part("kiosk", ("kiosk", "devices", "screens", "offline_store", "common"), "requirements.lock", ("kiosk*",)),
    Part("hub", ("hub", "offline_store", "common"), "requirements-hub.lock", ("hub*",)),
    Part("central", ("central", "common"), "requirements-central.lock", ("central*",)),
)
